//! Pages of tickets: lists, one ticket, a new one, deleted ones, a hand-over.

pub mod list;
pub mod new;
pub mod take_over;
pub mod ticket;
pub mod trash;
