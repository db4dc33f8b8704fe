//! The repair desk as plain values and plain functions.
//!
//! No I/O, no clock, no framework, no `cfg`: everything here compiles for the
//! server and for the browser, and everything that *decides* something is
//! here. Times and randomness arrive as arguments.
//!
//! Start with [`tickets`] and [`people`] for the nouns, [`lists::query`] for how a
//! lookup is asked, and [`access`] for who may ask it.

pub mod access;
pub mod ids;
pub mod input;
pub mod links;
pub mod lists;
pub mod local_path;
pub mod locale;
pub mod notifications;
pub mod paging;
pub mod people;
pub mod photo;
pub mod problem;
pub mod tickets;
pub mod time;
pub mod validation;
pub mod viewer;
