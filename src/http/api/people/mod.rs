//! `/v1` endpoints of people, for technicians and admins.

pub mod admin;
pub mod get_techworks;
pub mod get_user;
