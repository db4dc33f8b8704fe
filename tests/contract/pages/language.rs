//! The language and the theme of pages, and how they are remembered.

use axum::http::StatusCode;

use crate::support::cast::{EN, TestApp, ZH};
use crate::support::wire::{form, get, with_header};

#[tokio::test]
async fn a_page_speaks_the_language_that_the_browser_prefers() {
    let app = TestApp::start().await;

    for (header, lang, title) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", ZH.sign_in().title),
        ("en-GB,en;q=0.9,zh;q=0.8", "en", EN.sign_in().title),
        ("fr-FR, en;q=0.5", "en", EN.sign_in().title),
        ("fr", "zh-CN", ZH.sign_in().title),
        ("", "zh-CN", ZH.sign_in().title),
    ] {
        let page = app.send(with_header(get("/sign-in"), "accept-language", header)).await;

        assert!(page.text.contains(&format!("<html lang=\"{lang}\"")), "{header}");
        assert!(page.text.contains(&format!("<title>{title} · Fixdesk</title>")), "{header}: {}", page.text);
        assert!(page.readable().contains(title), "{header}");
    }
}

#[tokio::test]
async fn a_choice_of_language_is_stronger_than_the_browsers_and_of_a_year() {
    let app = TestApp::start().await;

    let chosen = app.submit("/preferences", "", &[("lang", "en")]).await;
    let page = app.visit("/sign-in", &chosen.cookies()[0]).await;

    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(
        chosen.set_cookies(),
        ["fixdesk_language=en; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"]
    );
    assert!(page.text.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn a_theme_is_remembered_and_the_system_decides_until_then() {
    let app = TestApp::start().await;

    for (theme, attribute) in
        [("light", " data-theme=\"light\""), ("dark", " data-theme=\"dark\""), ("system", "")]
    {
        let chosen = app.submit("/preferences", "", &[("theme", theme)]).await;
        let page = app.visit("/sign-in", &chosen.cookies()[0]).await;

        assert_eq!(
            chosen.set_cookies(),
            [format!("fixdesk_theme={theme}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000")]
        );
        assert!(page.text.contains(&format!("<html lang=\"zh-CN\"{attribute}>")), "{theme}: {}", page.text);
        assert!(page.text.contains(&format!("value=\"{theme}\" aria-pressed=\"true\"")), "{theme}");
    }
    assert!(app.visit("/sign-in", "").await.text.contains("<html lang=\"zh-CN\">"));
}

#[tokio::test]
async fn a_choice_that_is_not_offered_changes_nothing() {
    let app = TestApp::start().await;

    for fields in [
        &[("lang", "xx")][..],
        &[("theme", "pink")],
        &[("lang", ""), ("theme", "")],
        &[],
        &[("colour", "red")],
    ] {
        let reply = app.submit("/preferences", "", fields).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{fields:?}");
        assert_eq!(reply.set_cookies(), [""; 0], "{fields:?}");
    }
    let odd = app.visit("/sign-in", "fixdesk_language=xx; fixdesk_theme=pink").await;
    assert!(odd.text.contains("<html lang=\"zh-CN\">"));
}

#[tokio::test]
async fn one_goes_back_to_the_page_where_one_chose_and_never_to_another_site() {
    let app = TestApp::start().await;

    for (referrer, location) in [
        ("http://desk.example/tickets?list=done&page=2", "/tickets?list=done&page=2"),
        ("http://desk.example/sign-in?return_to=%2Fmy%3Fpage%3D2", "/sign-in?return_to=%2Fmy%3Fpage%3D2"),
        ("http://desk.example/tickets/5/act", "/tickets/5"),
        ("http://desk.example/people/5/role", "/people?q=5"),
        ("http://desk.example/", "/"),
        ("http://desk.example", "/"),
        ("http://desk.example//evil.example/x", "/"),
        ("https://evil.example/my", "/my"),
        ("nonsense", "/"),
        ("", "/"),
    ] {
        let request = form("/preferences", "", &[("theme", "dark")]);
        let reply = app.send(with_header(request, "referer", referrer)).await;

        assert_eq!(reply.header("location"), location, "{referrer}");
    }
}

#[tokio::test]
async fn behind_https_preferences_travel_no_more_openly_than_the_session() {
    let app = TestApp::start_with(|site| site.https = true).await;

    let reply = app.submit("/preferences", "", &[("theme", "dark"), ("lang", "en")]).await;

    assert_eq!(reply.set_cookies().len(), 2);
    assert!(
        reply.set_cookies().iter().all(|cookie| cookie.contains("; Secure")),
        "{:?}",
        reply.set_cookies()
    );
}

#[tokio::test]
async fn the_name_of_the_site_is_in_every_title() {
    let app = TestApp::start_with(|site| site.name = "江安维修台".to_owned()).await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for (path, cookie, title) in [
        ("/sign-in", "", ZH.sign_in().title),
        ("/my", cookie.as_str(), ZH.place(fixdesk::domain::lists::page::ListPage::My)),
        ("/account", &cookie, ZH.account().title),
        ("/nowhere", "", ZH.problem().not_found_title),
        ("/api/docs", "", ZH.docs().title),
    ] {
        let page = app.visit(path, cookie).await;
        assert!(page.text.contains(&format!("<title>{title} · 江安维修台</title>")), "{path}: {}", page.text);
    }
}
