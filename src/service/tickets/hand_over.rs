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
use crate::domain::tickets::ticket::Dossier;
use crate::domain::tickets::workflow::judge;
use crate::domain::validation::fold;
use crate::domain::viewer::Viewer;
use crate::service::transaction::{Request, Work};
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
pub async fn make_code(app: &App, viewer: &Viewer, ticket: TicketId) -> Result<String, Problem> {
    let mut work = Work::begin(app).await?;
    let opened = work.open(viewer, ticket).await?;
    judge(opened.facts, Action::Offer, opened.relation)?;
    let code = random_code();
    let expires_at = work.now.plus(VALID_SECONDS);
    let hash = hash(&opened.dossier, &code);
    hand_over_codes::put(&mut work.tx, ticket, &hash, expires_at).await?;
    work.commit().await?;
    Ok(code)
}

/// Takes a job over from the technician who showed the code; returns its status. A wrong code is
/// counted even though nothing else happens.
pub async fn take_over(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    code: &str,
    key: Option<String>,
) -> Result<Status, Problem> {
    let request = Request::new(viewer, key, &["take over", &ticket.to_string(), code])?;
    let mut work = Work::begin(app).await?;
    if let Some(earlier) = work.earlier(&request).await? {
        return actions::state_after(app, &mut work, viewer, &earlier).await;
    }
    // Technicians alone use up the tries of a code.
    access::technicians_only(viewer)?;
    let refused = Problem::BadInput { input: Input::Code, reason: Reason::NotOffered };
    // Ticket locked before its code, as everywhere: two who lock them crosswise wait for ever.
    let sealed = match work.find(ticket).await {
        Err(Problem::NotFound) => return Err(refused),
        found => found?,
    };
    let Some(expected) = hand_over_codes::try_one(&mut work.tx, ticket, work.now, TRIES).await? else {
        return Err(refused);
    };
    let opened = access::open_to_receiver(viewer, sealed, work.now)?;
    if expected != hash(&opened.dossier, &fold(code)) {
        work.commit().await?;
        return Err(refused);
    }
    hand_over_codes::delete(&mut work.tx, ticket).await?;
    let (aim, note) = (ActionTarget::Act(Action::TakeOver), String::new());
    let deed = ActionRequest { ticket, aim, seen: None, note, technician: None, key: None };
    let event = actions::carry_out(app, &mut work, viewer, opened, Action::TakeOver, &deed).await?;
    work.remember_event(&request, &event).await?;
    work.commit().await?;
    Ok(event.standing.status)
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
fn hash(dossier: &Dossier, code: &str) -> String {
    let (ticket, from) = (dossier.ticket.id, dossier.ticket.technician.map_or(0, |UserId(id)| id));
    hex(&Sha256::digest(format!("{ticket} {from} {code}")))
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
