//! What people say of themselves.

use axum::http::StatusCode;
use fixdesk::domain::details::Reason;

use crate::cast::{TestApp, ZH};

const FIELDS: [(&str, &str); 6] = [
    ("nickname", "小周"),
    ("phone", "13900000000"),
    ("email", "zhou@example.edu"),
    ("campus", "望江"),
    ("language", "en"),
    ("mail", "wanted"),
];

#[tokio::test]
async fn somebody_changes_how_they_are_called_and_reached() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;

    let saved = app.submit("/account/profile", &cookie, &FIELDS).await;

    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/account?saved=1"));
    let account = app.visit("/account?saved=1", &cookie).await;
    assert!(account.readable().contains(ZH.profile().saved));
    for value in ["小周", "13900000000", "zhou@example.edu"] {
        assert!(account.text.contains(&format!("value=\"{value}\"")), "{value}");
    }
    // A report begins with what is known.
    let report = app.visit("/tickets/new", &cookie).await;
    assert!(report.text.contains("value=\"13900000000\""));
    assert_eq!(app.log_in("zhou@example.edu", crate::cast::PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_stays_as_typed() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;
    let fields = FIELDS.map(|(name, value)| (name, if name == "email" { "nowhere" } else { value }));

    let refused = app.submit("/account/profile", &cookie, &fields).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.readable().contains(&(ZH.work().reason)(Reason::NotAnEmail)));
    assert!(refused.text.contains("value=\"nowhere\"") && refused.text.contains("value=\"小周\""));
    assert!(!app.visit("/account", &cookie).await.text.contains("小周"));
}
