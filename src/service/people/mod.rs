//! People: what admins change about them, their contacts, the directories of them.

pub mod admin;
pub mod contacts;
pub mod directory;
pub mod given_contacts;
pub mod impostors;
pub mod leaving;
pub mod own_account;
