//! `fixdesk serve`: pages and REST from one port, until told to stop.

use std::env;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use leptos::config::LeptosOptions;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use super::Failure;
use super::desk::open_or_make;
use crate::config::Config;
use crate::http::{self, Web};
use crate::service::answers::Answers;
use crate::service::darkroom::Darkroom;
use crate::service::passwords::Passwords;
use crate::service::photo_files::PhotoFiles;
use crate::service::photo_owner::{self, NotOurs};
use crate::service::tokens::TokenKeys;
use crate::service::{App, Clock, delivery, upkeep};
use crate::store::changes;

pub async fn run(config: Config) -> Result<(), Failure> {
    start_log();
    let photo_files = PhotoFiles::open(&config.photo_place()?)?;
    let app = App {
        db: open_or_make(&config, &photo_files).await?,
        site: Arc::new(config.site()?),
        tokens: Arc::new(TokenKeys::new(&config.signing_secret()?)),
        passwords: Passwords::default(),
        darkroom: Darkroom::default(),
        photo_files,
        answers: Answers::default(),
        clock: Clock::System,
    };
    match photo_owner::check(&app.db, &app.photo_files).await {
        // The desk goes on without photos, and photos may come back without the desk.
        Err(NotOurs::OutOfReach(error)) => tracing::warn!("{error}"),
        checked => checked?,
    }
    let listener = TcpListener::bind(config.addr)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.addr))?;
    let address = listener.local_addr()?;
    let router = http::router(Web::new(app.clone(), leptos_options(address)?));

    let watched = app.db.clone();
    let upkeep = tokio::spawn(keep_up(app.clone()));
    let watch = tokio::spawn(async move { changes::watch(&watched).await });
    let (stop, stopped) = oneshot::channel();
    let delivery = tokio::spawn(keep_delivering(app.clone(), stopped));
    tracing::info!("serving on http://{address}");
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop()?)
        .await?;
    upkeep.abort();
    watch.abort();
    drop(stop);
    delivery.await?;
    app.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Does what is due, now and every minute. What fails is logged where it failed
/// and tried again.
async fn keep_up(app: App) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        let _ = upkeep::run(&app).await;
    }
}

/// Sends what there is to send, every few seconds, until told to stop. Whatever
/// is under way then is finished, or it would be sent again by the next one.
async fn keep_delivering(app: App, mut stopped: oneshot::Receiver<()>) {
    let mut pause = Duration::ZERO;
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => return,
            () = tokio::time::sleep(pause) => {}
        }
        let found = delivery::run_once(&app).await.unwrap_or_default();
        pause = if found > 0 { Duration::ZERO } else { Duration::from_secs(3) };
    }
}

/// For people on a terminal, else for machines.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.compact().with_target(false).init();
    } else {
        log.json().init();
    }
}

/// Resolves at the first SIGTERM or SIGINT; requests under way are finished.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("finishing what is under way");
    })
}

/// The site's files are beside the program; cargo-leptos keeps them one folder up.
fn leptos_options(address: SocketAddr) -> Result<LeptosOptions, Failure> {
    let program = env::current_exe()?;
    let folder = program.parent().map(PathBuf::from).unwrap_or_default();
    let candidates = [folder.join("site"), folder.join("../site")];
    let beside = candidates.iter().find(|path| path.is_dir());
    let site_root = match env::var_os("LEPTOS_SITE_ROOT") {
        Some(told) => PathBuf::from(told),
        None => beside.cloned().ok_or("the folder site with the pages' files is not beside the program")?,
    };
    let hashed = folder.join("hash.txt").is_file();
    Ok(LeptosOptions::builder()
        .output_name("fixdesk")
        .site_root(site_root.to_string_lossy().into_owned())
        .site_addr(address)
        .hash_files(hashed)
        .build())
}
