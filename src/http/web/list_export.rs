//! Lists as files, at the addresses of their pages: `/tickets.csv?list=done`.
//!
//! A file has the query, permission and rows of its page. Rows are written while they are read, so a
//! list of any length costs the same memory.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use futures::{StreamExt as _, stream};
use serde::Serialize;

use super::render;
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::{TicketQuery, YES};
use crate::domain::problem::Problem;
use crate::domain::tickets::ticket::{Listed, Ticket};
use crate::domain::time::Instant;
use crate::http::Web;
use crate::http::api::error::ApiError;
use crate::http::middleware::language::Language;
use crate::service::settings::Zone;
use crate::service::sign_in::sessions::{Session, SessionState};
use crate::service::tickets::export;
use crate::text;

#[derive(Clone, Copy)]
pub enum Format {
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// One JSON list.
    Json,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Csv, Self::JsonLines, Self::Json];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Json => "json",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl",
            Self::Json => "application/json",
        }
    }
}

/// A ticket in the contract's words, and what the desk knows beyond them. Times
/// are on the site's clock.
#[derive(Default, Serialize)]
struct Row {
    id: i64,
    repair_status: &'static str,
    user_id: i64,
    user_name: String,
    user_phone: String,
    qq_number: String,
    campus: String,
    device_type: String,
    computer_brand: String,
    model: String,
    machine_purchase_date: Option<String>,
    warranty_status: &'static str,
    fault_type: String,
    repair_description: String,
    repair_image_url: Option<String>,
    assigned_technician_id: Option<i64>,
    assigned_technician_name: Option<String>,
    created_at: String,
    assigned_time: Option<String>,
    completion_time: Option<String>,
    changed_at: String,
    waiting_since: String,
}

impl Row {
    fn new(listed: Listed, zone: Zone) -> Self {
        let Listed { ticket, owner_name, technician_name } = listed;
        let Ticket { contract, model, warranty, offered_to: _, version: _, changed_at, waiting_since } =
            ticket;
        let local = |time: Instant| zone.local(time).to_string();
        Self {
            id: contract.id.0,
            repair_status: contract.status.name(),
            user_id: contract.owner.0,
            user_name: owner_name,
            user_phone: contract.phone,
            qq_number: contract.qq,
            campus: contract.campus,
            device_type: contract.device_type,
            computer_brand: contract.brand,
            model,
            machine_purchase_date: contract.purchase_date,
            warranty_status: warranty.name(),
            fault_type: contract.fault_type,
            repair_description: contract.description,
            repair_image_url: contract.image_url,
            assigned_technician_id: contract.technician.map(|person| person.0),
            assigned_technician_name: technician_name,
            created_at: local(contract.created_at),
            assigned_time: contract.assigned_at.map(local),
            completion_time: contract.completed_at.map(local),
            changed_at: local(changed_at),
            waiting_since: local(waiting_since),
        }
    }

    /// Row whose typed texts no spreadsheet takes for a formula.
    fn defused(mut self) -> Self {
        let texts = [
            &mut self.user_name,
            &mut self.user_phone,
            &mut self.qq_number,
            &mut self.campus,
            &mut self.device_type,
            &mut self.computer_brand,
            &mut self.model,
            &mut self.fault_type,
            &mut self.repair_description,
        ];
        let others = [&mut self.repair_image_url, &mut self.assigned_technician_name];
        for text in texts.into_iter().chain(others.into_iter().flatten()) {
            *text = without_formulas(text);
        }
        self
    }
}

/// Characters at which readers end a cell: semicolons, tabs, and all that count as line ends.
const ENDS_OF_CELLS: [char; 9] = [';', '\t', '\r', '\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Puts an apostrophe before each apparent formula, also at places where a reader that expects
/// semicolons or tabs cuts: it ignores the quotes around a text.
fn without_formulas(text: &str) -> String {
    let begins_formula = |cell: &str| {
        let shown = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    };
    let mut out = String::with_capacity(text.len());
    for cell in text.split_inclusive(ENDS_OF_CELLS) {
        if begins_formula(cell) {
            out.push('\'');
        }
        out.push_str(cell);
    }
    out
}

/// Writes a list piece by piece.
struct Writer {
    format: Format,
    /// A row has been written.
    has_begun: bool,
}

impl Writer {
    /// Bytes before all rows; `with_mark` adds the BOM that marks UTF-8.
    fn head(&self, with_mark: bool) -> Vec<u8> {
        let mut out = if with_mark && matches!(self.format, Format::Csv) {
            "\u{feff}".as_bytes().to_vec()
        } else {
            Vec::new()
        };
        match self.format {
            Format::Csv => {
                let names = csv_of([Row::default()], true);
                let end = names.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                out.extend_from_slice(&names[..end]);
            }
            Format::JsonLines => {}
            Format::Json => out.push(b'['),
        }
        out
    }

    fn rows(&mut self, rows: impl Iterator<Item = Row>) -> Vec<u8> {
        if matches!(self.format, Format::Csv) {
            return csv_of(rows.map(Row::defused), false);
        }
        let mut out = Vec::new();
        for row in rows {
            if matches!(self.format, Format::Json) && std::mem::replace(&mut self.has_begun, true) {
                out.extend_from_slice(b",\n");
            }
            serde_json::to_writer(&mut out, &row).expect("texts and numbers are JSON");
            if matches!(self.format, Format::JsonLines) {
                out.push(b'\n');
            }
        }
        out
    }

    const fn tail(&self) -> &'static [u8] {
        match self.format {
            Format::Csv | Format::JsonLines => b"",
            Format::Json => b"]\n",
        }
    }
}

fn csv_of(rows: impl IntoIterator<Item = Row>, with_names: bool) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(with_names)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("memory takes every row");
    }
    writer.into_inner().expect("memory takes every row")
}

pub fn of(place: ListPage, format: Format) -> MethodRouter<Web> {
    let handler =
        async move |State(web): State<Web>, Extension(SessionState(caller)), Language(locale), uri: Uri| {
            let texts = text::of(locale);
            match answer(&web, caller, uri.query().unwrap_or_default(), place, format).await {
                Ok(file) => file,
                Err(Problem::SignedOut) => render::sign_in_first(&uri),
                Err(problem) => ApiError::of(&problem, texts).into_response(),
            }
        };
    get(handler)
}

async fn answer(
    web: &Web,
    caller: Result<Option<Session>, Problem>,
    search: &str,
    place: ListPage,
    format: Format,
) -> Result<Response, Problem> {
    let Session { viewer, .. } = caller?.ok_or(Problem::SignedOut)?;
    let query = TicketQuery::parse_search(search, place.parameters())?;
    let with_mark =
        form_urlencoded::parse(search.as_bytes()).any(|(name, value)| name == "bom" && value == YES);

    let zone = web.app.site.zone;
    let mut writer = Writer { format, has_begun: false };
    let (head, tail) = (Bytes::from(writer.head(with_mark)), Bytes::from_static(writer.tail()));
    let mut rows = Box::pin(export::rows(&web.app, &viewer, place, &query)?.peekable());
    // An export that cannot begin is an error, not a cut-off file.
    if let Some(Err(problem)) = rows.as_mut().peek().await {
        return Err(problem.clone());
    }
    let rows = rows.map(move |rows| {
        rows.map(|rows| Bytes::from(writer.rows(rows.into_iter().map(|listed| Row::new(listed, zone)))))
    });
    let whole = stream::iter([Ok(head)]).chain(rows).chain(stream::iter([Ok(tail)]));
    let name = format!("attachment; filename=\"tickets.{}\"", format.extension());
    let headers = [(CONTENT_TYPE, format.content_type().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(whole)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_typed_is_a_formula() {
        let typed =
            Row { repair_description: "=1+1".to_owned(), qq_number: "-5".to_owned(), ..Row::default() };
        let csv = String::from_utf8(csv_of([typed.defused()], false)).expect("UTF-8");
        assert!(csv.contains("'=1+1") && csv.contains("'-5"), "{csv}");
    }

    #[test]
    fn wherever_a_reader_cuts_no_formula_begins() {
        for (typed, harmless) in [
            ("屏幕;=1+1", "屏幕;'=1+1"),
            ("a; \"=cmd", "a;' \"=cmd"),
            ("a\tb\t@x", "a\tb\t'@x"),
            ("one\n-two\r\n+3", "one\n'-two\r\n'+3"),
            ("\t=1", "\t'=1"),
            ("one\u{2028}=2\u{85}@3\u{c}-4", "one\u{2028}'=2\u{85}'@3\u{c}'-4"),
            (" =1", "' =1"),
            ("a = b; c - d, =e", "a = b; c - d, =e"),
        ] {
            assert_eq!(without_formulas(typed), harmless, "{typed:?}");
        }
    }

    #[test]
    fn no_cell_of_a_file_cut_at_semicolons_is_a_formula() {
        let typed = Row { repair_description: "坏了;=1+1\n;\"@x\n-2".to_owned(), ..Row::default() };
        let csv = csv_of([typed.defused()], false);
        let reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(&*csv);

        for cell in reader
            .into_records()
            .flat_map(|row| row.expect("UTF-8").iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let shown = cell.trim_start_matches(['"', ' ']);
            assert!(!shown.starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
    }

    #[test]
    fn an_empty_file_is_still_a_file() {
        let whole = |format| {
            let writer = Writer { format, has_begun: false };
            String::from_utf8([writer.head(false), writer.tail().to_vec()].concat()).expect("UTF-8")
        };
        assert!(whole(Format::Csv).starts_with("id,repair_status,user_id,"));
        assert_eq!(whole(Format::JsonLines), "");
        assert_eq!(whole(Format::Json), "[]\n");
    }
}
