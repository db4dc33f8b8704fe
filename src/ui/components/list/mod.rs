//! Parts of a list: filters, tabs, rows, pager.

pub mod chips;
pub mod filter;
pub mod pager;
pub mod results;
pub mod sort_menu;
pub mod table;
pub mod tabs;
