//! The pages' forms, without JavaScript.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::input::Reason;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::tickets::hand_over::make_code;
use fixdesk::service::tickets::qr::{QrImage, qr_image};

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer};
use crate::support::wire::Reply;

const REPORT: [(&str, &str); 6] = [
    ("device_type", "笔记本"),
    ("brand", "华为 MateBook"),
    ("fault_type", "清灰"),
    ("description", "风扇很响"),
    ("campus", "江安"),
    ("phone", "13800000000"),
];

impl Desk {
    async fn submits(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Reply {
        let cookie = self.stage.browser_of(actor).await;
        self.stage.submit(path, &cookie, fields).await
    }

    pub async fn opens(&self, actor: &Actor, path: &str) -> Reply {
        let cookie = self.stage.browser_of(actor).await;
        self.stage.visit(path, &cookie).await
    }
}

fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = fields.iter().copied().filter(|(found, _)| *found != name);
    others.chain([(name, value)]).collect()
}

#[tokio::test]
async fn a_report_is_filed_and_leads_to_its_ticket() {
    let desk = Desk::open().await;
    let form = desk.opens(&desk.zhou, "/tickets/new").await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("name=\"brand\""), "{}", form.text);

    let filed = desk.submits(&desk.zhou, "/tickets/new", &REPORT).await;

    assert_eq!((filed.status, filed.header("location")), (StatusCode::SEE_OTHER, "/tickets/20240000001"));
    let page = desk.opens(&desk.zhou, "/tickets/20240000001").await;
    assert!(page.readable().contains("风扇很响"));
}

#[tokio::test]
async fn a_refused_report_keeps_what_was_typed_and_says_what_to_correct() {
    let desk = Desk::open().await;
    let typed = with(&with(&REPORT, "phone", "x"), "brand", "<b>\"苹果\"</b>");

    let refused = desk.submits(&desk.zhou, "/tickets/new", &typed).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"&lt;b&gt;&quot;苹果&quot;&lt;/b&gt;\""), "{}", refused.text);
    assert!(refused.text.contains("风扇很响"));
    assert!(refused.readable().contains(&(ZH.work().reason)(Reason::NotAPhone)));
    assert!(refused.links_to("#phone"));
}

#[tokio::test]
async fn a_second_report_of_a_device_offers_the_first() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    let asked = desk.submits(&desk.zhou, "/tickets/new", &REPORT).await;
    let anyway = desk.submits(&desk.zhou, "/tickets/new", &with(&REPORT, "twin", "allow")).await;

    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(asked.links_to(&format!("/tickets/{ticket}")));
    assert_eq!(anyway.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_double_click_files_once() {
    let desk = Desk::open().await;
    let fields = with(&REPORT, "key", "0123456789abcdef");

    let (one, two) = tokio::join!(
        desk.submits(&desk.zhou, "/tickets/new", &fields),
        desk.submits(&desk.zhou, "/tickets/new", &fields)
    );

    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(one.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn everybody_finds_the_button_for_what_is_theirs_to_do() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let page = format!("/tickets/{ticket}");
    let does = async |actor: &Actor, action: Action, more: &[(&str, &str)]| {
        let shown = desk.opens(actor, &page).await;
        let button = format!("value=\"{}\"", action.name());
        assert!(shown.text.contains(&button), "{action} for {}: {}", actor.name, shown.readable());
        let version = desk.row(ticket).await.version.to_string();
        let mut fields = vec![("action", action.name()), ("version", version.as_str())];
        fields.extend(more);
        let done = desk.submits(actor, &format!("{page}/act"), &fields).await;
        assert_eq!(
            (done.status, done.header("location")),
            (StatusCode::SEE_OTHER, page.as_str()),
            "{action}"
        );
    };

    let chen = desk.chen.id.to_string();
    does(&desk.sun, Action::Assign, &[("tid", &chen)]).await;
    does(&desk.chen, Action::Accept, &[]).await;
    does(&desk.chen, Action::ReportDone, &[("note", "清好了")]).await;
    does(&desk.zhou, Action::NotFixed, &[("note", "还响")]).await;
    does(&desk.chen, Action::ReportDone, &[("note", "换了风扇")]).await;
    does(&desk.zhou, Action::Confirm, &[]).await;

    assert_eq!(desk.status(ticket).await, Status::Done);
    let page = desk.opens(&desk.zhou, &page).await.readable();
    for told in ["chen同学报告已修好", "换了风扇", "zhou同学表示还没修好", "还响"] {
        assert!(page.contains(told), "{told}");
    }
}

#[tokio::test]
async fn whoever_acts_on_an_old_page_sees_what_changed_and_keeps_what_they_typed() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    desk.does(&desk.zhou, ticket, Action::ReportFixed).await;

    let old = [("action", "report_done"), ("version", "3"), ("note", "换了<b>风扇")];
    let shown = desk.submits(&desk.chen, &format!("{page}/act"), &old).await;

    assert_eq!(shown.status, StatusCode::CONFLICT);
    assert!(shown.readable().contains(ZH.work().stale));
    assert!(shown.readable().contains("zhou同学表示已修好"));
    assert!(shown.text.contains("换了&lt;b>风扇"), "{}", shown.text);
}

#[tokio::test]
async fn a_form_may_hold_what_its_fields_may_and_too_large_a_one_is_refused_with_a_page() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let path = format!("/tickets/{ticket}/message");
    // Each character is nine bytes of the form.
    let [long, endless] = [10_000, 50_000].map(|length| "长".repeat(length));

    let shown_again = desk.submits(&desk.zhou, &path, &[("message", &long)]).await;
    let refused = desk.submits(&desk.zhou, &path, &[("message", &endless)]).await;

    assert_eq!(shown_again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown_again.text.contains(&long));
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.readable().contains(ZH.problem().bad_request), "{}", refused.readable());
}

#[tokio::test]
async fn words_are_written_and_refused_ones_stay() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    let long = "长".repeat(4001);

    let sent = desk.submits(&desk.zhou, &format!("{page}/message"), &[("message", "在吗")]).await;
    assert_eq!(sent.header("location"), page);
    let refused = desk.submits(&desk.zhou, &format!("{page}/message"), &[("message", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long));
    let foreign = desk.submits(&desk.zhou, &format!("{page}/note"), &[("message", "偷看")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);

    let (hers, theirs) = (desk.opens(&desk.zhou, &page).await, desk.opens(&desk.chen, &page).await);
    assert!(hers.readable().contains("在吗") && theirs.readable().contains("在吗"));
    assert!(!hers.text.contains("/note\""));
    assert!(theirs.text.contains("/note\""));
}

#[tokio::test]
async fn details_are_corrected() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let address = format!("/tickets/{ticket}/correct");

    let corrected = desk.submits(&desk.zhou, &address, &with(&REPORT, "brand", "联想")).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.row(ticket).await.contract.brand, "联想");

    let refused = desk.submits(&desk.zhou, &address, &with(&REPORT, "campus", "火星")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.readable().contains("火星"));
}

#[tokio::test]
async fn a_code_is_shown_once_and_hands_the_job_over() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    let made = desk.submits(&desk.chen, &format!("/tickets/{ticket}/code"), &[]).await;
    assert_eq!(made.status, StatusCode::OK);
    let text = made.readable();
    let code: String = text.split("交接码 ").nth(1).expect("a code").chars().take(6).collect();
    assert!(!desk.opens(&desk.chen, &format!("/tickets/{ticket}")).await.readable().contains(&code));

    let fields = [("ticket", ticket.to_string()), ("code", code)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let taken = desk.submits(&desk.gao, "/take-over", &fields).await;
    assert_eq!(taken.header("location"), format!("/tickets/{ticket}"));
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.gao.id));

    let again = desk.submits(&desk.gao, "/take-over", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(make_code(&desk.stage.app, &viewer(&desk.gao), ticket).await.is_ok());
}

#[tokio::test]
async fn a_code_is_scanned_and_the_job_taken_over_with_one_button() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let made = desk.submits(&desk.chen, &format!("/tickets/{ticket}/code"), &[]).await;
    let code: String = made.readable().split("交接码 ").nth(1).expect("a code").chars().take(6).collect();
    let page = format!("/take-over?ticket={ticket}&code={code}");

    // The picture is of this address, and has a name.
    let QrImage { side, path } = qr_image(&format!("http://desk.example{page}")).expect("fits");
    assert!(made.text.contains(&format!("viewBox=\"0 0 {side} {side}\"")), "{}", made.text);
    assert!(made.text.contains(&format!("d=\"{path}\"")), "{}", made.text);
    assert!(made.text.contains("role=\"img\" aria-label=\"供同事用手机扫描的二维码\""), "{}", made.text);
    assert!(!desk.opens(&desk.chen, &format!("/tickets/{ticket}")).await.text.contains("hand-over__square"));

    // A signed-out visitor signs in first and returns.
    let stranger = desk.stage.visit(&page, "").await;
    let onward = stranger.header("location").to_owned();
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    assert!(onward.starts_with("/sign-in?return_to=%2Ftake-over%3Fticket"), "{onward}");

    // Opening the page takes nothing over.
    for _ in 0..7 {
        let form = desk.opens(&desk.gao, &page).await;
        assert!(form.text.contains(&format!("value=\"{code}\"")), "{}", form.text);
        assert!(form.text.contains(&format!("value=\"{ticket}\"")), "{}", form.text);
        assert!(form.text.contains("method=\"post\" action=\"/take-over\""), "{}", form.text);
    }
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.chen.id));

    let number = ticket.to_string();
    let taken = desk.submits(&desk.gao, "/take-over", &[("ticket", &number), ("code", &code)]).await;
    assert_eq!(taken.header("location"), format!("/tickets/{ticket}"));
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.gao.id));
    // Codes work once.
    let again = desk.submits(&desk.gao, "/take-over", &[("ticket", &number), ("code", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.text.contains(&code), "{}", again.text);
}

#[tokio::test]
async fn an_address_fills_the_form_with_digits_only() {
    let desk = Desk::open().await;

    let form = desk.opens(&desk.gao, "/take-over?ticket=1%22onfocus&code=%3Cb%3E").await;

    assert_eq!(form.status, StatusCode::OK);
    assert!(!form.text.contains("onfocus=") && !form.text.contains("<b>"), "{}", form.text);
    assert_eq!(form.text.matches("value=\"\"").count(), 2, "{}", form.text);
}

#[tokio::test]
async fn a_technician_finds_what_waits_and_nobody_else_does() {
    let desk = Desk::open().await;
    let waiting = desk.file(&desk.zhou).await;
    desk.in_repair().await;

    let pool = desk.opens(&desk.chen, "/pool").await;

    assert_eq!(pool.rows(), [waiting.0]);
    assert!(!pool.text.contains("13800000000"), "how to reach its owner is not theirs to know yet");
    for actor in [&desk.zhou, &desk.sun] {
        let expected = if actor.id == desk.sun.id { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(desk.opens(actor, "/pool").await.status, expected, "{}", actor.name);
    }
}

#[tokio::test]
async fn the_frame_counts_what_waits_and_what_is_new() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;

    let home = desk.opens(&desk.zhou, "/my").await.readable();
    let inbox = desk.opens(&desk.zhou, "/inbox").await;

    assert!(home.contains(&format!("{} 1", ZH.frame().waiting)), "{home}");
    assert!(inbox.readable().contains("chen同学报告已修好"));
    assert!(inbox.links_to(&format!("/tickets/{ticket}")));
    let read = desk.submits(&desk.zhou, "/inbox", &[("up_to", "1000000")]).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.unread(&desk.zhou).await, 0);
}

#[tokio::test]
async fn whoever_is_signed_out_or_not_concerned_changes_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let address = format!("/tickets/{ticket}/act");
    let cancel = [("action", "cancel")];

    let nobody = desk.stage.submit(&address, "", &cancel).await;
    assert_eq!(nobody.header("location"), format!("/sign-in?return_to=%2Ftickets%2F{ticket}"));
    let stranger = desk.submits(&desk.gao, &address, &cancel).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let nonsense = desk.submits(&desk.zhou, &address, &[("action", "explode")]).await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
    let missing = desk.submits(&desk.zhou, "/tickets/abc/act", &cancel).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);

    assert_eq!(desk.row(TicketId(ticket.0)).await.version, 3);
}
