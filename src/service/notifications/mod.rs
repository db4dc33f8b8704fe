//! Notifications: the inbox, mails and webhooks, and when they are sent.

pub mod delivery;
pub mod inbox;
pub mod lanes;
pub mod mail;
pub mod mail_address;
pub mod mail_body;
pub mod mailer;
pub mod webhook_client;
pub mod webhooks;

use std::error::Error;

/// Reason why a message did not arrive: for the log; the message is tried again.
pub type Trouble = Box<dyn Error + Send + Sync>;
