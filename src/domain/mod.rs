//! The repair desk as plain values and plain functions.
//!
//! No I/O, no clock, no framework, no `cfg`: everything here compiles for the
//! server and for the browser, and everything that *decides* something is
//! here. Times and randomness arrive as arguments.
//!
//! Start with [`ticket`] and [`person`] for the nouns, [`query`] for how a
//! lookup is asked, and [`policy`] for who may ask it.

pub mod account_mail;
pub mod action;
pub mod audience;
pub mod contact;
pub mod deleted;
pub mod details;
pub mod directory;
pub mod doors;
pub mod duty;
pub mod history;
pub mod history_part;
pub mod inbox;
pub mod lifecycle;
pub mod links;
pub mod local_path;
pub mod locale;
pub mod members;
pub mod order;
pub mod paging;
pub mod parameter;
pub mod person;
pub mod photo;
pub mod place;
pub mod policy;
pub mod problem;
pub mod profile;
pub mod query;
pub mod question;
pub mod status;
pub mod ticket;
pub mod ticket_view;
pub mod time;
pub mod validation;
pub mod wishes;
