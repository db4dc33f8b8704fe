-- People. An empty text means "not given".
CREATE TABLE users (
    id                  BIGINT  PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
    username            TEXT    NOT NULL CHECK (username <> ''),
    role                TEXT    NOT NULL CHECK (role IN ('user', 'technician', 'admin')),
    nickname            TEXT    NOT NULL,
    phone               TEXT    NOT NULL,
    email               TEXT    NOT NULL,
    campus              TEXT    NOT NULL,
    disabled            BOOLEAN NOT NULL DEFAULT FALSE,
    -- A PHC string; empty for somebody who cannot sign in yet.
    password_hash       TEXT    NOT NULL,
    -- Rises when a password changes: tokens of an earlier version are void.
    credentials_version BIGINT  NOT NULL DEFAULT 1,
    created_at          BIGINT  NOT NULL
);

CREATE UNIQUE INDEX users_username ON users (lower(username));
CREATE INDEX users_phone ON users (phone) WHERE phone <> '';
CREATE INDEX users_email ON users (lower(email)) WHERE email <> '';

-- Times are seconds since 1970 in UTC.
CREATE TABLE tickets (
    id            BIGINT  PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
    user_id       BIGINT  NOT NULL REFERENCES users (id),
    technician_id BIGINT  REFERENCES users (id),
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
    created_at    BIGINT  NOT NULL,
    assigned_at   BIGINT,
    completed_at  BIGINT
);

-- One index a list that people have; the id at the end gives its order.
CREATE INDEX tickets_by_owner ON tickets (user_id, id);
CREATE INDEX tickets_by_owner_progress ON tickets (user_id, progress, id);
CREATE INDEX tickets_by_technician ON tickets (technician_id, id);
CREATE INDEX tickets_by_technician_progress ON tickets (technician_id, progress, id);
CREATE INDEX tickets_by_progress ON tickets (progress, id);
CREATE INDEX tickets_by_campus ON tickets (campus, id);
CREATE INDEX tickets_by_campus_progress ON tickets (campus, progress, id);

-- Told, not measured: the planner should expect every value to be rare, and use
-- the index made for it. Else it walks all tickets, newest first, in the hope of
-- soon meeting a page of somebody who may have none, or none of late.
ALTER TABLE tickets
    ALTER COLUMN user_id SET (n_distinct = -1),
    ALTER COLUMN technician_id SET (n_distinct = -1),
    ALTER COLUMN campus SET (n_distinct = -1),
    ALTER COLUMN progress SET STATISTICS 0;

-- How many tickets there are, so that nobody counts them all. Kept by triggers.
CREATE TABLE ticket_totals (
    campus   TEXT   NOT NULL,
    progress TEXT   NOT NULL,
    tickets  BIGINT NOT NULL,
    PRIMARY KEY (campus, progress)
);

-- Once a statement, not once a row: a load of a million rows stays fast. The
-- order keeps two statements from locking the same totals crosswise.
CREATE FUNCTION tickets_count_added() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_totals AS total (campus, progress, tickets)
    SELECT campus, progress, COUNT(*) FROM added GROUP BY campus, progress ORDER BY campus, progress
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_removed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_totals AS total (campus, progress, tickets)
    SELECT campus, progress, -COUNT(*) FROM removed GROUP BY campus, progress ORDER BY campus, progress
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_totals AS total (campus, progress, tickets)
    SELECT campus, progress, SUM(tickets) FROM (
        SELECT campus, progress, 1 AS tickets FROM added
        UNION ALL
        SELECT campus, progress, -1 AS tickets FROM removed
    ) AS change GROUP BY campus, progress HAVING SUM(tickets) <> 0 ORDER BY campus, progress
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
    RETURN NULL;
END $$;

CREATE TRIGGER tickets_count_insert AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_added();
CREATE TRIGGER tickets_count_delete AFTER DELETE ON tickets
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_removed();
CREATE TRIGGER tickets_count_update AFTER UPDATE ON tickets
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_changed();

-- Browser sessions. The cookie holds the secret, this its SHA-256 in hex.
CREATE TABLE sessions (
    secret_hash  TEXT   NOT NULL PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (created_at);

-- Failed tries to sign in, and those under way, of the last minute.
CREATE TABLE sign_in_tries (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- "address ..." or "account ...".
    subject  TEXT   NOT NULL,
    tried_at BIGINT NOT NULL
);

CREATE INDEX sign_in_tries_by_subject ON sign_in_tries (subject, tried_at);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (tried_at);
