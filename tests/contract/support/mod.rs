//! Support for the tests: the application under test, its actors, requests, and receivers of mail and webhooks.

pub mod addresses;
pub mod calls;
pub mod cast;
pub mod databases;
pub mod desk;
pub mod document;
pub mod log;
pub mod pictures;
pub mod receivers;
pub mod wire;
