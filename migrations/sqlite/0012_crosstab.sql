-- How many tickets have each combination of what lists are filtered by together,
-- so that totals of filters need no counting. Kept by triggers.
CREATE TABLE ticket_crosstab (
    campus      TEXT    NOT NULL,
    device_type TEXT    NOT NULL,
    fault_type  TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    -- Whether it has a technician: 0 or 1.
    is_taken    INTEGER NOT NULL,
    tickets     INTEGER NOT NULL,
    PRIMARY KEY (campus, device_type, fault_type, status, is_taken)
) STRICT, WITHOUT ROWID;

-- The same, counted: what a load begins with and a check compares.
CREATE VIEW ticket_crosstab_counted (campus, device_type, fault_type, status, is_taken, tickets) AS
    SELECT campus, device_type, fault_type, status, technician_id IS NOT NULL, COUNT(*) FROM tickets
    GROUP BY campus, device_type, fault_type, status, technician_id IS NOT NULL;

CREATE TRIGGER tickets_crosstab_insert AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_crosstab (campus, device_type, fault_type, status, is_taken, tickets)
    VALUES (NEW.campus, NEW.device_type, NEW.fault_type, NEW.status, NEW.technician_id IS NOT NULL, 1)
    ON CONFLICT (campus, device_type, fault_type, status, is_taken) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER tickets_crosstab_delete AFTER DELETE ON tickets BEGIN
    UPDATE ticket_crosstab SET tickets = tickets - 1
    WHERE campus = OLD.campus AND device_type = OLD.device_type AND fault_type = OLD.fault_type
        AND status = OLD.status AND is_taken = (OLD.technician_id IS NOT NULL);
END;

CREATE TRIGGER tickets_crosstab_move
AFTER UPDATE OF campus, device_type, fault_type, status, technician_id ON tickets
WHEN OLD.campus <> NEW.campus OR OLD.device_type <> NEW.device_type OR OLD.fault_type <> NEW.fault_type
    OR OLD.status <> NEW.status OR (OLD.technician_id IS NULL) <> (NEW.technician_id IS NULL) BEGIN
    UPDATE ticket_crosstab SET tickets = tickets - 1
    WHERE campus = OLD.campus AND device_type = OLD.device_type AND fault_type = OLD.fault_type
        AND status = OLD.status AND is_taken = (OLD.technician_id IS NOT NULL);
    INSERT INTO ticket_crosstab (campus, device_type, fault_type, status, is_taken, tickets)
    VALUES (NEW.campus, NEW.device_type, NEW.fault_type, NEW.status, NEW.technician_id IS NOT NULL, 1)
    ON CONFLICT (campus, device_type, fault_type, status, is_taken) DO UPDATE SET tickets = tickets + 1;
END;

INSERT INTO ticket_crosstab (campus, device_type, fault_type, status, is_taken, tickets)
SELECT campus, device_type, fault_type, status, is_taken, tickets FROM ticket_crosstab_counted;
