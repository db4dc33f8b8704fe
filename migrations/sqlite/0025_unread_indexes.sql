-- Nobody looks for events by actor, and the keys of one day are few enough to be
-- walked when the older ones are forgotten.
DROP INDEX ticket_events_by_actor;
DROP INDEX idempotency_keys_by_age;
