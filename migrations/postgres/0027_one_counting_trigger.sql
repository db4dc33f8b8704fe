-- One trigger counts tickets for ticket_totals, ticket_blocks and ticket_crosstab, and a
-- transaction that commits updates all three at once. Two triggers that each kept rows and
-- counted by themselves took a third of what filing and acting cost the database.

-- Waits for transactions that have changed tickets: each counts as it commits, by the
-- triggers that it began with.
LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE;

-- Counts what earlier migrations of this transaction have changed: a table whose triggers
-- are still to fire cannot be dropped.
SET CONSTRAINTS ticket_moves_counted IMMEDIATE;

DROP TRIGGER tickets_count_insert ON tickets;
DROP TRIGGER tickets_count_delete ON tickets;
DROP TRIGGER tickets_count_update ON tickets;
DROP TRIGGER tickets_crosstab_insert ON tickets;
DROP TRIGGER tickets_crosstab_delete ON tickets;
DROP TRIGGER tickets_crosstab_update ON tickets;
DROP TABLE ticket_moves;
DROP FUNCTION ticket_moves_counted;
DROP FUNCTION tickets_count_added, tickets_count_removed, tickets_count_changed;
DROP FUNCTION tickets_crosstab_added, tickets_crosstab_removed, tickets_crosstab_changed;
DROP FUNCTION tickets_count, tickets_crosstab;
DROP TYPE ticket_move, ticket_cell;

-- A ticket that counters gain (sign 1) or lose (sign -1), by all that they count.
CREATE TYPE ticket_move AS (
    sign INTEGER, id BIGINT, user_id BIGINT, technician_id BIGINT, campus TEXT, status TEXT, progress TEXT,
    device_type TEXT, fault_type TEXT
);

-- Changes of transactions under way, until the counters follow at the commit: whole
-- campuses share a counter, and a counter is locked from its change until the end. The rows
-- are gone when their transaction ends, so a crash loses nothing.
CREATE UNLOGGED TABLE ticket_moves (
    -- The transaction. Rows of others are not walked over, however many a long snapshot
    -- keeps from being cleared away.
    owner  BIGINT        NOT NULL DEFAULT txid_current(),
    -- Finds one row among those of a transaction that has thousands.
    number BIGINT        GENERATED ALWAYS AS IDENTITY (CACHE 100),
    moves  ticket_move[] NOT NULL,
    PRIMARY KEY (owner, number)
);

-- Updates all counters for a whole transaction, tables and keys always in one order, in
-- which two transactions cannot lock each other out. Fires once a row of ticket_moves: all
-- but the first find theirs counted.
CREATE FUNCTION ticket_moves_counted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ticket_moves WHERE owner = NEW.owner AND number = NEW.number) THEN
        RETURN NULL;
    END IF;

    WITH taken AS (
        DELETE FROM ticket_moves WHERE owner = NEW.owner RETURNING moves
    ), move AS MATERIALIZED (
        SELECT move.* FROM taken CROSS JOIN LATERAL unnest(taken.moves) AS move
    ), totals AS (
        INSERT INTO ticket_totals AS total (kind, subject, status, tickets)
        SELECT counted.kind, counted.subject, move.status, SUM(move.sign)
        FROM move
        CROSS JOIN LATERAL (VALUES
            ('campus', move.campus),
            ('owner', CAST(move.user_id AS TEXT)),
            (CASE WHEN move.technician_id IS NULL THEN 'nobody' ELSE 'technician' END,
             COALESCE(CAST(move.technician_id AS TEXT), move.campus))
        ) AS counted (kind, subject)
        GROUP BY counted.kind, counted.subject, move.status HAVING SUM(move.sign) <> 0
        ORDER BY counted.kind, counted.subject, move.status
        ON CONFLICT (kind, subject, status) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets
    ), blocks AS (
        INSERT INTO ticket_blocks AS total (series, level, block, tickets)
        SELECT listed.series, levels.level, move.id >> levels.level AS block, SUM(move.sign)
        FROM move
        CROSS JOIN LATERAL (VALUES ('all'), (move.progress)) AS listed (series)
        CROSS JOIN ticket_block_levels AS levels
        WHERE listed.series <> 'ended'
        GROUP BY listed.series, levels.level, move.id >> levels.level HAVING SUM(move.sign) <> 0
        ORDER BY listed.series, levels.level, block
        ON CONFLICT (series, level, block) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets
    )
    INSERT INTO ticket_crosstab AS total (campus, device_type, fault_type, status, is_taken, tickets)
    SELECT move.campus, move.device_type, move.fault_type, move.status,
        CAST(CAST(move.technician_id IS NOT NULL AS INTEGER) AS SMALLINT) AS is_taken, SUM(move.sign)
    FROM move
    GROUP BY move.campus, move.device_type, move.fault_type, move.status, move.technician_id IS NOT NULL
    HAVING SUM(move.sign) <> 0
    ORDER BY move.campus, move.device_type, move.fault_type, move.status, is_taken
    ON CONFLICT (campus, device_type, fault_type, status, is_taken)
    DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ticket_moves_counted AFTER INSERT ON ticket_moves
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ticket_moves_counted();

CREATE FUNCTION tickets_count_added() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_moves (moves)
    SELECT array_agg(CAST((1, id, user_id, technician_id, campus, status, progress, device_type, fault_type)
        AS ticket_move))
    FROM added HAVING COUNT(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_removed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_moves (moves)
    SELECT array_agg(CAST((-1, id, user_id, technician_id, campus, status, progress, device_type, fault_type)
        AS ticket_move))
    FROM removed HAVING COUNT(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_count_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_moves (moves) VALUES (ARRAY[
        CAST((1, NEW.id, NEW.user_id, NEW.technician_id, NEW.campus, NEW.status, NEW.progress,
            NEW.device_type, NEW.fault_type) AS ticket_move),
        CAST((-1, OLD.id, OLD.user_id, OLD.technician_id, OLD.campus, OLD.status, OLD.progress,
            OLD.device_type, OLD.fault_type) AS ticket_move)]);
    RETURN NULL;
END $$;

-- Once a statement for tickets that come and go, as imports bring many at once. Once a row
-- for changes: nearly all are of one ticket, and a change of nothing that is counted costs
-- nothing.
CREATE TRIGGER tickets_count_insert AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_added();
CREATE TRIGGER tickets_count_delete AFTER DELETE ON tickets
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_removed();
CREATE TRIGGER tickets_count_update AFTER UPDATE ON tickets FOR EACH ROW WHEN (
    (OLD.id, OLD.user_id, OLD.technician_id, OLD.campus, OLD.status, OLD.device_type, OLD.fault_type)
    IS DISTINCT FROM
    (NEW.id, NEW.user_id, NEW.technician_id, NEW.campus, NEW.status, NEW.device_type, NEW.fault_type)
) EXECUTE FUNCTION tickets_count_changed();

-- Next number after the highest of a kind ('ticket' or 'person') between base and
-- base + serials, reserved until the transaction ends. Waits for nobody: a number that
-- another transaction has reserved is passed over. Its holder may have committed between
-- reading and reserving, so the highest is read once more after it.
CREATE FUNCTION next_number_of(kind TEXT, base BIGINT, serials BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    highest BIGINT;
    reserved BIGINT;
BEGIN
    LOOP
        IF kind = 'person' THEN
            SELECT COALESCE(MAX(id), base) INTO highest FROM users WHERE id > base AND id < base + serials;
        ELSE
            SELECT MAX(top) INTO highest FROM (
                SELECT COALESCE(MAX(id), base) AS top FROM tickets WHERE id > base AND id < base + serials
                UNION ALL
                SELECT COALESCE(MAX(id), base) FROM deleted_tickets WHERE id > base AND id < base + serials
                UNION ALL
                SELECT COALESCE(MAX(id), base) FROM retired_tickets WHERE id > base AND id < base + serials
            ) AS tops;
        END IF;
        IF highest < reserved THEN
            RETURN reserved;
        END IF;
        reserved := lock_free_number(kind, highest + 1);
    END LOOP;
END $$;
