//! Calls that arrive twice, too late, or after somebody else's.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::report::Field;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::workflow::Refusal;
use fixdesk::service::maintenance;
use fixdesk::service::tickets::filing::{Duplicates, file};
use fixdesk::service::tickets::hand_over::{make_code, take_over};
use fixdesk::service::tickets::trash;
use serde_json::{Value, json};

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, action_request, report, viewer, with};
use crate::support::pictures::jpeg;
use crate::support::wire::{Reply, form_with_files, post_json_as, with_header};

const DAY: i64 = 24 * 3600;

impl Desk {
    /// Sends a call twice with one key.
    async fn twice(&self, actor: &Actor, verb: &str, body: &Value) -> [Reply; 2] {
        [self.keyed(actor, verb, body).await, self.keyed(actor, verb, body).await]
    }

    /// Sends a call whose key is its verb.
    async fn keyed(&self, actor: &Actor, verb: &str, body: &Value) -> Reply {
        let call = post_json_as(&format!("/v1/ticket/{verb}"), body, actor);
        self.stage.send(with_header(call, "idempotency-key", verb)).await
    }

    async fn hands_in(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.stage.submit(path, &self.stage.browser_of(actor).await, fields).await
    }
}

#[tokio::test]
async fn a_call_that_is_repeated_is_answered_alike_and_happens_once() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let order = json!({ "order_id": ticket.0 });
    let reach = |status: &str| json!({ "tid": ticket.0, "repair_status": status });

    for (actor, verb, body) in [
        (&desk.sun, "give", json!({ "order_id": ticket.0, "tid": desk.chen.id.0 })),
        (&desk.chen, "set", reach("Repairing")),
        (&desk.zhou, "complete", order.clone()),
        (&desk.chen, "complete", order.clone()),
        (&desk.sun, "act", json!({ "order_id": ticket.0, "action": "reopen" })),
        (&desk.sun, "set", json!({ "tid": ticket.0, "model": "D14", "brand": "联想" })),
        (&desk.zhou, "message", json!({ "order_id": ticket.0, "message": "好了吗" })),
        (&desk.sun, "delete", order.clone()),
        (&desk.sun, "restore", order),
    ] {
        let [one, other] = desk.twice(actor, verb, &body).await;
        assert_eq!(one.status, StatusCode::OK, "{verb}: {}", one.text);
        assert_eq!((other.status, other.json()), (one.status, one.json()), "{verb}");
    }

    // Filed, given, begun, twice completed, reopened, corrected, a message, deleted, restored.
    assert_eq!(desk.history(ticket).await.len(), 10);
    assert_eq!(desk.status(ticket).await, Status::Repairing);
}

#[tokio::test]
async fn a_call_that_comes_again_with_the_same_words_in_another_form_happens_once() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let before = desk.history(ticket).await.len();
    let forms = ["caf\u{e9}\r\n好了", " cafe\u{301}\n好了 "];

    for words in forms {
        let message = json!({ "order_id": ticket.0, "message": words });
        let said = desk.keyed(&desk.chen, "message", &message).await;
        assert_eq!(said.status, StatusCode::OK, "{words:?}: {}", said.text);
    }
    for words in forms {
        let done = json!({ "order_id": ticket.0, "action": "report_done", "note": words });
        let done = desk.keyed(&desk.chen, "act", &done).await;
        assert_eq!(done.status, StatusCode::OK, "{words:?}: {}", done.text);
    }

    assert_eq!(desk.history(ticket).await.len(), before + 2);
}

#[tokio::test]
async fn a_code_is_void_once_the_job_is_another_ones_or_there_is_a_newer() {
    let desk = Desk::open().await;
    let (app, gao) = (&desk.stage.app, viewer(&desk.gao));
    let li = desk.stage.technician("li").await;
    let ticket = desk.in_repair().await;
    let wrong: Result<Status, Problem> =
        Err(Problem::BadInput { input: Input::Code, reason: Reason::NotOffered });

    let old = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");
    let new = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");
    if old != new {
        assert_eq!(take_over(app, &gao, ticket, &old, None).await, wrong);
    }
    desk.gives(&desk.sun, ticket, Action::Assign, li.id).await;

    assert_eq!(take_over(app, &gao, ticket, &new, None).await, wrong);
    assert_eq!(desk.row(ticket).await.contract.technician, Some(li.id));
}

#[tokio::test]
async fn of_two_who_take_a_ticket_one_reads_that_somebody_was_faster() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let take = [("action", "take"), ("version", "1")];

    let path = format!("/tickets/{ticket}/act");
    let (one, two) =
        tokio::join!(desk.hands_in(&desk.chen, &path, &take), desk.hands_in(&desk.gao, &path, &take));

    let (won, lost) = if one.status == StatusCode::SEE_OTHER { (one, two) } else { (two, one) };
    assert_eq!((won.status, lost.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
    let taken = (ZH.work().refused)(Refusal::Taken);
    assert!(lost.readable().contains(&taken), "{}", lost.readable());
    let missing = desk.hands_in(&desk.gao, "/tickets/5/act", &take).await;
    assert_eq!(missing.status, StatusCode::CONFLICT);
    assert!(missing.readable().contains(&taken));
}

#[tokio::test]
async fn what_was_typed_for_a_ticket_that_is_gone_is_still_there() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.gives(&desk.sun, ticket, Action::Assign, desk.gao.id).await;

    for (form, fields) in [
        ("act", vec![("action", "report_done"), ("version", "3"), ("note", "换了风扇")]),
        ("message", vec![("message", "换了风扇")]),
        ("note", vec![("message", "换了风扇")]),
        ("correct", vec![("version", "3"), ("model", "换了风扇")]),
    ] {
        let refused = desk.hands_in(&desk.chen, &format!("/tickets/{ticket}/{form}"), &fields).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{form}");
        assert!(refused.text.contains("换了风扇"), "{form}: {}", refused.readable());
        assert!(!refused.text.contains("华为"), "{form}");
    }
}

#[tokio::test]
async fn a_late_correction_shows_what_is_there_by_now_and_what_happened() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let path = format!("/tickets/{ticket}/correct");
    let of = |brand| [("version", "1"), ("seen", "1"), ("brand", brand), ("campus", "江安")];

    assert_eq!(desk.hands_in(&desk.zhou, &path, &of("联想")).await.status, StatusCode::SEE_OTHER);
    let late = desk.hands_in(&desk.zhou, &path, &of("苹果")).await;

    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("value=\"苹果\""), "{}", late.text);
    assert!(late.readable().contains(&(ZH.work().now)("联想")), "{}", late.readable());
    assert!(!late.readable().contains(&(ZH.work().now)("江安")));
    assert_eq!(late.text.matches("timeline__new").count(), 1);
    assert!(late.text.contains("name=\"version\" value=\"2\""));

    // Once a technician has it, the form is gone: its text is shown.
    desk.does(&desk.chen, ticket, Action::Take).await;
    let closed = desk.hands_in(&desk.zhou, &path, &of("苹果")).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.readable().contains("苹果"), "{}", closed.readable());
    let code = desk.hands_in(&desk.zhou, &format!("/tickets/{ticket}/code"), &[]).await;
    assert!(code.readable().contains(&(ZH.work().refused)(Refusal::NotYours)), "{}", code.readable());
}

#[tokio::test]
async fn a_double_click_corrects_adds_deletes_and_restores_once() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let correction = [("version", "1"), ("brand", "联想"), ("key", "a")];
    let newcomer = [("username", "new"), ("role", "user"), ("key", "b")];
    let key = |key| [("key", key)];

    for _ in 0..2 {
        let corrected = desk.hands_in(&desk.zhou, &format!("/tickets/{ticket}/correct"), &correction).await;
        assert_eq!(corrected.status, StatusCode::SEE_OTHER);
        let added = desk.hands_in(&desk.sun, "/people", &newcomer).await;
        assert_eq!(added.status, StatusCode::OK);
        assert!(added.text.contains("/welcome/"), "{}", added.readable());
    }
    for form in ["delete", "restore"] {
        for _ in 0..2 {
            let done = desk.hands_in(&desk.sun, &format!("/tickets/{ticket}/{form}"), &key(form)).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{form}");
        }
    }
    assert_eq!(desk.history(ticket).await.len(), 4);
    for (actor, page) in [
        (&desk.zhou, format!("/tickets/{ticket}")),
        (&desk.sun, format!("/tickets/{ticket}")),
        (&desk.sun, "/people".to_owned()),
    ] {
        let page = desk.opens(actor, &page).await.text;
        let forms = page.matches("method=\"post\" action=\"/tickets/").count()
            + page.matches("method=\"post\" action=\"/people").count();
        assert!(forms > 0 && page.matches("name=\"key\"").count() >= forms, "{page}");
        let rest = page.split("name=\"key\" value=\"").skip(1);
        let keys: Vec<&str> = rest.filter_map(|rest| rest.split('"').next()).collect();
        let different: BTreeSet<&&str> = keys.iter().collect();
        assert_eq!(different.len(), keys.len(), "each form happens by itself: {keys:?}");
    }
}

#[tokio::test]
async fn who_confirms_may_change_and_the_seven_days_go_on() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.stage.pass_seconds(6 * DAY);
    desk.gives(&desk.sun, ticket, Action::Assign, desk.gao.id).await;

    desk.stage.pass_seconds(DAY);
    maintenance::run(&desk.stage.app).await.expect("runs");

    assert_eq!(desk.status(ticket).await, Status::Done);
}

#[tokio::test]
async fn a_restored_job_goes_to_nobody_when_its_technician_has_enough() {
    let desk = Desk::open_with(|site| site.limits.jobs = 1).await;
    let (app, sun) = (&desk.stage.app, viewer(&desk.sun));
    let (one, two) = (desk.file(&desk.zhou).await, desk.file(&desk.zhou).await);
    desk.does(&desk.chen, one, Action::Take).await;

    trash::delete(app, &sun, one, None).await.expect("is deleted");
    trash::restore(app, &sun, one, None).await.expect("is restored");
    assert_eq!(desk.row(one).await.contract.technician, Some(desk.chen.id));
    trash::delete(app, &sun, one, None).await.expect("is deleted");
    desk.does(&desk.chen, two, Action::Take).await;
    trash::restore(app, &sun, one, None).await.expect("is restored");

    let row = desk.row(one).await.contract;
    assert_eq!((row.status, row.technician), (Status::Pending, None));
}

#[tokio::test]
async fn a_device_is_known_however_its_brand_is_written_and_whatever_the_limit() {
    let desk = Desk::open_with(|site| site.limits.open_tickets = 1).await;
    let (app, zhou) = (&desk.stage.app, viewer(&desk.zhou));
    let first = desk.file(&desk.zhou).await;

    for brand in ["华为 MateBook", "华为  matebook ", "华为 MATEBOOK"] {
        let asked = file(app, &zhou, &with(Field::Brand, brand), Duplicates::Ask, None).await;
        assert_eq!(asked, Err(Problem::Duplicate { ticket: first }), "{brand}");
    }
    let other = file(app, &zhou, &with(Field::Brand, "华为"), Duplicates::Ask, None).await;
    assert_eq!(other, Err(Problem::TooManyOpen { limit: 1 }));
    let device = file(app, &zhou, &with(Field::DeviceType, "台式机"), Duplicates::Ask, None).await;
    assert_eq!(device, Err(Problem::TooManyOpen { limit: 1 }));
    assert!(report().get(Field::Brand).contains("MateBook"));
}

#[tokio::test]
async fn what_was_done_is_reported_with_photos_of_it_or_not_at_all() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let path = format!("/tickets/{ticket}/act");
    let cookie = desk.stage.browser_of(&desk.chen).await;
    let fields = [("action", "report_done"), ("version", "3"), ("note", "换了风扇"), ("key", "k")];
    let photo = jpeg(8, 8);

    let page = desk.opens(&desk.chen, &format!("/tickets/{ticket}")).await;
    assert!(page.text.contains("id=\"done-photos\""), "{}", page.text);
    let bad = [("photos", "a.jpg", b"no picture".as_slice())];
    let refused = desk.stage.send(form_with_files(&path, &cookie, &fields, &bad)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.links_to("#done-photos") && refused.readable().contains("换了风扇"));
    assert_eq!(desk.status(ticket).await, Status::Repairing);

    let good = [("photos", "a.jpg", photo.as_slice())];
    for _ in 0..2 {
        let done = desk.stage.send(form_with_files(&path, &cookie, &fields, &good)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.readable());
    }
    assert_eq!(desk.status(ticket).await, Status::UserConfirming);
    let leaving = [("action", "decline"), ("note", "没空"), ("key", "l")];
    let given = desk.file(&desk.zhou).await;
    desk.gives(&desk.sun, given, Action::Assign, desk.chen.id).await;
    let left = form_with_files(&format!("/tickets/{given}/act"), &cookie, &leaving, &good);
    assert_eq!(desk.stage.send(left).await.status, StatusCode::FORBIDDEN, "not theirs to add to any more");
    assert_eq!(desk.row(given).await.contract.technician, Some(desk.chen.id));
    let shown = desk.opens(&desk.zhou, &format!("/tickets/{ticket}")).await;
    assert_eq!(shown.text.matches("photos__link").count(), 1);
}

#[tokio::test]
async fn what_waits_is_counted_where_it_is_all_listed() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.file(&desk.chen).await;
    let waits = format!("{} ", ZH.list().waiting);
    for (actor, address, told) in [
        (&desk.chen, "/jobs", true),
        (&desk.chen, "/my", false),
        (&desk.sun, "/tickets", true),
        (&desk.sun, "/tickets?list=done", true),
        (&desk.sun, "/tickets?campus=%E6%B1%9F%E5%AE%89", false),
    ] {
        let page = desk.opens(actor, address).await.readable();
        assert!(page.contains(&waits), "{address}: {page}");
        assert_eq!(page.contains(&format!("{waits}1")), told, "{address}: {page}");
    }
    assert_eq!(desk.act(&desk.gao, action_request(ticket, Action::Take)).await, Err(Refusal::Taken.into()));
    assert_eq!(desk.act(&desk.zhou, action_request(TicketId(5), Action::Take)).await, Err(Problem::NotFound));
}
