//! Mails: recipients, languages, and contents that are never in them.

use fixdesk::domain::locale::Locale;
use fixdesk::domain::tickets::action::Action;
use fixdesk::service::people::leaving;
use fixdesk::service::tickets::trash;
use fixdesk::service::transaction::TicketTransaction;

use crate::support::desk::{Desk, viewer};
use crate::support::receivers::MailServer;

#[tokio::test]
async fn everybody_concerned_gets_one_mail_in_their_language() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    desk.reads(&desk.zhou, Locale::En).await;
    let ticket = desk.file(&desk.zhou).await;

    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
    assert_eq!(desk.deliver().await, 2);
    assert_eq!(desk.deliver().await, 0);

    let mails = server.mails();
    let to: Vec<_> = mails.iter().map(|mail| mail.to.concat()).collect();
    assert_eq!(to, ["chen@people.example", "zhou@people.example"]);
    let [hers, his] = [&mails[0], &mails[1]];
    assert_eq!(hers.header("Subject"), format!("[Fixdesk] 工单 {ticket}"));
    assert_eq!(his.header("Subject"), format!("[Fixdesk] Ticket {ticket}"));
    assert_eq!(his.header("Message-ID"), format!("<{ticket}.2.{}@desk.example>", desk.zhou.id));
    assert_eq!(his.header("Auto-Submitted"), "auto-generated");
    assert_eq!(his.header("X-Auto-Response-Suppress"), "DR, RN, NRN, OOF, AutoReply");
    assert_eq!(his.header("Date"), "Mon, 10 Jun 2024 04:00:00 +0000");
    assert_eq!(his.header("From"), "维修台 <desk@desk.example>");
    assert_eq!(
        his.part("text/plain").trim_end(),
        format!(
            "sun同学 assigned it to chen同学\n\n因为所以\n\n华为 MateBook · 清灰\n\n\
             Open the ticket: http://desk.example/tickets/{ticket}\n\n\
             Sent automatically: nobody reads replies to this mail."
        )
    );
    assert!(hers.part("text/html").contains("<html lang=\"zh-CN\">"));
    assert!(
        hers.part("text/html")
            .contains(&format!("<a href=\"http://desk.example/tickets/{ticket}\">查看工单</a>"))
    );
}

#[tokio::test]
async fn what_people_type_reaches_no_header_and_no_markup() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let evil = "UPDATE users SET nickname = 'x' || chr || 'Bcc: all@people.example' WHERE username = 'chen'";
    let line_break = if std::env::var("TEST_DATABASE_URL").is_ok() { "chr(10)" } else { "char(10)" };
    desk.stage.execute(&evil.replace("chr", line_break)).await;
    let ticket = desk.in_repair().await;
    desk.deliver().await;
    server.mails();

    desk.says(&desk.chen, ticket, "<b>明天</b>\n.\n来取").await;
    desk.deliver_in_a_minute().await;

    let mail = server.mails().pop().expect("a mail");
    assert_eq!(mail.to, ["zhou@people.example"]);
    assert!(!mail.header_names().contains(&"Bcc"));
    assert!(mail.part("text/plain").contains("<b>明天</b>\n.\n来取"));
    assert!(mail.part("text/html").contains("&lt;b&gt;明天&lt;/b&gt;\n.\n来取"));
}

#[tokio::test]
async fn whoever_cannot_or_will_not_be_reached_gets_nothing() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let (one, two) = (desk.in_repair().await, desk.in_repair().await);
    while desk.deliver().await > 0 {}
    server.mails();
    desk.wants_no_mail(&desk.zhou).await;
    desk.says(&desk.chen, one, "好了").await;
    assert_eq!(desk.on_their_way().await, "0");

    desk.says(&desk.zhou, one, "谢谢").await;
    desk.stage.set_disabled(desk.chen.id, true).await;
    desk.says(&desk.zhou, two, "在吗").await;
    assert_eq!(desk.on_their_way().await, "1");
    desk.deliver_in_a_minute().await;
    desk.stage.execute("UPDATE users SET email = '', disabled = FALSE").await;
    desk.says(&desk.zhou, two, "在吗").await;

    assert_eq!(desk.on_their_way().await, "0");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_written_down() {
    let desk = Desk::open().await;
    desk.give_everybody_a_mailbox().await;

    desk.in_repair().await;

    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn the_desks_notes_are_mailed_to_the_desk_only() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.in_repair().await;
    desk.deliver().await;
    server.mails();

    desk.notes(&desk.sun, ticket, "小心").await;
    desk.deliver_in_a_minute().await;

    let to: Vec<_> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["chen@people.example"]);
}

#[tokio::test]
async fn words_of_a_ticket_are_not_mailed_to_somebody_who_may_no_longer_see_it() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let (given, deleted) = (desk.in_repair().await, desk.in_repair().await);
    while desk.deliver().await > 0 {}
    server.mails();

    desk.says(&desk.zhou, given, "密码 4711").await;
    desk.says(&desk.zhou, deleted, "密码 4712").await;
    desk.gives(&desk.sun, given, Action::Assign, desk.gao.id).await;
    trash::delete(&desk.stage.app, &viewer(&desk.sun), deleted, None).await.expect("is deleted");
    desk.stage.pass_seconds(60);
    while desk.deliver().await > 0 {}

    assert_eq!(desk.on_their_way().await, "0");
    let mails = server.mails();
    let to: Vec<_> = mails.iter().map(|mail| mail.to.concat()).collect();
    assert_eq!(to, ["chen@people.example", "gao@people.example", "zhou@people.example"]);
    assert!(mails.iter().all(|mail| !mail.part("text/plain").contains("密码")));
    // A technician who has lost the job hears of it, without its words and its device.
    let (lost, got) = (mails[0].part("text/plain"), mails[1].part("text/plain"));
    assert!(!lost.contains("因为所以") && !lost.contains("华为"), "{lost}");
    assert!(got.contains("因为所以") && got.contains("华为"), "{got}");
}

#[tokio::test]
async fn admins_hear_once_of_jobs_that_nobody_has_any_more() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.sun).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    desk.deliver().await;
    server.mails();

    let mut transaction = TicketTransaction::begin(&desk.stage.app).await.expect("begins");
    leaving::disable(&mut transaction, desk.chen.id).await.expect("is done");
    transaction.commit().await.expect("commits");
    desk.deliver().await;

    let to: Vec<_> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["sun@people.example"]);
}
