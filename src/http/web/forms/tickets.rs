//! The forms that change tickets. Success leads to the ticket; a refusal shows
//! the page again, with the reason and what was typed.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::shown_again::show_again;
use super::submitted::Sent;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::input::{Input, Reason};
use crate::domain::local_path::{LocalPath, RETURN_TO};
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::report::Draft;
use crate::http::Web;
use crate::http::base_url::origin;
use crate::http::uploads::gate::duplicates_of;
use crate::http::web::render;
use crate::service::notifications::inbox;
use crate::service::photos::ticket_photos;
use crate::service::tickets::actions::{self, ActionRequest, ActionTarget};
use crate::service::tickets::qr::{self, QrImage};
use crate::service::tickets::{filing, hand_over, messages};
use crate::ui::components::ticket::form_names::{CODE, CORRECT, MESSAGE, NEW, NOTE, PHOTOS};
use crate::ui::page_context::MadeCode;

impl Sent {
    /// Ticket of the form's page. A malformed number matches none.
    fn ticket(&self) -> TicketId {
        let name = self.page.uri().path().rsplit('/').next().unwrap_or_default();
        TicketId(name.parse().unwrap_or_default())
    }

    /// Next address: the list it was done from, else the page.
    fn onward(&self) -> String {
        let list = LocalPath::parse(self.field(RETURN_TO));
        list.map_or_else(|| self.page.uri().to_string(), |list| list.to_string())
    }

    /// Redirects, or shows the page of the ticket and the problem.
    async fn answer(self, web: Web, form: &str, done: Result<(), Problem>) -> Response {
        match done {
            Ok(()) => Redirect::to(&self.onward()).into_response(),
            Err(problem) => {
                let (page, state) = self.refused(form, problem);
                show_again(web, page, state, render::ticket_page).await
            }
        }
    }
}

pub async fn file(State(web): State<Web>, mut sent: Sent) -> Response {
    let draft = Draft::of(sent.fields.clone());
    let uploads = std::mem::take(&mut sent.uploads);
    let duplicates = duplicates_of(sent.field("twin"));
    match filing::file_with_photos(&web.app, &sent.viewer, &draft, uploads, duplicates, sent.key()).await {
        Ok(ticket) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused(NEW, problem);
            show_again(web, page, state, render::new_ticket_page).await
        }
    }
}

pub async fn act(State(web): State<Web>, mut sent: Sent) -> Response {
    let form = sent.field("action").to_owned();
    let uploads = std::mem::take(&mut sent.uploads);
    let done = match form.parse::<Action>() {
        Ok(action) => {
            let action_request = ActionRequest {
                ticket: sent.ticket(),
                target: ActionTarget::Act(action),
                seen: sent.seen(),
                note: sent.field(Input::Note.name()).to_owned(),
                technician: sent.field(Input::Technician.name()).parse().ok().map(UserId),
                key: sent.key(),
            };
            actions::act_with_photos(&web.app, &sent.viewer, action_request, uploads).await.map(drop)
        }
        Err(_) => Err(Problem::BadRequest),
    };
    sent.answer(web, &form, done).await
}

pub async fn message(State(web): State<Web>, sent: Sent) -> Response {
    let words = sent.field(Input::Message.name());
    let done = messages::say(&web.app, &sent.viewer, sent.ticket(), words, sent.key()).await;
    sent.answer(web, MESSAGE, done).await
}

pub async fn add_photos(State(web): State<Web>, mut sent: Sent) -> Response {
    let uploads = std::mem::take(&mut sent.uploads);
    let done = ticket_photos::add(&web.app, &sent.viewer, sent.ticket(), uploads, sent.key()).await;
    sent.answer(web, PHOTOS, done).await
}

pub async fn note(State(web): State<Web>, sent: Sent) -> Response {
    let words = sent.field(Input::Message.name());
    let done = messages::note(&web.app, &sent.viewer, sent.ticket(), words, sent.key()).await;
    sent.answer(web, NOTE, done).await
}

pub async fn correct(State(web): State<Web>, sent: Sent) -> Response {
    let draft = Draft::of(sent.fields.clone());
    let done = filing::correct(&web.app, &sent.viewer, sent.ticket(), &draft, sent.seen(), sent.key()).await;
    sent.answer(web, CORRECT, done.map(|_| ())).await
}

/// Shows the code once, in this answer; only a hash is stored.
pub async fn make_code(State(web): State<Web>, mut sent: Sent) -> Response {
    match hand_over::make_code(&web.app, &sent.viewer, sent.ticket()).await {
        Ok(code) => {
            let page = hand_over::page_of(sent.ticket(), &code);
            let qr_image = qr::qr_image(&format!("{}{page}", origin(&web, &sent.page)));
            let qr_image = qr_image.map(|QrImage { side, path }| (side, path));
            let made = MadeCode { code, minutes: hand_over::VALID_MINUTES, qr_image };
            sent.page.extensions_mut().insert(made);
            render::render(web, sent.page, None, render::ticket_page).await
        }
        Err(problem) => sent.answer(web, CODE, Err(problem)).await,
    }
}

/// Takes over a ticket its receiver cannot see yet: the form names it.
pub async fn take_over(State(web): State<Web>, sent: Sent) -> Response {
    let code = sent.field(Input::Code.name());
    let taken = match sent.field("ticket").trim().parse().map(TicketId) {
        Ok(ticket) => {
            let taken = hand_over::take_over(&web.app, &sent.viewer, ticket, code, sent.key()).await;
            taken.map(|_| ticket)
        }
        Err(_) => Err(Problem::BadInput { input: Input::Code, reason: Reason::NotOffered }),
    };
    match taken {
        Ok(ticket) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused("take-over", problem);
            show_again(web, page, state, render::take_over_page).await
        }
    }
}

pub async fn mark_read(State(web): State<Web>, sent: Sent) -> Response {
    let up_to = sent.field("up_to").parse().unwrap_or_default();
    match inbox::mark_read(&web.app, &sent.viewer, up_to).await {
        Ok(()) => Redirect::to("/inbox").into_response(),
        Err(problem) => render::broken(web, sent.page, problem).await,
    }
}
