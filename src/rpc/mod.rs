//! Server functions, the interface between islands and the server: a few lines each.
//!
//! A page, rendered on the server, calls them directly, an island by HTTP; what
//! a page tells its islands is a [`Prop`].
//! They fetch what the request brought, call one verb of `service`, and report
//! its problem as a status. Reads travel as GET; addresses are explicit, so
//! that a page from before an update still finds them.

mod json_text;
mod prop;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

use json_text::{Json, JsonText};
pub use prop::Prop;

use crate::domain::ids::UserId;
use crate::domain::lists::page::ListPage;
use crate::domain::notifications::inbox::Inbox;
use crate::domain::people::admin::Members;
use crate::domain::people::profile::OwnAccount;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::Blank;
use crate::domain::tickets::ticket::Board;
use crate::domain::tickets::trash::DeletedTickets;
use crate::domain::tickets::view::TicketView;

/// One of the lists, for the person whose page asks. The query is read from the text of the address, by the
/// same strict parser as everywhere: no client can build one that it refuses.
#[server(prefix = "/rpc", endpoint = "tickets", input = GetUrl, output = Json)]
pub async fn list_tickets(
    place: ListPage,
    #[server(default)] search: String,
    #[server(default)] made_for: Option<UserId>,
) -> Result<Board, Problem> {
    use crate::domain::access;
    use crate::domain::lists::query::TicketQuery;

    let (app, viewer) = server::context()?;
    access::same_person(&viewer, made_for).map_err(server::report)?;
    let query = TicketQuery::parse_search(&search, place.parameters()).map_err(server::report)?;
    crate::service::tickets::lookup::board(&app, &viewer, place, query).await.map_err(server::report)
}

/// One ticket by the number in the address; a malformed number is not found. `list` is the address
/// of the list from which one came; `before` is the place in the history before which a part is
/// wanted.
#[server(prefix = "/rpc", endpoint = "ticket", input = GetUrl, output = Json)]
pub async fn find_ticket(
    #[server(default)] id: String,
    #[server(default)] list: String,
    #[server(default)] before: String,
) -> Result<TicketView, Problem> {
    use crate::domain::ids::TicketId;
    use crate::domain::tickets::event_page::HistoryPart;

    let (app, viewer) = server::context()?;
    let id = id.parse().map(TicketId).map_err(|_| server::report(Problem::NotFound))?;
    let part = HistoryPart::of_page(&before);
    crate::service::tickets::view::view_part(&app, &viewer, id, &list, part).await.map_err(server::report)
}

/// Initial values of a report.
#[server(prefix = "/rpc", endpoint = "report", input = GetUrl, output = Json)]
pub async fn blank_report() -> Result<Blank, Problem> {
    let (app, viewer) = server::context()?;
    crate::service::tickets::filing::blank(&app, &viewer).await.map_err(server::report)
}

#[server(prefix = "/rpc", endpoint = "inbox", input = GetUrl, output = Json)]
pub async fn read_inbox() -> Result<Inbox, Problem> {
    let (app, viewer) = server::context()?;
    crate::service::notifications::inbox::of(&app, &viewer).await.map_err(server::report)
}

/// One page of the tickets that were deleted.
#[server(prefix = "/rpc", endpoint = "deleted", input = GetUrl, output = Json)]
pub async fn list_deleted(#[server(default)] search: String) -> Result<DeletedTickets, Problem> {
    let (app, viewer) = server::context()?;
    let before = crate::domain::tickets::trash::TrashCursor::parse(&search);
    crate::service::tickets::trash::list(&app, &viewer, before).await.map_err(server::report)
}

/// One page of the directory.
#[server(prefix = "/rpc", endpoint = "people", input = GetUrl, output = Json)]
pub async fn list_people(#[server(default)] search: String) -> Result<Members, Problem> {
    let (app, viewer) = server::context()?;
    let query = crate::domain::people::admin::MemberQuery::parse(&search);
    crate::service::people::admin::list(&app, &viewer, &query).await.map_err(server::report)
}

#[server(prefix = "/rpc", endpoint = "account", input = GetUrl, output = Json)]
pub async fn read_account() -> Result<OwnAccount, Problem> {
    let (app, viewer) = server::context()?;
    crate::service::people::own_account::own(&app, &viewer).await.map_err(server::report)
}

/// Checks that a password link is still valid.
#[server(prefix = "/rpc", endpoint = "link", input = GetUrl, output = Json)]
pub async fn check_link(#[server(default)] secret: String) -> Result<(), Problem> {
    let app = expect_context::<crate::service::App>();
    match crate::service::sign_in::invitations::is_good(&app, &secret).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(server::report(Problem::NotFound)),
        Err(problem) => Err(server::report(problem)),
    }
}

impl FromServerFnError for Problem {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                // Raised before the function runs, so its status is set here.
                #[cfg(feature = "ssr")]
                server::report(Self::BadRequest);
                Self::BadRequest
            }
            _ => Self::Unreachable,
        }
    }
}

#[cfg(feature = "ssr")]
mod server {
    use axum::http::header;
    use leptos::prelude::{expect_context, use_context};
    use leptos_axum::ResponseOptions;

    use crate::domain::problem::Problem;
    use crate::domain::viewer::Viewer;
    use crate::service::App;
    use crate::service::sign_in::sessions::SessionState;

    /// The caller, whichever way the request came in: page render or fetch.
    pub fn context() -> Result<(App, Viewer), Problem> {
        let app = expect_context::<App>();
        let parts = expect_context::<axum::http::request::Parts>();
        match parts.extensions.get::<SessionState>().cloned() {
            Some(SessionState(Ok(Some(session)))) => Ok((app, session.viewer)),
            Some(SessionState(Err(problem))) => Err(report(problem)),
            Some(SessionState(Ok(None))) | None => Err(report(Problem::SignedOut)),
        }
    }

    /// Gives the answer the status that says the same as the problem.
    pub fn report(problem: impl Into<Problem>) -> Problem {
        let problem = problem.into();
        if let Some(response) = use_context::<ResponseOptions>()
            && let Ok(status) = axum::http::StatusCode::from_u16(problem.http_status())
        {
            response.set_status(status);
            if let Some(seconds) = problem.retry_after_seconds() {
                response.insert_header(header::RETRY_AFTER, header::HeaderValue::from(seconds));
            }
        }
        problem
    }
}
