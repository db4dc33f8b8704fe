//! A browser that several people use: a form opened by one is not sent as another.

use axum::http::StatusCode;
use fixdesk::domain::tickets::report::Field;
use serde_json::json;

use crate::support::cast::{Actor, EN, PASSWORD, ZH};
use crate::support::desk::Desk;
use crate::support::pictures::jpeg;
use crate::support::wire::{Reply, form, form_with_files};

const REPORT: [(&str, &str); 6] = [
    ("device_type", "笔记本"),
    ("brand", "华为 MateBook"),
    ("fault_type", "清灰"),
    ("description", "硬盘里有我的日记"),
    ("campus", "江安"),
    ("phone", "13800000000"),
];

/// The hidden fields of the form sent to this address, as the page has them.
pub fn hidden_fields(page: &Reply, action: &str) -> Vec<(String, String)> {
    let is_sent_there = |form: &&str| {
        let tag = form.split('>').next().unwrap_or_default();
        tag.contains(&format!("action=\"{action}\"")) && tag.contains("method=\"post\"")
    };
    let form = page.text.split("<form").skip(1).find(is_sent_there).expect("the form");
    let inside = form.split("</form>").next().expect("its end");
    let value_of = |tag: &str, name: &str| {
        let after = tag.split_once(&format!(" {name}=\""))?.1;
        Some(
            after
                .split('"')
                .next()?
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&"),
        )
    };
    let inputs = inside.split("<input").skip(1).filter_map(|input| input.split_once('>')).map(|(tag, _)| tag);
    inputs
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((value_of(tag, "name")?, value_of(tag, "value")?)))
        .collect()
}

pub fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

impl Desk {
    /// The hidden fields of a form as somebody opens it, and what they type into it.
    pub async fn fills_in(
        &self,
        actor: &Actor,
        page: &str,
        action: &str,
        typed: &[(&str, &str)],
    ) -> Vec<(String, String)> {
        let hidden = hidden_fields(&self.opens(actor, page).await, action);
        let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        hidden.into_iter().chain(typed).collect()
    }
}

#[tokio::test]
async fn a_report_opened_as_one_person_is_not_filed_as_another() {
    let desk = Desk::open().await;
    let bobby = desk.stage.user("bobby").await;
    let hers = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &REPORT).await;
    let cookie = desk.stage.browser_of(&bobby).await;

    let refused = desk.stage.submit("/tickets/new", &cookie, &borrowed(&hers)).await;

    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.readable().contains(ZH.form().other_person), "{}", refused.readable());
    assert!(refused.text.contains("硬盘里有我的日记") && refused.text.contains("value=\"13800000000\""));
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "0");

    // Sent again after that, it is in their own name.
    let again = hidden_fields(&refused, "/tickets/new");
    let again = [borrowed(&again), REPORT.to_vec()].concat();
    let filed = desk.stage.submit("/tickets/new", &cookie, &again).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER);
    let owner = desk.stage.text("SELECT CAST(user_id AS TEXT) FROM tickets").await;
    assert_eq!(owner, bobby.id.to_string());
}

#[tokio::test]
async fn a_report_with_photos_is_held_to_the_same() {
    let desk = Desk::open().await;
    let hers = desk.fills_in(&desk.zhou, "/tickets/new", "/tickets/new", &REPORT).await;
    let cookie = desk.stage.browser_of(&desk.chen).await;
    let photo = jpeg(8, 8);

    let request = form_with_files("/tickets/new", &cookie, &borrowed(&hers), &[("photos", "a.jpg", &photo)]);
    let refused = desk.stage.send(request).await;

    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.readable().contains("a.jpg"), "to be chosen again: {}", refused.readable());
    for table in ["tickets", "photos"] {
        assert_eq!(desk.stage.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await, "0");
    }
}

#[tokio::test]
async fn every_form_of_a_ticket_says_whose_it_is() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    let before = desk.row(ticket).await;
    let events = desk.history(ticket).await.len();
    let cookie = desk.stage.browser_of(&desk.sun).await;

    for (form, typed, kept) in [
        ("message", ("message", "我的密码是一二三"), "我的密码是一二三"),
        ("note", ("message", "螺丝滑丝"), "螺丝滑丝"),
        ("act", ("note", "换了风扇"), "换了风扇"),
        ("correct", (Field::Brand.name(), "联想"), "联想"),
        ("code", ("x", ""), ""),
        ("photos", ("x", ""), ""),
    ] {
        let action = format!("{page}/{form}");
        let theirs = desk.fills_in(&desk.chen, &page, &action, &[typed]).await;
        assert!(theirs.contains(&("made_for".to_owned(), desk.chen.id.to_string())), "{form}: {theirs:?}");

        let refused = desk.stage.submit(&action, &cookie, &borrowed(&theirs)).await;

        assert_eq!(refused.status, StatusCode::CONFLICT, "{form}");
        assert!(refused.readable().contains(ZH.form().other_person), "{form}: {}", refused.readable());
        assert!(refused.text.contains(kept), "{form}");
    }
    assert_eq!(desk.row(ticket).await, before);
    assert_eq!(desk.history(ticket).await.len(), events);
}

#[tokio::test]
async fn whoever_may_not_see_the_ticket_still_has_the_text() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (page, action) = (format!("/tickets/{ticket}"), format!("/tickets/{ticket}/message"));
    let hers = desk.fills_in(&desk.zhou, &page, &action, &[("message", "七点在楼下等")]).await;
    let stranger = desk.stage.user("li").await;

    let refused = desk.stage.submit(&action, &desk.stage.browser_of(&stranger).await, &borrowed(&hers)).await;

    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("七点在楼下等"), "{}", refused.text);
    assert!(!refused.text.contains("风扇很响"), "nothing of the ticket: {}", refused.text);
}

#[tokio::test]
async fn forms_about_oneself_change_nobody_else() {
    let desk = Desk::open().await;
    let cookie = desk.stage.browser_of(&desk.gao).await;
    let nickname = async |actor: &Actor| {
        desk.stage.text(&format!("SELECT nickname FROM users WHERE id = {}", actor.id)).await
    };
    desk.in_repair().await;
    let told = desk.unread(&desk.gao).await;

    for (page, action, typed) in [
        ("/account", "/account/profile", &[("nickname", "陈师傅"), ("language", "en")][..]),
        ("/account", "/account/wishes", &[]),
        ("/account", "/account/duty", &[("max_jobs", "1")]),
        (
            "/account",
            "/account",
            &[("current", PASSWORD), ("new", "another long password"), ("repeat", "another long password")],
        ),
    ] {
        let theirs = desk.fills_in(&desk.chen, page, action, typed).await;
        let refused = desk.stage.submit(action, &cookie, &borrowed(&theirs)).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{action}");
        assert!(refused.readable().contains(ZH.form().other_person), "{action}: {}", refused.readable());
    }
    let hers = desk.fills_in(&desk.zhou, "/inbox", "/inbox", &[]).await;
    assert_eq!(desk.stage.submit("/inbox", &cookie, &borrowed(&hers)).await.status, StatusCode::CONFLICT);

    assert_eq!(nickname(&desk.gao).await, "gao同学");
    assert_eq!(desk.unread(&desk.gao).await, told);
    assert_eq!(desk.stage.log_in("gao", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_whose_person_cannot_be_read_is_nobodys() {
    let desk = Desk::open().await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;

    for named in ["", "zhou"] {
        let report = [&[("made_for", named)], &REPORT[..]].concat();
        let refused = desk.stage.submit("/tickets/new", &cookie, &report).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{named:?}");
        assert!(refused.text.contains("硬盘里有我的日记"), "{named:?}");
        let password = [
            ("made_for", named),
            ("current", PASSWORD),
            ("new", "another long password"),
            ("repeat", "another long password"),
        ];
        let refused = desk.stage.submit("/account", &cookie, &password).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{named:?}");
    }

    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "0");
    assert_eq!(desk.stage.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_admins_forms_are_the_admins_own() {
    let desk = Desk::open().await;
    let other = desk.stage.admin("he").await;
    let cookie = desk.stage.browser_of(&other).await;

    let add =
        desk.fills_in(&desk.sun, "/people", "/people", &[("username", "newcomer"), ("role", "user")]).await;
    let refused = desk.stage.submit("/people", &cookie, &borrowed(&add)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("value=\"newcomer\""), "{}", refused.text);
    let action = format!("/people/{}/contact", desk.zhou.id);
    let contact = desk.fills_in(&desk.sun, "/people", &action, &[("phone", "139 0000 1234")]).await;
    let refused = desk.stage.submit(&action, &cookie, &borrowed(&contact)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("value=\"139 0000 1234\""), "{}", refused.text);
    let action = format!("/people/{}/disable", desk.zhou.id);
    let disable = desk.fills_in(&desk.sun, "/people", &action, &[]).await;
    assert_eq!(desk.stage.submit(&action, &cookie, &borrowed(&disable)).await.status, StatusCode::CONFLICT);

    assert_eq!(
        desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE username = 'newcomer'").await,
        "0"
    );
    assert_eq!(desk.stage.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_button_of_a_list_is_its_readers_own() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let action = format!("/tickets/{ticket}/act");
    let theirs = desk.fills_in(&desk.chen, "/pool", &action, &[]).await;

    let refused =
        desk.stage.send(form(&action, &desk.stage.browser_of(&desk.gao).await, &borrowed(&theirs))).await;

    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.readable().contains(EN.form().other_person)
            || refused.readable().contains(ZH.form().other_person)
    );
    assert_eq!(desk.row(ticket).await.contract.technician, None);
}

#[tokio::test]
async fn a_list_that_lives_on_is_not_told_what_somebody_else_has() {
    let desk = Desk::open().await;
    desk.file(&desk.zhou).await;
    let path = |made_for: &Actor| format!("/rpc/tickets?place=My&search=&made_for={}", made_for.id);

    let own = desk.opens(&desk.zhou, &path(&desk.zhou)).await;
    let others = desk.opens(&desk.zhou, &path(&desk.chen)).await;

    assert_eq!((own.status, &own.json()["page"]["total"]["Exactly"]), (StatusCode::OK, &json!(1)));
    assert_eq!((others.status, others.json()), (StatusCode::CONFLICT, json!("OtherPerson")));
}
