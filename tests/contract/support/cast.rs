//! Application and actors.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use argon2::password_hash::PasswordHasher as _;
use argon2::{Argon2, Params};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::COOKIE;
use fixdesk::domain::ids::{TicketId, UserId};
use fixdesk::domain::locale::Locale;
use fixdesk::domain::people::contact::Verified;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::people::profile::Choices;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::{ContractTicket, Ticket};
use fixdesk::domain::time::Instant;
use fixdesk::domain::viewer::Role;
use fixdesk::http::{Web, router};
use fixdesk::service::background::Background;
use fixdesk::service::photos::files::PhotoFiles;
use fixdesk::service::photos::images::ImageProcessor;
use fixdesk::service::readiness::Readiness;
use fixdesk::service::settings::{Limits, Site, Zone};
use fixdesk::service::sign_in::passwords::Passwords;
use fixdesk::service::sign_in::queue::SignInQueue;
use fixdesk::service::sign_in::sessions;
use fixdesk::service::sign_in::tokens::{self, TokenKeys};
use fixdesk::service::{App, Clock};
use fixdesk::store::people::accounts;
use fixdesk::store::{self, Bulk, Db, Tx};
use fixdesk::text::{self, Texts};
use leptos::config::LeptosOptions;
use serde_json::json;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::support::databases::Database;
use crate::support::document::Operation;
use crate::support::wire::{Reply, form, get_as, post_json, with_header};

/// Texts of pages in Chinese.
pub const ZH: Texts = text::of(Locale::ZhCn);
pub const EN: Texts = text::of(Locale::En);

/// 2024-06-10 12:00:00 in Shanghai.
pub const NOON: Instant = Instant(1_717_992_000);
pub const PASSWORD: &str = "a long enough password";
pub const SECRET: &[u8] = b"a signing secret of the tests, long enough";

/// People and tickets are numbered from here on, in every test anew.
pub const FIRST_ID: i64 = 20_240_000_001;

/// An application of one test's own, with a clock that the test sets.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    clock: Arc<AtomicI64>,
    next_person: AtomicI64,
    next_ticket: AtomicI64,
    /// What the site's pages are made of, and its photos. Gone with the test.
    folder: TempDir,
    database_url: String,
    /// Gone with the test, unless it is another's.
    _database: Option<Database>,
}

/// A person with a token of the REST interface.
pub struct Actor {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub token: String,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with other settings of the site.
    pub async fn start_with(change: impl FnOnce(&mut Site)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let photos = PhotoFiles::in_folder(&folder.path().join("photos")).expect("a folder");
        Self::start_alone(folder, photos, change).await
    }

    /// Starts with another store of photos.
    pub async fn start_with_photos_in(photos: PhotoFiles) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_alone(folder, photos, |_| {}).await
    }

    /// An application over a database of its own.
    async fn start_alone(folder: TempDir, photos: PhotoFiles, change: impl FnOnce(&mut Site)) -> Self {
        let database = Database::of_a_desk().await;
        let (db, url) = (database.open().await, database.url.clone());
        Self { _database: Some(database), ..Self::start_in(folder, db, url, photos, change) }
    }

    /// An application over that database, which is the test's own.
    pub async fn start_on(database_url: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let photos = PhotoFiles::in_folder(&folder.path().join("photos")).expect("a folder");
        let db = store::connect(&database_url).await.expect("a database");
        Self::start_in(folder, db, database_url, photos, |_| {})
    }

    fn start_in(
        folder: TempDir,
        db: Db,
        database_url: String,
        photo_files: PhotoFiles,
        change: impl FnOnce(&mut Site),
    ) -> Self {
        let site_folder = folder.path().join("site");
        std::fs::create_dir(&site_folder).expect("a folder inside");
        let clock = Arc::new(AtomicI64::new(NOON.0));
        let mut site = Site {
            name: "Fixdesk".to_owned(),
            zone: Zone("Asia/Shanghai".parse().expect("a zone")),
            campuses: ["江安", "望江", "华西"].map(str::to_owned).to_vec(),
            device_types: ["笔记本", "台式机"].map(str::to_owned).to_vec(),
            fault_types: ["清灰", "系统重装"].map(str::to_owned).to_vec(),
            takes_tickets: true,
            open_registration: false,
            limits: Limits { open_tickets: 0, weekly_tickets: 0, jobs: 0, confirmation_days: 7 },
            public_url: "http://desk.example".to_owned(),
            mailer: None,
            webhooks: None,
            https: false,
            behind_proxy: false,
            cors_origins: Vec::new(),
            upload_bytes: 256 << 20,
        };
        change(&mut site);
        let app = App {
            db,
            site: Arc::new(site),
            tokens: Arc::new(TokenKeys::new(SECRET)),
            passwords: Passwords::default(),
            sign_ins: SignInQueue::default(),
            processor: ImageProcessor::default(),
            photo_files,
            clock: Clock::Set(Arc::clone(&clock)),
            background: Background::default(),
            readiness: Readiness::default(),
        };
        let leptos = LeptosOptions::builder()
            .output_name("fixdesk")
            .site_root(site_folder.to_string_lossy().into_owned())
            .build();
        let router = router(Web::new(app.clone(), leptos));
        let (next_person, next_ticket) = (AtomicI64::new(FIRST_ID), AtomicI64::new(FIRST_ID));
        Self { app, router, clock, next_person, next_ticket, folder, database_url, _database: None }
    }

    /// Another process that serves the same desk.
    pub async fn another_node(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let app = App {
            db: store::connect(&self.database_url).await.expect("a database"),
            background: Background::default(),
            readiness: Readiness::default(),
            ..self.app.clone()
        };
        let leptos = LeptosOptions::builder().output_name("fixdesk").build();
        let router = router(Web::new(app.clone(), leptos));
        let (next_person, next_ticket) = (AtomicI64::new(0), AtomicI64::new(0));
        let (clock, database_url) = (Arc::clone(&self.clock), self.database_url.clone());
        Self { app, router, clock, next_person, next_ticket, folder, database_url, _database: None }
    }

    /// Address of its database.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Folder of photo files.
    pub fn photos_folder(&self) -> PathBuf {
        self.folder.path().join("photos")
    }

    /// Puts a file where the site's own are served from, or beside that folder.
    pub fn write_file(&self, name: &str, content: &str) {
        let path = self.folder.path().join("site").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("is written");
    }

    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn user(&self, name: &str) -> Actor {
        self.person(name, Role::User).await
    }

    pub async fn technician(&self, name: &str) -> Actor {
        self.person(name, Role::Technician).await
    }

    pub async fn admin(&self, name: &str) -> Actor {
        self.person(name, Role::Admin).await
    }

    async fn person(&self, name: &str, role: Role) -> Actor {
        let id = self.add_person(self.somebody(name, role)).await;
        Actor { id, name: name.to_owned(), role, token: self.token_of(id).await }
    }

    /// Somebody whose password is [`PASSWORD`]; not yet in the database.
    pub fn somebody(&self, name: &str, role: Role) -> Person {
        static HASH: LazyLock<String> = LazyLock::new(cheap_hash);
        Person {
            id: UserId(self.next_person.fetch_add(1, Ordering::SeqCst)),
            username: name.to_owned(),
            has_exact_name: false,
            role,
            nickname: format!("{name}同学"),
            phone: String::new(),
            email: String::new(),
            campus: "江安".to_owned(),
            disabled: false,
            password_hash: HASH.clone(),
            created_at: NOON,
            // As an admin or an import adds people.
            verified: Verified::since(NOON),
            choices: Choices::default(),
        }
    }

    pub async fn add_person(&self, person: Person) -> UserId {
        let mut tx = self.app.db.begin().await.expect("begins");
        accounts::insert(&mut tx, &person).await.expect("is accepted");
        tx.commit().await.expect("commits");
        person.id
    }

    /// A token as the log-in gives it, without the work of checking a password.
    pub async fn token_of(&self, id: UserId) -> String {
        let account = accounts::account(&self.app.db, id).await.expect("an answer").expect("is known");
        tokens::issue(&self.app, &account).expect("signs")
    }

    pub async fn set_role(&self, id: UserId, role: Role) {
        let mut tx = self.app.db.begin().await.expect("begins");
        accounts::set_role(&mut tx, id, role).await.expect("is set");
        tx.commit().await.expect("commits");
    }

    pub async fn set_disabled(&self, id: UserId, disabled: bool) {
        let mut tx = self.app.db.begin().await.expect("begins");
        accounts::set_disabled(&mut tx, id, disabled).await.expect("is set");
        tx.commit().await.expect("commits");
    }

    /// A ticket that waits for a technician; not yet in the database.
    pub fn draft(&self, owner: UserId) -> ContractTicket {
        ContractTicket {
            id: TicketId(self.next_ticket.fetch_add(1, Ordering::SeqCst)),
            owner,
            technician: None,
            status: Status::Pending,
            purchase_date: Some("2022-09-01".to_owned()),
            phone: "13800000000".to_owned(),
            device_type: "笔记本".to_owned(),
            brand: "华为 MateBook".to_owned(),
            description: "风扇很响".to_owned(),
            image_url: None,
            fault_type: "清灰".to_owned(),
            qq: "123456".to_owned(),
            campus: "江安".to_owned(),
            created_at: NOON,
            assigned_at: None,
            completed_at: None,
        }
    }

    /// Files a ticket, changed by `change`.
    pub async fn ticket(&self, owner: &Actor, change: impl FnOnce(&mut ContractTicket)) -> TicketId {
        let mut ticket = self.draft(owner.id);
        change(&mut ticket);
        self.add_tickets(std::slice::from_ref(&ticket)).await;
        ticket.id
    }

    pub async fn add_tickets(&self, tickets: &[ContractTicket]) {
        let mut bulk = Bulk::begin(&self.app.db).await.expect("begins");
        for batch in tickets.chunks(store::MAX_BATCH) {
            let batch: Vec<Ticket> = batch.iter().cloned().map(Ticket::of).collect();
            bulk.insert_tickets(&batch).await.expect("are accepted");
        }
        bulk.commit().await.expect("commits");
    }

    /// Renames every table, so that each statement fails although the database answers.
    pub async fn break_database(&self) {
        let names = match &self.app.db {
            Db::Sqlite { .. } => {
                "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Db::Postgres { .. } => {
                "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        for table in self.text(names).await.split(',') {
            self.execute(&format!("ALTER TABLE {table} RENAME TO broken_{table}")).await;
        }
    }

    /// Changes the database behind the server's back.
    pub async fn execute(&self, statement: &str) {
        self.try_execute(statement).await.expect(statement);
    }

    pub async fn try_execute(&self, statement: &str) -> sqlx::Result<()> {
        let sql = sqlx::AssertSqlSafe(statement.to_owned());
        let mut tx = self.app.db.begin().await?;
        match &mut tx {
            Tx::Sqlite(connection) => sqlx::query(sql).execute(&mut **connection).await.map(|_| ())?,
            Tx::Postgres(connection) => sqlx::query(sql).execute(&mut **connection).await.map(|_| ())?,
        }
        tx.commit().await
    }

    /// Gives a ticket an unreadable warranty, which constraints normally reject.
    pub async fn damage_ticket(&self, id: i64) {
        for statement in damage(&self.app.db, id) {
            self.execute(&statement).await;
        }
    }

    /// One value as the database has it.
    pub async fn text(&self, query: &str) -> String {
        let sql = sqlx::AssertSqlSafe(query.to_owned());
        match &self.app.db {
            Db::Sqlite { read, .. } => {
                let mut connection = read.lend().await.expect("a connection");
                sqlx::query_scalar(sql).fetch_one(&mut *connection).await.expect(query)
            }
            Db::Postgres { read, .. } => {
                let mut connection = read.lend().await.expect("a connection");
                sqlx::query_scalar(sql).fetch_one(&mut *connection).await.expect(query)
            }
        }
    }

    pub async fn log_in(&self, username: &str, password: &str) -> Reply {
        let body = json!({ "username": username, "password": password });
        self.send(post_json("/v1/user/login", &body)).await
    }

    /// A request of the REST interface.
    pub async fn get(&self, path: &str, actor: &Actor) -> Reply {
        self.send(get_as(path, actor)).await
    }

    /// A page, as a browser with this cookie asks for it.
    pub async fn visit(&self, path: &str, cookie: &str) -> Reply {
        let request = Request::get(path).header(COOKIE, cookie).header("accept-language", "zh-CN");
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// A form, sent from a page of this site by a browser with this cookie.
    pub async fn submit(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(with_header(form(path, cookie, fields), "accept-language", "zh-CN")).await
    }

    /// Signs a browser in through the form; the answer is its cookie.
    pub async fn sign_in(&self, actor: &Actor) -> String {
        let fields = [("username", actor.name.as_str()), ("password", PASSWORD)];
        let reply = self.submit("/sign-in", "", &fields).await;
        reply.cookies().pop().expect("a cookie")
    }

    /// The cookie of a browser that is signed in, without the work of checking a password.
    pub async fn browser_of(&self, actor: &Actor) -> String {
        let mut tx = self.app.db.begin().await.expect("begins");
        let secret = sessions::begin(&mut tx, actor.id, self.app.clock.now()).await.expect("begins");
        tx.commit().await.expect("commits");
        format!("fixdesk_session={}", secret.as_str())
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        self.send_from("127.0.0.1", request).await
    }

    /// Sends a request and reads the answer, which is one that the OpenAPI document declares.
    pub async fn send_from(&self, address: &str, mut request: Request<Body>) -> Reply {
        let address: IpAddr = address.parse().expect("an address");
        let operation = Operation::of(&self.router, request.method(), request.uri().path()).await;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 40_000))));
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let bytes = bytes.to_vec();
        let text = String::from_utf8(bytes.clone()).unwrap_or_default();
        let reply = Reply { status: parts.status, headers: parts.headers, bytes, text };
        if let Some(fault) = operation.and_then(|operation| operation.fault_of_answer(&reply)) {
            panic!("{fault}");
        }
        reply
    }
}

/// Hash of [`PASSWORD`], as cheap as there is one: whoever checks a password does what its hash asks for.
fn cheap_hash() -> String {
    let params = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None);
    let argon2 = Argon2::from(params.expect("are allowed"));
    argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"salt of the test").expect("hashes").to_string()
}

/// Statements that give a ticket a warranty that nobody can read.
pub fn damage(db: &Db, id: i64) -> Vec<String> {
    let change = format!("UPDATE tickets SET warranty = 'eaten' WHERE id = {id}");
    match db {
        Db::Sqlite { .. } => {
            let checks = |state| format!("PRAGMA ignore_check_constraints = {state}");
            vec![checks("ON"), change, checks("OFF")]
        }
        Db::Postgres { .. } => {
            vec!["ALTER TABLE tickets DROP CONSTRAINT tickets_warranty_check".to_owned(), change]
        }
    }
}
