//! Signing in and out with a browser.

use axum::http::StatusCode;
use fixdesk::domain::local_path::sign_in_address;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;

use crate::support::cast::{Actor, PASSWORD, TestApp, ZH};
use crate::support::wire::{Reply, form, with_header};

async fn sign_in_going_back_to(app: &TestApp, actor: &Actor, return_to: &str) -> Reply {
    let fields = [("username", actor.name.as_str()), ("password", PASSWORD)];
    app.submit(&sign_in_address(Some(return_to)), "", &fields).await
}

/// The attributes of a cookie, in the order of the alphabet.
fn attributes(reply: &Reply) -> Vec<String> {
    let mut parts: Vec<String> = reply.set_cookies()[0].split("; ").map(str::to_owned).collect();
    let name = parts[0].split('=').next().expect("a name").to_owned();
    parts[0] = format!("name={name}");
    parts.sort_unstable();
    parts
}

#[tokio::test]
async fn everybody_is_sent_home() {
    let app = TestApp::start().await;
    let (zhou, wang, sun) = (app.user("zhou").await, app.technician("wang").await, app.admin("sun").await);

    for (actor, home) in [(zhou, "/my"), (wang, "/jobs"), (sun, "/tickets")] {
        let reply = sign_in_going_back_to(&app, &actor, "").await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert_eq!(reply.header("location"), home);
    }
}

#[tokio::test]
async fn people_come_back_to_where_they_were_but_only_on_this_site() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    for (return_to, location) in [
        ("/tickets/5", "/tickets/5"),
        ("/my?list=done&page=2", "/my?list=done&page=2"),
        ("//evil.example", "/my"),
        ("/\\evil.example", "/my"),
        ("\\\\evil.example", "/my"),
        ("https://evil.example/", "/my"),
        ("evil.example", "/my"),
        ("javascript:alert(1)", "/my"),
        ("/\t/evil.example", "/my"),
        ("/my\r\nset-cookie: a=b", "/my"),
    ] {
        let reply = sign_in_going_back_to(&app, &zhou, return_to).await;
        assert_eq!(reply.header("location"), location, "{return_to:?}");
    }
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    let reply = sign_in_going_back_to(&app, &zhou, "").await;

    assert_eq!(
        attributes(&reply),
        ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "name=fixdesk_session"]
    );
    assert_eq!(reply.set_cookies().len(), 1);
    assert_eq!(reply.header("strict-transport-security"), "");
}

#[tokio::test]
async fn behind_https_the_cookie_never_travels_in_the_open() {
    let app = TestApp::start_with(|site| site.https = true).await;
    let zhou = app.user("zhou").await;

    let reply = sign_in_going_back_to(&app, &zhou, "").await;

    let expected =
        ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure", "name=__Host-fixdesk_session"];
    assert_eq!(attributes(&reply), expected);
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
    let cookie = reply.cookies().remove(0);
    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::OK);
    let unprefixed = cookie.replace("__Host-", "");
    assert_eq!(app.visit("/my", &unprefixed).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_in_again_gives_another_session_and_ends_the_old_one() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let first = app.sign_in(&zhou).await;

    let fields = [("username", "zhou"), ("password", PASSWORD)];
    let second = app.submit("/sign-in", &first, &fields).await.cookies().remove(0);

    assert_ne!(first, second);
    assert_eq!(app.visit("/my", &first).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.visit("/my", &second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_that_somebody_else_has_chosen_is_not_adopted() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let planted = format!("fixdesk_session={}", "a".repeat(64));

    let fields = [("username", zhou.name.as_str()), ("password", PASSWORD)];
    let own = app.submit("/sign-in", &planted, &fields).await.cookies().remove(0);

    assert_ne!(own, planted);
    assert_eq!(app.visit("/my", &planted).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_empties_the_browser() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let (here, elsewhere) = (app.sign_in(&zhou).await, app.sign_in(&zhou).await);

    let reply = app.submit("/sign-out", &here, &[]).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/sign-in");
    assert_eq!(reply.header("clear-site-data"), "\"cache\"");
    assert_eq!(reply.cookies(), ["fixdesk_session="]);
    assert!(attributes(&reply).contains(&"Max-Age=0".to_owned()));
    assert_eq!(app.visit("/my", &here).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.visit("/my", &elsewhere).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_signed_out_may_sign_out_again() {
    let app = TestApp::start().await;

    for cookie in ["", "fixdesk_session=stale"] {
        let reply = app.submit("/sign-out", cookie, &[]).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    }
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again_with_the_name_as_typed() {
    let app = TestApp::start().await;
    app.user("zhou").await;

    for name in ["zhou", "nobody", "<b>\"zhou\"</b>"] {
        let fields = [("username", name), ("password", "a wrong password")];
        let reply = app.submit("/sign-in?return_to=%2Fmy%3Fpage%3D2", "", &fields).await;

        let typed = name.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(reply.set_cookies(), [""; 0], "{name}");
        assert!(reply.readable().contains(ZH.sign_in().wrong), "{}", reply.readable());
        assert!(reply.text.contains(&format!("value=\"{typed}\"")), "{name}: {}", reply.text);
        assert!(reply.text.contains("action=\"/sign-in?return_to=%2Fmy%3Fpage%3D2\""), "{}", reply.text);
        assert!(!reply.text.contains("a wrong password"));
    }
}

#[tokio::test]
async fn too_many_tries_show_the_form_again_and_how_long_to_wait() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    for _ in 0..5 {
        app.log_in("zhou", "a wrong password").await;
    }
    app.pass_seconds(20);

    let reply = app.submit("/sign-in", "", &[("username", "zhou"), ("password", PASSWORD)]).await;

    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "40");
    assert!(reply.readable().contains(&(ZH.problem().too_many_tries)(40)));
    assert!(reply.text.contains("value=\"zhou\""));
}

#[tokio::test]
async fn somebody_disabled_is_told_no_more_than_a_stranger() {
    let app = TestApp::start().await;
    app.add_person(Person { disabled: true, ..app.somebody("gone", Role::User) }).await;

    let fields = |name| [("username", name), ("password", PASSWORD)];
    let disabled = app.submit("/sign-in", "", &fields("gone")).await;
    let unknown = app.submit("/sign-in", "", &fields("none")).await;

    assert_eq!(disabled.status, StatusCode::UNAUTHORIZED);
    assert_eq!(disabled.readable(), unknown.readable());
}

#[tokio::test]
async fn a_form_without_its_fields_is_a_wrong_password() {
    let app = TestApp::start().await;

    let reply = app.submit("/sign-in", "", &[]).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_of_another_kind_or_size_is_refused_without_fuss() {
    let app = TestApp::start().await;
    let json = with_header(form("/sign-in", "", &[("username", "zhou")]), "content-type", "application/json");
    let huge = "x".repeat(70_000);

    let unsupported = app.send(json).await;
    let too_large = app.submit("/sign-in", "", &[("username", huge.as_str())]).await;

    assert_eq!(unsupported.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn whoever_is_signed_in_is_sent_home_from_the_form() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.technician("wang").await).await;

    let reply = app.visit("/sign-in?return_to=/account", &cookie).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/jobs"));
}
