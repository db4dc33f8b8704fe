//! Mails and webhooks: what is told beyond the desk, once, and to whom.

use std::net::Ipv4Addr;
use std::time::Duration;

use fixdesk::domain::locale::Locale;
use fixdesk::domain::notifications::preferences::NotificationPreferences;
use fixdesk::domain::people::profile::OwnProfile;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::ticket::TicketId;
use fixdesk::service::maintenance;
use fixdesk::service::notifications::webhooks::Webhooks;
use fixdesk::service::notifications::{delivery, lanes};
use fixdesk::service::people::contacts;
use fixdesk::service::sign_in::login;
use fixdesk::service::sign_in::throttle::Source;
use fixdesk::service::tickets::actions::ActionRequest;
use fixdesk::service::tickets::{messages, trash, unassign};
use fixdesk::service::transaction::Work;
use fixdesk::store::notifications::outbox::{self, Lane};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::support::cast::Actor;
use crate::support::desk::{Desk, deed, viewer};
use crate::support::receivers::{
    MailServer, Told, WEBHOOK_SECRET, WebServer, dead_port, mailer_of, port_that_says, silent_port,
};

impl Desk {
    /// A desk whose people all have a mailbox.
    pub async fn with_mail(server: &MailServer) -> Self {
        let desk = Self::open_with(|site| site.mailer = Some(server.mailer())).await;
        desk.give_everybody_a_mailbox().await;
        desk
    }

    async fn with_webhook(server: &WebServer) -> Self {
        Self::open_with(|site| site.webhooks = Some(server.webhooks())).await
    }

    async fn give_everybody_a_mailbox(&self) {
        self.stage.execute("UPDATE users SET email = username || '@people.example'").await;
    }

    async fn reads(&self, actor: &Actor, locale: Locale) {
        let (app, viewer) = (&self.stage.app, viewer(actor));
        let revise = |profile| OwnProfile { locale, ..profile };
        let here = Source { address: Ipv4Addr::LOCALHOST.into(), browser: None };
        contacts::change_profile(app, &here, &viewer, String::new(), revise).await.expect("is valid");
    }

    async fn wants_no_mail(&self, actor: &Actor) {
        let none = NotificationPreferences { mail_wanted: false, ..NotificationPreferences::default() };
        login::change_wishes(&self.stage.app, &viewer(actor), |_| none).await.expect("is saved");
    }

    /// Sends what is due once nobody adds to it any more.
    pub async fn deliver_in_a_minute(&self) -> usize {
        self.stage.pass_seconds(60);
        self.deliver().await
    }

    /// Sends what is due; how much that was.
    pub async fn deliver(&self) -> usize {
        delivery::run_once(&self.stage.app).await.expect("the outbox is there")
    }

    /// How many messages have not arrived yet.
    pub async fn on_their_way(&self) -> String {
        self.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM outbox").await
    }

    pub async fn says(&self, actor: &Actor, ticket: TicketId, words: &str) {
        messages::say(&self.stage.app, &viewer(actor), ticket, words, None).await.expect("is said");
    }

    pub async fn notes(&self, actor: &Actor, ticket: TicketId, words: &str) {
        messages::note(&self.stage.app, &viewer(actor), ticket, words, None).await.expect("is noted");
    }
}

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
async fn a_mail_that_is_refused_is_sent_again_after_a_while_and_not_before() {
    let server = MailServer::refusing(&[451]).await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;

    assert_eq!(desk.deliver().await, 1);
    desk.stage.pass_seconds(59);
    assert_eq!((desk.deliver().await, server.mails().len()), (0, 0));
    desk.stage.pass_seconds(1);
    assert_eq!((desk.deliver().await, server.mails().len()), (1, 1));

    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn an_action_needs_no_mail_server_and_a_mail_is_given_up_in_the_end() {
    let server = dead_port().await;
    let desk = Desk::open_with(|site| site.mailer = Some(mailer_of(server))).await;
    desk.give_everybody_a_mailbox().await;
    let ticket = desk.file(&desk.zhou).await;

    desk.does(&desk.chen, ticket, Action::Take).await;
    for wait in [60, 300, 1_800, 7_200, 86_400] {
        assert_eq!(desk.deliver().await, 1);
        assert_eq!((desk.on_their_way().await.as_str(), desk.deliver().await), ("1", 0));
        desk.stage.pass_seconds(wait);
        maintenance::run(&desk.stage.app).await.expect("keeps what is due");
    }
    assert_eq!(desk.deliver().await, 1);

    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn an_action_that_does_not_happen_is_told_to_nobody() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.in_repair().await;
    desk.deliver().await;

    let stale =
        desk.act(&desk.chen, ActionRequest { seen: Some(1), ..deed(ticket, Action::ReportDone) }).await;
    let mut work = Work::begin(&desk.stage.app).await.expect("begins");
    unassign::disable(&mut work, desk.chen.id).await.expect("would be done");
    work.tx.roll_back().await.expect("is undone");

    assert_eq!(stale, Err(Problem::Stale));
    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn admins_hear_once_of_jobs_that_nobody_has_any_more() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.sun).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    desk.deliver().await;
    server.mails();

    let mut work = Work::begin(&desk.stage.app).await.expect("begins");
    unassign::disable(&mut work, desk.chen.id).await.expect("is done");
    work.commit().await.expect("commits");
    desk.deliver().await;

    let to: Vec<_> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["sun@people.example"]);
}

#[tokio::test]
async fn two_servers_at_once_send_everything_once() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    for _ in 0..10 {
        desk.in_repair().await;
    }

    let mut sent = 0;
    while desk.on_their_way().await != "0" {
        let (one, other) = tokio::join!(desk.deliver(), desk.deliver());
        sent += one + other;
    }

    let mut ids: Vec<_> = server.mails().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((sent, ids.len()), (20, 20));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn what_a_server_leaves_behind_is_taken_over_when_its_time_is_up() {
    let server = MailServer::open().await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    let now = desk.stage.app.clock.now();
    let mut tx = desk.stage.app.db.begin().await.expect("begins");
    let taken = outbox::take(&mut tx, &Lane::Mail, now, now.plus(300), 10).await.expect("are there");
    tx.commit().await.expect("commits");

    desk.stage.pass_seconds(299);
    assert_eq!(desk.deliver().await, 0);
    desk.stage.pass_seconds(1);
    let now = desk.stage.app.clock.now();
    let mut tx = desk.stage.app.db.begin().await.expect("begins");
    let again = outbox::take(&mut tx, &Lane::Mail, now, now.plus(300), 10).await.expect("are there");
    // Whoever comes back late does not move what another has in hand.
    outbox::put_off(&mut tx, &taken[0], now).await.expect("changes nothing");
    tx.commit().await.expect("commits");

    assert_eq!((taken.len(), again.len(), again[0].attempts), (1, 1, 2));
    assert_eq!(desk.deliver().await, 0);
    desk.stage.pass_seconds(300);
    assert_eq!((desk.deliver().await, server.mails().len()), (1, 1));
}

fn is_signed(told: &Told) -> bool {
    let mut signer = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).expect("a key");
    signer.update(format!("{}.{}", told.header("x-fixdesk-timestamp"), told.body).as_bytes());
    let hex: String = signer.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    told.header("x-fixdesk-signature") == format!("sha256={hex}")
}

#[tokio::test]
async fn a_program_is_told_of_everything_by_signed_requests() {
    let server = WebServer::refusing(&[]).await;
    let desk = Desk::with_webhook(&server).await;
    let ticket = desk.file(&desk.zhou).await;

    desk.deliver().await;
    desk.says(&desk.zhou, ticket, "什么时候?").await;
    desk.notes(&desk.sun, ticket, "小心").await;
    while desk.deliver().await > 0 {}

    let told = server.told();
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(is_signed));
    assert_eq!(told[0].header("x-fixdesk-delivery"), format!("{ticket}.1"));
    assert_eq!(told[0].header("content-type"), "application/json");
    let bodies: Vec<Value> =
        told.iter().map(|told| serde_json::from_str(&told.body).expect("JSON")).collect();
    let path = format!("/v1/status/getTicket?orderid={ticket}");
    let by_rest = desk.stage.get(&path, &desk.zhou).await.json()["data"][0].clone();
    let filed = json!({
        "event": format!("{ticket}.1"), "number": 1, "kind": "filed", "at": "2024-06-10T12:00:00+08:00",
        "actor_id": desk.zhou.id.0, "note": "", "ticket": by_rest,
    });
    assert_eq!(bodies[0], filed);
    let find = |kind: &str| bodies.iter().find(|body| body["kind"] == kind).expect("is told");
    assert_eq!(find("message")["note"], "什么时候?");
    assert_eq!(find("note")["note"], Value::Null);
}

#[tokio::test]
async fn a_request_that_fails_or_is_sent_elsewhere_is_made_again() {
    let server = WebServer::refusing(&[500, 307]).await;
    let desk = Desk::with_webhook(&server).await;
    desk.file(&desk.zhou).await;

    desk.deliver().await;
    assert_eq!((desk.deliver().await, server.told().len()), (0, 1));
    desk.stage.pass_seconds(60);
    desk.deliver().await;
    assert_eq!((desk.on_their_way().await.as_str(), server.told().len()), ("1", 1));
    desk.stage.pass_seconds(300);
    desk.deliver().await;

    let told = server.told();
    assert_eq!((desk.on_their_way().await.as_str(), told.len()), ("0", 1));
    assert!(is_signed(&told[0]));
}

#[tokio::test]
async fn an_address_that_was_taken_out_of_the_settings_is_told_nothing() {
    let (old, new) = (WebServer::refusing(&[]).await, WebServer::refusing(&[]).await);
    let desk = Desk::with_webhook(&new).await;
    desk.file(&desk.zhou).await;
    desk.stage.execute(&format!("UPDATE outbox SET url = '{}'", old.url())).await;

    desk.deliver().await;
    assert_eq!(desk.on_their_way().await, "1");
    desk.stage.pass_seconds(delivery::KEPT + 1);
    maintenance::run(&desk.stage.app).await.expect("keeps what is due");

    assert_eq!(desk.on_their_way().await, "0");
    assert!(old.told().is_empty() && new.told().is_empty());
}

#[tokio::test]
async fn a_webhook_that_hangs_delays_neither_mails_nor_other_webhooks() {
    let (mails, other) = (MailServer::open().await, WebServer::refusing(&[]).await);
    let hanging = format!("http://{}/hook", silent_port().await);
    let hooks = Webhooks::new(&[hanging, other.url()], WEBHOOK_SECRET).expect("are settings");
    let desk = Desk::open_with(|site| {
        site.mailer = Some(mails.mailer());
        site.webhooks = Some(hooks);
    })
    .await;
    desk.give_everybody_a_mailbox().await;
    // More than are sent at a time, and due before the mail is.
    for _ in 0..30 {
        desk.file(&desk.zhou).await;
    }
    desk.stage.pass_seconds(1);
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;

    let begun = Instant::now();
    let (stop, stopped) = watch::channel(());
    let app = desk.stage.app.clone();
    let sending = tokio::spawn(async move { lanes::keep_delivering(&app, stopped).await });
    let (mut mailed, mut told) = (0, 0);
    while (mailed, told) != (1, 32) {
        assert!(begun.elapsed() < Duration::from_secs(9), "{mailed} mails and {told} requests");
        sleep(Duration::from_millis(20)).await;
        mailed += mails.mails().len();
        told += other.told().len();
    }

    // What hangs is waited for, no longer than one try takes.
    drop(stop);
    sending.await.expect("has not panicked");
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(desk.on_their_way().await, "32");
}

#[tokio::test]
async fn what_waits_for_a_mail_server_that_hangs_is_put_off_together() {
    // It may hang at once, or in the midst of a conversation.
    for greeting in ["", "220 mail.example ESMTP\r\n"] {
        let hanging = mailer_of(port_that_says(greeting).await).with_patience(Duration::from_millis(500));
        let desk = Desk::open_with(|site| site.mailer = Some(hanging)).await;
        desk.give_everybody_a_mailbox().await;
        for _ in 0..20 {
            let ticket = desk.file(&desk.zhou).await;
            desk.does(&desk.chen, ticket, Action::Take).await;
        }

        let (stop, stopped) = watch::channel(());
        let app = desk.stage.app.clone();
        let sending = tokio::spawn(async move { lanes::keep_delivering(&app, stopped).await });
        sleep(Duration::from_secs(5)).await;
        drop(stop);
        let begun = Instant::now();
        sending.await.expect("has not panicked");

        assert!(begun.elapsed() < Duration::from_secs(1), "nothing is under way");
        let tried = "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE attempts > 0";
        assert_eq!((desk.stage.text(tried).await.as_str(), desk.on_their_way().await.as_str()), ("8", "20"));
    }
}
