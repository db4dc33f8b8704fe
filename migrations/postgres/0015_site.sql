-- Names this desk, once and for good: the storage of its photos carries the same
-- name, so that no desk clears away the photos of another.
CREATE TABLE site (
    number BIGINT PRIMARY KEY CHECK (number = 1),
    id     TEXT   NOT NULL CHECK (length(id) = 32)
);

INSERT INTO site (number, id) VALUES (1, replace(CAST(gen_random_uuid() AS TEXT), '-', ''));
