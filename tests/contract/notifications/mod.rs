//! Notifications: inbox, mails, webhooks.

pub mod delivery;
pub mod inbox;
pub mod preferences;
pub mod refused_mail;
