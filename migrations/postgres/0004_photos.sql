-- Pictures of tickets. What they show is in files of these names.
CREATE TABLE photos (
    -- Random, in hex.
    id          TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    -- No foreign key: a deleted ticket leaves its table, and may come back.
    ticket_id   BIGINT NOT NULL,
    uploaded_by BIGINT NOT NULL REFERENCES users (id),
    created_at  BIGINT NOT NULL,
    media_type  TEXT    NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    -- Of the picture itself, not of its thumbnail.
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL,
    bytes       BIGINT NOT NULL
);

CREATE INDEX photos_by_ticket ON photos (ticket_id, id);
