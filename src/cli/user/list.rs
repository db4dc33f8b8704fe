//! `fixdesk user list`: people, in columns.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Failure;
use crate::domain::ids::UserId;
use crate::domain::people::person::Person;
use crate::store::{self, Db};

const COLUMNS: usize = 8;
const HEADINGS: [&str; COLUMNS] =
    ["id", "user name", "role", "nickname", "campus", "phone", "e-mail", "state"];

/// Lists people in two passes over one snapshot: widths, then rows, so that columns fit and no list
/// is too long.
pub async fn list(db: &Db) -> Result<(), Failure> {
    let mut widths = HEADINGS.map(str::width);
    let mut tx = store::snapshot(db).await?;
    let mut last = UserId(0);
    loop {
        let people = store::people_after(&mut tx, last).await?;
        let Some((id, _)) = people.last() else { break };
        last = *id;
        for (id, person) in &people {
            let person = match person {
                Ok(person) => person,
                Err(cause) => {
                    eprintln!("left out: users {id}: {cause}");
                    continue;
                }
            };
            for (width, cell) in widths.iter_mut().zip(cells(person)) {
                *width = (*width).max(cell.width());
            }
        }
    }

    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut written = write_row(&mut out, widths, &HEADINGS.map(str::to_owned));
    let mut last = UserId(0);
    while written.is_ok() {
        let people = store::people_after(&mut tx, last).await?;
        let Some((id, _)) = people.last() else { break };
        last = *id;
        let mut readable = people.iter().filter_map(|(_, person)| person.as_ref().ok());
        written = readable.try_for_each(|person| write_row(&mut out, widths, &cells(person)));
    }
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

fn cells(person: &Person) -> [String; COLUMNS] {
    let Person { id, username, role, nickname, phone, email, campus, disabled, password_hash, .. } = person;
    let state = match (disabled, password_hash.is_empty()) {
        (true, _) => "disabled",
        (false, true) => "no password",
        (false, false) => "",
    };
    [
        id.to_string(),
        shown(username),
        role.to_string(),
        shown(nickname),
        shown(campus),
        shown(phone),
        shown(email),
        state.to_owned(),
    ]
}

/// Keeps stored text from moving the cursor or colouring.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.width().is_none() { '\u{fffd}' } else { c }).collect()
}

/// Pads by display width: Chinese takes two columns a character.
fn write_row(out: &mut impl Write, widths: [usize; COLUMNS], cells: &[String; COLUMNS]) -> io::Result<()> {
    let mut row = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        row.push_str(cell);
        row.extend(std::iter::repeat_n(' ', width + 2 - cell.width()));
    }
    writeln!(out, "{}", row.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_line_under_chinese_names() {
        let mut out = Vec::new();
        let row = |cells: [&str; COLUMNS]| cells.map(str::to_owned);
        let widths = [2, 4, 4, 6, 4, 1, 1, 1];

        write_row(&mut out, widths, &row(["1", "chen", "user", "陈工", "江安", "5", "e", "x"]))
            .expect("written");
        write_row(&mut out, widths, &row(["12", "li", "user", "li", "", "5", "e", ""])).expect("written");

        let text = String::from_utf8(out).expect("text");
        assert_eq!(text, "1   chen  user  陈工    江安  5  e  x\n12  li    user  li            5  e\n");
    }
}
