//! Addresses that no mail reaches: shown, and left alone.

use axum::http::StatusCode;
use fixdesk::domain::tickets::action::Action;
use fixdesk::service::sign_in::password_reset;

use crate::support::cast::{Actor, ZH};
use crate::support::desk::Desk;
use crate::support::receivers::MailServer;

#[tokio::test]
async fn a_refusal_for_good_is_told_and_no_more_mails_go_there() {
    let server = MailServer::refusing(&[550]).await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    desk.deliver().await;
    assert_eq!((desk.on_their_way().await.as_str(), server.mails().len()), ("0", 0));

    desk.says(&desk.chen, ticket, "好了").await;
    assert_eq!(desk.on_their_way().await, "0");
    password_reset::ask(&desk.stage.app, [127, 0, 0, 1].into(), "zhou").await.expect("is taken");
    assert_eq!((desk.deliver().await, server.mails().len()), (0, 0));

    let account = desk.opens(&desk.zhou, "/account").await.readable();
    let because = "550 come back later";
    assert!(account.contains(&(ZH.profile().refused)("zhou@people.example", because)), "{account}");
    let people = desk.opens(&desk.sun, "/people").await.readable();
    assert_eq!(people.matches(&(ZH.people().mail_refused)(because)).count(), 1, "{people}");
    assert!(!desk.opens(&desk.chen, "/account").await.readable().contains(because));
}

#[tokio::test]
async fn a_refused_address_is_tried_again_once_somebody_says_that_it_is_good_or_changes_it() {
    let server = MailServer::refusing(&[550, 551, 553]).await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    desk.deliver().await;
    let reaches_her = async |words: &str| {
        desk.says(&desk.chen, ticket, words).await;
        desk.deliver_in_a_minute().await;
        server.mails().len()
    };
    let submit = async |actor: &Actor, path: &str| {
        let browser = desk.stage.browser_of(actor).await;
        desk.stage.submit(path, &browser, &[]).await
    };
    assert_eq!(reaches_her("一").await, 0);

    assert_eq!(submit(&desk.zhou, "/account/mail").await.header("location"), "/account?saved=1");
    assert_eq!(reaches_her("二").await, 0, "it is refused anew");
    let path = format!("/people/{}/mail", desk.zhou.id);
    assert_eq!(submit(&desk.chen, &path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reaches_her("三").await, 0);
    assert_eq!(submit(&desk.sun, &path).await.status, StatusCode::SEE_OTHER);
    assert_eq!(reaches_her("四").await, 0, "and once more");
    desk.stage.execute("UPDATE users SET email = 'new@people.example' WHERE username = 'zhou'").await;
    assert!(!desk.opens(&desk.zhou, "/account").await.readable().contains("553"));

    assert_eq!(reaches_her("五").await, 1);
}

#[tokio::test]
async fn what_the_desk_does_wrong_is_no_fault_of_an_address() {
    for code in [421, 503, 521, 530, 535, 554] {
        let server = MailServer::refusing(&[code]).await;
        let desk = Desk::with_mail(&server).await;
        let ticket = desk.file(&desk.zhou).await;
        desk.does(&desk.chen, ticket, Action::Take).await;

        desk.deliver().await;
        assert_eq!(desk.on_their_way().await, "1", "{code}");
        desk.deliver_in_a_minute().await;

        assert_eq!(server.mails().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_domain_is_sent_in_ascii_and_what_is_no_address_is_told() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    desk.stage.execute("UPDATE users SET email = 'zhou@例子.测试' WHERE username = 'zhou'").await;
    desk.stage.execute("UPDATE users SET email = 'chen@b.' WHERE username = 'chen'").await;
    let ticket = desk.file(&desk.zhou).await;

    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
    while desk.deliver().await > 0 {}

    let to: Vec<_> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["zhou@xn--fsqu00a.xn--0zwm56d"]);
    assert_eq!(desk.on_their_way().await, "0");
    let account = desk.opens(&desk.chen, "/account").await.readable();
    assert!(account.contains(&(ZH.profile().refused)("chen@b.", "")), "{account}");
}
