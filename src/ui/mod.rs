//! Islands and components: what pages are made of, rendered on the server and, for islands, taken
//! over by the browser.
//!
//! An island changes in place once the browser has its code; a page without one
//! loads no code. Start in [`islands`]; [`page_context`] is what all of them are given.
//!
//! State lives in the address, then on the server, last in a signal. Same
//! input, same HTML on both sides: no clock, no locale of the machine, no `cfg`
//! in a view.

pub mod browser;
pub mod components;
pub mod islands;
pub mod page_context;
