//! One file a page.

pub mod account;
pub mod not_found;
pub mod sign_in;
pub mod ticket;
pub mod ticket_list;
