-- What long lists need to cost the same on every page: how many tickets each
-- list holds, and where in it a row stands. Both are kept by triggers.

DROP TRIGGER tickets_count_insert ON tickets;
DROP TRIGGER tickets_count_delete ON tickets;
DROP TRIGGER tickets_count_update ON tickets;
DROP FUNCTION tickets_count_added, tickets_count_removed, tickets_count_changed;
DROP TABLE ticket_totals;

CREATE TABLE ticket_totals (
    -- 'campus', 'owner', 'technician', or 'nobody' for what has no technician.
    kind    TEXT   NOT NULL,
    -- The campus (of 'nobody', too), or the id of the person.
    subject TEXT   NOT NULL,
    status  TEXT   NOT NULL,
    tickets BIGINT NOT NULL,
    PRIMARY KEY (kind, subject, status)
);

-- How many tickets of a list have ids of one range. A block of a level holds the
-- ids that agree but for their last so many bits, and 32 blocks of the next.
CREATE TABLE ticket_blocks (
    -- 'all', 'pending' or 'done'.
    series  TEXT    NOT NULL,
    level   INTEGER NOT NULL,
    block   BIGINT  NOT NULL,
    tickets BIGINT  NOT NULL,
    PRIMARY KEY (series, level, block)
);

CREATE VIEW ticket_block_levels (level) AS VALUES (7), (12), (17), (22);

-- The same, counted: what a load begins with and a check compares.
CREATE VIEW ticket_totals_counted (kind, subject, status, tickets) AS
    SELECT 'campus', campus, status, COUNT(*) FROM tickets GROUP BY campus, status
    UNION ALL
    SELECT 'owner', CAST(user_id AS TEXT), status, COUNT(*) FROM tickets GROUP BY user_id, status
    UNION ALL
    SELECT 'technician', CAST(technician_id AS TEXT), status, COUNT(*) FROM tickets
    WHERE technician_id IS NOT NULL GROUP BY technician_id, status
    UNION ALL
    SELECT 'nobody', campus, status, COUNT(*) FROM tickets
    WHERE technician_id IS NULL GROUP BY campus, status;

CREATE VIEW ticket_blocks_counted (series, level, block, tickets) AS
    WITH leaves AS (
        SELECT progress, id >> 7 AS block, COUNT(*) AS tickets FROM tickets GROUP BY progress, id >> 7
    )
    SELECT series.name, level, block >> (level - 7), CAST(SUM(tickets) AS BIGINT)
    FROM leaves
    JOIN (SELECT 'all' AS name UNION ALL SELECT 'pending' UNION ALL SELECT 'done') AS series
        ON series.name IN ('all', progress)
    CROSS JOIN ticket_block_levels
    GROUP BY series.name, level, block >> (level - 7);

-- Once a statement, not once a row. The order keeps two statements from locking
-- the same counters crosswise.
CREATE TYPE ticket_move AS (
    sign BIGINT, id BIGINT, user_id BIGINT, technician_id BIGINT, campus TEXT, status TEXT, progress TEXT
);

CREATE FUNCTION tickets_count(moves ticket_move[]) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO ticket_totals AS total (kind, subject, status, tickets)
    SELECT kind, subject, status, SUM(sign)
    FROM unnest(moves) AS move
    CROSS JOIN LATERAL (VALUES
        ('campus', campus),
        ('owner', CAST(user_id AS TEXT)),
        (CASE WHEN technician_id IS NULL THEN 'nobody' ELSE 'technician' END,
         COALESCE(CAST(technician_id AS TEXT), campus))
    ) AS counted (kind, subject)
    GROUP BY kind, subject, status HAVING SUM(sign) <> 0 ORDER BY kind, subject, status
    ON CONFLICT (kind, subject, status) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;

    INSERT INTO ticket_blocks AS total (series, level, block, tickets)
    SELECT series, level, id >> level, SUM(sign)
    FROM unnest(moves) AS move
    CROSS JOIN LATERAL (VALUES ('all'), (progress)) AS listed (series)
    CROSS JOIN ticket_block_levels
    WHERE series <> 'ended'
    GROUP BY series, level, id >> level HAVING SUM(sign) <> 0 ORDER BY series, level, id >> level
    ON CONFLICT (series, level, block) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
$$;

CREATE FUNCTION tickets_count_added() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_count(ARRAY(
        SELECT CAST((1, id, user_id, technician_id, campus, status, progress) AS ticket_move) FROM added));
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_removed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_count(ARRAY(
        SELECT CAST((-1, id, user_id, technician_id, campus, status, progress) AS ticket_move) FROM removed));
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_count(ARRAY(
        SELECT CAST((1, id, user_id, technician_id, campus, status, progress) AS ticket_move) FROM added
        UNION ALL
        SELECT CAST((-1, id, user_id, technician_id, campus, status, progress) AS ticket_move) FROM removed));
    RETURN NULL;
END $$;

CREATE TRIGGER tickets_count_insert AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_added();
CREATE TRIGGER tickets_count_delete AFTER DELETE ON tickets
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_removed();
CREATE TRIGGER tickets_count_update AFTER UPDATE ON tickets
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_changed();

INSERT INTO ticket_totals SELECT kind, subject, status, tickets FROM ticket_totals_counted;
INSERT INTO ticket_blocks SELECT series, level, block, tickets FROM ticket_blocks_counted;

-- One index an order, and one a filter.
CREATE INDEX tickets_by_filing ON tickets (created_at, id);
CREATE INDEX tickets_by_change ON tickets (changed_at, id);
CREATE INDEX tickets_by_waiting ON tickets (waiting_since, id);
CREATE INDEX tickets_by_progress_waiting ON tickets (progress, waiting_since, id);
CREATE INDEX tickets_by_device ON tickets (device_type, id);
CREATE INDEX tickets_by_fault ON tickets (fault_type, id);
CREATE INDEX tickets_by_assignment ON tickets (assigned_at, id) WHERE assigned_at IS NOT NULL;
CREATE INDEX tickets_by_completion ON tickets (completed_at, id) WHERE completed_at IS NOT NULL;

-- Told, not measured, as of the other filters.
ALTER TABLE tickets
    ALTER COLUMN device_type SET (n_distinct = -1),
    ALTER COLUMN fault_type SET (n_distinct = -1);

-- Nobody's tickets in their order: of how many are nobody's, the planner would
-- rather conclude that walking through all of them finds a page soon enough.
CREATE INDEX tickets_of_nobody ON tickets (id) WHERE technician_id IS NULL;
