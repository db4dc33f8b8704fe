//! Layers around every handler: session, language, client address, origin check, headers.

pub mod client_address;
pub mod language;
pub mod navigation;
pub mod same_origin;
pub mod security_headers;
pub mod session;
