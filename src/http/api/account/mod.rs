//! `/v1` endpoints of one's own account: sign-in, profile, registration, inbox.

pub mod get_account;
pub mod get_inbox;
pub mod login;
pub mod logout;
pub mod profile;
pub mod registration;
