//! People of the desk: accounts, contacts, availability, and directories of them.

pub mod admin;
pub mod availability;
pub mod contact;
pub mod directory;
pub mod person;
pub mod profile;
pub mod registration;
