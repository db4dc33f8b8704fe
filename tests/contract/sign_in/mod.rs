//! Sign-in: passwords, sessions, tokens, registration, throttling.

pub mod browser;
pub mod client_addresses;
pub mod known_sources;
pub mod login;
pub mod logout;
pub mod password;
pub mod password_reset;
pub mod registration;
pub mod rest;
pub mod security_log;
pub mod sessions;
pub mod throttle;
