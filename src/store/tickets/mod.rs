//! Single tickets: the record, its events, photos and hand-over codes, and deleted tickets.

pub(super) mod cells;
pub mod events;
pub mod hand_over_codes;
pub mod photos;
pub mod recent_messages;
pub mod record;
pub mod stored;
pub mod trash;
