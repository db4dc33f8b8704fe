//! The REST interface as a whole: its document, its lookups, programs that call it.

pub mod declared;
pub mod living_clients;
pub mod openapi;
pub mod server_functions;
pub mod status;
