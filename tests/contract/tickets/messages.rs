//! Messages, and notes within the desk.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Event, Kind};
use fixdesk::domain::tickets::report::Field;
use fixdesk::domain::tickets::workflow::Refusal;
use fixdesk::service::tickets::filing::{Duplicates, file};
use fixdesk::service::tickets::messages::{note, say};
use fixdesk::store::Bulk;
use futures::future::join_all;
use serde_json::json;

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer, with};
use crate::support::wire::post_json_as;

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

#[tokio::test]
async fn nobody_writes_more_than_a_minute_takes_and_what_was_typed_stays() {
    let desk = Desk::open().await;
    let (one, other) = (desk.in_repair().await, desk.in_repair().await);
    let app = &desk.stage.app;
    for number in 0..30 {
        let ticket = if number % 2 == 0 { one } else { other };
        say(app, &viewer(&desk.zhou), ticket, "在吗", None).await.expect("is said");
    }
    desk.stage.pass_seconds(20);

    let path = format!("/tickets/{one}/message");
    let browser = desk.stage.browser_of(&desk.zhou).await;
    let refused = desk.stage.submit(&path, &browser, &[("message", "还在吗")]).await;
    let by_program = json!({ "order_id": one.0, "message": "还在吗" });
    let by_program = desk.stage.send(post_json_as("/v1/ticket/message", &by_program, &desk.zhou)).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((refused.header("retry-after"), by_program.header("retry-after")), ("40", "40"));
    assert_eq!(by_program.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.readable().contains(&(ZH.work().too_many_messages)(40)), "{}", refused.readable());
    assert!(refused.text.contains("还在吗"));
    say(app, &viewer(&desk.chen), one, "在", None).await.expect("others write");
    let limited = note(app, &viewer(&desk.zhou), one, "x", None).await;
    assert_eq!(limited, Err(Problem::Refused(Refusal::NotYours)));
    desk.stage.pass_seconds(40);
    say(app, &viewer(&desk.zhou), one, "还在吗", None).await.expect("a minute has passed");
}

#[tokio::test]
async fn of_many_messages_at_once_no_more_are_taken_than_one_after_the_other() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (app, chen) = (&desk.stage.app, viewer(&desk.chen));

    let said = join_all((0..45).map(|_| say(app, &chen, ticket, "在吗", None))).await;

    assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 30);
    assert!(
        said.iter()
            .filter_map(|said| said.as_ref().err())
            .all(|problem| { *problem == Problem::TooManyMessages { retry_after_seconds: 60 } })
    );
}

#[tokio::test]
async fn nobody_changes_one_ticket_more_often_than_people_do() {
    let desk = Desk::open().await;
    let (one, other) = (desk.in_repair().await, desk.in_repair().await);
    desk.stage.pass_seconds(60);
    for _ in 0..15 {
        desk.gives(&desk.chen, one, Action::Offer, desk.gao.id).await;
        desk.does(&desk.chen, one, Action::Withdraw).await;
        say(&desk.stage.app, &viewer(&desk.zhou), one, "在吗", None).await.expect("is said");
    }
    desk.stage.pass_seconds(20);
    let (row, history) = (desk.row(one).await, desk.history(one).await);

    let offer = json!({ "order_id": one.0, "action": "offer", "tid": desk.gao.id.0 });
    let refused = desk.stage.send(post_json_as("/v1/ticket/act", &offer, &desk.chen)).await;

    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "40"));
    assert!(refused.text.contains(&(ZH.work().too_many_changes)(40)), "{}", refused.text);
    assert_eq!((desk.row(one).await, desk.history(one).await), (row, history));
    desk.gives(&desk.chen, other, Action::Offer, desk.gao.id).await;
    desk.stage.pass_seconds(40);
    desk.gives(&desk.chen, one, Action::Offer, desk.gao.id).await;
}

/// Fills the history of a ticket with messages of its requester, as an import would.
async fn talk_for_long(desk: &Desk, ticket: TicketId, messages: i64, words: &str) {
    let last = desk.history(ticket).await.pop().expect("it was filed");
    let mut bulk = Bulk::begin(&desk.stage.app.db).await.expect("begins");
    let events: Vec<Event> = (1..=messages)
        .map(|count| Event {
            number: last.number + count,
            actor: Some(desk.zhou.id),
            kind: Kind::Message,
            note: format!("{count} {words}"),
            changes: Vec::new(),
            ..last.clone()
        })
        .collect();
    for batch in events.chunks(100) {
        bulk.insert_events(batch).await.expect("are written");
    }
    bulk.commit().await.expect("commits");
}

#[tokio::test]
async fn a_long_conversation_is_read_page_by_page_and_all_of_it() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    talk_for_long(&desk, ticket, 1_500, &"长".repeat(3_990)).await;

    let mut address = format!("/tickets/{ticket}?from=%2Fmy%3Flist%3Dpending");
    let (mut read, mut pages) = (Vec::new(), 0);
    loop {
        let page = desk.opens(&desk.zhou, &address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.len() < 800_000, "{} bytes", page.text.len());
        assert!(page.text.contains("href=\"/my?list=pending\""), "the way back to the list stays");
        let said = page.text.split("timeline__words").skip(1).filter_map(|item| {
            item.split_once('>')?.1.trim_start_matches("<bdi>").split(' ').next()?.parse::<i64>().ok()
        });
        read = said.chain(read).collect();
        pages += 1;
        let earlier = page.text.split("<a href=\"").find(|link| link.contains("rel=\"prev\""));
        match earlier.filter(|link| link.starts_with("/tickets/") && link.contains("before=")) {
            Some(link) => {
                address = link.split('"').next().expect("an address").replace("&amp;", "&");
            }
            None => break,
        }
    }

    assert_eq!(read, (1..=1_500).collect::<Vec<i64>>());
    assert_eq!(pages, 31);
}

#[tokio::test]
async fn a_long_history_is_read_by_programs_a_hundred_events_at_a_time() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    talk_for_long(&desk, ticket, 250, "好").await;
    note(&desk.stage.app, &viewer(&desk.chen), ticket, "螺丝滑丝", None).await.expect("is noted");
    let read = async |more: &str, actor: &Actor| {
        desk.stage.get(&format!("/v1/status/getHistory?orderid={ticket}{more}"), actor).await
    };

    let latest = read("", &desk.zhou).await.json();
    assert_eq!((&latest["total"], &latest["earlier"]), (&json!(253), &json!(153)));
    assert_eq!(latest["data"].as_array().map(Vec::len), Some(100));
    assert_eq!(latest["data"][99]["note"], json!("250 好"));
    let before = read("&before=154", &desk.zhou).await.json();
    assert_eq!((&before["total"], &before["earlier"]), (&json!(253), &json!(53)));
    assert_eq!(before["data"][99]["note"], json!("150 好"));
    let first = read("&before=54", &desk.zhou).await.json();
    assert_eq!((&first["earlier"], &first["data"][0]["kind"]), (&json!(0), &json!("filed")));
    assert_eq!(first["data"].as_array().map(Vec::len), Some(53));
    assert_eq!(read("", &desk.chen).await.json()["total"], json!(254), "the desk reads its note, too");
    for bad in ["&before=0", "&before=x", "&before=1&before=2"] {
        assert_eq!(read(bad, &desk.zhou).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn what_came_meanwhile_is_marked_in_a_long_conversation_too() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    talk_for_long(&desk, ticket, 120, "好").await;
    let browser = desk.stage.browser_of(&desk.zhou).await;
    let page = desk.stage.visit(&format!("/tickets/{ticket}"), &browser).await;
    assert!(page.text.contains("name=\"seen\" value=\"123\""), "{}", page.text);
    say(&desk.stage.app, &viewer(&desk.chen), ticket, "来取", None).await.expect("is said");

    let fields = [("action", "confirm"), ("version", "1"), ("seen", "123")];
    let late = desk.stage.submit(&format!("/tickets/{ticket}/act"), &browser, &fields).await;

    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(late.text.matches("timeline__new").count(), 1);
}

#[tokio::test]
async fn an_address_in_a_message_is_a_link_that_vouches_for_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let words = "看https://a.example/x?b=1&c=\"2\"，别点 javascript:alert(1) <b>";
    say(&desk.stage.app, &viewer(&desk.chen), ticket, words, None).await.expect("is said");
    let report = with(Field::Description, "见 http://b.example/y.");
    let filed =
        file(&desk.stage.app, &viewer(&desk.zhou), &report, Duplicates::Allow, None).await.expect("is filed");

    let page = desk.opens(&desk.zhou, &format!("/tickets/{ticket}")).await.text;
    let other = desk.opens(&desk.zhou, &format!("/tickets/{filed}")).await.text;

    let link = "<a href=\"https://a.example/x?b=1&amp;c=\" rel=\"nofollow noopener\" dir=\"ltr\">https://a.example/x?b=1&amp;c=<";
    assert!(page.contains(link), "{page}");
    assert!(!page.contains("href=\"javascript:") && !page.contains("<b>"));
    let link = "<a href=\"http://b.example/y\" rel=\"nofollow noopener\" dir=\"ltr\">http://b.example/y<";
    assert!(other.contains(link), "{other}");
}
