//! The pages as a browser without JavaScript gets them.

mod files;
mod fresh;
mod headers;
mod home;
pub mod isolation;
mod language;
mod lists;
mod nothing;
mod runtimes;
mod ticket;
mod values;
