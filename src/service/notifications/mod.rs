//! Notifications: the inbox, mails and webhooks, and when they are sent.

pub mod delivery;
pub mod inbox;
pub mod lanes;
pub mod mail;
pub mod mail_address;
pub mod mail_body;
pub mod webhooks;
