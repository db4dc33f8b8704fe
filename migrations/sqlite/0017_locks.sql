-- What PostgreSQL needs so that no node keeps others from working. SQLite has one writer.
SELECT 1;
