//! The list at any size and in any form.

mod forms;
mod pages;
mod round_trips;
mod ways;
