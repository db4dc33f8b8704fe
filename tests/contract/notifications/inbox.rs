//! Notices: their readers, and their content for people who may not see the ticket any more.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::service::tickets::messages::say;
use serde_json::json;

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer};
use crate::support::wire::{form, get, with_header, with_method};

const FOLLOWED: [(&str, &str); 4] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-user", "?1"),
];

impl Desk {
    async fn is_told(&self, actor: &Actor, ticket: TicketId, words: &str) {
        let sender = if actor.id == self.zhou.id { &self.chen } else { &self.zhou };
        say(&self.stage.app, &viewer(sender), ticket, words, None).await.expect("is said");
    }

    /// Requests a path as this person, with these headers; returns the status.
    async fn asks(&self, actor: &Actor, method: &str, path: &str, headers: &[(&str, &str)]) -> StatusCode {
        let cookie = self.stage.browser_of(actor).await;
        let mut request = with_header(with_method(get(path), method), "cookie", &cookie);
        for (name, value) in headers {
            request = with_header(request, name, value);
        }
        self.stage.send(request).await.status
    }
}

#[tokio::test]
async fn only_a_person_who_opens_the_page_of_a_ticket_reads_its_notices() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    let rpc = format!("/rpc/ticket?id={ticket}");
    let earlier = format!("{page}?before=1");
    desk.is_told(&desk.zhou, ticket, "什么时候来取？").await;
    let told = desk.unread(&desk.zhou).await;

    for (method, path, headers) in [
        ("HEAD", &page, &[][..]),
        ("GET", &page, &[("sec-purpose", "prefetch")]),
        ("GET", &page, &[("sec-purpose", "prefetch;prerender")]),
        ("GET", &page, &[("purpose", "prefetch")]),
        ("GET", &page, &[("x-moz", "prefetch")]),
        ("GET", &page, &FOLLOWED[..1]),
        ("GET", &page, &FOLLOWED[..3]),
        (
            "GET",
            &page,
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
        ),
        ("GET", &page, &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")]),
        ("GET", &rpc, &[]),
        ("GET", &earlier, &[]),
    ] {
        assert_eq!(desk.asks(&desk.zhou, method, path, headers).await, StatusCode::OK, "{path} {headers:?}");
        assert_eq!(desk.unread(&desk.zhou).await, told, "{method} {path} {headers:?}");
    }
    for path in ["getHistory", "getPhotos", "getTicket"] {
        let looked = desk.stage.get(&format!("/v1/status/{path}?orderid={ticket}"), &desk.zhou).await;
        assert_eq!((looked.status, desk.unread(&desk.zhou).await), (StatusCode::OK, told), "{path}");
    }
    // Another's look is not hers, and tickets she may not see stay unread.
    desk.opens(&desk.sun, &page).await;
    assert_eq!(desk.unread(&desk.zhou).await, told);

    for headers in [&[][..], &FOLLOWED, &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")]] {
        desk.is_told(&desk.zhou, ticket, "好了").await;
        assert!(desk.unread(&desk.zhou).await > 0);
        assert_eq!(desk.asks(&desk.zhou, "GET", &page, headers).await, StatusCode::OK);
        assert_eq!(desk.unread(&desk.zhou).await, 0, "{headers:?}");
    }
}

#[tokio::test]
async fn a_form_that_is_refused_reads_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.is_told(&desk.zhou, ticket, "什么时候来取？").await;
    let told = desk.unread(&desk.zhou).await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;

    let refused =
        desk.stage.send(form(&format!("/tickets/{ticket}/message"), &cookie, &[("message", "")])).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.unread(&desk.zhou).await, told);
}

#[tokio::test]
async fn a_requester_is_not_told_to_whom_the_job_is_offered() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;
    // Events while the offer is open.
    desk.is_told(&desk.zhou, ticket, "今晚修好").await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    let paths = [
        format!("/rpc/ticket?id={ticket}"),
        "/rpc/inbox".to_owned(),
        format!("/tickets/{ticket}"),
        "/inbox".to_owned(),
    ];

    for path in &paths {
        let hers = desk.opens(&desk.zhou, path).await;
        assert_eq!(hers.status, StatusCode::OK, "{path}");
        for told in [desk.gao.id.to_string(), "gao同学".to_owned()] {
            assert!(!hers.text.contains(&told), "{told} in {path}: {}", hers.text);
        }
    }
    for path in [format!("/v1/status/getHistory?orderid={ticket}"), "/v1/status/getInbox".to_owned()] {
        let hers = desk.stage.get(&path, &desk.zhou).await;
        assert!(hers.text.contains("chen") && !hers.text.contains("gao同学"), "{path}: {}", hers.text);
    }
    let theirs = desk.opens(&desk.chen, &paths[0]).await;
    assert!(theirs.text.contains("gao同学"), "the desk knows: {}", theirs.text);
}

#[tokio::test]
async fn notices_of_a_ticket_that_one_may_not_see_any_more_lose_their_words() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.is_told(&desk.chen, ticket, "门牌 3-201，钥匙在门垫下").await;
    let inbox = async |actor: &Actor| desk.opens(actor, "/inbox").await;
    let before = inbox(&desk.chen).await;
    assert!(before.readable().contains("3-201") && before.links_to(&format!("/tickets/{ticket}")));

    desk.gives(&desk.sun, ticket, Action::Assign, desk.gao.id).await;

    let after = inbox(&desk.chen).await;
    for words in ["3-201", "华为 MateBook", "因为所以"] {
        assert!(!after.text.contains(words), "{words}: {}", after.readable());
    }
    assert!(!after.links_to(&format!("/tickets/{ticket}")));
    assert!(after.readable().contains(ZH.work().inbox_closed), "{}", after.readable());
    for path in ["/v1/status/getInbox", "/rpc/inbox"] {
        let told = match path.starts_with("/v1") {
            true => desk.stage.get(path, &desk.chen).await,
            false => desk.opens(&desk.chen, path).await,
        };
        assert!(!told.text.contains("3-201") && !told.text.contains("MateBook"), "{path}: {}", told.text);
    }
    let api = desk.stage.get("/v1/status/getInbox", &desk.chen).await.json();
    assert_eq!((&api["data"][0]["note"], &api["data"][0]["about"]), (&json!(""), &json!("")));

    // With access again, all is readable again.
    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
    assert!(inbox(&desk.chen).await.readable().contains("3-201"));
    assert!(inbox(&desk.zhou).await.links_to(&format!("/tickets/{ticket}")), "hers all the time");
}

#[tokio::test]
async fn whoever_may_take_a_ticket_again_has_no_words_of_when_they_had_it() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    desk.is_told(&desk.chen, ticket, "打 13700000000 也行").await;

    desk.does(&desk.chen, ticket, Action::Decline).await;

    let inbox = desk.opens(&desk.chen, "/inbox").await;
    assert!(inbox.links_to(&format!("/tickets/{ticket}")), "it waits for a technician");
    assert!(inbox.readable().contains("华为 MateBook"));
    assert!(!inbox.text.contains("13700000000"), "{}", inbox.readable());
}

#[tokio::test]
async fn notices_of_a_deleted_ticket_lose_their_words() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.is_told(&desk.zhou, ticket, "今晚修好").await;

    fixdesk::service::tickets::trash::delete(&desk.stage.app, &viewer(&desk.sun), ticket, None)
        .await
        .expect("is deleted");

    let inbox = desk.opens(&desk.zhou, "/inbox").await;
    assert!(!inbox.text.contains("今晚修好") && !inbox.text.contains("MateBook"), "{}", inbox.readable());
}
