//! Hand-over in person: a technician shows a code, and the colleague who types it takes the job
//! over.

use sha2::{Digest, Sha256};

use super::actions::{self, ActionRequest, ActionTarget};
use crate::domain::access;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::input::{Input, Reason};
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::tickets::workflow::transition;
use crate::domain::validation::fold;
use crate::domain::viewer::Viewer;
use crate::service::transaction::{Request, TicketTransaction};
use crate::service::{App, hex};
use crate::store::tickets::hand_over_codes;

const VALID_SECONDS: i64 = 600;
pub const VALID_MINUTES: i64 = VALID_SECONDS / 60;
/// Tries among a million codes, so guessing is hopeless.
const TRIES: i64 = 5;

/// Page on which a colleague takes over by this code; it asks once more.
pub fn page_of(TicketId(ticket): TicketId, code: &str) -> String {
    format!("/take-over?ticket={ticket}&code={code}")
}

/// Makes a code, shown once; an earlier one is void.
pub async fn make_code(app: &App, viewer: &Viewer, id: TicketId) -> Result<String, Problem> {
    let mut transaction = TicketTransaction::begin(app).await?;
    let opened = transaction.open(viewer, id).await?;
    transition(opened.facts, Action::Offer, opened.relation)?;
    let code = random_code();
    let expires_at = transaction.now.plus(VALID_SECONDS);
    let hash = hash(&opened.ticket, &code);
    hand_over_codes::put(&mut transaction.tx, id, &hash, expires_at).await?;
    transaction.commit().await?;
    Ok(code)
}

/// Takes a job over from the technician who showed the code; returns its status. A wrong code is
/// counted even though nothing else happens.
pub async fn take_over(
    app: &App,
    viewer: &Viewer,
    id: TicketId,
    code: &str,
    key: Option<String>,
) -> Result<Status, Problem> {
    let request = Request::new(viewer, key, &["take over", &id.to_string(), code])?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if let Some(earlier) = transaction.earlier(&request).await? {
        return actions::state_after(app, &mut transaction, viewer, &earlier).await;
    }
    // Technicians alone use up the tries of a code.
    access::technicians_only(viewer)?;
    let refused = Problem::BadInput { input: Input::Code, reason: Reason::NotOffered };
    // Ticket locked before its code, as everywhere: two who lock them crosswise wait for ever.
    let unchecked = match transaction.find(id).await {
        Err(Problem::NotFound) => return Err(refused),
        found => found?,
    };
    let Some(expected) = hand_over_codes::try_one(&mut transaction.tx, id, transaction.now, TRIES).await?
    else {
        return Err(refused);
    };
    let opened = access::open_to_receiver(viewer, unchecked, transaction.now)?;
    if expected != hash(&opened.ticket, &fold(code)) {
        transaction.commit().await?;
        return Err(refused);
    }
    hand_over_codes::delete(&mut transaction.tx, id).await?;
    let (target, note) = (ActionTarget::Act(Action::TakeOver), String::new());
    let action_request = ActionRequest { ticket: id, target, seen: None, note, technician: None, key: None };
    let event =
        actions::carry_out(app, &mut transaction, viewer, opened, Action::TakeOver, &action_request).await?;
    transaction.remember_event(&request, &event).await?;
    transaction.commit().await?;
    Ok(event.state.status)
}

/// Six digits, each number as likely as any other.
fn random_code() -> String {
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        let number = u32::from_le_bytes(bytes);
        // The largest multiple of a million that fits, so that none is favoured.
        if number < 4_294_000_000 {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

/// Hash of a code and the technician: void once the job is another's.
fn hash(ticket: &Ticket, code: &str) -> String {
    let (id, from) = (ticket.contract.id, ticket.contract.technician.map_or(0, |UserId(id)| id));
    hex(&Sha256::digest(format!("{id} {from} {code}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits() {
        for _ in 0..100 {
            let code = random_code();
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
    }
}
