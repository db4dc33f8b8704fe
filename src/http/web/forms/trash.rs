//! Forms by which admins delete and restore tickets.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::shown_again::show_again;
use super::submitted::Sent;
use crate::domain::ids::TicketId;
use crate::domain::problem::Problem;
use crate::http::Web;
use crate::http::web::render;
use crate::pages::tickets::trash::PATH;
use crate::service::tickets::trash;
use crate::ui::components::ticket::form_names::DELETE;

/// Deletes; the trash can undo it.
pub async fn delete(State(web): State<Web>, Path(ticket): Path<i64>, sent: Sent) -> Response {
    match trash::delete(&web.app, &sent.viewer, TicketId(ticket), sent.key()).await {
        Ok(()) => Redirect::to(PATH).into_response(),
        Err(problem @ Problem::Stale) => {
            let (page, state) = sent.refused(DELETE, problem);
            show_again(web, page, state, render::ticket_page).await
        }
        Err(problem) => render::broken(web, sent.page, problem).await,
    }
}

pub async fn restore(State(web): State<Web>, Path(ticket): Path<i64>, sent: Sent) -> Response {
    match trash::restore(&web.app, &sent.viewer, TicketId(ticket), sent.key()).await {
        Ok(()) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused("restore", problem);
            show_again(web, page, state, render::deleted_page).await
        }
    }
}
