-- True for links that were mailed to people who forgot their password. An address that an admin sets
-- ends these, and leaves those that an admin has made. Older links count as mailed.
ALTER TABLE invitations ADD COLUMN is_mailed INTEGER NOT NULL DEFAULT 1 CHECK (is_mailed IN (0, 1));
