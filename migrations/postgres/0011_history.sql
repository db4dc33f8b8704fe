-- The history of a ticket goes with it, and not before.
CREATE FUNCTION history_stays() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tickets WHERE id = OLD.ticket_id) THEN
        RAISE EXCEPTION 'what has happened to a ticket stays';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ticket_events_stay BEFORE DELETE ON ticket_events
FOR EACH ROW EXECUTE FUNCTION history_stays();

-- The highest numbers of tickets that are gone for good: nobody has one again.
CREATE TABLE retired_tickets (
    id BIGINT PRIMARY KEY
);
