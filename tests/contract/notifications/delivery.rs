//! Mails and webhooks: notifications beyond the desk, each sent once.

use std::net::Ipv4Addr;
use std::time::Duration;

use fixdesk::domain::ids::TicketId;
use fixdesk::domain::locale::Locale;
use fixdesk::domain::notifications::preferences::NotificationPreferences;
use fixdesk::domain::people::profile::OwnProfile;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::service::maintenance;
use fixdesk::service::notifications::{delivery, lanes};
use fixdesk::service::people::leaving;
use fixdesk::service::people::{contacts, own_account};
use fixdesk::service::sign_in::throttle::Source;
use fixdesk::service::tickets::actions::ActionRequest;
use fixdesk::service::tickets::messages;
use fixdesk::service::transaction::TicketTransaction;
use fixdesk::store::notifications::outbox::{self, Lane};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::support::cast::Actor;
use crate::support::desk::{Desk, action_request, viewer};
use crate::support::receivers::{MailServer, WebServer, dead_port, mailer_of, port_that_says};

impl Desk {
    /// A desk whose people all have a mailbox.
    pub async fn with_mail(server: &MailServer) -> Self {
        let desk = Self::open_with(|site| site.mailer = Some(server.mailer())).await;
        desk.give_everybody_a_mailbox().await;
        desk
    }

    pub async fn with_webhook(server: &WebServer) -> Self {
        Self::open_with(|site| site.webhooks = Some(server.webhooks())).await
    }

    pub async fn give_everybody_a_mailbox(&self) {
        self.stage.execute("UPDATE users SET email = username || '@people.example'").await;
    }

    pub async fn reads(&self, actor: &Actor, locale: Locale) {
        let (app, viewer) = (&self.stage.app, viewer(actor));
        let revise = |profile| OwnProfile { locale, ..profile };
        let here = Source { address: Ipv4Addr::LOCALHOST.into(), browser: None };
        contacts::change_profile(app, &here, &viewer, String::new(), revise).await.expect("is valid");
    }

    pub async fn wants_no_mail(&self, actor: &Actor) {
        let none = NotificationPreferences { mail_wanted: false, ..NotificationPreferences::default() };
        own_account::change_preferences(&self.stage.app, &viewer(actor), |_| none).await.expect("is saved");
    }

    /// Sends messages a minute later, gathered.
    pub async fn deliver_in_a_minute(&self) -> usize {
        self.stage.pass_seconds(60);
        self.deliver().await
    }

    /// Sends what is due; how much that was.
    pub async fn deliver(&self) -> usize {
        delivery::run_once(&self.stage.app).await.expect("the outbox is there")
    }

    /// Number of messages that have not arrived yet.
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

    let stale = desk
        .act(&desk.chen, ActionRequest { seen: Some(1), ..action_request(ticket, Action::ReportDone) })
        .await;
    let mut transaction = TicketTransaction::begin(&desk.stage.app).await.expect("begins");
    leaving::disable(&mut transaction, desk.chen.id).await.expect("would be done");
    transaction.tx.roll_back().await.expect("is undone");

    assert_eq!(stale, Err(Problem::Stale));
    assert_eq!(desk.on_their_way().await, "0");
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
        assert!(one + other > 0, "something was put off");
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
    // A late node does not move messages that another has taken.
    outbox::put_off(&mut tx, &taken[0], now).await.expect("changes nothing");
    tx.commit().await.expect("commits");

    assert_eq!((taken.len(), again.len(), again[0].attempts), (1, 1, 2));
    assert_eq!(desk.deliver().await, 0);
    desk.stage.pass_seconds(300);
    assert_eq!((desk.deliver().await, server.mails().len()), (1, 1));
}

#[tokio::test]
async fn what_waits_for_a_mail_server_that_hangs_is_put_off_together() {
    // The server may hang at once, or during a conversation.
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
