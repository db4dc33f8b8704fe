//! Pages of one's own account and inbox.

pub mod inbox;
pub mod profile;
