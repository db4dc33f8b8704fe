-- Since when it is certain that the phone number and the e-mail address are this person's;
-- nothing where it is not. Only such a contact signs in and receives links.
ALTER TABLE users ADD COLUMN phone_verified_at BIGINT;
ALTER TABLE users ADD COLUMN email_verified_at BIGINT;

-- A contact that one person alone has counts as theirs. The indexes are for finding that out.
CREATE INDEX users_same_phone ON users (phone);
CREATE INDEX users_same_email ON users (lower(email));
UPDATE users SET phone_verified_at = created_at
WHERE phone <> ''
    AND NOT EXISTS (SELECT 1 FROM users AS o WHERE o.phone = users.phone AND o.id <> users.id);
UPDATE users SET email_verified_at = created_at
WHERE email <> ''
    AND NOT EXISTS (SELECT 1 FROM users AS o WHERE lower(o.email) = lower(users.email) AND o.id <> users.id);

DROP INDEX users_same_phone;
DROP INDEX users_same_email;

-- Links by which somebody proves that they read the mails to an address.
CREATE TABLE email_verifications (
    -- The link holds the secret, this its SHA-256 in hex.
    secret_hash TEXT    NOT NULL PRIMARY KEY,
    user_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email       TEXT    NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE INDEX email_verifications_by_user ON email_verifications (user_id);
CREATE INDEX email_verifications_by_age ON email_verifications (expires_at);

-- Mails about an account: a link to prove an address, or the news that something has changed, which
-- goes to the address of before. In the outbox, ticket 0 with such an id as event stands for one.
CREATE TABLE account_mails (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email      TEXT    NOT NULL,
    -- Its key, as in users.
    email_key  TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('verify', 'email', 'phone', 'password')),
    created_at BIGINT NOT NULL
);

CREATE INDEX account_mails_by_user ON account_mails (user_id);
CREATE INDEX account_mails_by_email ON account_mails (email_key, created_at);
CREATE INDEX account_mails_by_age ON account_mails (created_at);

-- Browsers and addresses from which somebody has signed in: their tries are counted apart.
CREATE TABLE known_sources (
    -- A SHA-256 in hex of the source and whose it is.
    source  TEXT    NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL
);

CREATE INDEX known_sources_by_user ON known_sources (user_id);
CREATE INDEX known_sources_by_age ON known_sources (seen_at);
