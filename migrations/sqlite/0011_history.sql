-- The history of a ticket goes with it, and not before.
CREATE TRIGGER ticket_events_stay BEFORE DELETE ON ticket_events
WHEN EXISTS (SELECT 1 FROM tickets WHERE id = OLD.ticket_id) BEGIN
    SELECT RAISE(ABORT, 'what has happened to a ticket stays');
END;

-- The highest numbers of tickets that are gone for good: nobody has one again.
CREATE TABLE retired_tickets (
    id INTEGER PRIMARY KEY
) STRICT;
