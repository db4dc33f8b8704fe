-- Admins find people by how something of theirs begins. That needs an order by
-- character, whatever language the database sorts by.
CREATE INDEX users_by_username ON users (lower(username) COLLATE "C");
CREATE INDEX users_by_nickname ON users (lower(nickname) COLLATE "C") WHERE nickname <> '';
CREATE INDEX users_by_phone ON users (phone COLLATE "C") WHERE phone <> '';
CREATE INDEX users_by_email ON users (lower(email) COLLATE "C") WHERE email <> '';

-- Who says that they forgot their password, as they typed it. Whom it stands for
-- is looked up when mails are sent: the answer must not tell who exists.
CREATE TABLE forgotten_passwords (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login    TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);

CREATE INDEX forgotten_passwords_by_age ON forgotten_passwords (asked_at);

-- In the outbox, ticket 0 stands for none: that mail brings a link to set a password.

-- The deleted tickets, the newest first. SQLite's index has the id at its end by itself.
CREATE INDEX deleted_tickets_by_time ON deleted_tickets (deleted_at, id);
