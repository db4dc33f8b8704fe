//! Values in an address that cannot be understood.

use axum::http::StatusCode;
use fixdesk::domain::lists::parameter::Reason;

use crate::support::cast::{EN, TestApp, ZH};
use crate::support::wire::{get, with_header};

#[tokio::test]
async fn a_bad_number_stays_in_its_field_with_a_message_beside_it() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |_| {}).await;
    let cookie = app.browser_of(&sun).await;

    for (name, other, typed) in [("uid", "tid", "abc"), ("tid", "uid", "0"), ("uid", "tid", "-1\"><b>")] {
        let encoded: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let page = app
            .visit(&format!("/tickets?{name}={encoded}&{other}=5&campus=%E6%B1%9F%E5%AE%89"), &cookie)
            .await;

        let shown = typed.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
        let field = input(&page.text, name);
        assert_eq!(page.status, StatusCode::OK, "{name}={typed}");
        assert!(field.contains(&format!("value=\"{shown}\"")), "{field}");
        assert!(field.contains("aria-invalid=\"true\""), "{field}");
        assert!(field.contains(&format!("aria-describedby=\"filter-{name}-error\"")), "{field}");
        assert!(input(&page.text, other).contains("value=\"5\""));
        assert!(!input(&page.text, other).contains("aria-invalid"));
        assert!(page.text.contains("<option selected value=\"江安\""), "the rest stays as it was");
        assert_eq!(page.text_of(&format!("filter-{name}-error")), ZH.list().bad_id);
    }
}

/// The tag of the filter's field for this parameter.
fn input<'page>(html: &'page str, name: &str) -> &'page str {
    let id = format!("id=\"filter-{name}\"");
    let mut tags = html.split("<input ").skip(1).map(|after| after.split_once('>').expect("a tag").0);
    tags.find(|tag| tag.contains(&id)).expect("the field")
}

#[tokio::test]
async fn nothing_is_looked_up_for_an_address_that_cannot_be_understood() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |_| {}).await;
    let cookie = app.browser_of(&sun).await;

    let (words, reason) = (ZH.list(), ZH.problem().reason);
    let owner = (words.named)(words.owner_id, words.bad_id);
    let technician = (words.named)(words.technician_id, words.bad_id);
    let told = |name: &str, why: Reason| (words.named)(name, &reason(why));

    for (path, sentence) in [
        ("/tickets?uid=abc", owner),
        ("/tickets?tid=9007199254740992", technician),
        ("/tickets?uid=5&uid=5", told(words.owner_id, Reason::Repeated)),
        ("/tickets?list=open", told("list", Reason::NotAList)),
        ("/tickets?page=0", told("page", Reason::NotAnInteger)),
        ("/tickets?limit=101", told("limit", Reason::NotALimit)),
        ("/my?page=two", told("page", Reason::NotAnInteger)),
        ("/jobs?limit=0", told("limit", Reason::NotALimit)),
        ("/my?list=Done", told("list", Reason::NotAList)),
    ] {
        let page = app.visit(path, &cookie).await;

        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.rows(), [0; 0], "{path}");
        assert!(page.readable().contains(&(ZH.list().to_correct)(1)), "{path}");
        assert!(page.readable().contains(&sentence), "{path}: {}", page.readable());
        assert!(page.readable().contains(ZH.list().not_asked), "{path}");
        assert!(page.links_to(path.split('?').next().expect("a path")), "{path}");
    }
}

#[tokio::test]
async fn every_wrong_value_is_counted_and_named() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.admin("sun").await).await;
    let request = with_header(get("/tickets?uid=x&tid=y&page=0"), "cookie", &cookie);

    let page = app.send(with_header(request, "accept-language", "en")).await;

    let (words, text) = (EN.list(), page.readable());
    let page_number = (EN.problem().reason)(Reason::NotAnInteger);
    for expected in [
        &(words.to_correct)(3),
        &(words.named)(words.owner_id, words.bad_id),
        &(words.named)(words.technician_id, words.bad_id),
        &(words.named)("page", &page_number),
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[tokio::test]
async fn what_an_address_does_not_know_is_ignored() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let ticket = app.ticket(&sun, |_| {}).await;
    let cookie = app.browser_of(&sun).await;

    for path in ["/tickets?colour=red", "/tickets?orderid=abc", "/my?campus=x&uid=0"] {
        let page = app.visit(path, &cookie).await;
        assert_eq!(page.rows(), [ticket.0], "{path}");
    }
}
