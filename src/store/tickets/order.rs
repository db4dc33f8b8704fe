//! In which order rows come, and how many come before a place.

use crate::domain::order::{Cursor, Direction};
use crate::domain::query::SortedBy;
use crate::domain::ticket::TicketId;
use crate::store::statement::Statement;

/// A direction along one column; equals by their number.
#[derive(Clone, Copy)]
pub struct Ordering {
    pub by: SortedBy,
    pub direction: Direction,
    /// Whether the rows are few, and found before anybody asks for their order.
    pub is_sorted_late: bool,
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

    pub fn push_order(self, sql: &mut Statement) {
        let direction = sql_name(self.direction);
        // An expression is not walked along: what was found is sorted.
        let and_no_index = if self.is_sorted_late { " + 0" } else { "" };
        sql.push(" ORDER BY ");
        if self.by != SortedBy::Number {
            sql.push(Self::column(self.by)).push(and_no_index).push(" ").push(direction).push(", ");
        }
        sql.push("id").push(and_no_index).push(" ").push(direction);
    }

    /// What follows a place in this order.
    pub fn push_behind(self, sql: &mut Statement, place: Cursor) {
        self.push_comparison(
            sql,
            place,
            match self.direction {
                Direction::Descending => " < ",
                Direction::Ascending => " > ",
            },
        );
    }

    /// What comes up to a place in this order, and that place itself.
    pub fn push_up_to(self, sql: &mut Statement, place: Cursor) {
        self.push_comparison(
            sql,
            place,
            match self.direction {
                Direction::Descending => " >= ",
                Direction::Ascending => " <= ",
            },
        );
    }

    fn push_comparison(self, sql: &mut Statement, Cursor { at, id: TicketId(id) }: Cursor, sign: &str) {
        sql.push(" AND ");
        match at {
            Some(at) => {
                sql.push("(").push(Self::column(self.by)).push(", id)").push(sign).push("(").bind(at);
                sql.push(", ").bind(id).push(")");
            }
            None => {
                sql.push("id").push(sign).bind(id);
            }
        }
    }
}
