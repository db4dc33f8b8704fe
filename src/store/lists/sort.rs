//! Order of the rows of a list, and the rows around a place in it.

use super::plan::AccessPath;
use crate::domain::ids::TicketId;
use crate::domain::lists::sort::{Cursor, Direction, SortedBy};
use crate::store::sql::Statement;

/// A direction along one column; equals by their number.
#[derive(Clone, Copy)]
pub struct Ordering {
    pub by: SortedBy,
    pub direction: Direction,
}

pub const fn sql_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Descending => "DESC",
        Direction::Ascending => "ASC",
    }
}

impl Ordering {
    pub const fn column(by: SortedBy) -> &'static str {
        match by {
            SortedBy::Number => "id",
            SortedBy::Filed => "created_at",
            SortedBy::Changed => "changed_at",
            SortedBy::Waiting => "waiting_since",
            SortedBy::Assigned => "assigned_at",
            SortedBy::Completed => "completed_at",
        }
    }

    pub const fn reversed(self) -> Self {
        Self { direction: self.direction.reversed(), ..self }
    }

    pub fn push_order(self, sql: &mut Statement, way: AccessPath) {
        let (direction, expression) = (sql_name(self.direction), without_index(way));
        sql.push(" ORDER BY ");
        if self.by != SortedBy::Number {
            sql.push(Self::column(self.by)).push(expression).push(" ").push(direction).push(", ");
        }
        sql.push("id").push(expression).push(" ").push(direction);
    }

    /// Pushes the condition for rows that follow a place in this order.
    pub fn push_behind(self, sql: &mut Statement, place: Cursor, way: AccessPath) {
        let sign = match self.direction {
            Direction::Descending => " < ",
            Direction::Ascending => " > ",
        };
        self.push_comparison(sql, place, sign, way);
    }

    /// Pushes the condition for rows up to a place in this order, and that place itself.
    pub fn push_up_to(self, sql: &mut Statement, place: Cursor, way: AccessPath) {
        let sign = match self.direction {
            Direction::Descending => " >= ",
            Direction::Ascending => " <= ",
        };
        self.push_comparison(sql, place, sign, way);
    }

    fn push_comparison(self, sql: &mut Statement, place: Cursor, sign: &str, way: AccessPath) {
        let (Cursor { at, id: TicketId(id) }, expression) = (place, without_index(way));
        match at {
            Some(at) => {
                sql.push("(").push(Self::column(self.by)).push(expression);
                sql.push(", id").push(expression).push(")").push(sign);
                sql.push("(").bind(at).push(", ").bind(id).push(")");
            }
            None => {
                sql.push("id").push(expression).push(sign).bind(id);
            }
        }
    }
}

/// Makes a column an expression for [`AccessPath::Found`]: no index has that, so the rows found are
/// looked up and sorted, and no index is walked along.
const fn without_index(way: AccessPath) -> &'static str {
    match way {
        AccessPath::Along => "",
        AccessPath::Found => " + 0",
    }
}
