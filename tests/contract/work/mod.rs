//! The life of a ticket: filed, assigned, repaired, confirmed by both sides.

pub mod desk;
pub mod pictures;

mod again;
mod deletion;
mod delivery;
mod duty;
mod expired;
mod filing;
mod forms;
mod hand_over;
mod isolation;
mod life;
mod notices;
mod photos;
mod programs;
mod refused_mail;
mod rest;
mod shared_browser;
mod told;
mod unclaimed;
mod upkeep;
mod walk;
mod words;
