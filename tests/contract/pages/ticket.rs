//! The page of one ticket.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::status::Status;

use super::headers::nonce;
use crate::support::cast::{Actor, NOON, TestApp, ZH};
use crate::support::log;
use crate::support::wire::Reply;

/// A ticket of Zhou's that Wang has repaired.
async fn repaired(app: &TestApp, zhou: &Actor, wang: &Actor) -> TicketId {
    app.ticket(zhou, |ticket| {
        ticket.technician = Some(wang.id);
        ticket.status = Status::Done;
        ticket.phone = "138 0000 0000".to_owned();
        ticket.image_url = Some("https://example.com/photo.jpg".to_owned());
        ticket.assigned_at = Some(NOON.plus(3600));
        ticket.completed_at = Some(NOON.plus(24 * 3600));
    })
    .await
}

#[tokio::test]
async fn a_ticket_is_told_whole() {
    let app = TestApp::start().await;
    let (zhou, wang) = (app.user("zhou").await, app.technician("wang").await);
    let id = repaired(&app, &zhou, &wang).await;

    let page = app.visit(&format!("/tickets/{id}"), &app.browser_of(&zhou).await).await;

    let text = page.readable();
    assert_eq!(page.status, StatusCode::OK);
    for fact in [
        &id.to_string(),
        ZH.status(Status::Done, true),
        "风扇很响",
        "华为 MateBook",
        "清灰",
        "笔记本",
        "江安",
        "zhou同学",
        "wang同学",
        "2022-09-01",
        "2024-06-10 12:00",
        "2024-06-10 13:00",
        "2024-06-11 12:00",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    assert!(page.links().contains(&("tel:13800000000".to_owned(), "138 0000 0000".to_owned())));
    assert!(page.links().iter().any(|(address, says)| address.contains("qq.com") && says == "123456"));
    assert!(page.text.contains(&format!("<title>{}", (ZH.ticket().title)(&id.to_string()))), "{}", page.text);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_keeps_nobody_from_the_ticket() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let id = app.ticket(&zhou, |_| {}).await;
    for (number, kind, changes, status) in [
        (1, "filed", "[]", "Pending"),
        (2, "exploded", "[]", "Pending"),
        (3, "corrected", "[{\"field\":1}]", "Pending"),
        (4, "message", "[]", "Eaten"),
    ] {
        let row = format!("{id}, {number}, 0, {}, '{kind}', '', '{changes}', '{status}'", zhou.id);
        let columns = "ticket_id, number, happened_at, actor_id, kind, note, changes, status";
        app.execute(&format!("INSERT INTO ticket_events ({columns}) VALUES ({row})")).await;
    }

    let (page, log) = log::during(app.visit(&format!("/tickets/{id}"), &app.browser_of(&zhou).await)).await;

    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.readable().matches("这条记录无法读取").count(), 3, "{}", page.readable());
    let named = |line: &log::Line| {
        line.get("cause").is_some_and(|cause| cause.contains("the column kind has a value"))
    };
    assert!(log.iter().any(named), "{log:?}");
}

#[tokio::test]
async fn a_picture_of_another_site_is_opened_by_its_reader_and_by_nothing_else() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;
    let page_with = async |image: &str| {
        let ticket = app.ticket(&zhou, |ticket| ticket.image_url = Some(image.to_owned())).await;
        app.visit(&format!("/tickets/{ticket}"), &cookie).await
    };

    for remote in ["https://spy.example/a.jpg?who=1", "http://spy.example/a.jpg", "HTTPS://spy.example"] {
        let page = page_with(remote).await;
        assert!(page.links().contains(&(remote.to_owned(), ZH.ticket().open_photo.to_owned())), "{remote}");
        assert!(page.readable().contains(remote), "shown whole");
        for loads in ["<img", "src=\"http", "srcset", "url(", "prefetch", "preconnect"] {
            assert!(!page.text.to_lowercase().contains(loads), "{loads} for {remote}: {}", page.text);
        }
    }
    let here = page_with("/demo/fan.svg").await;
    assert!(here.text.contains("<img src=\"/demo/fan.svg\""), "{}", here.text);
    for text in ["//spy.example/a.jpg", "/\t/spy.example", "javascript:alert(1)"] {
        let page = page_with(text).await;
        assert!(!page.text.contains("<img"), "{text}");
        assert!(page.links().iter().all(|(address, _)| !address.contains("spy.example")), "{text}");
    }
}

#[tokio::test]
async fn what_was_not_given_is_said_to_be_missing() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let id = app.ticket(&zhou, |ticket| {
        (ticket.purchase_date, ticket.image_url) = (None, None);
        (ticket.phone, ticket.qq) = (String::new(), String::new());
    });
    let id = id.await;

    let page = app.visit(&format!("/tickets/{id}"), &app.browser_of(&zhou).await).await;

    let text = page.readable();
    assert_eq!(text.matches(ZH.ticket().unknown).count(), 3, "{text}");
    assert_eq!(text.matches(ZH.ticket().not_yet).count(), 2, "{text}");
    assert!(text.contains(ZH.list().nobody), "{text}");
    assert!(!page.text.contains("<img "), "{}", page.text);
}

#[tokio::test]
async fn a_ticket_opens_for_its_owner_its_technician_and_an_admin() {
    let app = TestApp::start().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);
    let (wang, zhao) = (app.technician("wang").await, app.technician("zhao").await);
    let sun = app.admin("sun").await;
    let id = repaired(&app, &zhou, &wang).await;

    for (actor, status) in [(&zhou, 200), (&wang, 200), (&sun, 200), (&li, 404), (&zhao, 404)] {
        let page = app.visit(&format!("/tickets/{id}"), &app.browser_of(actor).await).await;

        assert_eq!(page.status, status, "{}", actor.name);
        assert_eq!(page.text.contains("风扇很响"), status == 200, "{}", actor.name);
    }
}

#[tokio::test]
async fn somebody_elses_ticket_and_a_missing_one_are_the_same_page() {
    let app = TestApp::start().await;
    let (zhou, li, wang) = (app.user("zhou").await, app.user("li").await, app.technician("wang").await);
    let id = repaired(&app, &zhou, &wang).await;
    let cookie = app.browser_of(&li).await;
    // The same differences as between any two answers.
    let told = |reply: &Reply, id: &str| reply.text.replace(nonce(reply), "nonce").replace(id, "id");

    let foreign = app.visit(&format!("/tickets/{id}"), &cookie).await;
    let missing = app.visit("/tickets/20239999999", &cookie).await;

    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(told(&foreign, &id.to_string()), told(&missing, "20239999999"));
    assert!(foreign.readable().contains(ZH.problem().not_found_title));
}

#[tokio::test]
async fn what_is_no_number_is_no_ticket() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.admin("sun").await).await;

    for id in ["abc", "0", "-1", "1.5", "9007199254740992", "99999999999999999999", "%00", "%F0%9F%98%96"] {
        let page = app.visit(&format!("/tickets/{id}"), &cookie).await;

        assert_eq!(page.status, StatusCode::NOT_FOUND, "{id}");
        assert!(page.readable().contains(ZH.problem().not_found_title), "{id}");
    }
}

#[tokio::test]
async fn an_admin_goes_from_a_ticket_to_the_tickets_of_its_people() {
    let app = TestApp::start().await;
    let (zhou, wang, sun) = (app.user("zhou").await, app.technician("wang").await, app.admin("sun").await);
    let id = repaired(&app, &zhou, &wang).await;
    let path = format!("/tickets/{id}");

    let admins = app.visit(&path, &app.browser_of(&sun).await).await;
    let owners = app.visit(&path, &app.browser_of(&zhou).await).await;

    for address in [format!("/tickets?uid={}", zhou.id), format!("/tickets?tid={}", wang.id)] {
        assert!(admins.links_to(&address), "{address}");
        assert!(!owners.links_to(&address), "{address}");
    }
}
