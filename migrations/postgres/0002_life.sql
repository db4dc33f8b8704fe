-- What a ticket goes through, from its filing to its end.
ALTER TABLE tickets ADD COLUMN model TEXT NOT NULL DEFAULT '';
-- Empty where nobody has told.
ALTER TABLE tickets ADD COLUMN warranty TEXT NOT NULL DEFAULT '' CHECK (warranty IN ('', 'valid', 'expired'));
-- The colleague whom its technician wants to take over.
ALTER TABLE tickets ADD COLUMN offered_to BIGINT REFERENCES users (id);
-- Rises with every change: whoever acts says which one they saw.
ALTER TABLE tickets ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tickets ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
-- Since when it waits for whoever has to act now.
ALTER TABLE tickets ADD COLUMN waiting_since BIGINT NOT NULL DEFAULT 0;

UPDATE tickets SET
    changed_at = GREATEST(created_at, COALESCE(assigned_at, created_at), COALESCE(completed_at, created_at)),
    waiting_since = GREATEST(created_at, COALESCE(assigned_at, created_at), COALESCE(completed_at, created_at));

CREATE INDEX tickets_by_offer ON tickets (offered_to, id) WHERE offered_to IS NOT NULL;
CREATE INDEX tickets_by_confirmation ON tickets (waiting_since)
    WHERE status IN ('UserConfirming', 'TechConfirming');
CREATE INDEX users_by_role ON users (role, id);

-- The history of tickets. A row is never changed.
CREATE TABLE ticket_events (
    ticket_id     BIGINT NOT NULL,
    -- Counted from 1 in every ticket.
    number        BIGINT NOT NULL,
    happened_at   BIGINT NOT NULL,
    -- Nobody where the desk acts by itself.
    actor_id      BIGINT REFERENCES users (id),
    kind          TEXT    NOT NULL,
    note          TEXT    NOT NULL,
    -- A JSON list of {field, old, new}.
    changes       TEXT    NOT NULL,
    -- How the ticket stands afterwards.
    status        TEXT    NOT NULL,
    technician_id BIGINT,
    offered_to    BIGINT,
    PRIMARY KEY (ticket_id, number)
);

CREATE INDEX ticket_events_by_actor ON ticket_events (actor_id, happened_at);

CREATE FUNCTION history_stands() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never changed';
END $$;

CREATE TRIGGER ticket_events_stand BEFORE UPDATE ON ticket_events
    FOR EACH ROW EXECUTE FUNCTION history_stands();

-- Tickets that an admin has taken away, as lines of an export, for a while.
CREATE TABLE deleted_tickets (
    id         BIGINT PRIMARY KEY,
    ticket     TEXT    NOT NULL,
    deleted_at BIGINT NOT NULL
);

CREATE INDEX deleted_tickets_by_age ON deleted_tickets (deleted_at);

-- Requests that must not happen twice, and the ticket each was about.
CREATE TABLE idempotency_keys (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    -- A hash of what was asked.
    request    TEXT    NOT NULL,
    ticket_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What a technician shows to a colleague who takes over in person.
CREATE TABLE hand_over_codes (
    ticket_id  BIGINT PRIMARY KEY,
    -- The SHA-256 of ticket and code in hex.
    code_hash  TEXT    NOT NULL,
    expires_at BIGINT NOT NULL,
    tries      BIGINT NOT NULL DEFAULT 0
);

-- Who is told of what happened.
CREATE TABLE notifications (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ticket_id    BIGINT NOT NULL,
    event_number BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    read_at      BIGINT,
    UNIQUE (user_id, ticket_id, event_number)
);

CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_age ON notifications (created_at);
