//! Reasons of empty pages.

use axum::http::StatusCode;

use crate::support::cast::{TestApp, ZH};

#[tokio::test]
async fn an_empty_list_says_what_is_missing() {
    let app = TestApp::start().await;
    let (zhou, wang, sun) = (app.user("zhou").await, app.technician("wang").await, app.admin("sun").await);
    let words = ZH.list();

    for (actor, path, sentence, hint) in [
        (&zhou, "/my", words.nothing_filed, words.nothing_filed_hint),
        (&wang, "/jobs", words.nothing_assigned, words.nothing_assigned_hint),
        (&sun, "/tickets", words.nothing_at_all, words.nothing_at_all_hint),
    ] {
        let page = app.visit(path, &app.browser_of(actor).await).await;

        assert_eq!(page.status, StatusCode::OK, "{path}");
        for expected in [sentence, hint, &(words.total)("0")] {
            assert!(page.readable().contains(expected), "{expected}: {}", page.readable());
        }
    }
}

#[tokio::test]
async fn a_filter_that_nothing_matches_is_named_with_a_link_to_drop_it() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |_| {}).await;
    let cookie = app.browser_of(&sun).await;
    let words = ZH.list();
    let done = (words.list)(fixdesk::domain::tickets::status::List::Done);
    let campus = (words.named)(words.campus, "华西");

    let page = app.visit("/tickets?list=done&campus=%E5%8D%8E%E8%A5%BF", &cookie).await;

    let both = [done, campus.as_str()].join(words.and);
    assert!(page.readable().contains(&(words.nothing_matches)(&both)), "{}", page.readable());
    for (address, says) in [
        ("/tickets?campus=%E5%8D%8E%E8%A5%BF", (words.drop)(done)),
        ("/tickets?list=done", (words.drop)(&campus)),
        ("/tickets", words.clear_all.to_owned()),
    ] {
        assert!(page.links().contains(&(address.to_owned(), says)), "{address} in {:?}", page.links());
    }
}

#[tokio::test]
async fn a_page_past_the_end_leads_back() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let tickets: Vec<_> = (0..11).map(|_| app.draft(zhou.id)).collect();
    app.add_tickets(&tickets).await;
    let cookie = app.browser_of(&zhou).await;
    let words = ZH.list();

    for (number, written) in [("3", "3"), ("9007199254740991", "9,007,199,254,740,991")] {
        let page = app.visit(&format!("/my?page={number}"), &cookie).await;

        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.rows(), [0; 0]);
        assert!(page.readable().contains(&(words.past_the_end)(written, "2")), "{}", page.readable());
        assert!(page.links().contains(&("/my?page=2".to_owned(), words.to_last_page.to_owned())));
        assert!(page.links().contains(&("/my".to_owned(), words.to_first_page.to_owned())));
    }
}
