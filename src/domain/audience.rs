//! Who is told of what happened to a ticket.

use super::action::Action;
use super::history::Kind;
use super::person::UserId;
use super::ticket::Standing;

/// A ticket before and after something happened.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    pub owner: UserId,
    pub before: Standing,
    pub after: Standing,
}

/// Everybody it concerns, except whoever did it. Nobody is named twice.
pub fn of(kind: Kind, actor: Option<UserId>, passage: Passage) -> Vec<UserId> {
    let Passage { owner, before, after } = passage;
    let concerned: Vec<Option<UserId>> = match kind {
        Kind::Filed | Kind::Deleted | Kind::Restored => Vec::new(),
        Kind::Message | Kind::Photo | Kind::Corrected | Kind::Lapsed => vec![Some(owner), after.technician],
        Kind::Note => vec![after.technician],
        Kind::Acted(Action::Offer) => vec![after.offered_to],
        Kind::Acted(Action::Withdraw) => vec![before.offered_to],
        Kind::Acted(_) | Kind::Orphaned => vec![Some(owner), before.technician, after.technician],
    };
    // What stays behind the desk is not even hinted at before it.
    let hidden = kind.is_internal().then_some(owner);
    let mut people: Vec<UserId> = concerned.into_iter().flatten().collect();
    people.retain(|person| Some(*person) != actor && Some(*person) != hidden);
    people.sort_unstable();
    people.dedup();
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::Status;

    const OWNER: UserId = UserId(1);
    const CHEN: UserId = UserId(2);
    const GAO: UserId = UserId(3);

    fn standing(technician: Option<UserId>, offered_to: Option<UserId>) -> Standing {
        Standing { status: Status::Repairing, technician, offered_to }
    }

    fn told(kind: Kind, actor: UserId, before: Standing, after: Standing) -> Vec<UserId> {
        of(kind, Some(actor), Passage { owner: OWNER, before, after })
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
}
