//! Recipients of the events of a ticket.

use super::preferences::Topic;
use crate::domain::ids::UserId;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::Standing;

/// A ticket before and after something happened.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    pub owner: UserId,
    pub before: Standing,
    pub after: Standing,
}

/// Seconds within which an unread notice takes in further messages and photos.
pub const GATHERED_WITHIN: i64 = 600;
/// Seconds that a mail about messages or photos waits for more of them.
pub const MAIL_WAITS: i64 = 60;

/// Returns the people whom an event concerns, each once and without its actor, and its topic for them.
pub fn of(kind: Kind, actor: Option<UserId>, passage: Passage) -> Vec<(UserId, Topic)> {
    let Passage { owner, before, after } = passage;
    let concerned: Vec<Option<UserId>> = match kind {
        Kind::Filed | Kind::Deleted | Kind::Restored | Kind::Unreadable => Vec::new(),
        Kind::Message | Kind::Photo | Kind::Corrected | Kind::Lapsed => vec![Some(owner), after.technician],
        Kind::Note => vec![after.technician],
        Kind::Acted(Action::Offer | Action::Withdraw) => vec![after.offered_to],
        Kind::Acted(_) | Kind::Orphaned => vec![Some(owner), before.technician, after.technician],
    };
    // The colleague who was offered the job learns that the offer ended.
    let passed_over = before.offered_to.filter(|_| after.offered_to != before.offered_to);
    // Internal events are not even hinted at to the requester.
    let hidden = kind.is_internal().then_some(owner);
    let mut people: Vec<UserId> = concerned.into_iter().chain([passed_over]).flatten().collect();
    people.retain(|person| Some(*person) != actor && Some(*person) != hidden);
    people.sort_unstable();
    people.dedup();
    people.into_iter().map(|person| (person, topic(kind, person, passage))).collect()
}

fn topic(kind: Kind, person: UserId, passage: Passage) -> Topic {
    let Passage { owner, before, after } = passage;
    match kind {
        Kind::Message | Kind::Note => Topic::Messages,
        Kind::Photo => Topic::Photos,
        _ if before != after && waits_for(person, owner, after) => Topic::Turn,
        _ => Topic::Progress,
    }
}

fn waits_for(person: UserId, owner: UserId, standing: Standing) -> bool {
    let Standing { status, technician, offered_to } = standing;
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

    fn standing(technician: Option<UserId>, offered_to: Option<UserId>) -> Standing {
        Standing { status: Status::Repairing, technician, offered_to }
    }

    fn told(kind: Kind, actor: UserId, before: Standing, after: Standing) -> Vec<UserId> {
        let told = of(kind, Some(actor), Passage { owner: OWNER, before, after });
        told.into_iter().map(|(person, _)| person).collect()
    }

    fn topics(action: Action, before: Standing, after: Standing) -> Vec<(UserId, Topic)> {
        of(Kind::Acted(action), Some(UserId(9)), Passage { owner: OWNER, before, after })
    }

    #[test]
    fn both_sides_hear_of_each_other_and_not_of_themselves() {
        let stays = standing(Some(CHEN), None);

        assert_eq!(told(Kind::Message, OWNER, stays, stays), [CHEN]);
        assert_eq!(told(Kind::Message, CHEN, stays, stays), [OWNER]);
        assert_eq!(told(Kind::Photo, OWNER, stays, stays), [CHEN]);
        assert_eq!(told(Kind::Acted(Action::ReportDone), CHEN, stays, stays), [OWNER]);
        assert_eq!(told(Kind::Acted(Action::Take), CHEN, standing(None, None), stays), [OWNER]);
    }

    #[test]
    fn whoever_loses_a_job_hears_of_it() {
        let (before, after) = (standing(Some(CHEN), None), standing(Some(GAO), None));
        assert_eq!(told(Kind::Acted(Action::Assign), UserId(9), before, after), [OWNER, CHEN, GAO]);
    }

    #[test]
    fn a_requester_hears_nothing_of_what_stays_behind_the_desk() {
        let stays = standing(Some(OWNER), Some(OWNER));
        for kind in [Kind::Note, Kind::Acted(Action::Offer), Kind::Acted(Action::Withdraw)] {
            assert_eq!(told(kind, CHEN, stays, stays), [], "{kind}");
        }
        let offered = standing(Some(CHEN), Some(GAO));
        assert_eq!(told(Kind::Acted(Action::Offer), CHEN, standing(Some(CHEN), None), offered), [GAO]);
        assert_eq!(told(Kind::Acted(Action::Withdraw), CHEN, offered, standing(Some(CHEN), None)), [GAO]);
    }

    #[test]
    fn whoever_was_offered_a_job_hears_that_the_offer_has_ended() {
        let (li, offered) = (UserId(4), standing(Some(CHEN), Some(GAO)));
        let to_li = standing(Some(CHEN), Some(li));
        assert_eq!(told(Kind::Acted(Action::Offer), CHEN, offered, to_li), [GAO, li]);
        let closed = Standing { status: Status::Closed, ..standing(Some(CHEN), None) };
        assert_eq!(told(Kind::Acted(Action::Close), CHEN, offered, closed), [OWNER, GAO]);
        let gaos = standing(Some(GAO), None);
        assert_eq!(told(Kind::Acted(Action::TakeOver), GAO, offered, gaos), [OWNER, CHEN]);
    }

    #[test]
    fn whoever_has_to_act_is_told_that_it_is_their_turn() {
        let (nobodys, chens, gaos) =
            (standing(None, None), standing(Some(CHEN), None), standing(Some(GAO), None));
        let in_state = |status| Standing { status, ..chens };
        let (turn, progress) = (Topic::Turn, Topic::Progress);

        assert_eq!(topics(Action::Assign, nobodys, chens), [(OWNER, progress), (CHEN, turn)]);
        assert_eq!(topics(Action::Assign, chens, gaos), [(OWNER, progress), (CHEN, progress), (GAO, turn)]);
        assert_eq!(topics(Action::Offer, chens, standing(Some(CHEN), Some(GAO))), [(GAO, turn)]);
        assert_eq!(topics(Action::Withdraw, standing(Some(CHEN), Some(GAO)), chens), [(GAO, progress)]);
        let reported = topics(Action::ReportDone, chens, in_state(Status::UserConfirming));
        assert_eq!(reported, [(OWNER, turn), (CHEN, progress)]);
        let fixed = topics(Action::ReportFixed, chens, in_state(Status::TechConfirming));
        assert_eq!(fixed, [(OWNER, progress), (CHEN, turn)]);
        let done = topics(Action::Confirm, in_state(Status::UserConfirming), in_state(Status::Done));
        assert_eq!(done, [(OWNER, progress), (CHEN, progress)]);
    }

    #[test]
    fn words_and_photos_are_nobodys_turn() {
        let stays = standing(Some(CHEN), None);
        let passage = Passage { owner: OWNER, before: stays, after: stays };

        assert_eq!(of(Kind::Message, Some(OWNER), passage), [(CHEN, Topic::Messages)]);
        assert_eq!(of(Kind::Note, Some(GAO), passage), [(CHEN, Topic::Messages)]);
        assert_eq!(of(Kind::Photo, Some(OWNER), passage), [(CHEN, Topic::Photos)]);
        assert_eq!(of(Kind::Corrected, Some(OWNER), passage), [(CHEN, Topic::Progress)]);
    }
}
