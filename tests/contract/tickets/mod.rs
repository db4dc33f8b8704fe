//! Tickets: filing, acting on them, messages, history, hand-over, deletion.

pub mod again;
pub mod expired;
pub mod filing;
pub mod forms;
pub mod hand_over;
pub mod life;
pub mod messages;
pub mod programs;
pub mod rest;
pub mod shared_browser;
pub mod trash;
pub mod typed;
pub mod walk;
