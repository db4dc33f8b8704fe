//! The server as its users meet it: the real router over a real database.
//!
//! `support::cast` has the application, one for every test, on SQLite or, where `TEST_DATABASE_URL`
//! names a server, on PostgreSQL, and named actors. `support::wire` has requests and replies,
//! `support::log` the log, `support::receivers` servers for mails and webhooks.

pub mod api;
mod commands;
mod database;
mod lists;
pub mod notifications;
mod pages;
pub mod people;
pub mod photos;
mod serving;
pub mod sign_in;
pub mod support;
pub mod tickets;
mod transfer;
