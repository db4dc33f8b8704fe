//! The stage and its actors.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use fixdesk::domain::person::{Person, Role, UserId};
use fixdesk::domain::status::Status;
use fixdesk::domain::ticket::{Ticket, TicketId};
use fixdesk::domain::time::Instant;
use fixdesk::http::{Web, router};
use fixdesk::service::passwords::{Passwords, hash_with_salt};
use fixdesk::service::site::{Site, Zone};
use fixdesk::service::tokens::TokenKeys;
use fixdesk::service::{App, Clock};
use fixdesk::store::{self, Bulk, Db};
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// 2024-06-10 12:00:00 in Shanghai.
pub const NOON: Instant = Instant(1_717_992_000);
pub const PASSWORD: &str = "a long enough password";
pub const SECRET: &[u8] = b"a signing secret of the tests, long enough";

/// An application of one test's own, with a clock that the test sets.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    pub clock: Arc<AtomicI64>,
    /// What the site's pages are made of, and SQLite's file. Gone with the test.
    folder: TempDir,
}

/// Somebody who has signed in to the REST interface.
pub struct Actor {
    pub id: UserId,
    pub name: String,
    pub token: String,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    /// The body as JSON; `null` if it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("readable")).unwrap_or_default()
    }

    /// `name=value` of the cookies it sets.
    pub fn cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(SET_COOKIE).iter();
        values
            .map(|value| value.to_str().expect("readable").split(';').next().expect("a pair").to_owned())
            .collect()
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings of the site.
    pub async fn start_with(change: impl FnOnce(&mut Site)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicI64::new(NOON.0));
        let mut site = Site {
            name: "Fixdesk".to_owned(),
            zone: Zone("Asia/Shanghai".parse().expect("a zone")),
            campuses: ["江安", "望江", "华西"].map(str::to_owned).to_vec(),
            device_types: Vec::new(),
            fault_types: Vec::new(),
            https: false,
            behind_proxy: false,
            cors_origins: Vec::new(),
        };
        change(&mut site);
        let app = App {
            db: store::connect(&database_url(&folder).await).await.expect("a database"),
            site: Arc::new(site),
            tokens: Arc::new(TokenKeys::new(SECRET)),
            passwords: Passwords::default(),
            clock: Clock::Set(Arc::clone(&clock)),
        };
        let leptos = LeptosOptions::builder()
            .output_name("fixdesk")
            .site_root(folder.path().to_string_lossy().into_owned())
            .build();
        let router = router(Web { app: app.clone(), leptos });
        Self { app, router, clock, folder }
    }

    /// The folder whose files are served beside the pages.
    pub fn site_folder(&self) -> &std::path::Path {
        self.folder.path()
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

    /// Adds somebody and gives them a token.
    async fn person(&self, name: &str, role: Role) -> Actor {
        let id = self.add(name, role).await;
        let reply = self.log_in(name, PASSWORD).await;
        let token = reply.json()["access_token"].as_str().expect("a token").to_owned();
        Actor { id, name: name.to_owned(), token }
    }

    /// Adds somebody whose password is [`PASSWORD`].
    pub async fn add(&self, name: &str, role: Role) -> UserId {
        static NEXT: AtomicI64 = AtomicI64::new(20_240_000_001);
        let person = Person {
            id: UserId(NEXT.fetch_add(1, Ordering::SeqCst)),
            username: name.to_owned(),
            role,
            nickname: format!("{name}同学"),
            phone: String::new(),
            email: String::new(),
            campus: "江安".to_owned(),
            disabled: false,
            password_hash: hash_with_salt(PASSWORD, b"salt of the test").expect("hashes"),
            created_at: NOON,
        };
        self.add_person(person).await
    }

    pub async fn add_person(&self, person: Person) -> UserId {
        let id = person.id;
        let mut bulk = Bulk::begin(&self.app.db).await.expect("begins");
        bulk.insert_people(&[person]).await.expect("is accepted");
        bulk.commit().await.expect("commits");
        id
    }

    /// Files a ticket that waits for a technician; `change` says what is different.
    pub async fn ticket(&self, owner: &Actor, change: impl FnOnce(&mut Ticket)) -> TicketId {
        static NEXT: AtomicI64 = AtomicI64::new(20_240_000_001);
        let mut ticket = Ticket {
            id: TicketId(NEXT.fetch_add(1, Ordering::SeqCst)),
            owner: owner.id,
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
        };
        change(&mut ticket);
        self.add_tickets(&[ticket.clone()]).await;
        ticket.id
    }

    pub async fn add_tickets(&self, tickets: &[Ticket]) {
        let mut bulk = Bulk::begin(&self.app.db).await.expect("begins");
        for batch in tickets.chunks(store::MAX_BATCH) {
            bulk.insert_tickets(batch).await.expect("are accepted");
        }
        bulk.commit().await.expect("commits");
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

    /// A form, sent from a page of this site.
    pub async fn submit(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(form(path, cookie, fields)).await
    }

    /// Signs a browser in; the answer is its cookie.
    pub async fn browser_of(&self, actor: &Actor) -> String {
        let fields = [("username", actor.name.as_str()), ("password", PASSWORD)];
        let reply = self.submit("/sign-in", "", &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
        reply.cookies().remove(0)
    }

    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        }
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Reply { status: parts.status, headers: parts.headers, text }
    }
}

pub fn get_as(path: &str, actor: &Actor) -> Request<Body> {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {}", actor.token));
    request.body(Body::empty()).expect("a request")
}

pub fn post_json(path: &str, body: &Value) -> Request<Body> {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).expect("a request")
}

pub fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.finish()))
        .expect("a request")
}

/// A database that no other test sees: a file, or a schema of the server.
async fn database_url(folder: &TempDir) -> String {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => schema_of(&server).await,
        Err(_) => format!("sqlite:{}", folder.path().join("desk.db").display()),
    }
}

async fn schema_of(server: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let schema = format!("fixdesk_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let pool = sqlx::PgPool::connect(server).await.expect("the server of TEST_DATABASE_URL");
    let statement = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::query(statement).execute(&pool).await.expect("a schema");
    pool.close().await;
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options=-csearch_path%3D{schema}")
}

/// Whether this run is on PostgreSQL.
pub fn on_postgres(db: &Db) -> bool {
    matches!(db, Db::Postgres(_))
}
