-- The language of what is sent to somebody; empty where they have not chosen.
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN mail_wanted BOOLEAN NOT NULL DEFAULT TRUE;

-- What is on its way to a mailbox or to another program: written together with
-- what it tells of, gone once it has arrived.
CREATE TABLE outbox (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Either whose mailbox, or the address of a program.
    user_id      BIGINT REFERENCES users (id) ON DELETE CASCADE,
    url          TEXT,
    ticket_id    BIGINT NOT NULL,
    event_number BIGINT NOT NULL,
    -- How often somebody has begun to send it.
    attempts     BIGINT NOT NULL DEFAULT 0,
    -- When it is due; while one server sends it, when others may take it over.
    next_try_at  BIGINT NOT NULL,
    CHECK ((user_id IS NULL) <> (url IS NULL)),
    UNIQUE (user_id, ticket_id, event_number),
    UNIQUE (url, ticket_id, event_number)
);

CREATE INDEX outbox_by_next_try ON outbox (next_try_at, id);
