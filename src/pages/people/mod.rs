//! Pages of people, for admins.

pub mod directory;
