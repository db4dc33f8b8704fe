-- Number of the event in the ticket's history that a request became, where it became one: the same
-- request is answered with the same words.
ALTER TABLE idempotency_keys ADD COLUMN event_number BIGINT;
