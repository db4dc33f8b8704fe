//! The list at any size and in any form.

mod forms;
mod fresh;
pub mod get_ticket;
mod pages;
pub mod plans;
mod round_trips;
mod ways;
