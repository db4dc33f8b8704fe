//! The REST interface, one file an endpoint or a group of like ones; [`openapi`] lists them.

pub mod account;
pub mod auth;
pub mod docs;
pub mod error;
pub mod get_config;
pub mod openapi;
pub mod people;
pub mod request;
pub mod schemas;
pub mod tickets;
