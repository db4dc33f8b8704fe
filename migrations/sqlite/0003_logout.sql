-- Tokens that were given back before their time, kept until it is over.
CREATE TABLE revoked_tokens (
    -- The claim jti. It opens nothing to whoever reads it here.
    token_id   TEXT    NOT NULL PRIMARY KEY,
    -- When the token ends by itself.
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_tokens_by_age ON revoked_tokens (expires_at);
