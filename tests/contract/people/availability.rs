//! Availability: duty, campuses and job limits.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::people::availability::DutyForm;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::people::own_account;
use fixdesk::service::tickets::actions::ActionRequest;
use fixdesk::service::tickets::hand_over::{make_code, take_over};
use serde_json::json;

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, action_request, viewer};

const OFF_DUTY: Result<(), Problem> =
    Err(Problem::BadInput { input: Input::Technician, reason: Reason::OffDuty });

impl Desk {
    async fn works(&self, actor: &Actor, on_duty: bool, campuses: &[&str], max_jobs: &str) {
        let campuses = campuses.iter().map(|name| (*name).to_owned()).collect();
        let form = DutyForm { on_duty, campuses, max_jobs: max_jobs.to_owned() };
        own_account::change_availability(&self.stage.app, &viewer(actor), |_| form).await.expect("is valid");
    }

    async fn tries_to_give(
        &self,
        actor: &Actor,
        ticket: TicketId,
        action: Action,
        to: &Actor,
    ) -> Result<(), Problem> {
        self.act(actor, ActionRequest { technician: Some(to.id), ..action_request(ticket, action) }).await
    }
}

#[tokio::test]
async fn nobody_has_more_jobs_than_they_want() {
    let desk = Desk::open().await;
    let (first, second) = (desk.file(&desk.zhou).await, desk.file(&desk.zhou).await);
    desk.works(&desk.gao, true, &[], "1").await;
    desk.does(&desk.gao, first, Action::Take).await;
    let full = Err(Problem::HandsFull { limit: 1 });

    assert_eq!(desk.act(&desk.gao, action_request(second, Action::Take)).await, full);
    assert_eq!(desk.tries_to_give(&desk.sun, second, Action::Assign, &desk.gao).await, full);
    desk.does(&desk.chen, second, Action::Take).await;
    assert_eq!(desk.tries_to_give(&desk.chen, second, Action::Offer, &desk.gao).await, full);
    let code = make_code(&desk.stage.app, &viewer(&desk.chen), second).await.expect("is made");
    let taken = take_over(&desk.stage.app, &viewer(&desk.gao), second, &code, None).await;
    assert_eq!(taken.map(drop), full);

    desk.works(&desk.gao, true, &[], "2").await;
    assert_eq!(desk.tries_to_give(&desk.chen, second, Action::Offer, &desk.gao).await, Ok(()));
    desk.works(&desk.gao, true, &[], "1").await;
    assert_eq!(desk.act(&desk.gao, action_request(second, Action::TakeOver)).await, full);
    let page = desk.stage.browser_of(&desk.gao).await;
    let fields = [("action", "take_over"), ("version", "3")];
    let refused = desk.stage.submit(&format!("/tickets/{second}/act"), &page, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.readable().contains(&(ZH.work().hands_full)(1)));
}

#[tokio::test]
async fn the_site_has_the_last_word_about_how_many() {
    let desk = Desk::open_with(|site| site.limits.jobs = 1).await;
    let (first, second) = (desk.file(&desk.zhou).await, desk.file(&desk.zhou).await);
    desk.works(&desk.gao, true, &[], "1").await;
    desk.stage.execute("UPDATE users SET max_jobs = 5 WHERE username = 'gao'").await;
    desk.does(&desk.gao, first, Action::Take).await;

    let refused = desk.act(&desk.gao, action_request(second, Action::Take)).await;

    assert_eq!(refused, Err(Problem::TooManyJobs { limit: 1 }));
}

#[tokio::test]
async fn a_ticket_that_comes_back_to_full_hands_waits_for_another() {
    let desk = Desk::open().await;
    let (first, second) = (desk.in_repair().await, desk.in_repair().await);
    desk.does(&desk.chen, first, Action::ReportDone).await;
    desk.does(&desk.zhou, first, Action::Confirm).await;
    desk.works(&desk.chen, true, &[], "1").await;

    desk.does(&desk.zhou, first, Action::Reopen).await;

    assert_eq!(desk.row(first).await.contract.technician, None);
    assert_eq!(desk.status(first).await, Status::Pending);
    assert_eq!(desk.row(second).await.contract.technician, Some(desk.chen.id));
}

#[tokio::test]
async fn whoever_is_off_duty_is_left_alone_by_colleagues() {
    let desk = Desk::open().await;
    let (ticket, other) = (desk.in_repair().await, desk.file(&desk.zhou).await);
    desk.works(&desk.gao, false, &[], "").await;

    assert_eq!(desk.tries_to_give(&desk.chen, ticket, Action::Offer, &desk.gao).await, OFF_DUTY);
    // An admin may know better; so may they themselves.
    assert_eq!(desk.tries_to_give(&desk.sun, ticket, Action::Assign, &desk.gao).await, Ok(()));
    desk.does(&desk.gao, other, Action::Take).await;

    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.gao.id));
}

#[tokio::test]
async fn the_fittest_are_named_first_and_what_speaks_against_others_is_said() {
    let desk = Desk::open().await;
    let (li, wu, he) = (
        desk.stage.technician("li").await,
        desk.stage.technician("wu").await,
        desk.stage.technician("he").await,
    );
    let busy = desk.file(&desk.zhou).await;
    desk.works(&desk.gao, true, &[], "1").await;
    desk.does(&desk.gao, busy, Action::Take).await;
    desk.works(&li, false, &["江安"], "").await;
    desk.works(&wu, true, &["望江", "华西"], "").await;
    desk.works(&he, true, &["望江", "江安"], "9").await;
    let ticket = desk.in_repair().await;

    let by_chen = desk.view(&desk.chen, ticket).await.expect("is theirs").colleagues;
    let by_sun = desk.view(&desk.sun, ticket).await.expect("may see it").colleagues;
    let by_zhou = desk.view(&desk.zhou, ticket).await.expect("is hers").colleagues;

    let names: Vec<_> = by_chen.iter().map(|colleague| colleague.who.id).collect();
    assert_eq!(names, [he.id, wu.id, li.id, desk.gao.id]);
    let hindrances: Vec<_> = by_chen.iter().map(|colleague| colleague.hindrances()).collect();
    let none = (false, false, false);
    assert_eq!(hindrances, [none, (false, false, true), (false, true, false), (true, false, false)]);
    assert_eq!((by_sun, by_zhou), (by_chen, Vec::new()));

    let words = ZH.work();
    let option = async |actor: &Actor, who: &Actor| {
        let page = desk.stage.visit(&format!("/tickets/{ticket}"), &desk.stage.browser_of(actor).await).await;
        let start = format!("<option value=\"{}\"", who.id);
        let option = page.text.split(&start).nth(1).expect("an option").split("</option>").next();
        option.expect("an end").to_owned()
    };
    for (who, mark, may_assign, may_offer) in [
        (&he, "", true, true),
        (&wu, words.other_campus, true, true),
        (&li, words.off_duty, true, false),
        (&desk.gao, words.full, false, false),
    ] {
        for (actor, may) in [(&desk.sun, may_assign), (&desk.chen, may_offer)] {
            let option = option(actor, who).await;
            assert!(option.contains(mark), "{option}");
            assert_eq!(!option.split('>').next().expect("a tag").contains("disabled"), may, "{option}");
            assert_eq!(option.contains(" · "), !mark.is_empty(), "{option}");
        }
    }
}

#[tokio::test]
async fn a_technician_changes_it_by_a_form() {
    let desk = Desk::open_with(|site| site.limits.jobs = 5).await;
    let (gao, sun) = (desk.stage.browser_of(&desk.gao).await, desk.stage.browser_of(&desk.sun).await);
    let fields = [("campuses", "望江"), ("campuses", "华西"), ("max_jobs", "3")];

    let saved = desk.stage.submit("/account/duty", &gao, &fields).await;

    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/account?saved=1"));
    let account = desk.stage.visit("/account", &gao).await;
    assert_eq!(ticked(&account.text, "campuses"), ["望江", "华西"]);
    assert_eq!(ticked(&account.text, "duty"), [""; 0]);
    assert!(account.text.contains("value=\"3\""));
    let people = desk.stage.visit("/people", &sun).await.readable();
    for told in [ZH.people().off_duty, &(ZH.people().serves)("望江, 华西"), &(ZH.people().max_jobs)(3)] {
        assert!(people.contains(told), "{told} in {people}");
    }
    let works = desk.stage.get(&format!("/v1/status/getTechworks?tid={}", desk.gao.id), &desk.sun).await;
    let told = works.json()["data"][0].clone();
    assert_eq!((&told["on_duty"], &told["campuses"]), (&json!(false), &json!(["望江", "华西"])));
    assert_eq!(told["max_jobs"], json!(3));
}

/// The values of the boxes of this name that are ticked.
fn ticked(page: &str, name: &str) -> Vec<String> {
    let name = format!("name=\"{name}\"");
    let tags = page.split("<input").skip(1).filter_map(|input| input.split('>').next());
    let ticked = tags.filter(|tag| tag.contains(&name) && tag.contains(" checked"));
    ticked.filter_map(|tag| Some(tag.split_once("value=\"")?.1.split('"').next()?.to_owned())).collect()
}

#[tokio::test]
async fn what_is_wrong_in_the_form_is_told_and_stays() {
    let desk = Desk::open_with(|site| site.limits.jobs = 5).await;
    let gao = desk.stage.browser_of(&desk.gao).await;

    let fields = [("duty", "on"), ("campuses", "望江"), ("max_jobs", "6")];
    let refused = desk.stage.submit("/account/duty", &gao, &fields).await;
    let elsewhere = desk.stage.submit("/account/duty", &gao, &[("campuses", "火星")]).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = (ZH.work().reason)(Reason::NotACount { most: 5 });
    assert_eq!(refused.text_of("max-jobs-error"), reason);
    assert!(refused.text.contains("value=\"6\""));
    assert_eq!(
        (ticked(&refused.text, "campuses"), ticked(&refused.text, "duty")),
        (vec!["望江".to_owned()], vec!["on".to_owned()])
    );
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let account = desk.stage.visit("/account", &gao).await;
    assert_eq!(ticked(&account.text, "campuses"), [""; 0]);
}

#[tokio::test]
async fn whoever_does_not_work_at_the_desk_has_no_duty() {
    let desk = Desk::open().await;

    for actor in [&desk.zhou, &desk.sun] {
        let cookie = desk.stage.browser_of(actor).await;
        assert!(!desk.stage.visit("/account", &cookie).await.text.contains("/account/duty"));
        let refused = desk.stage.submit("/account/duty", &cookie, &[("max_jobs", "3")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", actor.name);
    }
}
