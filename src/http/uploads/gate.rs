//! Permission to send files at all, asked before they are read.

use crate::domain::ids::TicketId;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::Draft;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::photos::ticket_photos;
use crate::service::tickets::filing::Duplicates;
use crate::service::tickets::{filing, view};
use crate::ui::components::ticket::form_names::PHOTOS;

/// Purpose of the files of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new report.
    Report,
    /// An action on this ticket.
    Action(TicketId),
    /// Photos of this ticket.
    Photos(TicketId),
    /// Photos of the ticket that a field of this name has, which comes before them.
    PhotosOfField(&'static str),
    /// Forms without files.
    Nothing,
}

/// Determines the purpose of files from the form's path.
pub fn purpose_of(path: &str) -> Purpose {
    let mut segments = path.split('/').skip(1);
    // A malformed number: no ticket.
    let ticket = |id: &str| TicketId(id.parse().unwrap_or_default());
    match (segments.next(), segments.next(), segments.next()) {
        (Some("tickets"), Some("new"), None) => Purpose::Report,
        (Some("tickets"), Some(id), Some(PHOTOS)) => Purpose::Photos(ticket(id)),
        (Some("tickets"), Some(id), Some(_)) => Purpose::Action(ticket(id)),
        _ => Purpose::Nothing,
    }
}

/// Reads the form's answer on a likely duplicate report.
pub fn duplicates_of(value: &str) -> Duplicates {
    if value == "allow" { Duplicates::Allow } else { Duplicates::Ask }
}

pub struct Gate<'a> {
    pub app: &'a App,
    pub viewer: &'a Viewer,
    pub purpose: Purpose,
}

impl Gate<'_> {
    /// Checks, before anything is read, what the address shows.
    pub async fn check_address(&self) -> Result<(), Problem> {
        match self.purpose {
            Purpose::Action(ticket) => view::check_may_see(self.app, self.viewer, ticket).await,
            Purpose::Photos(ticket) => ticket_photos::check_may_add_to(self.app, self.viewer, ticket).await,
            Purpose::Report | Purpose::PhotosOfField(_) | Purpose::Nothing => Ok(()),
        }
    }

    /// Checks, before the first file is read, the fields before it.
    pub async fn check_fields(&self, fields: &[(String, String)]) -> Result<(), Problem> {
        let value = |name: &str| {
            let found = fields.iter().find(|(found, _)| found == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        match self.purpose {
            Purpose::Report => {
                let draft = Draft::of(fields.to_vec());
                let duplicates = duplicates_of(value("twin"));
                filing::check_may_file(self.app, self.viewer, &draft, duplicates, value("key")).await
            }
            // Files without a named ticket are not read: nobody could permit them.
            Purpose::PhotosOfField(name) => match value(name).parse::<i64>() {
                Ok(ticket @ 1..) if ticket.unsigned_abs() <= MAX_INTEGER => {
                    ticket_photos::check_may_add_to(self.app, self.viewer, TicketId(ticket)).await
                }
                Ok(_) | Err(_) => Err(Problem::BadRequest),
            },
            Purpose::Action(_) | Purpose::Photos(_) | Purpose::Nothing => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::http::uploads::gate::*;

    #[test]
    fn an_address_says_what_files_are_for() {
        assert_eq!(purpose_of("/tickets/new"), Purpose::Report);
        assert_eq!(purpose_of("/tickets/5/photos"), Purpose::Photos(TicketId(5)));
        assert_eq!(purpose_of("/tickets/5/act"), Purpose::Action(TicketId(5)));
        assert_eq!(purpose_of("/tickets/five/act"), Purpose::Action(TicketId(0)));
        assert_eq!(purpose_of("/people/5/role"), Purpose::Nothing);
    }
}
