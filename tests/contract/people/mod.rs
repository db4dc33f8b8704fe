//! People: names, contacts, profiles, the directory, calls for admins.

pub mod availability;
pub mod confirmation_mails;
pub mod contacts;
pub mod directory;
pub mod given_contacts;
pub mod names;
pub mod profile;
pub mod rest_admins;
pub mod rest_own;
