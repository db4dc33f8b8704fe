//! Requests of people, as far as databases read them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::notifications::delivery;
use fixdesk::store::sign_in::revoked_tokens;
use serde_json::json;

use crate::support::cast::{Actor, FIRST_ID, NOON, PASSWORD, TestApp};
use crate::support::wire::post_json_as;

/// Every combination of these, joined by `&`; each may be left out.
fn combinations(parts: &[&[String]]) -> Vec<String> {
    parts.iter().fold(vec![String::new()], |queries, values| {
        let with = |query: &String| values.iter().map(|value| format!("{query}&{value}")).collect::<Vec<_>>();
        let more: Vec<String> = queries.iter().flat_map(with).collect();
        queries.into_iter().chain(more).collect()
    })
}

fn owned<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(str::to_owned)
}

/// Looks up in every documented way.
pub async fn look_up_in_every_way(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let (orderid, uid, tid) =
        (format!("orderid={FIRST_ID}"), format!("uid={}", zhou.id), format!("tid={}", zhou.id));
    let lists = owned(["list=pending", "list=done"]);
    let pages = owned(["page=2", "page=9999"]);
    for query in combinations(&[&[orderid], &[uid], &[tid], &lists, &pages]) {
        let path = format!("/v1/status/getTicket?{query}");
        assert_eq!(app.get(&path, sun).await.status, StatusCode::OK, "{path}");
        app.get(&path, zhou).await;
    }
}

/// Lists of people and of their work, and a token that is given back.
pub async fn look_at_people(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let pages = owned(["page=2", "page=9999"]);
    let users = combinations(&[&[format!("uid={}", zhou.id)], &owned(["role=technician"]), &pages]);
    let works = combinations(&[&[format!("tid={}", zhou.id)], &pages]);
    let users = users.into_iter().map(|query| format!("/v1/status/getUser?{query}"));
    for path in users.chain(works.into_iter().map(|query| format!("/v1/status/getTechworks?{query}"))) {
        assert_eq!(app.get(&path, sun).await.status, StatusCode::OK, "{path}");
    }
    let passing = Actor { token: app.token_of(zhou.id).await, name: zhou.name.clone(), ..*zhou };
    let given_back = app.send(post_json_as("/v1/user/logout", &json!({}), &passing)).await;
    assert_eq!(given_back.status, StatusCode::OK);
    let mut tx = app.app.db.begin().await.expect("begins");
    revoked_tokens::forget_expired(&mut tx, NOON).await.expect("are forgotten");
    tx.commit().await.expect("commits");
}

const KEYS: [&str; 4] = ["", "&sort=filed", "&sort=changed", "&sort=waiting"];
const DIRECTIONS: [&str; 2] = ["", "&dir=asc"];
const SPANS: [&str; 3] = ["filed", "assigned", "completed"];

/// Every filter of lists of everything, with days from, to and both.
fn filters(somebody: &Actor) -> Vec<String> {
    let mut filters: Vec<String> = ["list=pending", "list=done", "campus=x", "device=x", "fault=x"]
        .into_iter()
        .chain(["unassigned=yes", "waiting=yes"])
        .map(str::to_owned)
        .collect();
    filters.extend(Status::ALL.map(|status| format!("status={status}")));
    filters.extend(["uid", "tid"].map(|name| format!("{name}={}", somebody.id)));
    for span in SPANS {
        let (from, to) = (format!("{span}_from=2024-01-01"), format!("{span}_to=2024-02-01"));
        filters.push(format!("{from}&{to}"));
        filters.extend([from, to]);
    }
    filters
}

/// Returns `true` if a list with these filters is sorted by number.
fn is_by_number(search: &str) -> bool {
    !search.contains("sort=") && !SPANS.iter().any(|span| search.contains(&format!("{span}_")))
}

/// Searches: filters in every order by page and by place, pairs in every order, and all at once.
fn searches(filters: &[String]) -> BTreeSet<String> {
    let name = |filter: &str| filter.split(['=', '_']).next().unwrap_or_default().to_owned();
    let mut searches = BTreeSet::new();
    for order in KEYS.iter().flat_map(|key| DIRECTIONS.map(|direction| format!("{key}{direction}"))) {
        for filter in filters.iter().map(String::as_str).chain([""]) {
            let search = format!("{filter}{order}");
            let place = if is_by_number(&search) { "20240000100" } else { "1718000000.20240000100" };
            for start in ["", "&page=900", &format!("&after={place}"), &format!("&before={place}")] {
                searches.insert(format!("{search}{start}"));
            }
            for other in filters.iter().filter(|other| name(other) != name(filter)) {
                let two = BTreeSet::from([filter, other]);
                searches.insert(format!("{}{order}", two.into_iter().collect::<Vec<_>>().join("&")));
            }
        }
        let mut all = filters.to_vec();
        all.sort_by_key(|filter| name(filter));
        all.dedup_by_key(|filter| name(filter));
        searches.insert(format!("{}{order}", all.join("&")));
    }
    searches
}

/// Lists as islands ask for them, and as files.
pub async fn see_every_list(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let chen = app.technician("chen").await;
    let [admins, zhous, chens] =
        [app.browser_of(sun).await, app.browser_of(zhou).await, app.browser_of(&chen).await];
    // Being seen is noted once, and then only read.
    app.pass_seconds(400);
    let own: Vec<String> = filters(zhou)
        .into_iter()
        .filter(|filter| ["list", "status", "waiting"].iter().any(|name| filter.starts_with(name)))
        .collect();
    let pool: Vec<String> = owned(["campus=x", "device=x", "fault=x"]).into();
    let lists = [
        ("All", "/tickets", &admins, searches(&filters(zhou))),
        ("My", "/my", &zhous, searches(&own)),
        ("Jobs", "/jobs", &chens, searches(&own)),
        ("Pool", "/pool", &chens, searches(&pool)),
        ("Pool", "/pool", &admins, searches(&pool)),
    ];
    for (place, path, cookie, searches) in lists {
        for search in searches {
            let encoded = search.replace('=', "%3D").replace('&', "%26");
            let asked = format!("/rpc/tickets?place={place}&search={encoded}");
            assert_eq!(app.visit(&asked, cookie).await.status, StatusCode::OK, "{asked}");
            if !["page=", "after=", "before="].iter().any(|start| search.contains(start)) {
                let file = format!("{path}.csv?{search}");
                assert_eq!(app.visit(&file, cookie).await.status, StatusCode::OK, "{file}");
            }
        }
    }
}

/// The other pages: one ticket, people, what is deleted, an account.
pub async fn visit_every_page(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let (admins, zhous) = (app.browser_of(sun).await, app.browser_of(zhou).await);
    for search in ["", "?before=20240000009", "?q=technician1", "?q=13900", "?q=20240000003"] {
        let path = format!("/people{search}");
        assert_eq!(app.visit(&path, &admins).await.status, StatusCode::OK, "{path}");
    }
    app.submit(&format!("/tickets/{}/delete", FIRST_ID + 1), &admins, &[]).await;
    for path in ["/tickets/deleted", "/tickets/deleted?before=1717992000-7"] {
        assert_eq!(app.visit(path, &admins).await.status, StatusCode::OK, "{path}");
    }
    let ticket = format!("/tickets/{FIRST_ID}");
    // Admins also see possible technicians, and the ticket's neighbours in the list they come from.
    for from in ["", "?from=/tickets?device=x", "?from=/tickets?sort=changed%26campus=x"] {
        let path = format!("{ticket}{from}");
        assert_eq!(app.visit(&path, &admins).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/my", "/jobs", "/account", &ticket] {
        assert_eq!(app.visit(path, &zhous).await.status, StatusCode::OK, "{path}");
    }
}

/// Coming in and going out, rightly and wrongly.
pub async fn sign_in_and_out(app: &TestApp, zhou: &Actor) {
    for name in ["zhou", "ZHOU", "13900000001", "technician2@example.com", "nobody"] {
        app.log_in(name, PASSWORD).await;
        app.log_in(name, "a wrong password").await;
    }
    let cookie = app.sign_in(zhou).await;
    let fields = [("current", PASSWORD), ("new", "another password"), ("repeat", "another password")];
    let changed = app.submit("/account", &cookie, &fields).await;
    assert_eq!(changed.header("location"), "/account?changed=1");
    app.submit("/sign-out", &changed.cookies()[0], &[]).await;
}

/// Delivers what is due; here for somebody who is no longer notified.
pub async fn deliver(app: &TestApp) {
    app.execute(
        "INSERT INTO forgotten_passwords (login, asked_at) VALUES ('technician1', 1), ('TECHNICIAN2@example.com', 1)",
    )
    .await;
    app.pass_seconds(10);
    assert!(delivery::run_once(&app.app).await.expect("the outbox is there") > 0);
}
