//! Recipients of the events of a ticket.

use super::preferences::Topic;
use crate::domain::ids::UserId;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::TicketState;

/// A ticket before and after something happened.
#[derive(Clone, Copy, Debug)]
pub struct StateChange {
    pub owner: UserId,
    pub before: TicketState,
    pub after: TicketState,
}

/// Seconds within which an unread notice takes in further messages and photos.
pub const GATHERED_WITHIN: i64 = 600;
/// Seconds that a mail about messages or photos waits for more of them.
pub const MAIL_WAITS: i64 = 60;

/// Returns the people whom an event concerns, each once and without its actor, and its topic for them.
pub fn of(kind: Kind, actor: Option<UserId>, change: StateChange) -> Vec<(UserId, Topic)> {
    let StateChange { owner, before, after } = change;
    let concerned: Vec<Option<UserId>> = match kind {
        Kind::Filed | Kind::Deleted | Kind::Restored | Kind::Unreadable => Vec::new(),
        Kind::Message | Kind::Photo | Kind::Corrected | Kind::AutoConfirmed => {
            vec![Some(owner), after.technician]
        }
        Kind::Note => vec![after.technician],
        Kind::Acted(Action::Offer | Action::Withdraw) => vec![after.offered_to],
        Kind::Acted(_) | Kind::Unassigned => vec![Some(owner), before.technician, after.technician],
    };
    // The colleague who was offered the job learns that the offer ended.
    let passed_over = before.offered_to.filter(|_| after.offered_to != before.offered_to);
    // Internal events are not even hinted at to the requester.
    let hidden = kind.is_internal().then_some(owner);
    let mut people: Vec<UserId> = concerned.into_iter().chain([passed_over]).flatten().collect();
    people.retain(|person| Some(*person) != actor && Some(*person) != hidden);
    people.sort_unstable();
    people.dedup();
    people.into_iter().map(|person| (person, topic(kind, person, change))).collect()
}

fn topic(kind: Kind, person: UserId, change: StateChange) -> Topic {
    let StateChange { owner, before, after } = change;
    match kind {
        Kind::Message | Kind::Note => Topic::Messages,
        Kind::Photo => Topic::Photos,
        _ if before != after && waits_for(person, owner, after) => Topic::Turn,
        _ => Topic::Progress,
    }
}

fn waits_for(person: UserId, owner: UserId, state: TicketState) -> bool {
    let TicketState { status, technician, offered_to } = state;
    let has_it = technician == Some(person);
    let must_act = match status {
        Status::Pending | Status::Repairing | Status::TechConfirming => has_it,
        Status::UserConfirming => owner == person,
        Status::Done | Status::Closed | Status::Canceled => false,
    };
    must_act || offered_to == Some(person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tickets::status::Status;

    const OWNER: UserId = UserId(1);
    const CHEN: UserId = UserId(2);
    const GAO: UserId = UserId(3);

    fn state(technician: Option<UserId>, offered_to: Option<UserId>) -> TicketState {
        TicketState { status: Status::Repairing, technician, offered_to }
    }

    fn notified(kind: Kind, actor: UserId, before: TicketState, after: TicketState) -> Vec<UserId> {
        let notified = of(kind, Some(actor), StateChange { owner: OWNER, before, after });
        notified.into_iter().map(|(person, _)| person).collect()
    }

    fn topics(action: Action, before: TicketState, after: TicketState) -> Vec<(UserId, Topic)> {
        of(Kind::Acted(action), Some(UserId(9)), StateChange { owner: OWNER, before, after })
    }

    #[test]
    fn both_sides_hear_of_each_other_and_not_of_themselves() {
        let stays = state(Some(CHEN), None);

        assert_eq!(notified(Kind::Message, OWNER, stays, stays), [CHEN]);
        assert_eq!(notified(Kind::Message, CHEN, stays, stays), [OWNER]);
        assert_eq!(notified(Kind::Photo, OWNER, stays, stays), [CHEN]);
        assert_eq!(notified(Kind::Acted(Action::ReportDone), CHEN, stays, stays), [OWNER]);
        assert_eq!(notified(Kind::Acted(Action::Take), CHEN, state(None, None), stays), [OWNER]);
    }

    #[test]
    fn whoever_loses_a_job_hears_of_it() {
        let (before, after) = (state(Some(CHEN), None), state(Some(GAO), None));
        assert_eq!(notified(Kind::Acted(Action::Assign), UserId(9), before, after), [OWNER, CHEN, GAO]);
    }

    #[test]
    fn a_requester_hears_nothing_of_what_stays_behind_the_desk() {
        let stays = state(Some(OWNER), Some(OWNER));
        for kind in [Kind::Note, Kind::Acted(Action::Offer), Kind::Acted(Action::Withdraw)] {
            assert_eq!(notified(kind, CHEN, stays, stays), [], "{kind}");
        }
        let offered = state(Some(CHEN), Some(GAO));
        assert_eq!(notified(Kind::Acted(Action::Offer), CHEN, state(Some(CHEN), None), offered), [GAO]);
        assert_eq!(notified(Kind::Acted(Action::Withdraw), CHEN, offered, state(Some(CHEN), None)), [GAO]);
    }

    #[test]
    fn whoever_was_offered_a_job_hears_that_the_offer_has_ended() {
        let (li, offered) = (UserId(4), state(Some(CHEN), Some(GAO)));
        let to_li = state(Some(CHEN), Some(li));
        assert_eq!(notified(Kind::Acted(Action::Offer), CHEN, offered, to_li), [GAO, li]);
        let closed = TicketState { status: Status::Closed, ..state(Some(CHEN), None) };
        assert_eq!(notified(Kind::Acted(Action::Close), CHEN, offered, closed), [OWNER, GAO]);
        let gaos = state(Some(GAO), None);
        assert_eq!(notified(Kind::Acted(Action::TakeOver), GAO, offered, gaos), [OWNER, CHEN]);
    }

    #[test]
    fn whoever_has_to_act_is_told_that_it_is_their_turn() {
        let (nobodys, chens, gaos) = (state(None, None), state(Some(CHEN), None), state(Some(GAO), None));
        let in_state = |status| TicketState { status, ..chens };
        let (turn, progress) = (Topic::Turn, Topic::Progress);

        assert_eq!(topics(Action::Assign, nobodys, chens), [(OWNER, progress), (CHEN, turn)]);
        assert_eq!(topics(Action::Assign, chens, gaos), [(OWNER, progress), (CHEN, progress), (GAO, turn)]);
        assert_eq!(topics(Action::Offer, chens, state(Some(CHEN), Some(GAO))), [(GAO, turn)]);
        assert_eq!(topics(Action::Withdraw, state(Some(CHEN), Some(GAO)), chens), [(GAO, progress)]);
        let reported = topics(Action::ReportDone, chens, in_state(Status::UserConfirming));
        assert_eq!(reported, [(OWNER, turn), (CHEN, progress)]);
        let fixed = topics(Action::ReportFixed, chens, in_state(Status::TechConfirming));
        assert_eq!(fixed, [(OWNER, progress), (CHEN, turn)]);
        let done = topics(Action::Confirm, in_state(Status::UserConfirming), in_state(Status::Done));
        assert_eq!(done, [(OWNER, progress), (CHEN, progress)]);
    }

    #[test]
    fn words_and_photos_are_nobodys_turn() {
        let stays = state(Some(CHEN), None);
        let change = StateChange { owner: OWNER, before: stays, after: stays };

        assert_eq!(of(Kind::Message, Some(OWNER), change), [(CHEN, Topic::Messages)]);
        assert_eq!(of(Kind::Note, Some(GAO), change), [(CHEN, Topic::Messages)]);
        assert_eq!(of(Kind::Photo, Some(OWNER), change), [(CHEN, Topic::Photos)]);
        assert_eq!(of(Kind::Corrected, Some(OWNER), change), [(CHEN, Topic::Progress)]);
    }
}
