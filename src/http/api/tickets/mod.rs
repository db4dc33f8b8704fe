//! `/v1` endpoints of tickets.

pub mod actions;
pub mod get_history;
pub mod get_pool;
pub mod get_ticket;
pub mod photos;
pub mod report;
pub mod ticket_head;
