//! The forms by which admins take tickets away and bring them back.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::forms::show_again;
use super::sent::Sent;
use super::{Web, pages};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketId;
use crate::service::deletion;
use crate::ui::pages::deleted::PATH;
use crate::ui::ticket_form::DELETE;

/// Leads to where it can be undone.
pub async fn delete(State(web): State<Web>, Path(ticket): Path<i64>, sent: Sent) -> Response {
    match deletion::delete(&web.app, &sent.viewer, TicketId(ticket), sent.key()).await {
        Ok(()) => Redirect::to(PATH).into_response(),
        Err(problem @ Problem::Stale) => {
            let (page, state) = sent.refused(DELETE, problem);
            show_again(web, page, state, pages::ticket_page).await
        }
        Err(problem) => pages::broken(web, sent.page, problem).await,
    }
}

pub async fn restore(State(web): State<Web>, Path(ticket): Path<i64>, sent: Sent) -> Response {
    match deletion::restore(&web.app, &sent.viewer, TicketId(ticket), sent.key()).await {
        Ok(()) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused("restore", problem);
            show_again(web, page, state, pages::deleted_page).await
        }
    }
}
