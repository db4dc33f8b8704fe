//! The parts that pages and islands are made of. They take values, not stores.

pub mod chips;
pub mod deletion;
pub mod duty_form;
pub mod field;
pub mod filter;
pub mod frame;
pub mod hand_over;
pub mod icon;
pub mod notice;
pub mod pager;
pub mod photos;
pub mod profile_form;
pub mod refusal;
pub mod report_field;
pub mod results;
pub mod sort_menu;
pub mod status_badge;
pub mod tabs;
pub mod text_area;
pub mod ticket_actions;
pub mod ticket_facts;
pub mod ticket_table;
pub mod ticket_words;
pub mod time;
pub mod timeline;
pub mod wishes_form;
