//! Notifications: inbox, mails, webhooks.

pub mod delivery;
pub mod inbox;
pub mod mails;
pub mod preferences;
pub mod refused_mail;
pub mod webhooks;
