//! Code for the browser alone: the address bar, drafts, uploads, errors beside fields.

pub mod address_bar;
pub mod draft;
pub mod field_errors;
pub mod upload;
pub mod upload_queue;
