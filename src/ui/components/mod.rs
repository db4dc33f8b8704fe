//! The parts that pages and islands are made of. They take values, not stores.

pub mod account;
pub mod field;
pub mod frame;
pub mod icon;
pub mod island_hooks;
pub mod isolated;
pub mod linked;
pub mod list;
pub mod made_for;
pub mod notice;
pub mod refusal;
pub mod status_badge;
pub mod text_area;
pub mod ticket;
pub mod time;
