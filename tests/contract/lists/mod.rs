//! The list at any size and in any form.

mod forms;
pub mod get_ticket;
pub mod kept_answers;
mod pages;
pub mod plans;
mod round_trips;
mod ways;
