//! Pages of many runtimes at once: what renders them shares nothing that belongs to one request.

use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::support::cast::TestApp;
use crate::support::wire::Reply;

const THREADS: usize = 8;
/// Pages that one of them renders at the same time.
const AT_ONCE: usize = 4;
const TIME: Duration = Duration::from_secs(10);
/// Longest wait for a page where all of them share a slow machine. One that waits for a thing that
/// another runtime was to do waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Word that stands on every page of a desk and on no page of another.
fn mark(number: usize) -> String {
    format!("desk{number}")
}

/// Half of the runtimes have threads of their own, as that of the server.
fn runtime(number: usize) -> Runtime {
    let mut builder =
        if number.is_multiple_of(2) { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.worker_threads(2).enable_all().build().expect("a runtime")
}

/// A page, and the cookie of whoever looks at it.
struct Look {
    path: String,
    cookie: String,
}

async fn desk(number: usize) -> (TestApp, Vec<Look>) {
    let app = TestApp::start().await;
    let zhou = app.user(&format!("zhou-{}", mark(number))).await;
    let sun = app.admin(&format!("sun-{}", mark(number))).await;
    let ticket = app.ticket(&zhou, |ticket| ticket.brand = mark(number)).await;
    let mut looks = Vec::new();
    for (actor, paths) in [
        (&zhou, &["/my", "/tickets/{id}", "/tickets/new", "/account", "/inbox"][..]),
        (&sun, &["/tickets", "/tickets/{id}", "/tickets?list=pending", "/people", "/tickets/deleted"]),
    ] {
        let cookie = app.browser_of(actor).await;
        looks.extend(
            paths
                .iter()
                .map(|path| Look { path: path.replace("{id}", &ticket.to_string()), cookie: cookie.clone() }),
        );
    }
    (app, looks)
}

fn is_of_desk(number: usize, path: &str, page: &Reply) {
    assert_eq!(page.status, 200, "{path} of {}: {}", mark(number), page.text);
    assert!(page.text.contains("</html>"), "{path} ends in its midst");
    let marks = (0..THREADS).filter(|number| page.text.contains(&mark(*number)));
    assert_eq!(marks.collect::<Vec<_>>(), [number], "{path}");
}

/// Looks at all pages again and again; how many they were.
async fn look_around(number: usize) -> usize {
    let (app, looks) = desk(number).await;
    let (begun, mut seen) = (Instant::now(), 0);
    while begun.elapsed() < TIME {
        for looks in looks.chunks(AT_ONCE) {
            let pages = looks.iter().map(|look| timeout(PATIENCE, app.visit(&look.path, &look.cookie)));
            for (look, page) in looks.iter().zip(join_all(pages).await) {
                let page = page.unwrap_or_else(|_| panic!("{} of {} never comes", look.path, mark(number)));
                is_of_desk(number, &look.path, &page);
                seen += 1;
            }
        }
    }
    seen
}

#[test]
fn runtimes_that_render_at_once_render_their_own_pages_and_wait_for_no_other() {
    let threads: Vec<_> = (0..THREADS)
        .map(|number| thread::spawn(move || runtime(number).block_on(look_around(number))))
        .collect();

    let seen: Vec<usize> = threads.into_iter().map(|thread| thread.join().expect("all is well")).collect();

    assert!(seen.iter().all(|seen| *seen > 0), "{seen:?}");
}
