//! The directory of people, and the links that let them in.

use axum::http::StatusCode;
use fixdesk::domain::people::admin::{PAGE_SIZE, Protected};
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::viewer::Role;

use crate::support::cast::{Actor, FIRST_ID, PASSWORD, TestApp, ZH};
use crate::support::desk::Desk;
use crate::support::wire::Reply;

async fn submit(app: &TestApp, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Reply {
    let cookie = app.browser_of(actor).await;
    app.submit(path, &cookie, fields).await
}

/// The path of the link that a page shows.
fn link(reply: &Reply) -> String {
    let secret = reply.text.split("/welcome/").nth(1).expect("a link");
    format!("/welcome/{}", secret.chars().take_while(char::is_ascii_hexdigit).collect::<String>())
}

#[tokio::test]
async fn only_admins_see_the_directory() {
    let app = TestApp::start().await;
    let (zhou, chen, sun) = (app.user("zhou").await, app.technician("chen").await, app.admin("sun").await);

    for (actor, status) in
        [(&zhou, StatusCode::FORBIDDEN), (&chen, StatusCode::FORBIDDEN), (&sun, StatusCode::OK)]
    {
        let page = app.visit("/people", &app.browser_of(actor).await).await;
        assert_eq!(page.status, status, "{}", actor.name);
        assert_eq!(page.readable().contains("管理chen同学"), status == StatusCode::OK, "{}", actor.name);
        for path in ["/people", "/people/20240000001/disable", "/people/20240000001/link"] {
            if status != StatusCode::OK {
                assert_eq!(submit(&app, actor, path, &[("username", "x")]).await.status, status, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn people_are_found_by_what_an_admin_knows_of_them() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.user("zhou").await;
    app.user("zhang").await;
    let mut li = app.somebody("li", Role::User);
    li.phone = "13800000000".to_owned();
    li.email = "Li@example.edu".to_owned();
    app.add_person(li).await;
    let cookie = app.browser_of(&sun).await;

    for (search, found) in [
        ("", &["sun", "zhou", "zhang", "li"][..]),
        ("zh", &["zhou", "zhang"]),
        ("ZHOU", &["zhou"]),
        ("zhang同", &["zhang"]),
        ("13800000000", &["li"]),
        ("1380", &["li"]),
        ("li@example.edu", &["li"]),
        ("LI@EX", &["li"]),
        ("20240000001", &["sun"]),
        ("2024000000", &[]),
        ("800000", &[]),
        ("%", &[]),
        ("_", &[]),
        ("hou", &[]),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", search).finish();
        let page = app.visit(&format!("/people?{query}"), &cookie).await.readable();
        for name in ["sun", "zhou", "zhang", "li"] {
            let shown = page.contains(&format!("管理{name}同学"));
            assert_eq!(shown, found.contains(&name), "{name} for {search:?}");
        }
    }
}

#[tokio::test]
async fn a_long_directory_is_read_page_by_page_and_a_broad_search_says_so() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    for number in 0..PAGE_SIZE {
        app.add_person(app.somebody(&format!("u{number}"), Role::User)).await;
    }
    let cookie = app.browser_of(&sun).await;
    let shown = |page: &Reply| page.text.matches("class=\"people__item\"").count();

    let first = app.visit("/people", &cookie).await;
    let next = format!("/people?before={}", FIRST_ID + 1);
    let second = app.visit(&next, &cookie).await;
    let broad = app.visit("/people?q=u", &cookie).await;
    let broader = app.visit("/people?q=2024&before=5", &cookie).await;
    app.add_person(app.somebody("u_one_more", Role::User)).await;
    let too_broad = app.visit("/people?q=U", &cookie).await;

    assert_eq!((shown(&first), first.links_to(&next)), (PAGE_SIZE, true));
    assert_eq!((shown(&second), second.links_to("/people")), (1, true));
    assert!(second.readable().contains("管理sun同学") && !first.readable().contains("管理sun同学"));
    assert_eq!((shown(&broad), shown(&broader)), (PAGE_SIZE, 0));
    assert!(!broad.readable().contains(ZH.people().found_many));
    assert_eq!(shown(&too_broad), PAGE_SIZE);
    assert!(too_broad.readable().contains(ZH.people().found_many));
}

#[tokio::test]
async fn a_newcomer_sets_their_own_password_by_a_link_that_works_once() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    let fields = [("username", "wang"), ("nickname", "王同学"), ("role", "technician")];
    let added = submit(&app, &sun, "/people", &fields).await;
    assert_eq!(added.status, StatusCode::OK);
    let link = link(&added);
    assert_eq!(app.log_in("wang", PASSWORD).await.status, StatusCode::UNAUTHORIZED);

    assert_eq!(app.visit(&link, "").await.status, StatusCode::OK);
    let short = app.submit(&link, "", &[("new", "short"), ("repeat", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let differ = app.submit(&link, "", &[("new", PASSWORD), ("repeat", "another one")]).await;
    assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = app.submit(&link, "", &[("new", PASSWORD), ("repeat", PASSWORD)]).await;
    assert_eq!(set.header("location"), "/sign-in?welcome=1");

    assert_eq!(app.log_in("wang", PASSWORD).await.json()["role"], "technician");
    assert_eq!(app.visit(&link, "").await.status, StatusCode::NOT_FOUND);
    let again = app.submit(&link, "", &[("new", "stolen password"), ("repeat", "stolen password")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_ends_by_time_and_by_the_next_one() {
    let app = TestApp::start().await;
    let (sun, zhou) = (app.admin("sun").await, app.user("zhou").await);
    let make = async || link(&submit(&app, &sun, &format!("/people/{}/link", zhou.id), &[]).await);

    let first = make().await;
    let second = make().await;
    assert_eq!(app.visit(&first, "").await.status, StatusCode::NOT_FOUND);
    app.pass_seconds(7 * 24 * 3600);
    assert_eq!(app.visit(&second, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_is_taken_or_none_is_refused_and_stays() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.user("zhou").await;

    for name in ["ZHOU", "a b", ""] {
        let refused = submit(&app, &sun, "/people", &[("username", name), ("nickname", "某人")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains("value=\"某人\""));
    }
}

#[tokio::test]
async fn a_technician_who_is_disabled_leaves_at_once_and_their_jobs_wait() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let chen = desk.stage.browser_of(&desk.chen).await;

    let done = submit(&desk.stage, &desk.sun, &format!("/people/{}/disable", desk.chen.id), &[]).await;
    assert_eq!(done.header("location"), "/people");

    assert_eq!(desk.stage.visit("/jobs", &chen).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.status(ticket).await, Status::Pending);
    desk.does(&desk.gao, ticket, Action::Take).await;
    submit(&desk.stage, &desk.sun, &format!("/people/{}/enable", desk.chen.id), &[]).await;
    assert_eq!(desk.stage.log_in("chen", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_admin_locks_themselves_or_everybody_out() {
    let app = TestApp::start().await;
    let (sun, qian) = (app.admin("sun").await, app.admin("qian").await);
    let to_user = [("role", "user")];

    let own = submit(&app, &sun, &format!("/people/{}/role", sun.id), &to_user).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    assert!(own.readable().contains(&(ZH.people().protected)(Protected::Oneself)));

    let (hers, his) = (format!("/people/{}/disable", qian.id), format!("/people/{}/role", sun.id));
    let (one, other) = tokio::join!(submit(&app, &sun, &hers, &[]), submit(&app, &qian, &his, &to_user));
    let admins =
        app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE role = 'admin' AND NOT disabled").await;
    assert_eq!(admins, "1", "{} {}", one.status, other.status);
}

#[tokio::test]
async fn an_admin_who_is_signed_out_comes_back_to_the_person() {
    let app = TestApp::start().await;

    let reply = app.submit("/people/5/role", "", &[("role", "user")]).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(reply.text.contains("action=\"/sign-in?return_to=%2Fpeople%3Fq%3D5\""), "{}", reply.text);
}
