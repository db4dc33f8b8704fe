-- When somebody wrote their latest messages and notes. What is older than the
-- minute that is counted is deleted when they write again.
CREATE TABLE recent_messages (
    user_id BIGINT NOT NULL,
    sent_at BIGINT NOT NULL
);

CREATE INDEX recent_messages_of_user ON recent_messages (user_id, sent_at);

-- The address at which a mail server takes no mails for somebody, ever, and in
-- which words it said so. It counts while it is the address in email.
ALTER TABLE users ADD COLUMN refused_email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN refused_because TEXT NOT NULL DEFAULT '';
