//! Databases of the tests: each test has one of its own, a copy of one that is migrated once.
//!
//! On PostgreSQL that is a whole database and not a schema: advisory locks, the count of deadlocks
//! and the list of sessions belong to a database, and tests that shared one would meet there.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, mpsc};

use fixdesk::store::{self, Db, Tx};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::{OnceCell, oneshot};

/// A database of one test, which goes with this.
pub struct Database {
    pub url: String,
    _place: Place,
}

#[expect(dead_code, reason = "is held until the test ends")]
enum Place {
    Folder(TempDir),
    Server(OnServer),
}

impl Database {
    /// A desk in which nobody is, on PostgreSQL where `TEST_DATABASE_URL` names a server.
    pub async fn of_a_desk() -> Self {
        match Self::of_a_desk_on_postgres().await {
            Some(database) => database,
            None => Self::of_a_desk_on_sqlite().await,
        }
    }

    pub async fn of_a_desk_on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(file_in(folder.path()), model_file().await).expect("is written");
        Self::in_folder(folder)
    }

    /// `None` where there is no server.
    pub async fn of_a_desk_on_postgres() -> Option<Self> {
        let server = server()?;
        Some(OnServer::make(Content::Desk).await.into_database(&server))
    }

    /// An address where there is no desk yet.
    pub async fn empty() -> Self {
        match server() {
            Some(server) => OnServer::make(Content::Nothing).await.into_database(&server),
            None => Self::in_folder(tempfile::tempdir().expect("a folder")),
        }
    }

    fn in_folder(folder: TempDir) -> Self {
        Self { url: format!("sqlite:{}", file_in(folder.path()).display()), _place: Place::Folder(folder) }
    }

    /// Opens the desk under a name of its own: its copies would all have the same.
    pub async fn open(&self) -> Db {
        let db = store::connect(&self.url).await.expect("a database");
        let name = AssertSqlSafe(format!("UPDATE site SET id = '{:032x}'", fastrand::u128(..)));
        let mut tx = db.begin().await.expect("begins");
        match &mut tx {
            Tx::Sqlite(tx) => sqlx::query(name).execute(&mut **tx).await.map(|_| ()),
            Tx::Postgres(tx) => sqlx::query(name).execute(&mut **tx).await.map(|_| ()),
        }
        .expect("is named");
        tx.commit().await.expect("commits");
        db
    }
}

fn file_in(folder: &Path) -> std::path::PathBuf {
    folder.join("desk.db")
}

/// File of a desk in which nobody is.
async fn model_file() -> &'static [u8] {
    static MODEL: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrate = async || {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(folder.path());
        let db = store::connect(&format!("sqlite:{}", file.display())).await.expect("a database");
        // Whoever is the last to close it brings everything into the file itself.
        db.close().await;
        std::fs::read(&file).expect("is there")
    };
    MODEL.get_or_init(migrate).await
}

fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

/// Address of a database of that server.
fn url_of(server: &str, database: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, None), |(it, rest)| (it, Some(rest)));
    let (host, _) = address.rsplit_once('/').expect("the address names a database");
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{host}/{database}{options}")
}

/// A database by its name.
struct OnServer(String);

impl OnServer {
    async fn make(content: Content) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}_{}", model(), NEXT.fetch_add(1, Ordering::SeqCst));
        let (done, made) = oneshot::channel();
        ORDERS.send(Order::Make { name: name.clone(), content, done }).expect("somebody makes databases");
        made.await.expect("is made");
        Self(name)
    }

    fn into_database(self, server: &str) -> Database {
        Database { url: url_of(server, &self.0), _place: Place::Server(self) }
    }
}

impl Drop for OnServer {
    fn drop(&mut self) {
        let _ = ORDERS.send(Order::Remove(std::mem::take(&mut self.0)));
    }
}

enum Content {
    Desk,
    Nothing,
}

enum Order {
    Make { name: String, content: Content, done: oneshot::Sender<()> },
    Remove(String),
}

/// Whoever makes and removes databases: a thread with a session of its own, since a test's runtime
/// is over when its database is to be removed.
static ORDERS: LazyLock<mpsc::Sender<Order>> = LazyLock::new(|| {
    let (orders, received) = mpsc::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(move || runtime.block_on(carry_out(received)));
    orders
});

/// Name of the database that the others are copies of.
fn model() -> String {
    format!("fixdesk_test_{}", std::process::id())
}

async fn carry_out(orders: mpsc::Receiver<Order>) {
    let server = server().expect("there is a server");
    let mut session = PgConnection::connect(&server).await.expect("the server of TEST_DATABASE_URL");
    let model = model();
    execute(&mut session, format!("CREATE DATABASE {model}")).await.expect("a database");
    store::connect(&url_of(&server, &model)).await.expect("a database").close().await;
    // Nothing is copied while somebody is in it.
    execute(&mut session, format!("ALTER DATABASE {model} ALLOW_CONNECTIONS false")).await.expect("is set");
    let mut over = Vec::new();
    while let Some(order) = next(&orders, &mut over) {
        match order {
            Order::Make { name, content, done } => {
                // Through the write-ahead log, which is the default, it takes twice as long.
                let source = match content {
                    Content::Desk => format!("TEMPLATE {model} STRATEGY file_copy"),
                    Content::Nothing => String::new(),
                };
                execute(&mut session, format!("CREATE DATABASE {name} {source}")).await.expect("a database");
                // A test that has been given up waits for it no more.
                let _ = done.send(());
            }
            // What is left goes with the server.
            Order::Remove(name) => {
                let _ = execute(&mut session, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            }
        }
    }
}

/// What is to be done next. Tests wait for their databases, and nobody for one that is over: those
/// are removed when nothing else is to be done. `None` when nobody can ask any more.
fn next(orders: &mpsc::Receiver<Order>, over: &mut Vec<String>) -> Option<Order> {
    loop {
        let order = match over.pop() {
            None => orders.recv().ok()?,
            Some(name) => match orders.try_recv() {
                Ok(order) => {
                    over.push(name);
                    order
                }
                Err(_) => return Some(Order::Remove(name)),
            },
        };
        match order {
            Order::Remove(name) => over.push(name),
            make @ Order::Make { .. } => return Some(make),
        }
    }
}

async fn execute(session: &mut PgConnection, statement: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(session).await.map(|_| ())
}
