//! Uploads, from a form or a call: permission before the body, room for its bytes, and its parts.

pub mod gate;
pub mod multipart;
pub mod room;
