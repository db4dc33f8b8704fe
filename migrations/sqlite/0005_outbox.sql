-- The language of what is sent to somebody; empty where they have not chosen.
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN mail_wanted INTEGER NOT NULL DEFAULT 1 CHECK (mail_wanted IN (0, 1));

-- What is on its way to a mailbox or to another program: written together with
-- what it tells of, gone once it has arrived.
CREATE TABLE outbox (
    -- Never given twice: a late report must not mean another message.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Either whose mailbox, or the address of a program.
    user_id      INTEGER REFERENCES users (id) ON DELETE CASCADE,
    url          TEXT,
    ticket_id    INTEGER NOT NULL,
    event_number INTEGER NOT NULL,
    -- How often somebody has begun to send it.
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- When it is due; while one server sends it, when others may take it over.
    next_try_at  INTEGER NOT NULL,
    CHECK ((user_id IS NULL) <> (url IS NULL)),
    UNIQUE (user_id, ticket_id, event_number),
    UNIQUE (url, ticket_id, event_number)
) STRICT;

CREATE INDEX outbox_by_next_try ON outbox (next_try_at, id);
