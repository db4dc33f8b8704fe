//! Lists of people. Every list takes a query that the policy has permitted.

use std::cmp::Reverse;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::preferences::Campuses;
use crate::domain::access::PermittedPeople;
use crate::domain::ids::{Named, UserId};
use crate::domain::paging::Page;
use crate::domain::people::availability::Duty;
use crate::domain::people::directory::{PeopleQuery, Profile, Workload};
use crate::domain::time::Instant;
use crate::domain::validation::{fold, phone_key};
use crate::domain::viewer::Role;
use crate::store::Db;
use crate::store::columns::row;
use crate::store::dialect::SqlFragments;
use crate::store::sql::Statement;

/// The fields of [`ProfileRow`]. Booleans are numbers in both databases' JSON.
const PROFILE: &str =
    "id, username, nickname, role, phone, email, campus, CAST(disabled AS INTEGER), created_at";

#[derive(Deserialize)]
struct ProfileRow {
    id: i64,
    username: String,
    nickname: String,
    role: Role,
    phone: String,
    email: String,
    campus: String,
    disabled: i64,
    created_at: i64,
}

impl From<ProfileRow> for Profile {
    fn from(row: ProfileRow) -> Self {
        Self {
            id: UserId(row.id),
            username: row.username,
            nickname: row.nickname,
            role: row.role,
            phone: row.phone,
            email: row.email,
            campus: row.campus,
            disabled: row.disabled != 0,
            created_at: Instant(row.created_at),
        }
    }
}

/// Profiles, the latest first.
pub async fn profiles(db: &Db, permitted: &PermittedPeople) -> sqlx::Result<Page<Profile>> {
    let mut page: Page<ProfileRow> = page(db, PROFILE, permitted).await?;
    // The order is right already; a database cannot promise it.
    page.items.sort_unstable_by_key(|row| Reverse(row.id));
    Ok(page.map(Profile::from))
}

/// The fields of [`WorkloadRow`]. Only tickets of the people on the page are
/// counted, each in the index that has nothing else in that place.
const WORKLOAD: &str = "id, nickname,
    (SELECT COUNT(*) FROM tickets WHERE technician_id = page.id AND progress = 'done' AND id > 0),
    (SELECT COUNT(*) FROM tickets WHERE technician_id = page.id AND progress = 'pending' AND id > 0),
    CAST(on_duty AS INTEGER), duty_campuses, max_jobs";

#[derive(Deserialize)]
struct WorkloadRow {
    id: i64,
    nickname: String,
    done: u64,
    open: u64,
    on_duty: i64,
    campuses: Campuses,
    max_jobs: Option<u64>,
}

impl From<WorkloadRow> for Workload {
    fn from(row: WorkloadRow) -> Self {
        let technician = Named { id: UserId(row.id), nickname: row.nickname };
        let Campuses(campuses) = row.campuses;
        let duty = Duty { on_duty: row.on_duty != 0, campuses, max_jobs: row.max_jobs };
        Self { technician, done: row.done, open: row.open, duty }
    }
}

/// Workloads of technicians, the latest first.
pub async fn workloads(db: &Db, permitted: &PermittedPeople) -> sqlx::Result<Page<Workload>> {
    let mut page: Page<WorkloadRow> = page(db, WORKLOAD, permitted).await?;
    page.items.sort_unstable_by_key(|row| Reverse(row.id));
    Ok(page.map(Workload::from))
}

row! {
    struct PageRow {
        page_rows: String,
        total: i64,
    }
}

/// Reads rows and total in one statement, as for tickets. Past the last page: no rows.
async fn page<Row: DeserializeOwned>(
    db: &Db,
    fields: &str,
    permitted: &PermittedPeople,
) -> sqlx::Result<Page<Row>> {
    let fragments = db.fragments();
    let PageRow { page_rows, total } = statement(fragments, fields, permitted).fetch_one(db).await?;
    let items = serde_json::from_str(&page_rows).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let PeopleQuery { page: number, limit, .. } = *permitted.query();
    Ok(Page { items, number, limit, total: total.unsigned_abs() })
}

fn statement(fragments: SqlFragments, fields: &str, permitted: &PermittedPeople) -> Statement {
    let query = permitted.query();
    let mut sql = Statement::of("SELECT (SELECT ");
    sql.push(&fragments.rows_as_json.replace("{}", fields));
    sql.push(
        " FROM (SELECT id, username, nickname, role, phone, email, campus, disabled, created_at,
            on_duty, duty_campuses, max_jobs FROM users",
    );
    push_conditions(&mut sql, query);
    // A literal limit, as for tickets, so that planners know it.
    sql.push(" ORDER BY id DESC LIMIT ").push(&query.limit.to_string());
    if query.page > 1 {
        sql.push(" OFFSET ").bind(i64::try_from(query.offset()).unwrap_or(i64::MAX));
    }
    sql.push(") AS page) AS page_rows, (SELECT COUNT(*) FROM users");
    push_conditions(&mut sql, query);
    sql.push(") AS total");
    sql
}

/// Pushes the filters. The pattern names every field, so that none can be forgotten here.
fn push_conditions(sql: &mut Statement, query: &PeopleQuery) {
    let PeopleQuery { person, role, phone, email, campus, page: _, limit: _ } = query;

    sql.push(" WHERE id > 0");
    if let Some(UserId(id)) = *person {
        sql.push(" AND id = ").bind(id);
    }
    if let Some(role) = *role {
        sql.push(" AND role = ").bind(role.name());
    }
    if let Some(phone) = phone {
        sql.push(" AND phone_key <> '' AND phone_key = ").bind(phone_key(phone));
    }
    if let Some(email) = email {
        sql.push(" AND email_key <> '' AND email_key = ").bind(fold(email));
    }
    if let Some(campus) = campus {
        sql.push(" AND campus = ").bind(campus.as_str());
    }
}
