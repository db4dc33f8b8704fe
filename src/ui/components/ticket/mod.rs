//! Parts of a ticket's page: facts, actions, messages, history, photos.

pub mod actions;
pub mod deletion;
pub mod facts;
pub mod form_names;
pub mod hand_over;
pub mod messages;
pub mod photos;
pub mod report_field;
pub mod target;
pub mod timeline;
