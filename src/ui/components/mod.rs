//! The parts that pages and islands are made of. They take values, not stores.

pub mod chips;
pub mod field;
pub mod filter;
pub mod frame;
pub mod icon;
pub mod notice;
pub mod pager;
pub mod results;
pub mod status_badge;
pub mod ticket_table;
