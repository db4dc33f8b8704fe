-- Which of phone and e-mail the other side of a ticket sees; empty for neither.
ALTER TABLE users ADD COLUMN shown_contact TEXT NOT NULL DEFAULT ''
    CHECK (shown_contact IN ('', 'phone', 'email'));
-- What somebody is not told, and where: words like mail.photos, with blanks
-- between them. mail_wanted stays the switch of all mails.
ALTER TABLE users ADD COLUMN muted TEXT NOT NULL DEFAULT '';
-- Whether a technician takes jobs at present,
ALTER TABLE users ADD COLUMN on_duty INTEGER NOT NULL DEFAULT 1 CHECK (on_duty IN (0, 1));
-- of which campuses, a JSON list that is empty for all of them,
ALTER TABLE users ADD COLUMN duty_campuses TEXT NOT NULL DEFAULT '[]';
-- and how many at once; nothing for as many as the site allows.
ALTER TABLE users ADD COLUMN max_jobs INTEGER CHECK (max_jobs > 0);

-- How many events of one kind by one person it tells of; event_number has the last.
ALTER TABLE notifications ADD COLUMN events INTEGER NOT NULL DEFAULT 1;
-- The last of such events in one mail, which is named after the first; nothing
-- where there is no other.
ALTER TABLE outbox ADD COLUMN last_event INTEGER;
