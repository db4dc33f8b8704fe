//! The server as its users meet it: the real router over a real database.
//!
//! `cast` is the stage: an application of its own for every test, and named actors.
//! `databases` makes its database, on SQLite or, where `TEST_DATABASE_URL` names a
//! server, on PostgreSQL. `wire` has what goes in and comes out, which `document`
//! compares with the OpenAPI document, `log` what the server wrote down, and
//! `receivers` whoever it sends something to.

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
