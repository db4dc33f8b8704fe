//! The pages as a browser without JavaScript gets them.

mod files;
mod headers;
mod home;
pub mod isolation;
mod kept;
mod language;
mod lists;
mod nothing;
mod runtimes;
mod ticket;
mod values;
