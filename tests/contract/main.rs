//! The server as its users meet it: the real router over a real database.
//!
//! `cast` is the stage: an application of its own for every test, on SQLite or,
//! where `TEST_DATABASE_URL` names a server, on PostgreSQL, and named actors.
//! `wire` has what goes in and comes out, `log` what the server wrote
//! down, and `receivers` whoever it sends something to.

mod answers;
mod cast;
mod log;
mod receivers;
mod wire;

mod bucket;
mod commands;
mod contacts;
mod database;
mod forgotten;
mod get_ticket;
mod list;
mod living_clients;
mod login;
mod logout;
mod names;
mod openapi;
mod pages;
mod password;
mod people;
mod plans;
mod profile;
mod registration;
mod rest;
mod same_origin;
mod security_log;
mod server_functions;
mod serving;
mod sessions;
mod sign_in;
mod status;
mod throttle;
mod transfer;
mod typed;
mod work;
