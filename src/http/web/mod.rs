//! Routes for browsers: pages, their forms, photos and lists as files.

pub mod forms;
pub mod list_export;
mod page_tokens;
pub mod photos;
pub mod preferences;
pub mod render;
