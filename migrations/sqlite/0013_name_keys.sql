-- Keys by which people are found: names and addresses without the differences that make
-- no other person, such as letter case, composition and width; of a phone number its
-- digits. Made by the program, so that both databases compare alike; empty for what is not
-- given, and for all of somebody whose keys are still to be made.
ALTER TABLE users ADD COLUMN username_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN nickname_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
-- Whether the user name is compared letter by letter: it has no key yet, an older account
-- has its key, or it is from before the rules for names.
ALTER TABLE users ADD COLUMN has_exact_name INTEGER NOT NULL DEFAULT 1 CHECK (has_exact_name IN (0, 1));

CREATE UNIQUE INDEX users_exact_username ON users (username);
CREATE UNIQUE INDEX users_username_key ON users (username_key) WHERE NOT has_exact_name;
CREATE INDEX users_by_username_key ON users (username_key) WHERE username_key <> '';
CREATE INDEX users_by_nickname_key ON users (nickname_key) WHERE nickname_key <> '';
CREATE INDEX users_by_phone_key ON users (phone_key) WHERE phone_key <> '';
CREATE INDEX users_by_email_key ON users (email_key) WHERE email_key <> '';
CREATE INDEX users_without_keys ON users (id) WHERE username_key = '';

-- They fold names as each database does.
DROP INDEX users_username;
DROP INDEX users_phone;
DROP INDEX users_email;
DROP INDEX users_by_nickname;
