//! Tickets: what one is, what may happen to it, and what its history tells.
//!
//! Start with [`ticket`] for the noun and [`workflow`] for the one table of transitions.

pub mod action;
pub mod event;
pub mod event_page;
pub mod report;
pub mod status;
pub mod ticket;
pub mod trash;
pub mod view;
pub mod workflow;
