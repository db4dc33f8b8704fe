//! Pages for people who are not signed in: sign-in, registration, links sent by mail.

pub mod forgot;
pub mod form;
pub mod register;
pub mod verify;
pub mod welcome;
