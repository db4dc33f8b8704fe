//! People: accounts, their preferences, and the directories of them.

pub mod accounts;
pub mod admin;
pub mod directory;
pub mod name_keys;
pub mod preferences;
