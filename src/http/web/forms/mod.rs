//! Forms of the pages: plain posts that redirect, or show their page again with the reason.

pub mod account;
pub mod address;
pub mod kept;
pub mod made_for;
pub mod people;
pub mod preferences;
pub mod registration;
pub mod shown_again;
pub mod submitted;
pub mod tickets;
pub mod trash;
