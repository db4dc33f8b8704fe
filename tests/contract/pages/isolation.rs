//! Typed text that is written from right to left stands apart on every page: it must not
//! turn the desk's own words, numbers and punctuation around it.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::report::Draft;
use fixdesk::service::tickets::filing::{self, Duplicates};

use crate::support::cast::Actor;
use crate::support::desk::{Desk, action_request, viewer};
use crate::support::pictures::jpeg;
use crate::support::wire::{Reply, form_with_files};

const CAMPUS: &str = "קמפוס 3";
const DEVICE: &str = "מחשב (נייד)";
const FAULT: &str = "مروحة 4!";
const BRAND: &str = "דגם 2?";

/// A desk whose people and tickets have names of Hebrew and Arabic letters.
async fn open() -> Desk {
    let desk = Desk::open_with(|site| {
        site.open_registration = true;
        site.campuses = vec![CAMPUS.to_owned(), "江安".to_owned()];
        site.device_types = vec![DEVICE.to_owned()];
        site.fault_types = vec![FAULT.to_owned()];
    })
    .await;
    for (actor, nickname) in [(&desk.zhou, "שרה 1"), (&desk.chen, "فاطمة 2"), (&desk.sun, "דוד 3")]
    {
        let change = format!("UPDATE users SET nickname = '{nickname}' WHERE id = {}", actor.id);
        desk.stage.execute(&change).await;
    }
    let served = format!("UPDATE users SET campus = '{CAMPUS}' WHERE id = {}", desk.zhou.id);
    desk.stage.execute(&served).await;
    desk
}

impl Desk {
    async fn files_a_report(&self) -> TicketId {
        let draft = Draft::of([
            ("device_type", DEVICE),
            ("brand", BRAND),
            ("model", "סדרה 9"),
            ("fault_type", FAULT),
            ("description", "לא נדלק; https://a.example/x (2)"),
            ("campus", CAMPUS),
            ("phone", "13800000000"),
            ("contact", "טלגרם 5"),
        ]);
        let filed = filing::file(&self.stage.app, &viewer(&self.zhou), &draft, Duplicates::Allow, None).await;
        filed.expect("is filed")
    }

    async fn submits_as(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.stage.submit(path, &self.stage.browser_of(actor).await, fields).await
    }

    async fn brings(&self, actor: &Actor, path: &str, file: &str, content: &[u8]) -> Reply {
        let cookie = self.stage.browser_of(actor).await;
        self.stage.send(form_with_files(path, &cookie, &[], &[("photos", file, content)])).await
    }

    async fn visits(&self, actor: &Actor, path: &str) -> Reply {
        self.stage.visit(path, &self.stage.browser_of(actor).await).await
    }
}

/// A ticket with messages, a note, photos, a correction and a report of its technician.
async fn with_history(desk: &Desk) -> TicketId {
    let ticket = desk.files_a_report().await;
    let below = |verb: &str| format!("/tickets/{ticket}/{verb}");
    desk.does(&desk.chen, ticket, Action::Take).await;
    for (actor, verb, fields) in [
        (&desk.zhou, "message", [("message", "הודעה 6."), ("key", "a-message-by-zhou")]),
        (&desk.chen, "note", [("message", "فقط لنا 7"), ("key", "a-note-of-chen-xx")]),
    ] {
        let sent = desk.submits_as(actor, &below(verb), &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{verb}: {}", sent.readable());
    }
    let added = desk.brings(&desk.zhou, &below("photos"), "תמונה 8.jpg", &jpeg(8, 8)).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.readable());
    desk.does(&desk.chen, ticket, Action::Accept).await;
    ticket
}

#[tokio::test]
async fn typed_text_from_right_to_left_stands_apart_on_every_page() {
    let desk = open().await;
    let (ticket, gone) = (with_history(&desk).await, desk.files_a_report().await);
    let open_one = desk.files_a_report().await;
    let deleted = desk.submits_as(&desk.sun, &format!("/tickets/{gone}/delete"), &[]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    let filters = |pairs: &[(&str, &str)]| {
        format!("/tickets?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    };
    let found = filters(&[("campus", CAMPUS), ("device", DEVICE), ("fault", FAULT)]);
    let nothing = filters(&[("campus", CAMPUS), ("list", "done")]);
    let search = format!("/people?{}", filters(&[("q", "שרה")]).trim_start_matches("/tickets?"));
    let (page, waiting) = (format!("/tickets/{ticket}"), format!("/tickets/{open_one}"));

    for (actor, paths) in [
        (
            &desk.sun,
            vec![&*page, &waiting, &found, &nothing, "/tickets", "/people", &search, "/tickets/deleted"],
        ),
        (&desk.chen, vec![&*page, &waiting, "/jobs", "/pool", "/inbox", "/account"]),
        (&desk.zhou, vec![&*page, "/my", "/tickets/new", "/inbox", "/account"]),
    ] {
        for path in paths {
            let shown = desk.visits(actor, path).await;
            assert_eq!(shown.status, StatusCode::OK, "{path}");
            stands_apart(&shown, path);
        }
    }
    stands_apart(&desk.stage.visit("/register", "").await, "/register");
}

#[tokio::test]
async fn a_refusal_sets_file_names_and_what_was_typed_apart() {
    let desk = open().await;
    let ticket = with_history(&desk).await;

    let no_picture =
        desk.brings(&desk.zhou, &format!("/tickets/{ticket}/photos"), "קובץ 9.svg", b"<svg>").await;
    let report = desk.brings(&desk.zhou, "/tickets/new", "קובץ 9.svg", b"<svg>").await;
    let fields = [("username", "שרה 1"), ("nickname", "שרה"), ("role", "user")];
    let invited = desk.submits_as(&desk.sun, "/people", &fields).await;

    for (refused, name) in [(&no_picture, "a photo"), (&report, "a report"), (&invited, "an invitation")] {
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.readable());
        stands_apart(refused, name);
    }
}

#[tokio::test]
async fn a_reason_for_a_step_back_stands_apart() {
    let desk = open().await;
    let ticket = with_history(&desk).await;
    let mut reported = action_request(ticket, Action::ReportDone);
    reported.note = "הוחלף 10;".to_owned();
    desk.act(&desk.chen, reported).await.expect("is allowed");

    stands_apart(&desk.visits(&desk.zhou, &format!("/tickets/{ticket}")).await, "the ticket");
    stands_apart(&desk.visits(&desk.zhou, "/inbox").await, "the inbox");
}

fn stands_apart(page: &Reply, name: &str) {
    assert!(page.text.contains(is_right_to_left), "{name} shows none");
    let stray = stray(&page.text);
    assert!(stray.is_empty(), "{name}: {stray:#?}");
}

fn is_right_to_left(c: char) -> bool {
    ('\u{590}'..='\u{8ff}').contains(&c)
}

/// Text and attributes with letters from right to left that nothing isolates.
fn stray(html: &str) -> Vec<String> {
    let mut stray = Vec::new();
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if !is_marked(text) && !open.iter().any(|(_, isolates)| *isolates) {
            stray.push(text.to_owned());
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, inside) = after.split_at(end_of_tag(after));
        rest = inside.strip_prefix('>').unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            while open.pop().is_some_and(|(opened, _)| opened != name) {}
            continue;
        }
        let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
        let has_direction = tag.contains(" dir=\"");
        stray.extend(stray_attributes(name, tag, has_direction));
        if name == "script" {
            rest = rest.split_once("</script>").map_or("", |(_, after)| after);
        } else if !["input", "meta", "link", "img", "br", "!DOCTYPE"].contains(&name) {
            open.push((name, name == "bdi" || has_direction));
        }
    }
    stray
}

/// Place of the `>` that ends a tag: there may be others in its attributes.
fn end_of_tag(tag: &str) -> usize {
    let mut is_quoted = false;
    let end = tag.find(|c| {
        is_quoted ^= c == '"';
        c == '>' && !is_quoted
    });
    end.unwrap_or(tag.len())
}

fn stray_attributes<'a>(
    name: &'a str,
    tag: &'a str,
    has_direction: bool,
) -> impl Iterator<Item = String> + 'a {
    let pairs = tag.split("=\"").zip(tag.split("=\"").skip(1));
    let is_unseen = tag.contains("type=\"hidden\"") || tag.contains("type=\"checkbox\"");
    pairs.filter_map(move |(before, value)| {
        let attribute = before.rsplit([' ', '"']).next().unwrap_or_default();
        let value = value.split('"').next().unwrap_or_default();
        let is_fine = match attribute {
            // Sent, and shown by the element, if at all.
            "value" => name == "option" || is_unseen || has_direction,
            // Properties of an island.
            _ if attribute.starts_with("data-") => true,
            _ => false,
        };
        (!is_fine && !is_marked(value)).then(|| format!("{name} {attribute}={value}"))
    })
}

/// Returns `true` if all letters from right to left stand between isolate characters.
fn is_marked(text: &str) -> bool {
    let mut pieces = text.split('\u{2068}');
    let first = pieces.next().unwrap_or_default();
    let outside = pieces.map(|piece| piece.split_once('\u{2069}').map_or(piece, |(_, after)| after));
    !std::iter::once(first).chain(outside).any(|text| text.contains(is_right_to_left))
}
