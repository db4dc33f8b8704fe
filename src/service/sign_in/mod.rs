//! Sign-in: passwords, sessions, tokens, registration, and the throttle of failed attempts.

pub mod invitations;
pub mod login;
pub mod password_reset;
pub mod passwords;
pub mod queue;
pub mod registration;
pub mod sessions;
pub mod throttle;
pub mod tokens;
