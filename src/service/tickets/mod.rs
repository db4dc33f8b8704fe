//! Tickets: looking them up, filing, acting on them, handing them over, deleting them.

pub mod actions;
pub mod export;
pub mod filing;
pub mod hand_over;
pub mod lookup;
pub mod messages;
pub mod qr;
pub mod trash;
pub mod unassign;
pub mod view;
