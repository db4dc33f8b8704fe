//! Reporting a repair, and correcting the report.

use fixdesk::domain::input::Reason;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::rebuild;
use fixdesk::domain::tickets::report::{BadField, Draft, Field};
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::tickets::filing::{Duplicates, correct, file};

use crate::support::desk::{Desk, report, viewer, with};

#[tokio::test]
async fn a_report_becomes_a_ticket_that_waits() {
    let desk = Desk::open().await;
    let draft = with(Field::PurchaseDate, "2024-06-01");

    let ticket =
        file(&desk.stage.app, &viewer(&desk.zhou), &draft, Duplicates::Ask, None).await.expect("is filed");

    let row = desk.row(ticket).await;
    assert_eq!(ticket.0, 20_240_000_001);
    assert_eq!((row.contract.status, row.contract.technician), (Status::Pending, None));
    assert_eq!((row.contract.owner, row.contract.created_at), (desk.zhou.id, desk.stage.app.clock.now()));
    assert_eq!(row.contract.purchase_date.as_deref(), Some("2024-06-01"));
    assert_eq!(row.contract.image_url, None);
    assert_eq!(rebuild(&desk.history(ticket).await), Some(row));
}

#[tokio::test]
async fn a_bad_report_is_refused_whole_and_names_every_field() {
    let desk = Desk::open().await;
    let mut draft = with(Field::Phone, "x");
    draft.set(Field::Campus, "火星");

    let refused = file(&desk.stage.app, &viewer(&desk.zhou), &draft, Duplicates::Ask, None).await;

    let bad = |field, reason| BadField { field, reason };
    let expected = vec![bad(Field::Campus, Reason::NotOffered), bad(Field::Phone, Reason::NotAPhone)];
    assert_eq!(refused, Err(Problem::BadFields(expected)));
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "0");
}

#[tokio::test]
async fn a_second_report_of_a_device_is_asked_about() {
    let desk = Desk::open().await;
    let app = &desk.stage.app;
    let zhou = viewer(&desk.zhou);
    let first = desk.file(&desk.zhou).await;

    let asked = file(app, &zhou, &report(), Duplicates::Ask, None).await;
    let other = file(app, &zhou, &with(Field::Brand, "联想"), Duplicates::Ask, None).await;
    let anyway = file(app, &zhou, &report(), Duplicates::Allow, None).await;

    assert_eq!(asked, Err(Problem::Duplicate { ticket: first }));
    assert!(other.is_ok() && anyway.is_ok());
    desk.does(&desk.zhou, first, Action::Cancel).await;
    desk.does(&desk.zhou, anyway.expect("is filed"), Action::Cancel).await;
    assert!(file(app, &zhou, &report(), Duplicates::Ask, None).await.is_ok());
}

#[tokio::test]
async fn a_closed_desk_and_full_hands_take_no_report() {
    let closed = Desk::open_with(|site| site.takes_tickets = false).await;
    let refused = file(&closed.stage.app, &viewer(&closed.zhou), &report(), Duplicates::Allow, None).await;
    assert_eq!(refused, Err(Problem::DeskClosed));

    let desk = Desk::open_with(|site| {
        site.limits.open_tickets = 2;
        site.limits.weekly_tickets = 3;
    })
    .await;
    let (app, zhou) = (&desk.stage.app, viewer(&desk.zhou));
    let first = desk.file(&desk.zhou).await;
    desk.file(&desk.zhou).await;
    let full = file(app, &zhou, &report(), Duplicates::Allow, None).await;
    assert_eq!(full, Err(Problem::TooManyOpen { limit: 2 }));

    desk.does(&desk.zhou, first, Action::Cancel).await;
    let third = desk.file(&desk.zhou).await;
    desk.does(&desk.zhou, third, Action::Cancel).await;
    let weekly = file(app, &zhou, &report(), Duplicates::Allow, None).await;
    assert_eq!(weekly, Err(Problem::TooManyThisWeek { limit: 3 }));
    desk.stage.pass_seconds(7 * 24 * 3600);
    desk.file(&desk.zhou).await;
}

#[tokio::test]
async fn a_requester_corrects_until_somebody_has_it() {
    let desk = Desk::open().await;
    let (app, zhou) = (&desk.stage.app, viewer(&desk.zhou));
    let ticket = desk.file(&desk.zhou).await;

    let changed = correct(app, &zhou, ticket, &with(Field::Phone, "13900000000"), Some(1), None).await;
    assert_eq!(changed.map(|done| done.fields()), Ok(vec![Field::Phone]));
    let same = correct(app, &zhou, ticket, &with(Field::Phone, "13900000000"), None, None).await;
    assert_eq!(same.map(|done| done.fields()), Ok(vec![]));
    let stale = correct(app, &zhou, ticket, &report(), Some(1), None).await;
    assert_eq!(stale, Err(Problem::Stale));

    desk.does(&desk.chen, ticket, Action::Take).await;
    let late = correct(app, &zhou, ticket, &Draft::of([("phone", "13700000000")]), None, None).await;
    let fixed = vec![BadField { field: Field::Phone, reason: Reason::Fixed }];
    assert_eq!(late, Err(Problem::BadFields(fixed)));
}

#[tokio::test]
async fn the_desk_corrects_the_device_and_the_old_values_stay_in_the_history() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    let draft = Draft::of([("fault_type", "系统重装"), ("brand", "华为 MateBook")]);
    let changed = correct(&desk.stage.app, &viewer(&desk.chen), ticket, &draft, None, None).await;

    assert_eq!(changed.map(|done| done.fields()), Ok(vec![Field::FaultType]));
    let history = desk.history(ticket).await;
    let change = &history.last().expect("there is one").changes[0];
    assert_eq!((change.old.as_str(), change.new.as_str()), ("清灰", "系统重装"));
    assert_eq!(rebuild(&history), Some(desk.row(ticket).await));
    let foreign = correct(&desk.stage.app, &viewer(&desk.gao), ticket, &draft, None, None).await;
    assert_eq!(foreign, Err(Problem::NotFound));
}
