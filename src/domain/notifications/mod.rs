//! Notifications: who receives one, on which channel, and the inbox.

pub mod account_mail;
pub mod inbox;
pub mod preferences;
pub mod recipients;
