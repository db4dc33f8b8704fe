//! The names of the forms on a ticket's page that are no actions: the last word of
//! the address each is sent to, and what it is called when it is refused.

/// Field with the number of history entries seen.
pub const SEEN: &str = "seen";

pub const NEW: &str = "new";
pub const MESSAGE: &str = "message";
pub const NOTE: &str = "note";
pub const PHOTOS: &str = "photos";
pub const CORRECT: &str = "correct";
pub const CODE: &str = "code";
pub const DELETE: &str = "delete";
