-- Admins find people by how something of theirs begins. That needs an order by
-- character, whatever language the database sorts by.
CREATE INDEX users_by_username ON users (lower(username) COLLATE "C");
CREATE INDEX users_by_nickname ON users (lower(nickname) COLLATE "C") WHERE nickname <> '';
CREATE INDEX users_by_phone ON users (phone COLLATE "C") WHERE phone <> '';
CREATE INDEX users_by_email ON users (lower(email) COLLATE "C") WHERE email <> '';
