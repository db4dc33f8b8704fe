-- What long lists need to cost the same on every page: how many tickets each
-- list holds, and where in it a row stands. Both are kept by triggers.

DROP TRIGGER tickets_count_insert;
DROP TRIGGER tickets_count_delete;
DROP TRIGGER tickets_count_update;
DROP TABLE ticket_totals;

CREATE TABLE ticket_totals (
    -- 'campus', 'owner', 'technician', or 'nobody' for what has no technician.
    kind    TEXT    NOT NULL,
    -- The campus (of 'nobody', too), or the id of the person.
    subject TEXT    NOT NULL,
    status  TEXT    NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, status)
) STRICT, WITHOUT ROWID;

-- How many tickets of a list have ids of one range. A block of a level holds the
-- ids that agree but for their last so many bits, and 32 blocks of the next.
CREATE TABLE ticket_blocks (
    -- 'all', 'pending' or 'done'.
    series  TEXT    NOT NULL,
    level   INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (series, level, block)
) STRICT, WITHOUT ROWID;

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
    SELECT series.name, level, block >> (level - 7), SUM(tickets)
    FROM leaves
    JOIN (SELECT 'all' AS name UNION ALL SELECT 'pending' UNION ALL SELECT 'done') AS series
        ON series.name IN ('all', progress)
    CROSS JOIN ticket_block_levels
    GROUP BY series.name, level, block >> (level - 7);

CREATE TRIGGER tickets_count_insert AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_totals (kind, subject, status, tickets)
    SELECT kind, subject, NEW.status, 1 FROM (
        SELECT 'campus' AS kind, NEW.campus AS subject
        UNION ALL SELECT 'owner', CAST(NEW.user_id AS TEXT)
        UNION ALL SELECT iif(NEW.technician_id IS NULL, 'nobody', 'technician'),
                         COALESCE(CAST(NEW.technician_id AS TEXT), NEW.campus))
    WHERE TRUE
    ON CONFLICT (kind, subject, status) DO UPDATE SET tickets = tickets + 1;
    INSERT INTO ticket_blocks (series, level, block, tickets)
    SELECT series, level, NEW.id >> level, 1
    FROM (SELECT 'all' AS series UNION ALL SELECT NEW.progress WHERE NEW.progress <> 'ended')
    CROSS JOIN ticket_block_levels
    WHERE TRUE
    ON CONFLICT (series, level, block) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER tickets_count_delete AFTER DELETE ON tickets BEGIN
    UPDATE ticket_totals SET tickets = tickets - 1
    WHERE status = OLD.status AND (
        (kind = 'campus' AND subject = OLD.campus)
        OR (kind = 'owner' AND subject = CAST(OLD.user_id AS TEXT))
        OR (kind = iif(OLD.technician_id IS NULL, 'nobody', 'technician')
            AND subject = COALESCE(CAST(OLD.technician_id AS TEXT), OLD.campus)));
    UPDATE ticket_blocks SET tickets = tickets - 1
    WHERE series IN ('all', OLD.progress) AND (
        (level = 7 AND block = OLD.id >> 7) OR (level = 12 AND block = OLD.id >> 12)
        OR (level = 17 AND block = OLD.id >> 17) OR (level = 22 AND block = OLD.id >> 22));
END;

CREATE TRIGGER tickets_count_move AFTER UPDATE OF campus, status, technician_id ON tickets
WHEN OLD.campus <> NEW.campus OR OLD.status <> NEW.status OR OLD.technician_id IS NOT NEW.technician_id BEGIN
    UPDATE ticket_totals SET tickets = tickets - 1
    WHERE status = OLD.status AND (
        (kind = 'campus' AND subject = OLD.campus)
        OR (kind = 'owner' AND subject = CAST(OLD.user_id AS TEXT))
        OR (kind = iif(OLD.technician_id IS NULL, 'nobody', 'technician')
            AND subject = COALESCE(CAST(OLD.technician_id AS TEXT), OLD.campus)));
    INSERT INTO ticket_totals (kind, subject, status, tickets)
    SELECT kind, subject, NEW.status, 1 FROM (
        SELECT 'campus' AS kind, NEW.campus AS subject
        UNION ALL SELECT 'owner', CAST(NEW.user_id AS TEXT)
        UNION ALL SELECT iif(NEW.technician_id IS NULL, 'nobody', 'technician'),
                         COALESCE(CAST(NEW.technician_id AS TEXT), NEW.campus))
    WHERE TRUE
    ON CONFLICT (kind, subject, status) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER tickets_count_progress AFTER UPDATE OF status ON tickets
WHEN OLD.progress <> NEW.progress BEGIN
    UPDATE ticket_blocks SET tickets = tickets - 1
    WHERE series = OLD.progress AND (
        (level = 7 AND block = OLD.id >> 7) OR (level = 12 AND block = OLD.id >> 12)
        OR (level = 17 AND block = OLD.id >> 17) OR (level = 22 AND block = OLD.id >> 22));
    INSERT INTO ticket_blocks (series, level, block, tickets)
    SELECT NEW.progress, level, NEW.id >> level, 1 FROM ticket_block_levels
    WHERE NEW.progress <> 'ended'
    ON CONFLICT (series, level, block) DO UPDATE SET tickets = tickets + 1;
END;

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
