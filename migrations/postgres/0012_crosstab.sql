-- How many tickets have each combination of what lists are filtered by together,
-- so that totals of filters need no counting. Kept by triggers.
CREATE TABLE ticket_crosstab (
    campus      TEXT     NOT NULL,
    device_type TEXT     NOT NULL,
    fault_type  TEXT     NOT NULL,
    status      TEXT     NOT NULL,
    -- Whether it has a technician: 0 or 1.
    is_taken    SMALLINT NOT NULL,
    tickets     BIGINT   NOT NULL,
    PRIMARY KEY (campus, device_type, fault_type, status, is_taken)
);

-- The same, counted: what a load begins with and a check compares.
CREATE VIEW ticket_crosstab_counted (campus, device_type, fault_type, status, is_taken, tickets) AS
    SELECT campus, device_type, fault_type, status, CAST(CAST(technician_id IS NOT NULL AS INTEGER) AS SMALLINT),
        COUNT(*)
    FROM tickets
    GROUP BY campus, device_type, fault_type, status, technician_id IS NOT NULL;

-- Once a statement, in an order in which two cannot lock each other, as of the
-- other counters.
CREATE TYPE ticket_cell AS (
    sign BIGINT, campus TEXT, device_type TEXT, fault_type TEXT, status TEXT, technician_id BIGINT
);

CREATE FUNCTION tickets_crosstab(cells ticket_cell[]) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO ticket_crosstab AS total (campus, device_type, fault_type, status, is_taken, tickets)
    SELECT campus, device_type, fault_type, status, CAST(technician_id IS NOT NULL AS INTEGER) AS is_taken, SUM(sign)
    FROM unnest(cells) AS cell
    GROUP BY campus, device_type, fault_type, status, technician_id IS NOT NULL HAVING SUM(sign) <> 0
    ORDER BY campus, device_type, fault_type, status, is_taken
    ON CONFLICT (campus, device_type, fault_type, status, is_taken)
    DO UPDATE SET tickets = total.tickets + EXCLUDED.tickets;
$$;

CREATE FUNCTION tickets_crosstab_added() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_crosstab(ARRAY(
        SELECT CAST((1, campus, device_type, fault_type, status, technician_id) AS ticket_cell) FROM added));
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_crosstab_removed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_crosstab(ARRAY(
        SELECT CAST((-1, campus, device_type, fault_type, status, technician_id) AS ticket_cell) FROM removed));
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_crosstab_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_crosstab(ARRAY(
        SELECT CAST((1, campus, device_type, fault_type, status, technician_id) AS ticket_cell) FROM added
        UNION ALL
        SELECT CAST((-1, campus, device_type, fault_type, status, technician_id) AS ticket_cell) FROM removed));
    RETURN NULL;
END $$;

CREATE TRIGGER tickets_crosstab_insert AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tickets_crosstab_added();
CREATE TRIGGER tickets_crosstab_delete AFTER DELETE ON tickets
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tickets_crosstab_removed();
CREATE TRIGGER tickets_crosstab_update AFTER UPDATE ON tickets
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_crosstab_changed();

INSERT INTO ticket_crosstab (campus, device_type, fault_type, status, is_taken, tickets)
SELECT campus, device_type, fault_type, status, is_taken, tickets FROM ticket_crosstab_counted;
