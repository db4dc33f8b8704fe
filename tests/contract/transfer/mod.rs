//! Whole databases in and out: `demo`, `export` and `import`, on SQLite and,
//! where `TEST_DATABASE_URL` names a server, on PostgreSQL and between both.

mod demo;
mod export;
mod import;
mod killed;
mod people;
mod photos;

use std::io::Cursor;
use std::ops::Deref;

use fixdesk::cli;
use fixdesk::cli::import::{ImportError, Loaded};
use fixdesk::config::Config;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::tickets::ticket::{ContractTicket, Ticket};
use fixdesk::service::photos::files::PhotoFiles;
use fixdesk::store::lists::verify::{self, Miscount};
use fixdesk::store::{self, Bulk, Db, Tx};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::databases::Database;

/// A database of one test's own.
pub struct Desk {
    desk: cli::desk::Desk,
    pub folder: TempDir,
    _database: Database,
}

impl Deref for Desk {
    type Target = cli::desk::Desk;

    fn deref(&self) -> &Self::Target {
        &self.desk
    }
}

impl Desk {
    pub async fn on_sqlite() -> Self {
        Self::open(Database::of_a_desk_on_sqlite().await).await
    }

    /// `None` where there is no server.
    async fn on_postgres() -> Option<Self> {
        Some(Self::open(Database::of_a_desk_on_postgres().await?).await)
    }

    pub async fn on_every_database() -> Vec<Self> {
        let mut desks = vec![Self::on_sqlite().await];
        desks.extend(Self::on_postgres().await);
        desks
    }

    async fn open(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database.open().await;
        let site = Config::default().site().expect("the default settings");
        let photo_files = PhotoFiles::in_folder(&folder.path().join("photos")).expect("a folder");
        Self { desk: cli::desk::Desk { db, photo_files, site }, folder, _database: database }
    }

    pub async fn demo(&self, users: u64, technicians: u64, tickets: u64, seed: u64) {
        let arguments = cli::demo::Arguments { users, technicians, tickets, seed };
        cli::demo::fill(self, &arguments).await.expect("an empty database takes demo data");
    }

    pub async fn export(&self) -> String {
        let mut out = Vec::new();
        let bar = ProgressBar::hidden();
        cli::export::write_everything(&self.db, self.site.zone, &mut out, &bar).await.expect("exports");
        String::from_utf8(out).expect("UTF-8")
    }

    pub async fn import(&self, file: impl Into<Vec<u8>>) -> Result<Loaded, ImportError> {
        cli::import::load(self, Cursor::new(file.into()), &ProgressBar::hidden()).await
    }

    pub async fn insert(&self, people: &[Person], tickets: &[ContractTicket]) {
        let mut bulk = Bulk::begin(&self.db).await.expect("begins");
        bulk.insert_people(people).await.expect("people");
        bulk.insert_tickets(&whole(tickets)).await.expect("tickets");
        bulk.commit().await.expect("commits");
    }

    /// Changes the database behind the desk's back.
    pub async fn execute(&self, statement: &'static str) {
        self.damage(statement).await;
    }

    /// Runs a composed statement.
    pub async fn damage(&self, statement: &str) {
        let sql = sqlx::AssertSqlSafe(statement.to_owned());
        let mut tx = self.db.begin().await.expect("begins");
        let done = match &mut tx {
            Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
            Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        };
        done.expect(statement);
        tx.commit().await.expect("commits");
    }

    /// Differences of counters and counts.
    pub async fn miscounts(&self) -> Vec<Miscount> {
        verify::miscounts(&self.db).await.expect("counters")
    }

    pub async fn indexes(&self) -> Vec<String> {
        match &self.db {
            Db::Sqlite { read, .. } => sqlx::query_scalar(
                "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY sql",
            )
            .fetch_all(&mut *read.lend().await.expect("a connection"))
            .await
            .expect("a catalogue"),
            Db::Postgres { read, .. } => sqlx::query_scalar(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
                 UNION ALL
                 SELECT tgname::text || ' ' || tgenabled::text FROM pg_trigger
                 WHERE tgrelid = 'tickets'::regclass AND NOT tgisinternal
                 UNION ALL
                 SELECT conname::text || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated::text
                 FROM pg_constraint WHERE conrelid = 'tickets'::regclass
                 ORDER BY 1",
            )
            .fetch_all(&mut *read.lend().await.expect("a connection"))
            .await
            .expect("a catalogue"),
        }
    }
}

/// The rows alone, all of which can be read.
pub fn readable<K, T>(rows: store::Rows<K, T>) -> Vec<T> {
    rows.into_iter().map(|(_, row)| row.expect("can be read")).collect()
}

pub fn whole(tickets: &[ContractTicket]) -> Vec<Ticket> {
    tickets.iter().cloned().map(Ticket::of).collect()
}

pub fn zhou() -> Value {
    json!({
        "kind": "user", "id": 1, "username": "zhou", "role": "user", "nickname": "周雨晴",
        "phone": "", "email": "", "campus": "江安", "disabled": false,
        "created_at": "2024-06-01T08:00:00+08:00", "password_hash": null,
    })
}

pub fn li() -> Value {
    with(&with(&zhou(), "id", json!(2)), "username", json!("li"))
}

/// A ticket that Zhou filed.
pub fn ticket() -> Value {
    json!({
        "kind": "ticket", "id": 10, "user_id": 1, "machine_purchase_date": "2024-06-01",
        "user_phone": "123456789", "device_type": "笔记本", "computer_brand": "华为 MateBook",
        "repair_description": "风扇很响", "repair_status": "Pending", "repair_image_url": null,
        "fault_type": "清灰", "qq_number": "123456", "campus": "江安", "assigned_technician_id": null,
        "assigned_time": null, "completion_time": null, "created_at": "2024-06-10T12:00:00+08:00",
    })
}

pub fn with(line: &Value, key: &str, value: Value) -> Value {
    let mut line = line.clone();
    line[key] = value;
    line
}

pub fn without(line: &Value, key: &str) -> Value {
    let mut line = line.clone();
    line.as_object_mut().expect("an object").remove(key);
    line
}

pub fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
