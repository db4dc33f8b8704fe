//! Parts of the account page.

pub mod availability_form;
pub mod preferences_form;
pub mod profile_form;
