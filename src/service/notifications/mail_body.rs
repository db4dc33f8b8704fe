//! Bodies of mails: an event's sentence, its words and a link; or a link to set a password or to
//! verify an address.

use crate::domain::ids::TicketId;
use crate::domain::links::{Piece, pieces};
use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::tickets::view::TimelineEntry;
use crate::service::people::contacts::LINK_HOURS;
use crate::text::Texts;
use crate::text::isolates::{self, embedded};

pub struct MailBody {
    pub subject: String,
    pub plain: String,
    pub html: String,
}

/// Data of a mail about an event.
pub struct EventMail<'a> {
    pub site: &'a str,
    pub ticket: TicketId,
    /// Device and fault; empty where the receiver may not see them.
    pub about: &'a str,
    pub entry: &'a TimelineEntry,
    pub link: &'a str,
}

/// Data of a mail with a link to set a password.
pub struct LinkMail<'a> {
    pub site: &'a str,
    pub username: &'a str,
    pub link: &'a str,
    pub minutes: i64,
}

impl MailBody {
    pub fn with_link(texts: Texts, mail: &LinkMail) -> Self {
        let LinkMail { site, username, link, minutes } = *mail;
        let words = texts.self_service();
        let (asked, limits) = ((words.mail_asked)(&embedded(username)), (words.mail_limits)(minutes));
        let link = Part::Link { address: link, text: words.mail_link };
        let parts = [Part::Words(&asked), link, Part::Words(&limits), Part::Words(words.mail_ignore)];
        Self::about_account(texts, &(words.mail_subject)(site), &parts)
    }

    /// Mail with the link that verifies an address.
    pub fn to_verify(texts: Texts, site: &str, username: &str, link: &str) -> Self {
        let words = texts.contacts();
        let (asked, limits) = ((words.mail_asked)(&embedded(username)), (words.mail_limits)(LINK_HOURS));
        let link = Part::Link { address: link, text: words.mail_link };
        let parts = [Part::Words(&asked), link, Part::Words(&limits), Part::Words(words.mail_ignore)];
        Self::about_account(texts, &(words.mail_subject)(site), &parts)
    }

    /// Mail to the former address about a change of an account.
    pub fn of_change(texts: Texts, site: &str, username: &str, mail: AccountMail) -> Self {
        let words = texts.contacts();
        let changed = (words.changed)(mail, &embedded(username));
        let parts = [Part::Words(&changed), Part::Words(words.changed_not_you)];
        Self::about_account(texts, &(words.changed_subject)(site), &parts)
    }

    fn about_account(texts: Texts, subject: &str, parts: &[Part<'_>]) -> Self {
        let footer = Part::Words(texts.mail().footer);
        let plain: Vec<&str> = parts.iter().chain([&footer]).map(|part| part.plain()).collect();
        let html: Vec<String> = parts.iter().map(|part| part.html()).collect();
        Self { plain: plain_of(&plain), html: page(texts, subject, &html), subject: one_line(subject) }
    }

    pub fn new(texts: Texts, mail: &EventMail) -> Self {
        let sentence = texts.sentence_of(mail.entry, embedded);
        let subject = (texts.mail().subject)(mail.site, &mail.ticket.to_string());
        Self {
            plain: plain(texts, &sentence, mail),
            html: html(texts, &sentence, mail),
            subject: one_line(&subject),
        }
    }
}

/// A paragraph of a mail about an account.
#[derive(Clone, Copy)]
enum Part<'a> {
    Words(&'a str),
    Link { address: &'a str, text: &'a str },
}

impl<'a> Part<'a> {
    const fn plain(self) -> &'a str {
        match self {
            Self::Words(words) => words,
            Self::Link { address, .. } => address,
        }
    }

    fn html(self) -> String {
        match self {
            Self::Words(words) => paragraph(["<p>", "</p>"], words),
            Self::Link { address, text } => anchor(address, text),
        }
    }
}

fn plain(texts: Texts, sentence: &str, mail: &EventMail) -> String {
    let EventMail { about, entry, link, .. } = mail;
    let words = texts.mail();
    let link = (texts.list().named)(words.open, link);
    plain_of(&[sentence, texts.note(entry), about, &link, words.footer])
}

/// Joins a mail's paragraphs as text; empty ones are left out.
fn plain_of(paragraphs: &[&str]) -> String {
    let filled: Vec<&str> = paragraphs.iter().copied().filter(|part| !part.is_empty()).collect();
    unfolded(&filled.join("\n\n")) + "\n"
}

/// Replaces lines of two hyphens: mail programs take them for the start of a signature, and fold
/// away or grey out all that follows: the rest of the message, and the link.
fn unfolded(text: &str) -> String {
    let line = |line: &str| if line.trim() == "--" { "—".to_owned() } else { line.to_owned() };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn html(texts: Texts, sentence: &str, mail: &EventMail) -> String {
    let EventMail { about, entry, link, .. } = mail;
    let parts = [
        paragraph(["<p>", "</p>"], sentence),
        quoted(texts.note(entry)),
        paragraph(["<p>", "</p>"], about),
        anchor(link, texts.mail().open),
    ];
    page(texts, sentence, &parts)
}

/// HTML document around a mail's parts.
fn page(texts: Texts, title: &str, parts: &[String]) -> String {
    [
        format!("<!DOCTYPE html>\n<html lang=\"{}\">\n", texts.locale().tag()),
        format!("<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n", escaped(title)),
        parts.concat(),
        paragraph(["<p><small>", "</small></p>"], texts.mail().footer),
        "</body>\n</html>\n".to_owned(),
    ]
    .concat()
}

/// Paragraph in HTML; empty for no text.
fn paragraph(tags: [&str; 2], text: &str) -> String {
    match text {
        "" => String::new(),
        _ => format!("{}{}{}\n", tags[0], isolated(text), tags[1]),
    }
}

/// Words of a person, with web addresses as links.
fn quoted(note: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => escaped(text),
        Piece::Link(address) => {
            let address = escaped(address);
            format!("<a href=\"{address}\" rel=\"nofollow noopener\" dir=\"ltr\">{address}</a>")
        }
    };
    match note {
        "" => String::new(),
        _ => {
            let words: String = pieces(note).into_iter().map(piece).collect();
            format!("<blockquote dir=\"auto\" style=\"white-space: pre-wrap\">{words}</blockquote>\n")
        }
    }
}

/// Sentence whose marked parts are isolated from the rest.
fn isolated(sentence: &str) -> String {
    escaped(sentence).replace(isolates::BEGIN, "<bdi>").replace(isolates::END, "</bdi>")
}

fn anchor(link: &str, text: &str) -> String {
    format!("<p><a href=\"{}\">{}</a></p>\n", escaped(link), escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            plain => out.push(plain),
        }
    }
    out
}

/// Removes line ends, which names may have: the text becomes one line of a header.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{Named, UserId};
    use crate::domain::locale::Locale;
    use crate::domain::tickets::event::Kind;
    use crate::text;

    fn body(nickname: &str, note: &str) -> MailBody {
        let entry = TimelineEntry {
            at: "2024-06-10 12:00:00".parse().expect("a time"),
            actor: Some(Named { id: UserId(1), nickname: nickname.to_owned() }),
            kind: Kind::Message,
            times: 1,
            note: note.to_owned(),
            changes: Vec::new(),
            technician: None,
            offered_to: None,
        };
        let link = "https://desk.example/tickets/7";
        let mail = EventMail { site: "Fixdesk", ticket: TicketId(7), about: "", entry: &entry, link };
        MailBody::new(text::of(Locale::En), &mail)
    }

    #[test]
    fn a_letter_says_what_the_history_says() {
        let MailBody { subject, plain, html } = body("chen", "one\ntwo");

        assert_eq!(subject, "[Fixdesk] Ticket 7");
        assert!(plain.starts_with(
            "chen wrote\n\none\ntwo\n\nOpen the ticket: https://desk.example/tickets/7\n\nSent automatically"
        ));
        assert!(
            html.contains("<blockquote dir=\"auto\" style=\"white-space: pre-wrap\">one\ntwo</blockquote>")
        );
        assert!(html.contains("<a href=\"https://desk.example/tickets/7\">"));
    }

    #[test]
    fn a_name_from_right_to_left_turns_nothing_around_it() {
        let MailBody { plain, html, .. } = body("שרה (2)", "שלום 5");

        assert!(plain.starts_with("\u{2068}שרה (2)\u{2069} wrote\n"), "{plain}");
        assert!(html.contains("<p><bdi>שרה (2)</bdi> wrote</p>"), "{html}");
        assert!(html.contains("<title>\u{2068}שרה (2)\u{2069} wrote</title>"), "{html}");
    }

    #[test]
    fn an_address_in_a_message_is_a_link_that_is_shown_whole() {
        let MailBody { plain, html, .. } =
            body("chen", "看 https://a.example/x?b=1&c=\"。javascript:alert(1)");

        assert!(plain.contains("看 https://a.example/x?b=1&c=\"。"), "{plain}");
        let address = "https://a.example/x?b=1&amp;c=";
        let link =
            format!("看 <a href=\"{address}\" rel=\"nofollow noopener\" dir=\"ltr\">{address}</a>&quot;。");
        assert!(html.contains(&link), "{html}");
        assert_eq!(html.matches("<a ").count(), 2, "{html}");
    }

    #[test]
    fn nothing_that_people_write_folds_away_what_follows() {
        let MailBody { plain, .. } = body("chen", "one\n-- \ntwo\n--\n --\t\n--three -- \n---");

        assert!(plain.contains("one\n—\ntwo\n—\n—\n--three -- \n---\n\nOpen the ticket"), "{plain}");
        assert!(plain.lines().all(|line| line.trim() != "--"), "{plain}");
    }

    #[test]
    fn a_link_says_whose_it_is_and_how_long() {
        let mail =
            LinkMail { site: "Fix\ndesk", username: "<chen>", link: "https://x/welcome/ab", minutes: 60 };

        let MailBody { subject, plain, html } = MailBody::with_link(text::of(Locale::En), &mail);

        assert_eq!(subject, "[Fix desk] Set a new password");
        assert!(
            plain.contains("<chen>")
                && plain.contains("\n\nhttps://x/welcome/ab\n\n")
                && plain.contains("60")
        );
        assert!(html.contains("&lt;chen&gt;") && html.contains("<a href=\"https://x/welcome/ab\">"));
    }

    #[test]
    fn mails_about_an_account_name_it_and_say_what_to_do() {
        let texts = text::of(Locale::En);

        let proof = MailBody::to_verify(texts, "Fixdesk", "<chen>", "https://x/verify/ab");
        let news = MailBody::of_change(texts, "Fix\ndesk", "chen", AccountMail::PasswordChanged);

        assert!(proof.plain.contains("<chen>") && proof.plain.contains("\n\nhttps://x/verify/ab\n\n"));
        assert!(
            proof.html.contains("&lt;chen&gt;") && proof.html.contains("<a href=\"https://x/verify/ab\">")
        );
        assert_eq!(news.subject, "[Fix desk] Your account has changed");
        assert!(news.plain.contains("password of the account chen") && !news.plain.contains("http"));
    }

    #[test]
    fn whatever_people_type_stays_text() {
        let MailBody { html, .. } = body("x\r\nBcc: all@example.com", "<img src=\"x\"> & more");

        assert!(html.contains("&lt;img src=&quot;x&quot;&gt; &amp; more"));
        assert!(!html.contains("<img"));
    }
}
