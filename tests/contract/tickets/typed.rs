//! Typed text: one canonical form is checked, compared and kept, from every interface, and nothing
//! in it breaks a database.

use axum::http::StatusCode;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::report::Field;
use fixdesk::service::tickets::filing::{Duplicates, correct, file};
use fixdesk::service::tickets::messages::say;
use serde_json::json;

use crate::support::cast::{TestApp, ZH};
use crate::support::desk::{Desk, viewer, with};
use crate::support::wire::post_json_as;

/// A report as long as may be: 3,999 characters, if a line end is one.
fn long_report(line_end: &str) -> String {
    vec!["x".repeat(39); 100].join(line_end)
}

#[tokio::test]
async fn a_line_end_is_one_character_however_it_is_sent() {
    let desk = Desk::open().await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let typed = long_report("\r\n");
    let fields = [
        ("device_type", "笔记本"),
        ("brand", "华为"),
        ("fault_type", "清灰"),
        ("description", typed.as_str()),
        ("campus", "江安"),
        ("phone", "13800000000"),
    ];

    let filed = desk.stage.submit("/tickets/new", &cookie, &fields).await;

    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.readable());
    assert_eq!(desk.stage.text("SELECT description FROM tickets").await, long_report("\n"));
}

#[tokio::test]
async fn a_report_that_a_program_filed_is_corrected_by_the_form() {
    let desk = Desk::open().await;
    let body = json!({
        "device_type": "笔记本", "brand": "华为", "fault_type": "清灰", "description": "风扇\n很响 ",
        "campus": "江安", "phone": "13800000000",
    });
    let filed = desk.stage.send(post_json_as("/v1/ticket/create", &body, &desk.zhou)).await;
    assert!(filed.status.is_success(), "{}", filed.text);
    let ticket = desk.stage.text("SELECT CAST(id AS TEXT) FROM tickets").await;
    let fields = [
        ("device_type", "笔记本"),
        ("brand", "联想"),
        ("fault_type", "清灰"),
        ("description", "风扇\r\n很响"),
        ("campus", "江安"),
        ("phone", "13800000000"),
    ];

    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let corrected = desk.stage.submit(&format!("/tickets/{ticket}/correct"), &cookie, &fields).await;

    assert_eq!(corrected.status, StatusCode::SEE_OTHER, "{}", corrected.readable());
    assert_eq!(desk.stage.text("SELECT brand FROM tickets").await, "联想");
    assert_eq!(desk.stage.text("SELECT description FROM tickets").await, "风扇\n很响");
}

/// Rows of an older version, or of another program.
#[tokio::test]
async fn what_is_left_as_it_was_is_no_correction_though_it_was_kept_otherwise() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.stage
        .execute(
            "UPDATE tickets SET description = ' ju\u{308}rgen\r\n ', phone = '\u{202a}13800000000\u{202c}'",
        )
        .await;

    let mut draft = with(Field::Brand, "联想");
    draft.set(Field::Description, "jürgen");
    let changed = correct(&desk.stage.app, &viewer(&desk.chen), ticket, &draft, None, None).await;

    assert_eq!(changed.map(|corrected| corrected.fields()), Ok(vec![Field::Brand]));
}

#[tokio::test]
async fn what_can_be_seen_counts_and_what_turns_lines_around_is_refused() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let app = &desk.stage.app;
    let refused = |reason| Err(Problem::BadInput { input: Input::Message, reason });
    for (words, reason) in [
        ("\u{a0}\u{3000}", Reason::Missing),
        ("\u{200b}\u{3164}\u{2800}\u{ad}", Reason::Missing),
        ("a\0b", Reason::Unprintable),
        ("\u{202e}tfel ot thgir", Reason::Unprintable),
        ("a\u{2066}b", Reason::Unprintable),
    ] {
        assert_eq!(say(app, &viewer(&desk.zhou), ticket, words, None).await, refused(reason), "{words:?}");
        let mut draft = with(Field::Description, words);
        draft.set(Field::Brand, words);
        let filed = file(app, &viewer(&desk.zhou), &draft, Duplicates::Allow, None).await;
        let bad = |field| fixdesk::domain::tickets::report::BadField { field, reason };
        assert_eq!(
            filed,
            Err(Problem::BadFields(vec![bad(Field::Brand), bad(Field::Description)])),
            "{words:?}"
        );
    }
    say(app, &viewer(&desk.zhou), ticket, "\u{3000}e\u{301}\r\n👩\u{200d}🔧 مرحبا\u{a0}", None)
        .await
        .expect("is said");
    assert_eq!(
        desk.history(ticket).await.last().map(|event| event.note.clone()).as_deref(),
        Some("é\n👩\u{200d}🔧 مرحبا")
    );
}

#[tokio::test]
async fn words_are_counted_after_they_are_composed() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let app = &desk.stage.app;

    say(app, &viewer(&desk.zhou), ticket, &"e\u{301}\r\n".repeat(2_000), None)
        .await
        .expect("3,999 characters");
    let too_long = say(app, &viewer(&desk.zhou), ticket, &"e\u{301}".repeat(4_001), None).await;

    assert_eq!(
        too_long,
        Err(Problem::BadInput { input: Input::Message, reason: Reason::TooLong { limit: 4000 } })
    );
}

#[tokio::test]
async fn no_filter_breaks_a_database() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    app.ticket(&zhou, |_| {}).await;
    let cookie = app.browser_of(&sun).await;
    let refused = (ZH.problem().reason)(fixdesk::domain::lists::parameter::Reason::Unprintable);
    for parameter in ["campus", "device", "fault"] {
        for value in ["%00", "%E6%B1%9F%00", "%E2%80%AE", "%E2%80%8B", "%20", "a%0Ab"] {
            let query = format!("{parameter}={value}");
            let page = app.visit(&format!("/tickets?{query}"), &cookie).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            assert!(page.readable().contains(&refused), "{query}");
            for path in ["/tickets.csv", "/tickets.json", "/rpc/tickets"] {
                let reply = app.visit(&format!("{path}?{query}"), &cookie).await;
                assert!(reply.status.is_client_error(), "{path}?{query}: {}", reply.status);
            }
        }
    }
}

#[tokio::test]
async fn a_filter_finds_what_reads_the_same() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let ticket = app.ticket(&zhou, |ticket| ticket.campus = "Zürich".to_owned()).await;
    let cookie = app.browser_of(&sun).await;
    for written in ["Z%C3%BCrich", "Zu%CC%88rich", "+Zu%CC%88rich%C2%A0"] {
        let page = app.visit(&format!("/tickets?campus={written}"), &cookie).await;
        assert_eq!(page.rows(), [ticket.0], "{written}");
    }
}

/// A browser counts otherwise, and would cut off what is pasted.
#[tokio::test]
async fn no_field_cuts_off_what_is_typed() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    for (actor, path) in [(&desk.zhou, "/tickets/new".to_owned()), (&desk.chen, format!("/tickets/{ticket}"))]
    {
        let page = desk.stage.visit(&path, &desk.stage.browser_of(actor).await).await;
        assert!(page.text.contains("<textarea") && !page.text.contains("maxlength"), "{path}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_begin_is_an_error() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let cookie = app.browser_of(&sun).await;
    app.execute("ALTER TABLE tickets RENAME COLUMN model TO gone").await;
    for format in ["csv", "json", "jsonl"] {
        let reply = app.visit(&format!("/tickets.{format}"), &cookie).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{format}");
    }
}
