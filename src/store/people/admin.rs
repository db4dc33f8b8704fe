//! Directory of people, for admins.
//!
//! Every query uses an index, and reads no more of it than a page shows: it costs the same whether
//! there are a hundred people or a hundred thousand.

use std::cmp::Reverse;

use super::preferences::{DutyRow, VerifiedRow};
use crate::domain::ids::UserId;
use crate::domain::people::admin::{Member, Members, PAGE_SIZE, Search};
use crate::domain::viewer::Role;
use crate::store::Db;
use crate::store::columns::row;
use crate::store::sql::Statement;

const MEMBER: &str = "id, username, role, nickname, phone, email, campus, disabled, \
    password_hash <> '' AS has_password, \
    CASE WHEN email = refused_email AND email <> '' THEN refused_because END AS email_refused, phone_verified_at, email_verified_at, \
    on_duty, duty_campuses, max_jobs";
/// Rows read: one more than a page, to know whether there are more.
const MOST: usize = PAGE_SIZE + 1;

row! {
    struct MemberRow {
        id: i64,
        username: String,
        role: Role,
        nickname: String,
        phone: String,
        email: String,
        campus: String,
        disabled: bool,
        has_password: bool,
        email_refused: Option<String>,
        verified: VerifiedRow,
        duty: DutyRow,
    }
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            id: UserId(row.id),
            username: row.username,
            nickname: row.nickname,
            role: row.role,
            phone: row.phone,
            email: row.email,
            campus: row.campus,
            disabled: row.disabled,
            has_password: row.has_password,
            email_refused: row.email_refused,
            verified: row.verified.into(),
            duty: row.duty.into(),
        }
    }
}

/// Newest people, or those before a person.
pub async fn page(db: &Db, before: Option<UserId>) -> sqlx::Result<Members> {
    let UserId(before) = before.unwrap_or(UserId(i64::MAX));
    let mut sql = Statement::of("SELECT ");
    sql.push(MEMBER).push(" FROM users WHERE id < ").bind(before);
    sql.push(" ORDER BY id DESC LIMIT ").push(&MOST.to_string());
    let rows: Vec<MemberRow> = sql.fetch_all(db).await?;
    Ok(Members::of(rows.into_iter().map(Member::from).collect()))
}

/// People found by a search. Where it finds many, some of them.
pub async fn search(db: &Db, search: &Search) -> sqlx::Result<Members> {
    let (key, phone_key) = (search.key(), search.phone_key());
    let order = db.fragments().by_character;
    let mut sql = Statement::of("SELECT ");
    // Nobody has the number 0.
    sql.push(MEMBER).push(" FROM users WHERE id = ").bind(search.id().map_or(0, |UserId(id)| id));
    push_beginning(&mut sql, order, "username_key", &key);
    push_beginning(&mut sql, order, "nickname_key", &key);
    push_beginning(&mut sql, order, "phone_key", &phone_key);
    push_beginning(&mut sql, order, "email_key", &key);
    let mut rows: Vec<MemberRow> = sql.fetch_all(db).await?;
    rows.sort_unstable_by_key(|row| Reverse(row.id));
    Ok(Members::of(rows.into_iter().map(Member::from).collect()))
}

/// Pushes a query for the first people whose `column` begins so and is not empty.
fn push_beginning(sql: &mut Statement, by_character: &str, column: &str, beginning: &str) {
    let order = format!("{column} {by_character}");
    sql.push(" UNION SELECT * FROM (SELECT ").push(MEMBER).push(" FROM users");
    sql.push(&format!(" WHERE {column} <> '' AND {order} >= ")).bind(beginning);
    sql.push(&format!(" AND {order} < ")).bind(beginning);
    // The last of all characters.
    sql.push(&format!(" || '\u{10ffff}' ORDER BY {order} LIMIT {MOST}) AS found"));
}
