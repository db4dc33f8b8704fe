//! The three lists, as they are read and followed without JavaScript.

use axum::http::StatusCode;
use fixdesk::domain::tickets::status::{List, Status};
use fixdesk::domain::tickets::ticket::ContractTicket;
use serde_json::Value;

use crate::support::cast::{Actor, FIRST_ID, NOON, TestApp, ZH};
use crate::support::wire::Reply;

/// Zhou has 23 tickets: the last eleven are done, every second is Wang's, every
/// third in 望江. Li has one.
struct Desk {
    app: TestApp,
    zhou: Actor,
    li: Actor,
    wang: Actor,
    sun: Actor,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let (zhou, li) = (app.user("zhou").await, app.user("li").await);
        let (wang, sun) = (app.technician("wang").await, app.admin("sun").await);
        let mut tickets: Vec<ContractTicket> = (0..23).map(|_| app.draft(zhou.id)).collect();
        for (index, ticket) in tickets.iter_mut().enumerate() {
            if index >= 12 {
                (ticket.status, ticket.completed_at) = (Status::Done, Some(NOON));
            }
            if index % 2 == 1 {
                (ticket.technician, ticket.assigned_at) = (Some(wang.id), Some(NOON));
            }
            if index % 3 == 2 {
                ticket.campus = "望江".to_owned();
            }
        }
        tickets.push(app.draft(li.id));
        app.add_tickets(&tickets).await;
        Self { app, zhou, li, wang, sun }
    }

    async fn page(&self, actor: &Actor, path: &str) -> Reply {
        let reply = self.app.visit(path, &self.app.browser_of(actor).await).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.readable());
        reply
    }
}

/// The tickets with these places in the order of filing, newest first.
fn filed(places: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = places.map(|place| FIRST_ID + place).collect();
    ids.reverse();
    ids
}

#[tokio::test]
async fn a_list_shows_its_rows_its_range_and_its_total() {
    let desk = Desk::open().await;

    let page = desk.page(&desk.zhou, "/my").await;

    assert_eq!(page.rows(), filed(13..23));
    assert!(page.readable().contains(&(ZH.list().count)("1", "10", "23")), "{}", page.readable());
}

#[tokio::test]
async fn a_row_says_what_where_how_it_stands_who_has_it_and_when() {
    let desk = Desk::open().await;

    let page = desk.page(&desk.zhou, "/my?limit=100").await;

    let text = page.readable();
    let row = |number: i64, campus: &str, technician: &str, status: Status| {
        format!(
            "{} 华为 MateBook · 清灰 风扇很响 {campus} {technician} {} 06-10",
            FIRST_ID + number,
            ZH.status(status, technician != ZH.list().nobody)
        )
    };
    for expected in [
        row(0, "江安", ZH.list().nobody, Status::Pending),
        row(1, "江安", "wang同学", Status::Pending),
        row(2, "望江", ZH.list().nobody, Status::Pending),
        row(13, "江安", "wang同学", Status::Done),
    ] {
        assert!(text.contains(&expected), "{expected}\n{text}");
    }
}

#[tokio::test]
async fn the_tabs_say_how_many_there_are_of_each_and_lead_there() {
    let desk = Desk::open().await;

    let page = desk.page(&desk.zhou, "/my?page=2").await;

    for (list, address, size) in
        [(List::Pending, "/my?list=pending", 12), (List::Done, "/my?list=done", 11), (List::All, "/my", 23)]
    {
        let tab = (address.to_owned(), format!("{} {size}", (ZH.list().list)(list)));
        assert!(page.links().contains(&tab), "{tab:?} in {:?}", page.links());
    }
    assert_eq!(desk.page(&desk.zhou, "/my?list=done&limit=20").await.rows(), filed(12..23));
    assert_eq!(desk.page(&desk.zhou, "/my?list=pending&limit=20").await.rows(), filed(0..12));
}

#[tokio::test]
async fn the_pages_of_a_list_lead_to_one_another_and_keep_the_filter() {
    let desk = Desk::open().await;
    let words = ZH.list();

    let middle = desk.page(&desk.sun, "/tickets?campus=%E6%B1%9F%E5%AE%89&page=2&limit=10").await;
    let last = desk.page(&desk.zhou, "/my?page=3").await;
    let second = desk.page(&desk.zhou, "/my?page=2").await;

    let address = |page: u64| match page {
        1 => "/tickets?campus=%E6%B1%9F%E5%AE%89".to_owned(),
        page => format!("/tickets?campus=%E6%B1%9F%E5%AE%89&page={page}"),
    };
    for (page, says) in [(1, words.previous), (1, "1"), (1, words.first), (2, "2")] {
        let link = (address(page), says.to_owned());
        assert!(middle.links().contains(&link), "{link:?} in {:?}", middle.links());
    }
    assert_eq!(last.rows(), filed(0..3));
    assert!(last.readable().contains(&(words.count)("21", "23", "23")));
    assert!(!last.links().iter().any(|(_, says)| says == words.next), "{:?}", last.links());
    // The neighbours go on from the rows that are shown, wherever those are by now.
    let previous = (format!("/my?before={}", FIRST_ID + 2), words.previous.to_owned());
    let next = (format!("/my?after={}", FIRST_ID + 3), words.next.to_owned());
    assert!(last.links().contains(&previous), "{:?}", last.links());
    assert!(second.links().contains(&next), "{:?}", second.links());
}

#[tokio::test]
async fn a_page_may_be_longer() {
    let desk = Desk::open().await;

    let page = desk.page(&desk.zhou, "/my?list=all&page=2").await;

    for (address, size) in
        [("/my", "10"), ("/my?limit=20", "20"), ("/my?limit=50", "50"), ("/my?limit=100", "100")]
    {
        assert!(page.links().contains(&(address.to_owned(), size.to_owned())), "{address}");
    }
    assert_eq!(desk.page(&desk.zhou, "/my?limit=20").await.rows(), filed(3..23));
}

#[tokio::test]
async fn technicians_see_what_is_assigned_to_them_and_what_they_filed_apart() {
    let desk = Desk::open().await;
    let own = desk.app.ticket(&desk.wang, |_| {}).await;

    let jobs = desk.page(&desk.wang, "/jobs?limit=50").await;
    let mine = desk.page(&desk.wang, "/my").await;

    assert_eq!(jobs.rows(), filed((1..23).step_by(2)));
    assert_eq!(mine.rows(), [own.0]);
}

#[tokio::test]
async fn admins_see_everything() {
    let desk = Desk::open().await;

    let page = desk.page(&desk.sun, "/tickets?limit=100").await;

    assert_eq!(page.rows(), filed(0..24));
}

#[tokio::test]
async fn an_admin_narrows_the_list_by_campus_owner_and_technician() {
    let desk = Desk::open().await;
    let (zhou, li, wang) = (desk.zhou.id, desk.li.id, desk.wang.id);

    for (query, rows) in [
        ("campus=%E6%9C%9B%E6%B1%9F".to_owned(), filed((2..23).step_by(3))),
        (format!("uid={li}"), filed(23..24)),
        (format!("tid={wang}"), filed((1..23).step_by(2))),
        (format!("uid={zhou}&tid={wang}&list=done"), filed((13..23).step_by(2))),
        (format!("campus=%E6%9C%9B%E6%B1%9F&tid={wang}&list=pending"), filed([5, 11].into_iter())),
        (format!("campus=%E6%9C%9B%E6%B1%9F&uid={zhou}"), filed((2..23).step_by(3))),
    ] {
        let page = desk.page(&desk.sun, &format!("/tickets?limit=50&{query}")).await;
        assert_eq!(page.rows(), rows, "{query}");
    }
}

#[tokio::test]
async fn every_filter_in_force_is_named_and_can_be_dropped() {
    let desk = Desk::open().await;
    let (zhou, wang) = (desk.zhou.id, desk.wang.id);
    let campus = "campus=%E6%B1%9F%E5%AE%89";

    let page = desk.page(&desk.sun, &format!("/tickets?uid={zhou}&tid={wang}&list=done&{campus}")).await;

    let words = ZH.list();
    for (address, label, value) in [
        (format!("/tickets?uid={zhou}&tid={wang}&list=done"), words.campus, "江安".to_owned()),
        (format!("/tickets?tid={wang}&list=done&{campus}"), words.owner_id, zhou.to_string()),
        (format!("/tickets?uid={zhou}&list=done&{campus}"), words.technician_id, wang.to_string()),
    ] {
        let chip = (address, format!("{} {}", words.remove, (words.named)(label, &value)));
        assert!(page.links().contains(&chip), "{chip:?} in {:?}", page.links());
    }
    assert!(page.links().contains(&("/tickets?list=done".to_owned(), words.clear.to_owned())));
}

#[tokio::test]
async fn the_filter_form_shows_what_is_asked() {
    let desk = Desk::open().await;

    let page = desk
        .page(&desk.sun, &format!("/tickets?campus=%E6%9C%9B%E6%B1%9F&uid={}&list=done", desk.zhou.id))
        .await;

    let form = page.text.split("<form ").find(|form| form.contains("filter-campus")).expect("the form");
    assert!(form.contains("action=\"/tickets\"") && form.contains("method=\"get\""), "{form}");
    assert!(form.contains("<option selected value=\"望江\""), "{form}");
    assert!(form.contains(&format!("name=\"uid\" type=\"text\" value=\"{}\"", desk.zhou.id)), "{form}");
    assert!(form.contains("name=\"list\" value=\"done\""), "{form}");
    assert!(!form.contains("aria-invalid"), "{form}");
}

#[tokio::test]
async fn the_address_of_a_personal_list_cannot_name_somebody_else() {
    let desk = Desk::open().await;
    let (zhou, li) = (desk.zhou.id, desk.li.id);

    for query in [
        format!("uid={zhou}"),
        format!("tid={zhou}&uid={zhou}"),
        "uid=abc".to_owned(),
        "uid=0&tid=x".to_owned(),
    ] {
        let mine = desk.page(&desk.li, &format!("/my?{query}")).await;
        let jobs = desk.page(&desk.wang, &format!("/jobs?{query}&tid={li}&limit=50")).await;

        assert_eq!(mine.rows(), filed(23..24), "{query}");
        assert_eq!(jobs.rows(), filed((1..23).step_by(2)), "{query}");
    }
}

#[tokio::test]
async fn the_list_of_everything_is_a_refusal_for_all_but_admins() {
    let desk = Desk::open().await;
    let foreign = format!("?uid={}", desk.li.id);

    for actor in [&desk.zhou, &desk.wang] {
        for query in ["", "?list=done", "?campus=%E6%B1%9F%E5%AE%89", &foreign, "?page=99"] {
            let reply = desk.app.visit(&format!("/tickets{query}"), &desk.app.browser_of(actor).await).await;

            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{query}");
            assert!(reply.readable().contains(ZH.problem().denied_title), "{query}");
            assert_eq!(reply.rows(), [0; 0], "{query}");
            assert_eq!(reply.json(), Value::Null, "a page, not JSON");
        }
    }
}

#[tokio::test]
async fn text_of_people_is_shown_as_text() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    let id = app.ticket(&zhou, |ticket| {
        ticket.description = evil.to_owned();
        ticket.brand = evil.to_owned();
        ticket.campus = evil.to_owned();
        ticket.image_url = Some("javascript:alert(3)".to_owned());
    });
    let (id, cookie) = (id.await, app.browser_of(&zhou).await);

    for path in ["/my".to_owned(), format!("/tickets/{id}")] {
        let page = app.visit(&path, &cookie).await;

        assert_eq!(page.status, StatusCode::OK);
        for tag in ["<script>alert", "<img src=x", "href=\"javascript:", "src=\"javascript:"] {
            assert!(!page.text.contains(tag), "{tag} in {path}");
        }
        assert!(page.text.contains("&lt;script&gt;alert(1)"), "{path}");
    }
}

#[tokio::test]
async fn a_broken_server_says_so_with_a_request_id_and_a_way_to_try_again() {
    let desk = Desk::open().await;
    let cookie = desk.app.browser_of(&desk.zhou).await;
    desk.app.break_database().await;

    let (page, log) = crate::support::log::during(desk.app.visit("/my?list=done", &cookie)).await;

    let request_id = log.iter().find_map(|line| line.get("request_id")).expect("is in the log");
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.readable().contains(ZH.problem().broken_title), "{}", page.readable());
    assert!(page.readable().contains(request_id.as_str()), "{}", page.readable());
    assert!(page.links().contains(&("/my?list=done".to_owned(), ZH.problem().retry.to_owned())));
}

#[tokio::test]
async fn a_filter_form_leads_to_the_address_that_one_would_share() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.admin("sun").await).await;

    for (sent, shared) in [
        ("?list=done&status=&campus=x&filed_from=", "?list=done&campus=x"),
        ("?campus=&uid=", ""),
        ("?page=2&campus=&unknown=", "?page=2"),
    ] {
        let reply = app.visit(&format!("/tickets{sent}"), &cookie).await;
        let expected = format!("/tickets{shared}");
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, expected.as_str()));
    }
    // Values that cannot be understood stay in the form.
    for kept in ["?uid=x&campus=", "?campus=x", "?unknown=1"] {
        let reply = app.visit(&format!("/tickets{kept}"), &cookie).await;
        assert_eq!(
            (reply.header("location"), reply.header("content-type")),
            ("", "text/html; charset=utf-8")
        );
    }
    let nobody = app.visit("/tickets?campus=", "").await;
    assert!(nobody.header("location").starts_with("/sign-in"));
}
