//! Requests of the REST interface: query strings and JSON bodies, read strictly.

pub mod command;
pub mod flat_json;
pub mod patch;
pub mod query;
