//! Channels of notifications: as preferred, and gathered if many.

use std::io::Cursor;

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::notifications::preferences::{NotificationPreferences, Topic};
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Event, Kind};
use fixdesk::service::notifications::inbox;
use fixdesk::service::people::own_account;
use fixdesk::service::photos::images::Upload;
use fixdesk::service::photos::ticket_photos;
use fixdesk::service::transaction::TicketTransaction;
use fixdesk::store::notifications::outbox::{self, Lane};
use image::{ImageFormat, RgbImage};

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer};
use crate::support::receivers::{Mail, MailServer};
use crate::support::wire::Reply;

const EVERYTHING: &str =
    "inbox.messages inbox.progress inbox.photos mail.turn mail.messages mail.progress mail.photos";

impl Desk {
    async fn mutes(&self, actor: &Actor, words: &str) {
        let muted = words.to_owned().try_into().expect("are mutes");
        let notification_preferences = NotificationPreferences { mail_wanted: true, muted };
        own_account::change_preferences(&self.stage.app, &viewer(actor), |_| notification_preferences)
            .await
            .expect("is saved");
    }

    async fn adds_photos(&self, actor: &Actor, ticket: TicketId, count: u8) {
        let picture = |number: u8| {
            let mut bytes = Cursor::new(Vec::new());
            let pixels = RgbImage::from_pixel(4, 4, image::Rgb([number, 0, 0]));
            pixels.write_to(&mut bytes, ImageFormat::Png).expect("is written");
            Upload { name: format!("{number}.png"), bytes: bytes.into_inner() }
        };
        let uploads = (0..count).map(picture).collect();
        ticket_photos::add(&self.stage.app, &viewer(actor), ticket, uploads, None).await.expect("are kept");
    }

    async fn reads_everything(&self, actor: &Actor) {
        inbox::mark_read(&self.stage.app, &viewer(actor), i64::MAX).await.expect("is read");
    }

    async fn inbox_of(&self, actor: &Actor) -> Reply {
        self.stage.visit("/inbox", &self.stage.browser_of(actor).await).await
    }

    /// Unread notices, latest first: the number of events of each.
    async fn unread_events(&self, actor: &Actor) -> Vec<(Kind, u64)> {
        let notices = inbox::of(&self.stage.app, &viewer(actor)).await.expect("an inbox").notices;
        let unread = notices.into_iter().filter(|notice| !notice.is_read);
        unread.map(|notice| (notice.entry.kind, notice.entry.times)).collect()
    }

    /// A desk with mail, and a ticket in repair without unsent notices.
    async fn with_mail_and_a_ticket(server: &MailServer) -> (Self, TicketId) {
        let desk = Self::with_mail(server).await;
        let ticket = desk.in_repair().await;
        while desk.deliver().await > 0 {}
        server.mails();
        desk.reads_everything(&desk.zhou).await;
        (desk, ticket)
    }

    async fn last_event(&self, ticket: TicketId) -> Event {
        self.history(ticket).await.pop().expect("something happened")
    }
}

fn addressees(mails: &[Mail]) -> Vec<String> {
    mails.iter().map(|mail| mail.to.concat()).collect()
}

#[tokio::test]
async fn what_somebody_mutes_stays_out_of_their_inbox() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.reads_everything(&desk.zhou).await;
    desk.mutes(&desk.zhou, "inbox.messages inbox.photos").await;

    desk.says(&desk.chen, ticket, "明天来取").await;
    desk.adds_photos(&desk.chen, ticket, 1).await;
    assert_eq!(desk.unread(&desk.zhou).await, 0);
    desk.does(&desk.chen, ticket, Action::Close).await;

    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Acted(Action::Close), 1)]);
}

#[tokio::test]
async fn what_waits_for_somebody_is_in_their_inbox_whatever_they_mute() {
    let server = MailServer::open().await;
    let (desk, ticket) = Desk::with_mail_and_a_ticket(&server).await;
    for actor in [&desk.zhou, &desk.chen, &desk.gao] {
        desk.mutes(actor, EVERYTHING).await;
        desk.reads_everything(actor).await;
    }

    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;
    desk.says(&desk.zhou, ticket, "在吗").await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.does(&desk.zhou, ticket, Action::NotFixed).await;

    assert_eq!(desk.unread_events(&desk.gao).await, [(Kind::Acted(Action::Offer), 1)]);
    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Acted(Action::ReportDone), 1)]);
    assert_eq!(desk.unread_events(&desk.chen).await, [(Kind::Acted(Action::NotFixed), 1)]);
    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn mails_come_for_what_is_wanted_and_the_inbox_does_not_mind() {
    let server = MailServer::open().await;
    let (desk, ticket) = Desk::with_mail_and_a_ticket(&server).await;
    desk.mutes(&desk.zhou, "mail.messages").await;

    desk.says(&desk.chen, ticket, "好了").await;
    assert_eq!(desk.on_their_way().await, "0");
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.deliver().await;

    assert_eq!(addressees(&server.mails()), ["zhou@people.example"]);
    assert_eq!(desk.unread(&desk.zhou).await, 2);
}

#[tokio::test]
async fn the_form_says_what_is_told_and_changes_it() {
    let desk = Desk::open().await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let ticked = async |value: &str| {
        let page = desk.stage.visit("/account", &cookie).await.text;
        let inputs: Vec<&str> = page.split("<input").filter(|input| input.contains(value)).collect();
        assert_eq!(inputs.len(), 1, "{value}");
        inputs[0].split('>').next().expect("a tag").contains(" checked")
    };
    for value in EVERYTHING.split(' ').chain(["value=\"wanted\""]) {
        assert!(ticked(value).await, "{value}");
    }

    let fields = [("mail", "wanted"), ("told", "inbox.progress"), ("told", "mail.turn"), ("told", "inbox.x")];
    let saved = desk.stage.submit("/account/wishes", &cookie, &fields).await;

    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/account?saved=1"));
    for value in EVERYTHING.split(' ').chain(["value=\"wanted\""]) {
        let expected = ["inbox.progress", "mail.turn", "value=\"wanted\""].contains(&value);
        assert_eq!(ticked(value).await, expected, "{value}");
    }
    let muted = "SELECT muted FROM users WHERE username = 'zhou'";
    assert_eq!(
        desk.stage.text(muted).await,
        "inbox.messages inbox.photos mail.messages mail.progress mail.photos"
    );
    desk.stage.submit("/account/wishes", &cookie, &[]).await;
    assert!(!ticked("value=\"wanted\"").await);
    assert!(desk.stage.visit("/account?saved=1", &cookie).await.readable().contains(ZH.profile().saved));
}

#[tokio::test]
async fn several_messages_are_one_notice_that_counts_them() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.reads_everything(&desk.zhou).await;

    for words in ["第一句", "第二句", "第三句"] {
        desk.says(&desk.chen, ticket, words).await;
        desk.stage.pass_seconds(599);
    }

    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Message, 3)]);
    assert_eq!(desk.unread(&desk.zhou).await, 1);
    let page = desk.inbox_of(&desk.zhou).await.readable();
    assert!(page.contains(&(ZH.work().gathered)(Kind::Message, "chen同学", 3)), "{page}");
    assert!(page.contains("第三句") && !page.contains("第一句"), "{page}");
    // All of them are in the history.
    assert_eq!(desk.history(ticket).await.iter().filter(|event| event.kind == Kind::Message).count(), 3);
}

#[tokio::test]
async fn photos_of_one_form_are_one_notice_and_one_mail() {
    let server = MailServer::open().await;
    let (desk, ticket) = Desk::with_mail_and_a_ticket(&server).await;

    desk.adds_photos(&desk.chen, ticket, 3).await;
    assert_eq!((desk.deliver().await, desk.on_their_way().await.as_str()), (0, "1"));
    desk.deliver_in_a_minute().await;

    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Photo, 3)]);
    let mails = server.mails();
    assert_eq!(addressees(&mails), ["zhou@people.example"]);
    let sentence = (ZH.work().gathered)(Kind::Photo, "chen同学", 3);
    assert_eq!(mails[0].header("Subject"), format!("[Fixdesk] 工单 {ticket}"));
    assert!(mails[0].part("text/plain").starts_with(&sentence));
    assert_eq!(desk.on_their_way().await, "0");
}

#[tokio::test]
async fn what_differs_is_told_apart() {
    let desk = Desk::open().await;
    let (ticket, other) = (desk.in_repair().await, desk.in_repair().await);
    desk.reads_everything(&desk.chen).await;

    desk.says(&desk.zhou, ticket, "在吗").await;
    // Another person, another kind, another ticket.
    desk.says(&desk.sun, ticket, "快一点").await;
    desk.notes(&desk.sun, ticket, "小心").await;
    desk.says(&desk.zhou, other, "这个呢").await;
    desk.notes(&desk.sun, ticket, "再小心").await;
    // Read notices, and those older than ten minutes.
    desk.stage.pass_seconds(601);
    desk.says(&desk.zhou, ticket, "还在吗").await;

    let expected =
        [(Kind::Message, 1), (Kind::Note, 2), (Kind::Message, 1), (Kind::Message, 1), (Kind::Message, 1)];
    assert_eq!(desk.unread_events(&desk.chen).await, expected);
    desk.reads_everything(&desk.chen).await;
    desk.says(&desk.zhou, ticket, "喂").await;
    assert_eq!(desk.unread_events(&desk.chen).await, [(Kind::Message, 1)]);
}

#[tokio::test]
async fn nobody_marks_read_what_came_after_their_page() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.reads_everything(&desk.zhou).await;
    desk.says(&desk.chen, ticket, "第一句").await;
    let shown = inbox::of(&desk.stage.app, &viewer(&desk.zhou)).await.expect("an inbox").notices[0].id;

    desk.says(&desk.chen, ticket, "第二句").await;
    inbox::mark_read(&desk.stage.app, &viewer(&desk.zhou), shown).await.expect("is read");

    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Message, 2)]);
}

#[tokio::test]
async fn messages_of_a_minute_are_one_mail_with_all_their_words() {
    let server = MailServer::open().await;
    let (desk, ticket) = Desk::with_mail_and_a_ticket(&server).await;

    desk.says(&desk.chen, ticket, "第一句").await;
    let first = desk.last_event(ticket).await.number;
    desk.stage.pass_seconds(59);
    desk.notes(&desk.sun, ticket, "小心").await;
    desk.says(&desk.chen, ticket, "第二句").await;
    assert_eq!(desk.deliver().await, 0);
    desk.stage.pass_seconds(1);
    assert_eq!(desk.deliver().await, 1);

    let mails = server.mails();
    assert_eq!(addressees(&mails), ["zhou@people.example"]);
    assert_eq!(mails[0].header("Message-ID"), format!("<{ticket}.{first}.{}@desk.example>", desk.zhou.id));
    let text = mails[0].part("text/plain");
    assert!(text.starts_with(&(ZH.work().gathered)(Kind::Message, "chen同学", 2)), "{text}");
    assert!(text.contains("第一句\n\n第二句\n") && !text.contains("小心"), "{text}");
}

#[tokio::test]
async fn a_mail_that_somebody_has_begun_to_send_stays_as_it_is() {
    let server = MailServer::refusing(&[451]).await;
    let desk = Desk::with_mail(&server).await;
    let ticket = desk.in_repair().await;
    desk.stage.execute("DELETE FROM outbox").await;

    desk.says(&desk.chen, ticket, "第一句").await;
    assert_eq!(desk.deliver_in_a_minute().await, 1);
    desk.says(&desk.chen, ticket, "第二句").await;
    desk.says(&desk.chen, ticket, "第三句").await;
    assert_eq!(desk.on_their_way().await, "2");
    while desk.on_their_way().await != "0" {
        desk.deliver_in_a_minute().await;
    }

    let mut texts: Vec<String> = server.mails().iter().map(|mail| mail.part("text/plain")).collect();
    texts.sort_by_key(|text| text.contains("第二句"));
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("第一句") && !texts[0].contains("第二句"), "{}", texts[0]);
    assert!(texts[1].contains("第二句\n\n第三句") && !texts[1].contains("第一句"), "{}", texts[1]);
}

#[tokio::test]
async fn an_event_that_is_told_twice_is_counted_once() {
    let server = MailServer::open().await;
    let (desk, ticket) = Desk::with_mail_and_a_ticket(&server).await;
    desk.says(&desk.chen, ticket, "第一句").await;
    desk.says(&desk.chen, ticket, "第二句").await;
    let event = desk.last_event(ticket).await;

    let mut transaction = TicketTransaction::begin(&desk.stage.app).await.expect("begins");
    transaction.notify(desk.zhou.id, Topic::Messages, &event).await.expect("is told");
    transaction.commit().await.expect("commits");

    assert_eq!(desk.unread_events(&desk.zhou).await, [(Kind::Message, 2)]);
    assert_eq!(desk.on_their_way().await, "1");
    let now = desk.stage.app.clock.now().plus(60);
    let mut tx = desk.stage.app.db.begin().await.expect("begins");
    let taken = outbox::take(&mut tx, &Lane::Mail, now, now.plus(300), 10).await.expect("are there");
    tx.roll_back().await.expect("is undone");
    assert_eq!((taken[0].number, taken[0].last), (event.number - 1, event.number));
}

#[tokio::test]
async fn two_who_write_at_once_lose_no_notice() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.reads_everything(&desk.zhou).await;

    tokio::join!(
        desk.says(&desk.chen, ticket, "一"),
        desk.says(&desk.chen, ticket, "二"),
        desk.says(&desk.chen, ticket, "三"),
        desk.says(&desk.sun, ticket, "四"),
    );

    let mut told = desk.unread_events(&desk.zhou).await;
    told.sort_by_key(|(_, times)| *times);
    assert_eq!(told, [(Kind::Message, 1), (Kind::Message, 3)]);
}
