//! A desk behind PgBouncer, which lends each of its sessions for one transaction.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::http::StatusCode;
use fixdesk::service::tickets::messages::say;
use fixdesk::store::Db;
use fixdesk::store::lists::verify;
use futures::future::join_all;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::server::Server;
use crate::support::cast::{PASSWORD, TestApp};
use crate::support::desk::viewer;

struct Pooler {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl Pooler {
    /// In front of a server, with two sessions for everybody.
    async fn start(server: &str) -> Self {
        let (user, rest) =
            server.strip_prefix("postgres://").and_then(|url| url.split_once(':')).expect("a URL");
        let (password, place) = rest.split_once('@').expect("a password");
        let (address, database) = place.split_once('/').expect("a database");
        let (host, port) = address.split_once(':').expect("a port");
        let free = TcpListener::bind("127.0.0.1:0").expect("binds").local_addr().expect("an address").port();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).expect("is set");
        std::fs::write(path.join("users"), format!("\"{user}\" \"{password}\"\n")).expect("written");
        let settings = format!(
            "[databases]\n{database} = host={host} port={port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {free}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\n\
             pool_mode = transaction\ndefault_pool_size = 2\nserver_round_robin = 1\n",
            path.join("users").display()
        );
        std::fs::write(path.join("settings.ini"), settings).expect("written");
        // Debian keeps it off the PATH of most; it refuses to run as root.
        let mut command = Command::new("sh");
        command.arg("-c").arg(
            "PATH=$PATH:/usr/sbin; if [ \"$(id -u)\" = 0 ]; then set -- -u nobody \"$@\"; fi; exec pgbouncer \"$@\"",
        );
        command.arg("pgbouncer").arg("-q").arg(path.join("settings.ini"));
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a shell");
        let url = format!("postgres://{user}:{password}@127.0.0.1:{free}/{database}");
        let pooler = Self { process, url, _folder: folder };
        pooler.wait().await;
        pooler
    }

    /// Somebody else's session.
    async fn connect(&self) -> sqlx::Result<PgConnection> {
        let options: PgConnectOptions = self.url.parse()?;
        PgConnection::connect_with(&options.extra_float_digits(None)).await
    }

    async fn wait(&self) {
        for _ in 0..100 {
            if self.connect().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PgBouncer does not answer; bin/setup --postgres installs it");
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_works_behind_a_pooler_and_leaves_its_sessions_as_they_were() {
    let Some(server) = Server::start() else { return };
    let pooler = Pooler::start(&server.url()).await;
    let app = TestApp::start_on(pooler.url.clone()).await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let ticket = app.ticket(&zhou, |_| {}).await;
    let (browser, person) = (app.browser_of(&zhou).await, viewer(&zhou));
    let list = format!("/v1/status/getTicket?uid={}", zhou.id);

    let written = join_all((0..12).map(|_| say(&app.app, &person, ticket, "在吗", None))).await;
    let read = join_all((0..12).map(|_| app.get(&list, &zhou))).await;
    let all = app.get("/v1/status/getTicket?list=pending", &sun).await;
    let page = app.visit(&format!("/tickets/{ticket}"), &browser).await;
    let log_in = app.log_in("zhou", PASSWORD).await;

    assert!(written.iter().all(Result::is_ok), "{written:?}");
    assert!(read.iter().all(|reply| reply.status == StatusCode::OK), "{}", read[0].text);
    let statuses = [all.status, page.status, log_in.status];
    assert_eq!(statuses, [StatusCode::OK; 3], "{} {}", all.text, log_in.text);
    assert!(verify::miscounts(&app.app.db).await.expect("counts").is_empty());
    // Readers have the plans that the desk is made for; whoever else comes has their own.
    assert_eq!(app.text("SELECT current_setting('enable_seqscan')").await, "off");
    let Db::Postgres { .. } = app.app.db else { panic!("PostgreSQL") };
    for _ in 0..4 {
        let mut other = pooler.connect().await.expect("connects");
        let found = sqlx::raw_sql("SHOW enable_seqscan").fetch_one(&mut other).await.expect("a value");
        assert_eq!(sqlx::Row::get::<String, _>(&found, 0), "on");
        other.close().await.expect("closes");
    }
}
