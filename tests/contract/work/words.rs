//! Messages, and the notes that stay behind the desk.

use fixdesk::domain::action::Action;
use fixdesk::domain::history::Kind;
use fixdesk::domain::lifecycle::Refusal;
use fixdesk::domain::problem::Problem;
use fixdesk::service::conversation::{note, say};

use super::desk::{Desk, viewer};

#[tokio::test]
async fn both_sides_read_each_others_messages() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let app = &desk.stage.app;

    say(app, &viewer(&desk.chen), ticket, " 今晚来吗？\r\n七点 ", None).await.expect("is said");
    say(app, &viewer(&desk.zhou), ticket, "来", None).await.expect("is said");

    for reader in [&desk.chen, &desk.zhou, &desk.sun] {
        let timeline = desk.view(reader, ticket).await.expect("may see it").timeline;
        let said: Vec<&str> =
            timeline.iter().filter(|entry| entry.kind == Kind::Message).map(|e| e.note.as_str()).collect();
        assert_eq!(said, ["今晚来吗？\n七点", "来"], "{}", reader.name);
    }
}

#[tokio::test]
async fn a_requester_sees_nothing_of_the_notes() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let app = &desk.stage.app;
    let (before, told) =
        (desk.view(&desk.zhou, ticket).await.expect("is hers"), desk.unread(&desk.zhou).await);

    note(app, &viewer(&desk.chen), ticket, "螺丝滑丝", None).await.expect("is noted");
    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;
    desk.does(&desk.chen, ticket, Action::Withdraw).await;

    let after = desk.view(&desk.zhou, ticket).await.expect("is hers");
    assert_eq!(after.timeline, before.timeline);
    assert_eq!(after.offered_to, None);
    assert_eq!(desk.unread(&desk.zhou).await, told);
    assert_eq!(
        note(app, &viewer(&desk.zhou), ticket, "我也写", None).await,
        Err(Problem::Refused(Refusal::NotYours))
    );
    let seen = desk.view(&desk.chen, ticket).await.expect("is theirs").timeline;
    assert!(seen.iter().any(|entry| entry.kind == Kind::Note && entry.note == "螺丝滑丝"));
}

#[tokio::test]
async fn whoever_may_merely_take_a_ticket_does_not_read_what_others_said() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let app = &desk.stage.app;
    desk.does(&desk.chen, ticket, Action::Take).await;
    say(app, &viewer(&desk.zhou), ticket, "打 13700000000 也行", None).await.expect("is said");
    desk.does(&desk.chen, ticket, Action::Decline).await;

    let seen = desk.view(&desk.gao, ticket).await.expect("waits for a technician").timeline;

    assert!(seen.iter().all(|entry| entry.kind != Kind::Message), "{seen:?}");
    let hers = desk.view(&desk.zhou, ticket).await.expect("is hers").timeline;
    assert!(hers.iter().any(|entry| entry.kind == Kind::Message));
}

#[tokio::test]
async fn words_leave_the_ticket_as_it_was() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let row = desk.row(ticket).await;

    say(&desk.stage.app, &viewer(&desk.zhou), ticket, "来", None).await.expect("is said");

    assert_eq!(desk.row(ticket).await, row);
}
