//! Routes for browsers: pages, their forms, photos and lists as files.

pub mod forms;
pub mod kept_pages;
pub mod list_export;
pub mod photos;
pub mod preferences;
pub mod render;
