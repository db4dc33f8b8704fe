//! Mails by SMTP.

use std::error::Error as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart};
use lettre::transport::smtp;
use lettre::{Address, Message};

use super::Trouble;
use super::mail_address::address_of;
use super::mail_body::{EventMail, LinkMail, MailBody};
use super::mailer::Mailer;
use crate::domain::access;
use crate::domain::ids::UserId;
use crate::domain::locale::Locale;
use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::tickets::event::{Event, Kind};
use crate::domain::tickets::ticket::ContractTicket;
use crate::domain::time::Instant;
use crate::service::people::contacts;
use crate::service::sign_in::{invitations, password_reset};
use crate::service::tickets::view::entry;
use crate::service::{App, random_hex};
use crate::store::notifications::{account_mails, mail_refusals};
use crate::store::people::accounts;
use crate::store::sign_in::password_resets;
use crate::store::tickets::record;
use crate::text::{self, isolates::embedded};

/// Sends a mail about events; returns when the server has it, or it is not to be sent any more.
/// `others` are of the first one's kind.
pub async fn send(app: &App, user: UserId, first: &Event, others: Vec<Event>) -> Result<(), Trouble> {
    let Some(mailer) = &app.site.mailer else { return Ok(()) };
    let Some(mailbox) = accounts::mailbox(&app.db, user).await? else { return Ok(()) };
    let Some(to) = address_of(&mailbox.email) else {
        return refuse(app, user, &mailbox.email, NO_ADDRESS).await;
    };
    let Some(shown) = shown_to(app, user, first).await? else { return Ok(()) };
    let body = write_letter(app, mailbox.locale, &shown, (first, others)).await?;
    let mail = in_envelope(body, &mailer.from, to, user, first)?;
    hand_over(app, mailer, user, &mailbox.email, mail).await
}

/// Hands a mail to the server. A refusal for good is stored with the address, and then the mail
/// needs no other try.
async fn hand_over(
    app: &App,
    mailer: &Mailer,
    user: UserId,
    email: &str,
    mail: Message,
) -> Result<(), Trouble> {
    match mailer.bring(mail).await? {
        Ok(()) => Ok(()),
        Err(error) => match final_words(&error) {
            Some(words) => refuse(app, user, email, &words).await,
            None => Err(error.into()),
        },
    }
}

/// Reason without words of a server, which was not even asked.
const NO_ADDRESS: &str = "";
/// Most characters of a server's answer that are stored.
const WORDS_LIMIT: usize = 200;

/// Returns the server's words if it refuses the recipient for good.
fn final_words(error: &smtp::Error) -> Option<String> {
    let code = u16::from(error.status()?);
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    refuses_recipient(code, &said).then(|| format!("{code} {said}").trim_end().to_owned())
}

/// Words by which a refusal without a clear enhanced code is about the desk, its server or the mail.
const NOT_THE_RECIPIENT: [&str; 22] = [
    "authenticat",
    "authoriz",
    "blacklist",
    "block list",
    "blocked",
    "blocklist",
    "client host",
    "connection",
    "content",
    "frequency",
    "mail from",
    "message size",
    "policy",
    "rcpthosts",
    "relay",
    "reputation",
    "sender",
    "spam",
    "suspect",
    "too large",
    "your host",
    "your ip",
];

/// Returns `true` if a refusal says that this recipient will never get a mail. A fault of the desk
/// is for its operator, and is tried again: whichever command was answered, no address is wrong.
fn refuses_recipient(code: u16, said: &str) -> bool {
    let is_about_others = || {
        let said = said.to_ascii_lowercase();
        NOT_THE_RECIPIENT.into_iter().any(|word| said.contains(word))
    };
    match enhanced_code(said) {
        _ if !(500..600).contains(&code) => false,
        // 5.1.x speaks of the recipient except for 5.1.7 and 5.1.8, 5.2.x except for the mail's length.
        Some((1, 1..=6 | 10) | (2, 1 | 2 | 4)) => true,
        Some((1 | 2, 0)) => !is_about_others(),
        Some(_) => false,
        None => matches!(code, 550..=553 | 556) && !is_about_others(),
    }
}

/// Subject and detail of an enhanced code of class 5 at the start of an answer, RFC 3463.
fn enhanced_code(said: &str) -> Option<(u16, u16)> {
    let word = said.split_whitespace().next()?.trim_matches(|c: char| !c.is_ascii_digit());
    let (subject, detail) = word.strip_prefix("5.")?.split_once('.')?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

async fn refuse(app: &App, user: UserId, email: &str, because: &str) -> Result<(), Trouble> {
    tracing::warn!(%user, because, "the mail server refuses this person's address: no more mails go there");
    let because: String = because.replace(char::is_control, " ").chars().take(WORDS_LIMIT).collect();
    let mut tx = app.db.begin().await?;
    mail_refusals::put(&mut tx, user, email, &because).await?;
    Ok(tx.commit().await?)
}

/// Sends a link to a person who forgot their password. It is made here, so that no stored message
/// lets anybody in.
pub async fn send_link(app: &App, user: UserId) -> Result<(), Trouble> {
    let Some(mailer) = &app.site.mailer else { return Ok(()) };
    let Some(addressee) = password_resets::addressee(&app.db, user).await? else { return Ok(()) };
    let Some(to) = address_of(&addressee.email) else {
        return refuse(app, user, &addressee.email, NO_ADDRESS).await;
    };
    let Some(secret) = invitations::mailed_link(app, user, &addressee.email).await? else { return Ok(()) };
    let mail = LinkMail {
        site: &app.site.name,
        username: &addressee.username,
        link: &format!("{}{}", app.site.public_url, invitations::page_of(&secret)),
        minutes: password_reset::LINK_MINUTES,
    };
    let body = MailBody::with_link(text::of(addressee.locale), &mail);
    // Each of these mails is distinct.
    let id = format!("<password.{}@{}>", random_hex::<8>(), mailer.from.email.domain());
    let mail = begin_mail(&mailer.from, to, body.subject, app.clock.now(), id);
    let mail = mail.multipart(MultiPart::alternative_plain_html(body.plain, body.html))?;
    hand_over(app, mailer, user, &addressee.email, mail).await
}

/// Sends the mail of this number about an account, to the address that it names.
pub async fn send_about_account(app: &App, user: UserId, number: i64) -> Result<(), Trouble> {
    let Some(mailer) = &app.site.mailer else { return Ok(()) };
    let draft = account_mails::find(&app.db, number).await?;
    let Some(draft) = draft.filter(|draft| !draft.is_refused) else { return Ok(()) };
    let Some(to) = address_of(&draft.to) else {
        return refuse(app, user, &draft.to, NO_ADDRESS).await;
    };
    let texts = text::of(draft.locale);
    let body = match draft.mail {
        AccountMail::Verify if !draft.is_to_be_proved => return Ok(()),
        AccountMail::Verify => {
            let secret = contacts::mailed_proof(app, user, &draft.to).await?;
            let link = format!("{}{}", app.site.public_url, contacts::page_of(&secret));
            MailBody::to_verify(texts, &app.site.name, &draft.username, &link)
        }
        changed => MailBody::of_change(texts, &app.site.name, &draft.username, changed),
    };
    // The number alone, so that a mail which arrives twice is known as one.
    let id = format!("<account.{number}.{user}@{}>", mailer.from.email.domain());
    let mail = begin_mail(&mailer.from, to, body.subject, app.clock.now(), id);
    let mail = mail.multipart(MultiPart::alternative_plain_html(body.plain, body.html))?;
    hand_over(app, mailer, user, &draft.to, mail).await
}

/// Parts of a ticket that a mail may contain.
struct Shown {
    /// The device and its fault.
    about: String,
    has_words: bool,
}

/// Judges what a mail may tell its receiver now, which is no more than their inbox shows; `None` if
/// nothing. While it waited the ticket may have been assigned to another person.
async fn shown_to(app: &App, user: UserId, event: &Event) -> Result<Option<Shown>, Trouble> {
    let Some(account) = accounts::account(&app.db, user).await? else { return Ok(None) };
    let Some(unchecked) = record::find(&app.db, event.ticket).await? else { return Ok(None) };
    Ok(match access::open(&account.viewer, unchecked, app.clock.now()) {
        Ok(opened) if opened.shows(event.kind) => {
            let ContractTicket { brand, fault_type, .. } = &opened.ticket.contract;
            let about = format!("{} · {}", embedded(brand), embedded(fault_type));
            Some(Shown { about, has_words: true })
        }
        // A technician who lost the job is told so, and no more.
        Err(_) if matches!(event.kind, Kind::Acted(_) | Kind::Unassigned) => {
            Some(Shown { about: String::new(), has_words: false })
        }
        _ => None,
    })
}

async fn write_letter(
    app: &App,
    locale: Locale,
    Shown { about, has_words }: &Shown,
    (event, others): (&Event, Vec<Event>),
) -> Result<MailBody, Trouble> {
    let concerned = [event.actor, event.state.technician, event.state.offered_to];
    let ids: Vec<UserId> = concerned.into_iter().flatten().collect();
    let names = accounts::nicknames(&app.db, &ids).await?.into_iter().collect();
    let mut entry = entry(event.clone(), &names, app.site.zone).along_with(others);
    if !has_words {
        entry.note = String::new();
    }
    let mail = EventMail {
        site: &app.site.name,
        ticket: event.ticket,
        about,
        entry: &entry,
        link: &format!("{}/tickets/{}", app.site.public_url, event.ticket),
    };
    Ok(MailBody::new(text::of(locale), &mail))
}

/// Wraps a body. The id has the first event alone, so that a mail which arrives twice is known as one.
fn in_envelope(
    body: MailBody,
    from: &Mailbox,
    to: Address,
    user: UserId,
    event: &Event,
) -> Result<Message, lettre::error::Error> {
    let (ticket, number, host) = (event.ticket, event.number, from.email.domain());
    let id = format!("<{ticket}.{number}.{user}@{host}>");
    begin_mail(from, to, body.subject, event.at, id)
        // Mail programs show mails about one ticket as one conversation.
        .references(format!("<{ticket}@{host}>"))
        .multipart(MultiPart::alternative_plain_html(body.plain, body.html))
}

fn begin_mail(from: &Mailbox, to: Address, subject: String, at: Instant, id: String) -> MessageBuilder {
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .date(system_time(at))
        .message_id(Some(id))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", UNWANTED))
}

/// Automatic answers that the desk does not read, as Exchange names them: receipts, absence
/// notices, rules. Reports of failure are not among them.
const UNWANTED: &str = "DR, RN, NRN, OOF, AutoReply";

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn system_time(Instant(seconds): Instant) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_recipient_is_final() {
        for (code, said) in [
            (550, "5.1.1 <zhou@people.example>: Recipient address rejected: User unknown"),
            (550, "#5.1.0 Address rejected."),
            (550, "5.1.10 RESOLVER.ADR.RecipientNotFound"),
            (552, "5.2.2 The recipient's inbox is out of storage space"),
            (554, "5.2.1 Mailbox disabled"),
            (550, "No such user here"),
            (550, ""),
            (551, "User not local"),
            (553, "Mailbox name not allowed"),
            (556, "Domain does not accept mail"),
        ] {
            assert!(refuses_recipient(code, said), "{code} {said}");
        }
        for (code, said) in [
            (421, "5.1.1 says a server that contradicts itself"),
            (450, "4.1.1 User unknown for now"),
            (503, "Bad sequence of commands"),
            (521, "This host accepts no mail"),
            (530, "5.7.0 Authentication required"),
            (535, "5.7.8 Bad credentials"),
            (550, "5.7.1 Relaying denied"),
            (550, "5.1.8 Bad sender's system address"),
            (550, "5.1.0 Sender rejected"),
            (550, "5.1.90 Daily limit reached"),
            (550, "Sender verify failed"),
            (550, "Relay not permitted"),
            (552, "5.3.4 Message size exceeds fixed limit"),
            (552, "5.2.3 Message too long"),
            (552, "Message size exceeds fixed limit"),
            (553, "Mail from must equal authorized user"),
            (554, "No SMTP service here"),
            (554, "5.7.1 Service unavailable; Client host is listed"),
        ] {
            assert!(!refuses_recipient(code, said), "{code} {said}");
        }
    }
}
