//! Forms sent after a session has ended come back once their sender has signed in.

use axum::http::StatusCode;
use axum::http::header::COOKIE;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::people::admin::PAGE_SIZE;
use fixdesk::domain::tickets::report::Field;
use fixdesk::domain::viewer::Role;

use super::shared_browser::{borrowed, hidden_fields};
use crate::support::cast::{Actor, EN, PASSWORD, ZH};
use crate::support::desk::Desk;
use crate::support::pictures::jpeg;
use crate::support::receivers::MailServer;
use crate::support::wire::{Reply, form, form_with_files, with_header};

/// Characters that markup, forms and browsers change easily.
const WORDS: &str = "第一行 <b>\"&amp;\"</b>\n  第二行 100% + é 🛠";

const REPORT: [(&str, &str); 7] = [
    ("device_type", "笔记本"),
    ("brand", "华为 \"MateBook\" <14>"),
    ("fault_type", "清灰"),
    ("description", "风扇很响\n开机十分钟后"),
    ("campus", "望江"),
    ("phone", "13900000000"),
    ("qq", ""),
];

impl Desk {
    /// Sends a form with a session that is over.
    async fn sends_late(&self, path: &str, fields: &[(String, String)]) -> Reply {
        self.stage.submit(path, "fixdesk_session=0000", &borrowed(fields)).await
    }

    /// Signs in at the page that holds a form.
    async fn signs_in_at(&self, page: &Reply, name: &str, password: &str) -> Reply {
        let action = page
            .text
            .split("action=\"/sign-in")
            .nth(1)
            .expect("the form")
            .split('"')
            .next()
            .expect("its end");
        let action = format!("/sign-in{action}").replace("&amp;", "&");
        let hidden = hidden_fields(page, &action.replace('&', "&amp;"));
        let fields = [borrowed(&hidden), vec![("username", name), ("password", password)]].concat();
        self.stage.submit(&action, "", &fields).await
    }

    async fn events(&self, ticket: TicketId) -> usize {
        self.history(ticket).await.len()
    }
}

fn session_of(reply: &Reply) -> String {
    reply.cookies().pop().expect("a session")
}

fn as_in_a_text_area(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}

#[tokio::test]
async fn a_message_comes_back_after_signing_in_and_is_sent_by_its_writer() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (page, action) = (format!("/tickets/{ticket}"), format!("/tickets/{ticket}/message"));
    let events = desk.events(ticket).await;
    let written = desk.fills_in(&desk.zhou, &page, &action, &[("message", WORDS)]).await;

    let asked = desk.sends_late(&action, &written).await;

    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.readable().contains(ZH.sign_in().waits), "{}", asked.readable());
    assert_eq!(asked.header("cache-control"), "no-store");
    // A wrong password loses no text.
    let wrong = desk.signs_in_at(&asked, "zhou", "who knows").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);

    let back = desk.signs_in_at(&wrong, "zhou", PASSWORD).await;

    assert_eq!(back.status, StatusCode::OK);
    assert!(back.readable().contains(ZH.form().kept), "{}", back.readable());
    assert!(back.text.contains(&as_in_a_text_area(WORDS)), "{}", back.text);
    assert_eq!(desk.events(ticket).await, events, "it is not sent by itself");
    let again = [hidden_fields(&back, &action), vec![("message".to_owned(), WORDS.to_owned())]].concat();
    let sent = desk.stage.submit(&action, &session_of(&back), &borrowed(&again)).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, &*page));
    assert_eq!(desk.history(ticket).await.pop().expect("a message").note, WORDS);
}

#[tokio::test]
async fn notes_reasons_and_corrections_come_back_too() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    let (before, events) = (desk.row(ticket).await, desk.events(ticket).await);

    let in_area = as_in_a_text_area(WORDS);
    for (form, typed, shown) in [
        ("note", ("message", WORDS), in_area.as_str()),
        ("act", ("note", WORDS), &in_area),
        ("correct", (Field::Brand.name(), "联想 <小新>"), "value=\"联想 &lt;小新&gt;\""),
    ] {
        let action = format!("{page}/{form}");
        let written = desk.fills_in(&desk.chen, &page, &action, &[typed]).await;
        let asked = desk.sends_late(&action, &written).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{form}");

        let back = desk.signs_in_at(&asked, "chen", PASSWORD).await;

        assert_eq!(back.status, StatusCode::OK, "{form}");
        assert!(back.text.contains(shown), "{form}: {}", back.text);
    }
    assert_eq!((desk.row(ticket).await, desk.events(ticket).await), (before, events));
}

#[tokio::test]
async fn changes_of_a_person_come_back_on_a_page_that_has_them() {
    let desk = Desk::open().await;
    // The first page of the directory has newer people alone.
    for number in 0..PAGE_SIZE {
        desk.stage.add_person(desk.stage.somebody(&format!("u{number}"), Role::User)).await;
    }
    let page = format!("/people?q={}", desk.zhou.id);

    for (verb, typed, shown) in [
        ("contact", ("phone", "139 0000 1234"), "value=\"139 0000 1234\""),
        ("role", ("role", "technician"), "<option value=\"technician\" selected"),
    ] {
        let action = format!("/people/{}/{verb}", desk.zhou.id);
        let written = desk.fills_in(&desk.sun, &page, &action, &[typed]).await;
        let asked = desk.sends_late(&action, &written).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{verb}");

        let back = desk.signs_in_at(&asked, "sun", PASSWORD).await;

        assert_eq!(back.status, StatusCode::OK, "{verb}");
        assert!(back.text.contains(shown), "{verb}: {}", back.text);
    }
}

#[tokio::test]
async fn a_report_comes_back_and_its_photos_are_named() {
    let desk = Desk::open().await;
    let written = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &REPORT).await;
    let photo = jpeg(64, 64);
    let files = [("photos", "风扇.jpg", photo.as_slice())];
    let late = form_with_files("/tickets/new", "", &borrowed(&written), &files);

    let asked = desk.stage.send(late).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let back = desk.signs_in_at(&asked, "zhou", PASSWORD).await;

    assert_eq!(back.status, StatusCode::OK);
    for value in
        ["value=\"华为 &quot;MateBook&quot; &lt;14&gt;\"", "value=\"13900000000\"", "风扇很响\n开机十分钟后"]
    {
        assert!(back.text.contains(value), "{value}: {}", back.text);
    }
    assert!(back.readable().contains(&(ZH.work().photos_again)("风扇.jpg")), "{}", back.readable());
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "0");
    let hidden = hidden_fields(&back, "/tickets/new");
    let again = [borrowed(&hidden), REPORT.to_vec()].concat();
    let filed = desk.stage.submit("/tickets/new", &session_of(&back), &again).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_longest_report_comes_back_whole() {
    let desk = Desk::open().await;
    let long = "长".repeat(4000);
    let typed: Vec<(&str, &str)> = REPORT
        .iter()
        .map(|(name, value)| (*name, if *name == "description" { &*long } else { value }))
        .collect();
    let written = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &typed).await;

    let asked = desk.stage.send(form_with_files("/tickets/new", "", &borrowed(&written), &[])).await;
    let back = desk.signs_in_at(&asked, "zhou", PASSWORD).await;

    assert_eq!(back.status, StatusCode::OK);
    assert!(back.text.contains(&long));
}

#[tokio::test]
async fn somebody_else_who_signs_in_there_reads_and_sends_none_of_it() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (page, action) = (format!("/tickets/{ticket}"), format!("/tickets/{ticket}/message"));
    let written = desk.fills_in(&desk.zhou, &page, &action, &[("message", "门牌 3-201")]).await;
    let report = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &REPORT).await;

    for (action, written) in [(action.as_str(), written), ("/tickets/new", report)] {
        let asked = desk.sends_late(action, &written).await;
        let shown = desk.signs_in_at(&asked, "gao", PASSWORD).await;

        assert_eq!(shown.status, StatusCode::CONFLICT, "{action}");
        assert!(shown.readable().contains(ZH.problem().other_person), "{}", shown.readable());
        assert!(!shown.text.contains("3-201") && !shown.text.contains("13900000000"), "{}", shown.text);
        let cookie = session_of(&shown);
        assert!(desk.stage.visit("/account", &cookie).await.readable().contains("gao同学"), "is signed in");
    }
}

#[tokio::test]
async fn passwords_and_codes_wait_nowhere() {
    let desk = Desk::open().await;
    let fields = [("ticket", "20240000001"), ("code", "123456"), ("current", "the old password")];

    let asked = desk.stage.submit("/take-over", "", &fields).await;

    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.text.contains("20240000001"));
    assert!(!asked.text.contains("123456") && !asked.text.contains("the old password"), "{}", asked.text);

    // Every password field of a page.
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let account = desk.stage.visit("/account", &cookie).await;
    let inputs = account.text.split("<input").filter(|input| input.contains("type=\"password\""));
    let names: Vec<&str> =
        inputs.filter_map(|input| input.split("name=\"").nth(1)?.split('"').next()).collect();
    assert!(names.len() >= 4, "{names:?}");
    let mut fields = vec![("nickname", "周同学二号")];
    fields.extend(names.iter().map(|name| (*name, "the old password")));
    let asked = desk.stage.submit("/account/profile", "", &fields).await;
    assert!(asked.text.contains("周同学二号") && !asked.text.contains("the old password"), "{}", asked.text);
}

#[tokio::test]
async fn another_site_cannot_put_words_into_the_sign_in() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let path = format!("/tickets/{ticket}/message");
    let fields =
        [("username", "zhou"), ("password", PASSWORD), ("kept-form", &*path), ("kept.message", "假的")];

    let foreign = with_header(form("/sign-in", "", &fields), "sec-fetch-site", "cross-site");
    assert_eq!(desk.stage.send(foreign).await.status, StatusCode::FORBIDDEN);
    // Other addresses lead where a sign-in leads.
    for nowhere in ["https://evil.example/x", "//evil.example/tickets/5/act", "/my", ""] {
        let fields = [("username", "zhou"), ("password", PASSWORD), ("kept-form", nowhere)];
        let signed_in = desk.stage.submit("/sign-in", "", &fields).await;
        assert_eq!(
            (signed_in.status, signed_in.header("location")),
            (StatusCode::SEE_OTHER, "/my"),
            "{nowhere}"
        );
    }
}

#[tokio::test]
async fn an_outage_keeps_what_was_typed_on_the_page() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    desk.stage.app.db.close().await;

    for (path, name) in
        [(format!("/tickets/{ticket}/message"), "message"), ("/tickets/new".to_owned(), "description")]
    {
        let refused = desk.stage.submit(&path, &cookie, &[(name, WORDS)]).await;

        assert!(refused.status.is_server_error(), "{path}: {}", refused.status);
        assert!(refused.text.contains(&as_in_a_text_area(WORDS)), "{path}: {}", refused.text);
    }
}

#[tokio::test]
async fn one_who_signs_in_anew_has_one_session() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let action = format!("/tickets/{ticket}/message");
    let written =
        desk.fills_in(&desk.zhou, &format!("/tickets/{ticket}"), &action, &[("message", "在吗")]).await;
    let asked = desk.sends_late(&action, &written).await;
    let old = desk.stage.browser_of(&desk.gao).await;
    let hidden = hidden_fields(&asked, &format!("/sign-in?return_to=%2Ftickets%2F{ticket}"));
    let fields = [borrowed(&hidden), vec![("username", "zhou"), ("password", PASSWORD)]].concat();

    let request = with_header(form("/sign-in", "", &fields), COOKIE.as_str(), &old);
    let back = desk.stage.send(request).await;

    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(desk.stage.visit("/account", &old).await.status, StatusCode::SEE_OTHER, "the old one is over");
    let opened = async |actor: &Actor| desk.opens(actor, "/account").await.status;
    assert_eq!(opened(&desk.zhou).await, StatusCode::OK);
}

/// Address of the sign-in page that holds a form.
fn address_of(page: &Reply) -> String {
    let address = page.text.split("action=\"/sign-in").nth(1).and_then(|rest| rest.split('"').next());
    format!("/sign-in{}", address.expect("the form")).replace("&amp;", "&")
}

#[tokio::test]
async fn another_language_or_theme_leaves_the_form_waiting() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (page, action) = (format!("/tickets/{ticket}"), format!("/tickets/{ticket}/message"));
    let written = desk.fills_in(&desk.zhou, &page, &action, &[("message", WORDS)]).await;
    let asked = desk.sends_late(&action, &written).await;
    assert!(!asked.text.contains("action=\"/preferences\""), "its buttons keep what waits");
    let address = address_of(&asked);
    let fields = hidden_fields(&asked, &address.replace('&', "&amp;"));

    let english = desk.stage.submit(&address, "", &[borrowed(&fields), vec![("lang", "en")]].concat()).await;
    let cookie = english.set_cookies().concat();
    assert!(cookie.starts_with("fixdesk_language=en"), "{cookie}");
    assert!(english.readable().contains(EN.sign_in().waits), "{}", english.readable());
    let fields = hidden_fields(&english, &address.replace('&', "&amp;"));
    let chosen = [borrowed(&fields), vec![("username", "zhou"), ("theme", "dark")]].concat();
    let dark = desk.stage.submit(&address, "fixdesk_language=en", &chosen).await;

    assert!(dark.set_cookies().concat().starts_with("fixdesk_theme=dark"), "{:?}", dark.set_cookies());
    assert!(
        dark.text.contains("data-theme=\"dark\"") && dark.text.contains("value=\"zhou\""),
        "{}",
        dark.text
    );
    assert!(dark.readable().contains(EN.sign_in().waits));
    let back = desk.signs_in_at(&dark, "zhou", PASSWORD).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.readable());
    assert!(back.text.contains(&as_in_a_text_area(WORDS)), "{}", back.text);
}

#[tokio::test]
async fn a_choice_of_language_tries_no_password() {
    let desk = Desk::open().await;
    let fields = [("username", "zhou"), ("password", "who knows"), ("lang", "en")];

    for _ in 0..10 {
        let page = desk.stage.submit("/sign-in", "", &fields).await;
        assert_eq!(page.cookies(), ["fixdesk_language=en"]);
        assert!(!page.text.contains("who knows"));
    }

    assert_eq!(desk.stage.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_other_doors_open_beside_a_page_that_holds_a_form() {
    let server = MailServer::open().await;
    let desk = Desk::open_with(|site| {
        site.open_registration = true;
        site.mailer = Some(server.mailer());
    })
    .await;
    let written = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &REPORT).await;

    let asked = desk.sends_late("/tickets/new", &written).await;
    let plain = desk.stage.visit("/sign-in", "").await;

    let beside = "target=\"_blank\" rel=\"noopener\"";
    assert_eq!((asked.text.matches(beside).count(), plain.text.matches(beside).count()), (2, 0));
    assert_eq!(asked.readable().matches(ZH.sign_in().new_tab).count(), 2);
    assert!(plain.text.contains("action=\"/preferences\""));
}
