//! Maintenance: changes that come with time alone.

use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Kind, rebuild};
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::maintenance;
use fixdesk::service::people::leaving;
use fixdesk::service::tickets::trash;
use fixdesk::service::transaction::TicketTransaction;

use crate::support::desk::{Desk, viewer};
use crate::support::log;

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn a_confirmation_that_nobody_gives_counts_as_given_after_seven_days_once() {
    let desk = Desk::open().await;
    let (theirs, hers) = (desk.in_repair().await, desk.in_repair().await);
    desk.does(&desk.chen, theirs, Action::ReportDone).await;
    desk.does(&desk.zhou, hers, Action::ReportFixed).await;

    desk.stage.pass_seconds(7 * DAY - 1);
    maintenance::run(&desk.stage.app).await.expect("runs");
    assert_eq!(desk.status(theirs).await, Status::UserConfirming);

    desk.stage.pass_seconds(1);
    let (one, other) = tokio::join!(maintenance::run(&desk.stage.app), maintenance::run(&desk.stage.app));
    one.and(other).expect("both run");
    for ticket in [theirs, hers] {
        assert_eq!(desk.status(ticket).await, Status::Done);
        let lapsed =
            desk.history(ticket).await.iter().filter(|event| event.kind == Kind::AutoConfirmed).count();
        assert_eq!(lapsed, 1);
    }
}

#[tokio::test]
async fn a_step_that_fails_is_named_and_keeps_no_other_from_being_done() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.stage.pass_seconds(7 * DAY);
    desk.stage.execute("INSERT INTO probes (server, written_at) VALUES ('gone', 0)").await;
    desk.stage.execute("ALTER TABLE idempotency_keys RENAME TO broken_keys").await;
    desk.stage.execute("ALTER TABLE notifications RENAME TO broken_notifications").await;
    desk.stage.execute("CREATE TABLE notifications (id BIGINT)").await;

    let (done, log) = log::during(maintenance::run(&desk.stage.app)).await;

    assert!(done.is_err(), "readiness hears of it");
    let steps: Vec<&str> = log.iter().filter_map(|line| line.get("step")).map(String::as_str).collect();
    assert_eq!(steps, ["unconfirmed tickets", "old idempotency keys", "old notifications"]);
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM probes").await, "0");
}

#[tokio::test]
async fn a_ticket_that_cannot_be_completed_keeps_no_other_waiting() {
    let desk = Desk::open().await;
    let (bad, good) = (desk.in_repair().await, desk.in_repair().await);
    for ticket in [bad, good] {
        desk.does(&desk.chen, ticket, Action::ReportDone).await;
    }
    desk.stage.damage_ticket(bad.0).await;
    desk.stage.pass_seconds(7 * DAY);

    assert!(maintenance::run(&desk.stage.app).await.is_err());

    assert_eq!(desk.status(good).await, Status::Done);
}

#[tokio::test]
async fn whoever_leaves_the_desk_leaves_their_jobs_and_the_admins_hear_of_it() {
    let desk = Desk::open().await;
    let (open, done) = (desk.in_repair().await, desk.in_repair().await);
    desk.does(&desk.chen, done, Action::ReportDone).await;
    desk.does(&desk.zhou, done, Action::Confirm).await;

    let mut transaction = TicketTransaction::begin(&desk.stage.app).await.expect("begins");
    leaving::disable(&mut transaction, desk.chen.id).await.expect("is disabled");
    transaction.commit().await.expect("commits");

    let row = desk.row(open).await;
    assert_eq!((row.contract.status, row.contract.technician), (Status::Pending, None));
    assert_eq!(rebuild(&desk.history(open).await), Some(row));
    assert_eq!(desk.row(done).await.contract.technician, Some(desk.chen.id));
    assert_eq!(desk.unread(&desk.sun).await, 1);
}

#[tokio::test]
async fn a_deleted_ticket_comes_back_as_it_was_within_thirty_days() {
    let desk = Desk::open().await;
    let (app, sun) = (&desk.stage.app, viewer(&desk.sun));
    let ticket = desk.in_repair().await;
    let row = desk.row(ticket).await;

    assert_eq!(trash::delete(app, &viewer(&desk.chen), ticket, None).await, Err(Problem::Denied));
    trash::delete(app, &sun, ticket, None).await.expect("is deleted");
    assert_eq!(desk.view(&desk.zhou, ticket).await.err(), Some(Problem::NotFound));
    desk.stage.pass_seconds(30 * DAY);
    maintenance::run(app).await.expect("runs");
    trash::restore(app, &sun, ticket, None).await.expect("is restored");

    assert_eq!(desk.row(ticket).await, row);
    trash::delete(app, &sun, ticket, None).await.expect("is deleted");
    desk.stage.pass_seconds(30 * DAY + 1);
    maintenance::run(app).await.expect("runs");
    assert_eq!(trash::restore(app, &sun, ticket, None).await, Err(Problem::NotFound));
    assert!(desk.history(ticket).await.is_empty());
    assert_eq!(desk.unread(&desk.zhou).await, 0, "nor is anything told of it");
    assert!(desk.file(&desk.zhou).await > ticket, "its number is nobody else's");
}

#[tokio::test]
async fn what_happened_to_a_ticket_is_neither_changed_nor_taken_away() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let history = desk.history(ticket).await;

    for statement in [
        format!("UPDATE ticket_events SET note = 'x' WHERE ticket_id = {ticket}"),
        format!("DELETE FROM ticket_events WHERE ticket_id = {ticket} AND number = 2"),
    ] {
        assert!(desk.stage.try_execute(&statement).await.is_err(), "{statement}");
    }
    assert_eq!(desk.history(ticket).await, history);
}
