-- People. An empty text means "not given".
CREATE TABLE users (
    id                  INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
    username            TEXT    NOT NULL CHECK (username <> ''),
    role                TEXT    NOT NULL CHECK (role IN ('user', 'technician', 'admin')),
    nickname            TEXT    NOT NULL,
    phone               TEXT    NOT NULL,
    email               TEXT    NOT NULL,
    campus              TEXT    NOT NULL,
    disabled            INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    -- A PHC string; empty for somebody who cannot sign in yet.
    password_hash       TEXT    NOT NULL,
    -- Rises when a password changes: tokens of an earlier version are void.
    credentials_version INTEGER NOT NULL DEFAULT 1,
    created_at          INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX users_username ON users (lower(username));
CREATE INDEX users_phone ON users (phone) WHERE phone <> '';
CREATE INDEX users_email ON users (lower(email)) WHERE email <> '';

-- Times are seconds since 1970 in UTC.
CREATE TABLE tickets (
    id            INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
    user_id       INTEGER NOT NULL REFERENCES users (id),
    technician_id INTEGER REFERENCES users (id),
    status        TEXT    NOT NULL CHECK (status IN (
        'Pending', 'Repairing', 'UserConfirming', 'TechConfirming', 'Done', 'Closed', 'Canceled')),
    -- Which list a ticket is on; what the indexes are built from.
    progress      TEXT    NOT NULL GENERATED ALWAYS AS (
        CASE WHEN status IN ('Pending', 'Repairing', 'UserConfirming', 'TechConfirming') THEN 'pending'
             WHEN status = 'Done' THEN 'done'
             ELSE 'ended' END) STORED,
    -- YYYY-MM-DD, as the owner gave it.
    purchase_date TEXT CHECK (length(purchase_date) = 10),
    phone         TEXT    NOT NULL,
    device_type   TEXT    NOT NULL,
    brand         TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    image_url     TEXT,
    fault_type    TEXT    NOT NULL,
    qq            TEXT    NOT NULL,
    campus        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    assigned_at   INTEGER,
    completed_at  INTEGER
) STRICT;

-- One index a list that people have; the id at the end gives its order.
CREATE INDEX tickets_by_owner ON tickets (user_id, id);
CREATE INDEX tickets_by_owner_progress ON tickets (user_id, progress, id);
CREATE INDEX tickets_by_technician ON tickets (technician_id, id);
CREATE INDEX tickets_by_technician_progress ON tickets (technician_id, progress, id);
CREATE INDEX tickets_by_progress ON tickets (progress, id);
CREATE INDEX tickets_by_campus ON tickets (campus, id);
CREATE INDEX tickets_by_campus_progress ON tickets (campus, progress, id);

-- How many tickets there are, so that nobody counts them all. Kept by triggers.
CREATE TABLE ticket_totals (
    campus   TEXT    NOT NULL,
    progress TEXT    NOT NULL,
    tickets  INTEGER NOT NULL,
    PRIMARY KEY (campus, progress)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tickets_count_insert AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_totals (campus, progress, tickets) VALUES (NEW.campus, NEW.progress, 1)
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER tickets_count_delete AFTER DELETE ON tickets BEGIN
    UPDATE ticket_totals SET tickets = tickets - 1
    WHERE campus = OLD.campus AND progress = OLD.progress;
END;

CREATE TRIGGER tickets_count_update AFTER UPDATE OF campus, status ON tickets BEGIN
    UPDATE ticket_totals SET tickets = tickets - 1
    WHERE campus = OLD.campus AND progress = OLD.progress;
    INSERT INTO ticket_totals (campus, progress, tickets) VALUES (NEW.campus, NEW.progress, 1)
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = tickets + 1;
END;

-- Browser sessions. The cookie holds the secret, this its SHA-256 in hex.
CREATE TABLE sessions (
    secret_hash  TEXT    NOT NULL PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (created_at);

-- Failed tries to sign in, and those under way, of the last minute.
CREATE TABLE sign_in_tries (
    id       INTEGER PRIMARY KEY,
    -- "address ..." or "account ...".
    subject  TEXT    NOT NULL,
    tried_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sign_in_tries_by_subject ON sign_in_tries (subject, tried_at);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (tried_at);
