//! Notifications: the inbox, and the outbox of mails and webhooks.

pub mod account_mails;
pub mod inbox;
pub mod mail_refusals;
pub mod outbox;
