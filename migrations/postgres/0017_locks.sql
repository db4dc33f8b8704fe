-- No node keeps others from working: what everybody needs is locked by nobody while the
-- database waits for what that node says next.

-- The first number from there on that no other transaction under way has: each holds a
-- lock on its own, and none waits for another's.
CREATE FUNCTION lock_free_number(kind TEXT, candidate BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
BEGIN
    WHILE NOT pg_try_advisory_xact_lock(hashtextextended('number of ' || kind || ' ' || candidate, 0)) LOOP
        candidate := candidate + 1;
    END LOOP;
    RETURN candidate;
END $$;

-- What transactions under way have changed, until the counters follow. That is when they
-- commit: whole campuses share a counter, and a row is locked from its change until the
-- end. Each transaction has its own rows, which are gone when it ends; so there is
-- nothing in it that a crash could lose.
CREATE UNLOGGED TABLE ticket_moves (
    -- Whose rows they are: those of others are not walked over, however many a long
    -- snapshot keeps from being cleared away.
    owner BIGINT NOT NULL DEFAULT txid_current(),
    moves ticket_move[],
    cells ticket_cell[]
);

CREATE INDEX ticket_moves_by_owner ON ticket_moves (owner);

CREATE OR REPLACE FUNCTION tickets_count(moves ticket_move[]) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO ticket_moves (moves) VALUES (moves);
$$;

CREATE OR REPLACE FUNCTION tickets_crosstab(cells ticket_cell[]) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO ticket_moves (cells) VALUES (cells);
$$;

-- All of a transaction at once, in an order in which two cannot lock each other.
CREATE FUNCTION ticket_moves_counted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ticket_moves WHERE owner = txid_current()) THEN
        RETURN NULL;
    END IF;

    INSERT INTO ticket_totals AS total (kind, subject, status, tickets)
    SELECT counted.kind, counted.subject, move.status, SUM(move.sign)
    FROM ticket_moves CROSS JOIN LATERAL unnest(ticket_moves.moves) AS move
    CROSS JOIN LATERAL (VALUES
        ('campus', move.campus),
        ('owner', CAST(move.user_id AS TEXT)),
        (CASE WHEN move.technician_id IS NULL THEN 'nobody' ELSE 'technician' END,
         COALESCE(CAST(move.technician_id AS TEXT), move.campus))
    ) AS counted (kind, subject)
    WHERE ticket_moves.owner = txid_current()
    GROUP BY counted.kind, counted.subject, move.status HAVING SUM(move.sign) <> 0
    ORDER BY counted.kind, counted.subject, move.status
    ON CONFLICT (kind, subject, status) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;

    INSERT INTO ticket_blocks AS total (series, level, block, tickets)
    SELECT listed.series, levels.level, move.id >> levels.level, SUM(move.sign)
    FROM ticket_moves CROSS JOIN LATERAL unnest(ticket_moves.moves) AS move
    CROSS JOIN LATERAL (VALUES ('all'), (move.progress)) AS listed (series)
    CROSS JOIN ticket_block_levels AS levels
    WHERE ticket_moves.owner = txid_current() AND listed.series <> 'ended'
    GROUP BY listed.series, levels.level, move.id >> levels.level HAVING SUM(move.sign) <> 0
    ORDER BY listed.series, levels.level, move.id >> levels.level
    ON CONFLICT (series, level, block) DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;

    INSERT INTO ticket_crosstab AS total (campus, device_type, fault_type, status, is_taken, tickets)
    SELECT cell.campus, cell.device_type, cell.fault_type, cell.status,
        CAST(CAST(cell.technician_id IS NOT NULL AS INTEGER) AS SMALLINT) AS is_taken, SUM(cell.sign)
    FROM ticket_moves CROSS JOIN LATERAL unnest(ticket_moves.cells) AS cell
    WHERE ticket_moves.owner = txid_current()
    GROUP BY cell.campus, cell.device_type, cell.fault_type, cell.status, cell.technician_id IS NOT NULL
    HAVING SUM(cell.sign) <> 0
    ORDER BY cell.campus, cell.device_type, cell.fault_type, cell.status, is_taken
    ON CONFLICT (campus, device_type, fault_type, status, is_taken)
    DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;

    DELETE FROM ticket_moves WHERE owner = txid_current();
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ticket_moves_counted AFTER INSERT ON ticket_moves
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ticket_moves_counted();
