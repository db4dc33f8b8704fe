//! Start pages.

use axum::http::StatusCode;

use crate::support::cast::{TestApp, ZH};
use crate::support::wire::{get, with_header, with_method};

#[tokio::test]
async fn the_front_door_leads_everybody_home() {
    let app = TestApp::start().await;
    let (zhou, wang, sun) = (app.user("zhou").await, app.technician("wang").await, app.admin("sun").await);
    let cookies = [app.browser_of(&zhou).await, app.browser_of(&wang).await, app.browser_of(&sun).await];

    for (cookie, home) in cookies.iter().map(String::as_str).zip(["/my", "/jobs", "/tickets"]) {
        let reply = app.visit("/", cookie).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, home));
        assert_eq!(app.visit(home, cookie).await.status, StatusCode::OK);
    }
    let stranger = app.visit("/", "").await;
    assert_eq!((stranger.status, stranger.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_and_comes_back() {
    let app = TestApp::start().await;

    for (path, location) in [
        ("/my", "/sign-in?return_to=%2Fmy"),
        ("/jobs?page=2", "/sign-in?return_to=%2Fjobs%3Fpage%3D2"),
        (
            "/tickets?campus=%E6%B1%9F&list=done",
            "/sign-in?return_to=%2Ftickets%3Fcampus%3D%25E6%25B1%259F%26list%3Ddone",
        ),
        ("/tickets/5", "/sign-in?return_to=%2Ftickets%2F5"),
        ("/account", "/sign-in?return_to=%2Faccount"),
    ] {
        let reply = app.visit(path, "").await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(reply.header("location"), location, "{path}");
        let form = app.visit(location, "").await;
        assert_eq!(form.status, StatusCode::OK, "{path}");
        assert!(form.text.contains(&format!("action=\"{location}\"")), "{}", form.text);
    }
}

#[tokio::test]
async fn everybody_is_offered_their_own_places() {
    let app = TestApp::start().await;
    let (zhou, wang, sun) = (app.user("zhou").await, app.technician("wang").await, app.admin("sun").await);

    for (actor, home, offered) in [
        (zhou, "/my", &["/my"][..]),
        (wang, "/jobs", &["/jobs", "/my"]),
        (sun, "/tickets", &["/tickets", "/my"]),
    ] {
        let page = app.visit(home, &app.browser_of(&actor).await).await;

        for place in ["/my", "/jobs", "/tickets"] {
            assert_eq!(page.links_to(place), offered.contains(&place), "{place} for {}", actor.name);
        }
    }
}

#[tokio::test]
async fn an_address_where_nothing_stands_is_a_page_that_says_so() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for path in ["/nowhere", "/my/5", "/Tickets", "/tickets/5/edit", "/api", "/index.html"] {
        for cookie in ["", cookie.as_str()] {
            let reply = app.visit(path, cookie).await;

            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
            assert!(reply.readable().contains(ZH.problem().not_found_title), "{path}");
        }
    }
}

#[tokio::test]
async fn a_slash_too_many_is_taken_off() {
    let app = TestApp::start().await;

    for (path, location) in [
        ("/my/", "/my"),
        ("/tickets/?list=done&page=2", "/tickets?list=done&page=2"),
        ("/tickets/5/", "/tickets/5"),
        ("/sign-in/", "/sign-in"),
    ] {
        let reply = app.visit(path, "").await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (StatusCode::PERMANENT_REDIRECT, location),
            "{path}"
        );
    }
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let app = TestApp::start().await;

    for path in [
        "//evil.example/",
        "//evil.example",
        "///evil.example/",
        "//evil.example/%2e%2e/",
        "/%5Cevil.example//",
    ] {
        let reply = app.visit(path, "").await;

        let location = reply.header("location");
        let stays = location.is_empty() || (location.starts_with('/') && !location.starts_with("//"));
        assert!(stays, "{path} leads to {location}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_page() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for (path, status) in [("/my", 200), ("/tickets", 403), ("/nowhere", 404)] {
        let reply = app.send(with_method(with_header(get(path), "cookie", &cookie), "HEAD")).await;

        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.text, "", "{path}");
    }
}

#[tokio::test]
async fn pages_are_read_and_nothing_else() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for path in ["/", "/my", "/tickets/5", "/api/docs"] {
        assert_eq!(app.submit(path, &cookie, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn the_account_page_says_who_one_is() {
    let app = TestApp::start().await;
    let wang = app.technician("wang").await;

    let page = app.visit("/account", &app.browser_of(&wang).await).await;

    for fact in ["wang同学", &wang.id.to_string(), ZH.role(wang.role)] {
        assert!(page.readable().contains(fact), "{fact}: {}", page.readable());
    }
}
