//! Page index: rows by their ordinal, at one price wherever they are.
//!
//! `ticket_blocks` has the number of a list's tickets in each range of ids. So the row at an
//! ordinal is found, and the ordinal of a row, by adding up at most thirty-two numbers a level,
//! where an `OFFSET` walks over all rows before.

use super::sort::sql_name;
use crate::domain::lists::sort::Direction;
use crate::store::sql::Statement;

/// Bits of an id that its block leaves out, from the largest block to the
/// smallest; as the view `ticket_block_levels` of the migrations has it.
const LEVELS: [i64; 4] = [22, 17, 12, 7];
const FAN_OUT: i64 = 32;
const SMALLEST: i64 = 1 << LEVELS[3];

/// Ordinal below which walking is as cheap.
pub const WORTHWHILE: u64 = 256;

/// Pushes common table expressions, the last of which, `leaf (block, skip)`, is the smallest block
/// that has the row at this ordinal, and the number of the list's rows in the block before it.
/// Nothing is joined: a range between two values is looked up whatever a planner thinks of its
/// size.
pub fn push_location(sql: &mut Statement, series: &str, ordinal: i64, direction: Direction) {
    sql.push("WITH level0 (block, skip) AS (SELECT 0, CAST(").bind(ordinal).push(" AS BIGINT))");
    let order = sql_name(direction);
    for (number, level) in (1..).zip(LEVELS) {
        let this = if number == LEVELS.len() { "leaf".to_owned() } else { format!("level{number}") };
        let above = number - 1;
        sql.push(&format!(
            ", {this} (block, skip) AS MATERIALIZED (
                SELECT block, CAST(skip - ahead AS BIGINT) FROM (
                    SELECT block, tickets, (SELECT skip FROM level{above}) AS skip,
                        SUM(tickets) OVER (ORDER BY block {order}) - tickets AS ahead
                    FROM ticket_blocks
                    WHERE series = '{series}' AND level = {level}"
        ));
        if number > 1 {
            sql.push(&format!(
                " AND block >= (SELECT block * {FAN_OUT} FROM level{above})
                    AND block < (SELECT block * {FAN_OUT} + {FAN_OUT} FROM level{above})"
            ));
        }
        sql.push(") AS counted WHERE ahead <= skip AND skip < ahead + tickets)");
    }
    sql.push(" ");
}

/// Pushes the condition for rows from the located block on.
pub fn push_from_location(sql: &mut Statement, direction: Direction) {
    sql.push(&match direction {
        Direction::Descending => format!("id < (SELECT (block + 1) * {SMALLEST} FROM leaf)"),
        Direction::Ascending => format!("id >= (SELECT block * {SMALLEST} FROM leaf)"),
    });
}

/// Offset in the located block. Past the end there is neither block nor row.
pub const SKIP: &str = " OFFSET COALESCE((SELECT skip FROM leaf), 0)";

/// Pushes the number of a list's rows before an id.
pub fn push_ordinal(sql: &mut Statement, series: &str, id: i64, direction: Direction) {
    sql.push("(SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM (");
    for (number, level) in LEVELS.into_iter().enumerate() {
        let own = id >> level;
        if number > 0 {
            sql.push(" UNION ALL ");
        }
        sql.push(&format!(
            "SELECT tickets FROM ticket_blocks WHERE series = '{series}' AND level = {level} AND block "
        ));
        // Blocks beside this id's own, as far as they are in its next larger block.
        let around = number.checked_sub(1).map(|above| (id >> LEVELS[above]) * FAN_OUT);
        match direction {
            Direction::Descending => {
                sql.push("> ").bind(own);
                if let Some(first) = around {
                    sql.push(" AND block < ").bind(first + FAN_OUT);
                }
            }
            Direction::Ascending => {
                sql.push("< ").bind(own);
                if let Some(first) = around {
                    sql.push(" AND block >= ").bind(first);
                }
            }
        }
    }
    let first = (id >> LEVELS[3]) * SMALLEST;
    sql.push(" UNION ALL SELECT COUNT(*) FROM tickets WHERE ");
    match direction {
        Direction::Descending => sql.push("id > ").bind(id).push(" AND id < ").bind(first + SMALLEST),
        Direction::Ascending => sql.push("id < ").bind(id).push(" AND id >= ").bind(first),
    };
    if series != "all" {
        sql.push(" AND progress = '").push(series).push("'");
    }
    sql.push(") AS parts)");
}
