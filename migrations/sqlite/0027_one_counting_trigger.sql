-- How PostgreSQL counts tickets, and how it numbers them. SQLite's triggers count each row at
-- once and keep no rows of their own: merged into one, they took as long. It has one writer,
-- so the number after the highest is free.
SELECT 1;
