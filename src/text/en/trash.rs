//! English: tickets that were deleted.

use super::*;

pub const TRASH: TrashTexts = TrashTexts {
    title: "Deleted tickets",
    nothing: "There are no deleted tickets.",
    deleted_by: |who, when| format!("Deleted by {who}, {when}"),
    kept_until: |when| format!("Can be restored until {when}"),
    unreadable: "The record of this ticket cannot be read, so it cannot be restored. The log of the server says why.",
    restore: "Restore",
    restore_this: |ticket| format!("Restore ticket {ticket}"),
    gone: "This ticket has been restored, or is gone for good.",
    delete: "Delete the ticket",
    consequence: |days| {
        format!(
            "It disappears from all lists. Admins can restore it within {days} days; then it is gone for good."
        )
    },
};
