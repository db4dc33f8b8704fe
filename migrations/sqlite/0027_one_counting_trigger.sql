-- How PostgreSQL counts tickets. SQLite's triggers count each row at once and keep no rows of
-- their own: merged into one, they took as long.
SELECT 1;
