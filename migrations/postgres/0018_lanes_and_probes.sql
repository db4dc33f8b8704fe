-- Mails and each webhook are sent in lanes of their own: a receiver that hangs keeps
-- nobody else waiting. Mails have no address here.
CREATE INDEX outbox_by_receiver ON outbox (url, next_try_at, id);

-- Servers that have proved that they can write: each has a row of its own, so that
-- none waits for another.
CREATE TABLE probes (
    -- Chosen at random when the server starts.
    server     TEXT PRIMARY KEY,
    written_at BIGINT NOT NULL
);
