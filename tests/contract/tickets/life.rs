//! Life of a ticket, from report to end, for all sides.

use fixdesk::domain::ids::TicketId;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Kind, rebuild};
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::view::TicketView;
use fixdesk::domain::tickets::workflow::Refusal;
use fixdesk::service::tickets::actions::ActionRequest;

use crate::support::desk::{Desk, action_request};

#[tokio::test]
async fn a_ticket_is_filed_taken_repaired_and_confirmed() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.stage.pass_seconds(3_600);

    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    assert_eq!(desk.status(ticket).await, Status::UserConfirming);
    desk.does(&desk.zhou, ticket, Action::Confirm).await;

    let row = desk.row(ticket).await;
    assert_eq!(row.contract.status, Status::Done);
    assert_eq!(row.contract.completed_at, Some(desk.stage.app.clock.now()));
    let kinds: Vec<Kind> = desk.history(ticket).await.into_iter().map(|event| event.kind).collect();
    let acted = [Action::Take, Action::Accept, Action::ReportDone, Action::Confirm].map(Kind::Acted);
    assert_eq!(kinds, [&[Kind::Filed], acted.as_slice()].concat());
    assert_eq!(rebuild(&desk.history(ticket).await), Some(row));
}

#[tokio::test]
async fn a_requester_may_be_first_to_say_that_it_works() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    desk.does(&desk.zhou, ticket, Action::ReportFixed).await;
    let own = desk.act(&desk.zhou, action_request(ticket, Action::Confirm)).await;
    assert_eq!(own, Err(Problem::Refused(Refusal::NotYours)));
    desk.does(&desk.chen, ticket, Action::Confirm).await;

    assert_eq!(desk.status(ticket).await, Status::Done);
}

#[tokio::test]
async fn what_was_not_repaired_goes_back_into_repair_with_a_reason() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;

    let silent = ActionRequest { note: "  ".to_owned(), ..action_request(ticket, Action::NotFixed) };
    let refused = desk.act(&desk.zhou, silent).await;
    desk.does(&desk.zhou, ticket, Action::NotFixed).await;

    assert_eq!(refused, Err(Problem::BadInput { input: Input::Note, reason: Reason::Missing }));
    assert_eq!(desk.status(ticket).await, Status::Repairing);
    assert_eq!(desk.history(ticket).await.last().map(|event| event.note.as_str()), Some("因为所以"));
}

#[tokio::test]
async fn an_admin_assigns_and_the_technician_gives_it_back() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.chen.id));
    desk.does(&desk.chen, ticket, Action::Decline).await;

    let row = desk.row(ticket).await.contract;
    assert_eq!((row.status, row.technician, row.assigned_at), (Status::Pending, None, None));
}

#[tokio::test]
async fn a_ticket_is_given_only_to_somebody_who_can_work_on_it() {
    let desk = Desk::open().await;
    let (hers, his) = (desk.file(&desk.zhou).await, desk.file(&desk.gao).await);
    let off = desk.stage.technician("off").await;
    desk.stage.set_disabled(off.id, true).await;

    let assign = |ticket, to| {
        desk.act(&desk.sun, ActionRequest { technician: to, ..action_request(ticket, Action::Assign) })
    };
    let refused = |reason| Err(Problem::BadInput { input: Input::Technician, reason });

    assert_eq!(assign(hers, None).await, refused(Reason::Missing));
    assert_eq!(assign(hers, Some(desk.zhou.id)).await, refused(Reason::NotOffered));
    assert_eq!(assign(hers, Some(desk.sun.id)).await, refused(Reason::NotOffered));
    assert_eq!(assign(hers, Some(off.id)).await, refused(Reason::NotOffered));
    assert_eq!(assign(his, Some(desk.gao.id)).await, refused(Reason::NotOffered));
    assert_eq!(desk.act(&desk.gao, action_request(his, Action::Take)).await, Err(Refusal::OwnDevice.into()));
    assert_eq!(desk.row(hers).await.version, 1);
}

#[tokio::test]
async fn whoever_acts_on_what_they_have_not_seen_is_told_and_nothing_happens() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let seen = Some(desk.row(ticket).await.version);
    desk.does(&desk.chen, ticket, Action::Take).await;

    let stale = desk.act(&desk.zhou, ActionRequest { seen, ..action_request(ticket, Action::Cancel) }).await;

    assert_eq!(stale, Err(Problem::Stale));
    assert_eq!(desk.status(ticket).await, Status::Pending);
}

#[tokio::test]
async fn the_same_request_happens_once() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let key = Some("abc".to_owned());
    let report = ActionRequest { key: key.clone(), ..action_request(ticket, Action::ReportDone) };

    desk.act(&desk.chen, report.clone()).await.expect("is done");
    desk.does(&desk.zhou, ticket, Action::NotFixed).await;
    desk.act(&desk.chen, report.clone()).await.expect("was done");
    let other = desk.act(&desk.chen, ActionRequest { note: "别的".to_owned(), ..report }).await;

    assert_eq!(desk.status(ticket).await, Status::Repairing);
    assert_eq!(other, Err(Problem::KeyReused));
}

#[tokio::test]
async fn a_repair_is_reopened_within_fourteen_days_and_later_only_by_an_admin() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.does(&desk.zhou, ticket, Action::Confirm).await;

    desk.stage.pass_seconds(14 * 24 * 3600 - 1);
    desk.does(&desk.zhou, ticket, Action::Reopen).await;
    assert_eq!(desk.status(ticket).await, Status::Repairing);
    assert_eq!(desk.row(ticket).await.contract.completed_at, None);

    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.does(&desk.zhou, ticket, Action::Confirm).await;
    desk.stage.pass_seconds(14 * 24 * 3600);
    let late = desk.act(&desk.zhou, action_request(ticket, Action::Reopen)).await;
    desk.stage.set_disabled(desk.chen.id, true).await;
    desk.does(&desk.sun, ticket, Action::Reopen).await;

    assert_eq!(late, Err(Refusal::TooLate.into()));
    let row = desk.row(ticket).await.contract;
    assert_eq!((row.status, row.technician), (Status::Pending, None));
}

#[tokio::test]
async fn a_stranger_learns_nothing_of_a_ticket() {
    let desk = Desk::open().await;
    let li = desk.stage.user("li").await;
    let ticket = desk.in_repair().await;

    assert_eq!(desk.view(&li, ticket).await.err(), Some(Problem::NotFound));
    assert_eq!(desk.view(&desk.gao, ticket).await.err(), Some(Problem::NotFound));
    for action in Action::ALL {
        assert_eq!(desk.act(&li, action_request(ticket, action)).await, Err(Problem::NotFound), "{action}");
        // A late taker is told so, for ids that do not exist as well.
        let told = if action == Action::Take { Refusal::Taken.into() } else { Problem::NotFound };
        for there_or_not in [ticket, TicketId(5)] {
            let done = desk.act(&desk.gao, action_request(there_or_not, action)).await;
            assert_eq!(done.as_ref().err(), Some(&told), "{action} of {there_or_not}");
        }
    }
}

#[tokio::test]
async fn a_technician_sees_what_waits_but_not_yet_how_to_reach_its_owner() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    let before = desk.view(&desk.chen, ticket).await.expect("waits for a technician");
    desk.does(&desk.chen, ticket, Action::Take).await;
    let after = desk.view(&desk.chen, ticket).await.expect("is theirs");

    assert_eq!((before.shows_contact, before.card.phone.as_str()), (false, ""));
    let told = |view: &TicketView| serde_json::to_string(view).expect("JSON").contains("13800000000");
    assert!(!told(&before) && told(&after));
    assert_eq!(before.actions, [Action::Take]);
    assert_eq!((after.shows_contact, after.card.phone.as_str()), (true, "13800000000"));
    assert_eq!(desk.view(&desk.gao, ticket).await.err(), Some(Problem::NotFound));
}

#[tokio::test]
async fn a_technician_has_no_more_jobs_than_the_desk_allows() {
    let desk = Desk::open_with(|site| site.limits.jobs = 1).await;
    let (one, two) = (desk.file(&desk.zhou).await, desk.file(&desk.zhou).await);
    desk.does(&desk.chen, one, Action::Take).await;

    let taken = desk.act(&desk.chen, action_request(two, Action::Take)).await;
    let given = desk
        .act(
            &desk.sun,
            ActionRequest { technician: Some(desk.chen.id), ..action_request(two, Action::Assign) },
        )
        .await;

    assert_eq!(taken, Err(Problem::TooManyJobs { limit: 1 }));
    assert_eq!(given, Err(Problem::TooManyJobs { limit: 1 }));
}

#[tokio::test]
async fn everybody_concerned_is_told_once_and_looking_is_reading() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;

    assert_eq!((desk.unread(&desk.zhou).await, desk.unread(&desk.chen).await), (1, 1));
    assert_eq!(desk.unread(&desk.sun).await, 0);
    desk.opens(&desk.chen, &format!("/tickets/{ticket}")).await;
    assert_eq!(desk.unread(&desk.chen).await, 0);
    desk.does(&desk.chen, ticket, Action::Accept).await;
    assert_eq!(desk.unread(&desk.zhou).await, 2);
}
