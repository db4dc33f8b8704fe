//! `fixdesk serve`: pages and REST from one port, until told to stop.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use leptos::config::LeptosOptions;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::Failure;
use super::desk::{open_or_make, open_photos};
use super::log::{self, Log};
use crate::config::Config;
use crate::http::connections::{self, Limits, Patience};
use crate::http::{self, Web};
use crate::service::background::Background;
use crate::service::notifications::lanes;
use crate::service::photos::images::ImageProcessor;
use crate::service::photos::owner::{self, NotOurs};
use crate::service::readiness::Readiness;
use crate::service::sign_in::passwords::Passwords;
use crate::service::sign_in::queue::SignInQueue;
use crate::service::sign_in::tokens::TokenKeys;
use crate::service::{App, Clock, maintenance};

const MAINTENANCE: &str = "maintenance";
/// Longest maintenance, due every minute; removing photos may take a while.
const MAINTENANCE_PATIENCE: Duration = Duration::from_secs(900);
const SWEPT_EVERY: Duration = Duration::from_secs(24 * 3600);
const SWEPT_AGAIN_AFTER: Duration = Duration::from_secs(3600);
/// Open files besides connections: databases, photos, mails, files for pages.
const OTHER_FILES: usize = 128;
/// Time to close the rest after everything has ended or was cut off.
const CLOSING: Duration = Duration::from_secs(1);
/// Time after which a program that has not ended is killed.
const LAST_RESORT: Duration = Duration::from_secs(3);

pub async fn run(config: Config) -> Result<(), Failure> {
    let log = log::start();
    let ended = serve(config, &log).await;
    log.flush();
    ended
}

async fn serve(config: Config, log: &Log) -> Result<(), Failure> {
    let photo_files = open_photos(&config).await?;
    let db = open_or_make(&config, &photo_files).await?;
    let clock = Clock::of(&db).await?;
    let app = App {
        db,
        site: Arc::new(config.site()?),
        tokens: Arc::new(TokenKeys::new(&config.signing_secret()?)),
        passwords: Passwords::default(),
        sign_ins: SignInQueue::default(),
        processor: ImageProcessor::default(),
        photo_files,
        clock,
        background: Background::default(),
        readiness: Readiness::default(),
    };
    match owner::check(&app.db, &app.photo_files).await {
        // The desk works without photos, and they may come back later.
        Err(NotOurs::OutOfReach(error)) => tracing::warn!("{error}"),
        checked => checked?,
    }
    let limits = limits(&config);
    let listener = TcpListener::bind(config.addr)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.addr))?;
    let address = listener.local_addr()?;
    let router = http::router(Web::new(app.clone(), leptos_options(address)?));

    let (stop, stopped) = watch::channel(());
    let background = BackgroundTasks::begin(&app, stopped);
    let grace = Duration::from_secs(config.stop_seconds);
    let told = told_to_stop(grace, log.clone())?;
    tracing::info!("serving on http://{address}");
    let (begun, end) = oneshot::channel();
    let told = async move {
        told.await;
        drop(stop);
        let _ = begun.send(Instant::now() + grace + CLOSING);
    };
    connections::serve(listener, router, limits, told, grace).await;
    let end = end.await?;
    if timeout_at(end, background.finish()).await.is_err() {
        tracing::warn!("mails or webhooks were still under way and will be sent again");
    }
    let _ = timeout_at(end, app.db.close()).await;
    tracing::info!("stopped");
    Ok(())
}

/// Background tasks of the server.
struct BackgroundTasks {
    maintenance: JoinHandle<()>,
    sweeps: JoinHandle<()>,
    clock: JoinHandle<()>,
    deliveries: JoinHandle<()>,
}

impl BackgroundTasks {
    fn begin(app: &App, stopped: watch::Receiver<()>) -> Self {
        let (maintaining, sweeping) = (app.clone(), app.clone());
        let (timing, delivering) = (app.clone(), app.clone());
        Self {
            maintenance: tokio::spawn(async move {
                let (app, background) = (&maintaining, &maintaining.background);
                background.supervise(MAINTENANCE, MAINTENANCE_PATIENCE, || keep_up(app)).await;
            }),
            sweeps: tokio::spawn(async move {
                let (app, background) = (&sweeping, &sweeping.background);
                // Readiness asks the store itself, and a sweep of many photos may take hours.
                background.supervise("sweeps", Duration::MAX, || keep_sweeping(app)).await;
            }),
            clock: tokio::spawn(async move {
                let (app, background) = (&timing, &timing.background);
                // Maintenance compares it as well, and says where that fails.
                background.supervise("clock", Duration::MAX, || app.clock.watch(&app.db)).await;
            }),
            deliveries: tokio::spawn(async move {
                let (app, background) = (&delivering, &delivering.background);
                let deliver = || lanes::keep_delivering(app, stopped.clone());
                background.supervise(lanes::NAME, lanes::PATIENCE, deliver).await;
            }),
        }
    }

    /// Waits for deliveries under way, once they have been told to stop.
    async fn finish(self) {
        self.maintenance.abort();
        self.sweeps.abort();
        self.clock.abort();
        let _ = self.deliveries.await;
    }
}

/// Does what is due, now and every minute. What fails is logged where it failed and tried again.
async fn keep_up(app: &App) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        if maintenance::run(app).await.is_ok() {
            app.background.succeeded(MAINTENANCE);
        }
    }
}

/// Sweeps the photos once a day, and an hour after a sweep that failed: each lists the whole store.
/// Failures are logged where they happen.
async fn keep_sweeping(app: &App) {
    loop {
        let swept = maintenance::sweep_photos(app).await;
        tokio::time::sleep(if swept.is_ok() { SWEPT_EVERY } else { SWEPT_AGAIN_AFTER }).await;
    }
}

/// Resolves at the first SIGTERM or SIGINT. The next one, or a timeout, ends the program at once:
/// its port must not be kept for ever.
fn told_to_stop(grace: Duration, log: Log) -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("finishing what is under way");
        let _ = tell.send(());
        // A thread, since it needs nothing that could hang.
        std::thread::spawn(move || {
            std::thread::sleep(grace + LAST_RESORT);
            std::process::exit(1);
        });
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::warn!("told twice to stop: ending at once");
        log.flush();
        std::process::exit(1);
    });
    Ok(async {
        let _ = told.await;
    })
}

/// Limits of connections: as set, at most what open files allow.
fn limits(config: &Config) -> Limits {
    let wanted = usize::try_from(config.max_connections).unwrap_or(usize::MAX - OTHER_FILES);
    let files = open_files(wanted + OTHER_FILES);
    let connections = wanted.min(files.saturating_sub(OTHER_FILES).max(files / 2));
    if connections < wanted {
        tracing::warn!(connections, files, "max_connections is cut to what the limit of open files allows");
    }
    // Behind a proxy, every client has its address.
    let of_one_address = if config.behind_proxy { connections } else { connections.div_ceil(2) };
    Limits { connections, of_one_address, patience: Patience::default() }
}

/// Raises the limit of open files to what is wanted, where that is allowed; returns it.
fn open_files(wanted: usize) -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    let Some(current) = current.filter(|current| *current < wanted) else { return usize::MAX };
    let raised = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let is_raised = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }).is_ok();
    usize::try_from(if is_raised { raised } else { current }).unwrap_or(usize::MAX)
}

/// Leptos options: site files beside the program; with cargo-leptos, one folder up.
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
