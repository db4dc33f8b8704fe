//! Sentences of events, the same in a history, an inbox and a mail.

use super::Texts;
use crate::domain::ids::Named;
use crate::domain::tickets::view::TimelineEntry;

impl Texts {
    pub fn sentence(self, entry: &TimelineEntry) -> String {
        self.sentence_of(entry, str::to_owned)
    }

    /// The sentence with people's names as `shown` writes them.
    pub fn sentence_of(self, entry: &TimelineEntry, shown: fn(&str) -> String) -> String {
        let words = self.work();
        let or = |person: &Option<Named>, nobody: &'static str| {
            person.as_ref().map_or_else(|| nobody.to_owned(), |person| shown(&name_of(person)))
        };
        let actor = or(&entry.actor, words.the_desk);
        let technician = or(&entry.technician, words.nobody);
        let offered_to = or(&entry.offered_to, words.nobody);
        if entry.times > 1 {
            return (words.gathered)(entry.kind, &actor, entry.times);
        }
        (words.happened)(entry.kind, &actor, &technician, &offered_to)
    }
}

impl Texts {
    /// Words of what happened; a sentence in their place where a program gave none.
    pub fn note(self, entry: &TimelineEntry) -> &str {
        match entry.note.as_str() {
            "" if entry.kind.needs_a_note() => self.work().reported_by_client,
            note => note,
        }
    }
}

/// A name as it is shown; people without one go by their number.
pub fn name_of(person: &Named) -> String {
    if person.nickname.is_empty() { person.id.to_string() } else { person.nickname.clone() }
}
