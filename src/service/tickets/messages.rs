//! Messages between the two sides of a ticket, and internal notes.

use crate::domain::ids::TicketId;
use crate::domain::input::Input;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::workflow::{ActorRelation, Refusal};
use crate::domain::validation::canonical;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::transaction::{NewEvent, Request, TicketTransaction, WINDOW_SECONDS, check_words};
use crate::store::tickets::recent_messages;

/// Messages and notes that one person may write within [`WINDOW_SECONDS`]: more than people type,
/// and few enough that no program fills a ticket.
pub const MOST_MESSAGES: i64 = 30;

/// Adds a message that both sides read.
pub async fn say(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    words: &str,
    key: Option<String>,
) -> Result<(), Problem> {
    add(app, viewer, ticket, words, key, Kind::Message, ActorRelation::may_talk).await
}

/// Adds a note that the requester never sees.
pub async fn note(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    words: &str,
    key: Option<String>,
) -> Result<(), Problem> {
    add(app, viewer, ticket, words, key, Kind::Note, ActorRelation::is_behind_the_desk).await
}

async fn add(
    app: &App,
    viewer: &Viewer,
    id: TicketId,
    words: &str,
    key: Option<String>,
    kind: Kind,
    may: fn(ActorRelation) -> bool,
) -> Result<(), Problem> {
    let request = Request::new(viewer, key, &[kind.name(), &id.to_string(), &canonical(words)])?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if transaction.done_before(&request).await?.is_some() {
        return Ok(());
    }
    let opened = transaction.open(viewer, id).await?;
    if !may(opened.relation) {
        return Err(Refusal::NotYours.into());
    }
    let words = check_words(Input::Message, words, true)?;
    count(&mut transaction, viewer).await?;
    let ticket = &opened.ticket;
    transaction.write_down(ticket, ticket.state(), NewEvent::acted(viewer, kind, words)).await?;
    transaction.remember(&request, id).await?;
    transaction.commit().await
}

/// Counts a message; too many are refused, with the seconds to wait. Only committed ones count.
async fn count(transaction: &mut TicketTransaction, viewer: &Viewer) -> Result<(), Problem> {
    let since = transaction.now.minus(WINDOW_SECONDS);
    let first =
        recent_messages::nth_latest_locked(&mut transaction.tx, viewer.id, since, MOST_MESSAGES).await?;
    if let Some(first) = first {
        return Err(Problem::TooManyMessages { retry_after_seconds: transaction.wait_after(first) });
    }
    Ok(recent_messages::insert(&mut transaction.tx, viewer.id, transaction.now).await?)
}
