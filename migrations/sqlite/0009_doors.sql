-- Admins find people by how their nickname begins; user name, phone and e-mail
-- have such an index already.
CREATE INDEX users_by_nickname ON users (lower(nickname)) WHERE nickname <> '';
