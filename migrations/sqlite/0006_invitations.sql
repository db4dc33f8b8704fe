-- Links by which somebody sets a password: a newcomer, or whoever forgot theirs.
CREATE TABLE invitations (
    -- The link holds the secret, this its SHA-256 in hex.
    secret_hash TEXT   NOT NULL PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_by_user ON invitations (user_id);
CREATE INDEX invitations_by_age ON invitations (expires_at);
