use super::*;
use Status::{Canceled, Closed, Done, Pending, Repairing, TechConfirming, UserConfirming};

const OPEN: &[Status] = &[Pending, Repairing, UserConfirming, TechConfirming];

fn every_relation() -> Vec<ActorRelation> {
    let bools = [false, true];
    let mut all = Vec::new();
    for role in Role::ALL {
        for is_requester in bools {
            for is_technician in bools {
                for is_offered in bools {
                    all.push(ActorRelation { role, is_requester, is_technician, is_offered });
                }
            }
        }
    }
    all
}

fn every_situation() -> Vec<TicketFacts> {
    let mut all = Vec::new();
    for status in Status::ALL {
        for technician in [None, Some(Availability::Enabled), Some(Availability::Gone)] {
            for is_fresh in [false, true] {
                for has_offer in [false, true] {
                    all.push(TicketFacts { status, technician, is_fresh, has_offer });
                }
            }
        }
    }
    all
}

/// Transitions as people tell them: state, action, actor and the state after it.
fn allowed(facts: TicketFacts, action: Action, actor: ActorRelation) -> Option<(Status, Assignee)> {
    let TicketFacts { status, technician, is_fresh, has_offer } = facts;
    let is_open = OPEN.contains(&status);
    let (admin, technicians) = (actor.role == Role::Admin, actor.role == Role::Technician);
    let (mine, job) = (actor.is_requester, actor.is_technician);
    let back = if technician == Some(Availability::Enabled) {
        (Repairing, Assignee::Keep)
    } else {
        (Pending, Assignee::Clear)
    };
    let rows: &[(Action, bool, bool, (Status, Assignee))] = &[
        (
            Action::Take,
            technicians && !mine,
            status == Pending && technician.is_none(),
            (status, Assignee::Actor),
        ),
        (Action::Assign, admin, is_open, (status, Assignee::Named)),
        (Action::Accept, job, status == Pending, (Repairing, Assignee::Keep)),
        (Action::Decline, job, status == Pending, (Pending, Assignee::Clear)),
        (Action::ReportDone, job, [Pending, Repairing].contains(&status), (UserConfirming, Assignee::Keep)),
        (Action::ReportFixed, mine, status == Repairing, (TechConfirming, Assignee::Keep)),
        (Action::Confirm, mine && !job, status == UserConfirming, (Done, Assignee::Keep)),
        (Action::Confirm, job && !mine, status == TechConfirming, (Done, Assignee::Keep)),
        (Action::NotFixed, mine && !job, status == UserConfirming, (Repairing, Assignee::Keep)),
        (Action::NotFixed, job && !mine, status == TechConfirming, (Repairing, Assignee::Keep)),
        (Action::Cancel, mine, is_open, (Canceled, Assignee::Keep)),
        (Action::Close, job || admin, is_open, (Closed, Assignee::Keep)),
        (Action::Reopen, admin, !is_open, back),
        (Action::Reopen, mine, status == Done && is_fresh, back),
        (Action::Offer, job, is_open, (status, Assignee::Keep)),
        (Action::Withdraw, job, has_offer, (status, Assignee::Keep)),
        (Action::TakeOver, technicians && actor.is_offered && !mine, is_open, (status, Assignee::Actor)),
    ];
    let row = rows.iter().find(|(row, who, from, _)| *row == action && *who && *from);
    row.map(|(.., becomes)| *becomes)
}

#[test]
fn every_action_in_every_situation_by_everybody() {
    for facts in every_situation() {
        for action in Action::ALL {
            for actor in every_relation() {
                let becomes = transition(facts, action, actor).ok().map(|o| (o.status, o.assignee));
                assert_eq!(becomes, allowed(facts, action, actor), "{facts:?} {action} {actor:?}");
            }
        }
    }
}

#[test]
fn nobody_gives_both_confirmations() {
    for facts in every_situation() {
        for role in Role::ALL {
            let both = ActorRelation { role, is_requester: true, is_technician: true, is_offered: false };
            let done = transition(facts, Action::Confirm, both).map(|transition| transition.status);
            assert_ne!(done, Ok(Done), "{facts:?}");
        }
    }
}

#[test]
fn whoever_is_not_concerned_learns_nothing_of_the_state() {
    for role in [Role::User, Role::Technician] {
        let stranger = ActorRelation { role, is_requester: false, is_technician: false, is_offered: false };
        for action in Action::ALL.into_iter().filter(|action| *action != Action::Take) {
            for facts in every_situation() {
                assert_eq!(transition(facts, action, stranger), Err(Refusal::NotYours), "{role} {action}");
            }
        }
    }
}

#[test]
fn a_ticket_that_nobody_has_is_never_in_repair() {
    for facts in every_situation() {
        for action in Action::ALL {
            for actor in every_relation() {
                if let Ok(Transition { status, assignee: Assignee::Clear, first: None }) =
                    transition(facts, action, actor)
                {
                    assert_eq!(status, Pending, "{facts:?} {action}");
                }
            }
        }
    }
}

#[test]
fn whoever_names_a_state_gets_there_or_nowhere_but_for_the_second_confirmation() {
    for facts in every_situation() {
        for actor in every_relation() {
            for wanted in Status::ALL {
                if let Some(action) = action_towards(facts, wanted, actor) {
                    let confirms = [(UserConfirming, TechConfirming), (TechConfirming, UserConfirming)]
                        .contains(&(facts.status, wanted));
                    let reached = if confirms { Done } else { wanted };
                    let becomes = transition(facts, action, actor).map(|transition| transition.status);
                    assert_eq!(becomes, Ok(reached), "{facts:?} {action} {actor:?}");
                }
            }
        }
    }
}

#[test]
fn each_side_names_its_own_confirmation_and_the_second_one_ends_the_repair() {
    let requester =
        ActorRelation { role: Role::User, is_requester: true, is_technician: false, is_offered: false };
    let technician =
        ActorRelation { role: Role::Technician, is_requester: false, is_technician: true, is_offered: false };
    let at = |status| TicketFacts {
        status,
        technician: Some(Availability::Enabled),
        is_fresh: false,
        has_offer: false,
    };

    for (status, wanted, actor, action) in [
        (UserConfirming, TechConfirming, requester, Some(Action::Confirm)),
        (TechConfirming, UserConfirming, technician, Some(Action::Confirm)),
        (UserConfirming, TechConfirming, technician, None),
        (TechConfirming, UserConfirming, requester, None),
        (UserConfirming, UserConfirming, requester, None),
        (TechConfirming, TechConfirming, technician, None),
    ] {
        assert_eq!(action_towards(at(status), wanted, actor), action, "{status} {wanted}");
    }
}

#[test]
fn a_report_of_a_job_that_was_not_begun_accepts_it_first() {
    for facts in every_situation() {
        for actor in every_relation() {
            if let Ok(reported) = transition(facts, Action::ReportDone, actor) {
                let first = (facts.status == Pending).then_some(Action::Accept);
                assert_eq!(reported.first, first, "{facts:?}");
                let accepts = first.is_none_or(|step| transition(facts, step, actor).is_ok());
                assert!(accepts, "{facts:?}");
            }
        }
    }
}

#[test]
fn a_requester_corrects_until_somebody_has_it_and_the_desk_until_it_is_ended() {
    let of = |role, is_requester, is_technician| ActorRelation {
        role,
        is_requester,
        is_technician,
        is_offered: false,
    };
    for facts in every_situation() {
        let waits = facts.status == Pending && facts.technician.is_none();
        let all: &[Field] = if waits { &Field::ALL } else { &[] };
        let desk: &[Field] = if OPEN.contains(&facts.status) { &Field::CORRECTABLE } else { &[] };
        assert_eq!(correctable(facts, of(Role::User, true, false)), all, "{facts:?}");
        assert_eq!(correctable(facts, of(Role::Technician, false, true)), desk, "{facts:?}");
        assert_eq!(correctable(facts, of(Role::Admin, false, false)), desk, "{facts:?}");
        assert!(correctable(facts, of(Role::Technician, false, false)).is_empty());
    }
}
