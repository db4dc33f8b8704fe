//! Lists of tickets: their addresses, filters and sort orders.
//!
//! Start with [`query`]: every list, page and REST lookup is one `TicketQuery`.

pub mod from_parameters;
pub mod page;
pub mod parameter;
pub mod query;
pub mod sort;
