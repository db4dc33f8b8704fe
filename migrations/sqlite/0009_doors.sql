-- Admins find people by how their nickname begins; user name, phone and e-mail
-- have such an index already.
CREATE INDEX users_by_nickname ON users (lower(nickname)) WHERE nickname <> '';

-- Who says that they forgot their password, as they typed it. Whom it stands for
-- is looked up when mails are sent: the answer must not tell who exists.
CREATE TABLE forgotten_passwords (
    id       INTEGER PRIMARY KEY,
    login    TEXT NOT NULL,
    asked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX forgotten_passwords_by_age ON forgotten_passwords (asked_at);

-- In the outbox, ticket 0 stands for none: that mail brings a link to set a password.
