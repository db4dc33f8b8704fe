//! People: names, contacts, profiles, the directory, calls for admins.

pub mod availability;
pub mod contacts;
pub mod directory;
pub mod names;
pub mod profile;
pub mod rest_admins;
pub mod rest_own;
