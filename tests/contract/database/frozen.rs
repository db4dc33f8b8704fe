//! A node that stops in the midst of its work, with all its connections open.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::ticket::Dossier;
use fixdesk::service::tickets::messages::say;
use fixdesk::store::tickets::record;
use fixdesk::store::{Db, Tx};
use futures::future::join_all;

use crate::support::desk::{Desk, viewer};

/// Far less than anybody may lose to another's node.
const SOON: Duration = Duration::from_secs(2);
/// When the database has taken its locks from a node that says nothing any more.
const AFTER: Duration = Duration::from_secs(8);

/// SQLite has one writer on one machine: who freezes it freezes them all.
fn is_shared_by_nodes(desk: &Desk) -> bool {
    matches!(desk.stage.app.db, Db::Postgres { .. })
}

/// A node that is stopped after it has written a ticket, and before it commits.
async fn frozen_while_filing(desk: &Desk) -> (Tx, TicketId) {
    let mut tx = desk.stage.app.db.begin().await.expect("begins");
    let id = record::next_id(&mut tx, 2024).await.expect("a number");
    let ticket = fixdesk::domain::tickets::ticket::Ticket { id, ..desk.stage.draft(desk.zhou.id) };
    record::insert(&mut tx, &Dossier::of(ticket)).await.expect("is inserted");
    (tx, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_frozen_while_it_files_keeps_nobody_from_filing() {
    let desk = Desk::open().await;
    if !is_shared_by_nodes(&desk) {
        return;
    }
    let (frozen, id) = frozen_while_filing(&desk).await;

    let begun = Instant::now();
    let filed = join_all((0..6).map(|_| desk.file(&desk.zhou))).await;
    let took = begun.elapsed();

    assert!(took < SOON, "{took:?}");
    assert!(!filed.contains(&id));
    tokio::time::sleep(AFTER).await;
    assert!(frozen.commit().await.is_err(), "its transaction is over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_frozen_node_holds_is_free_after_a_few_seconds_and_readers_notice_nothing() {
    let desk = Desk::open().await;
    if !is_shared_by_nodes(&desk) {
        return;
    }
    let ticket = desk.file(&desk.zhou).await;
    let mut frozen = desk.stage.app.db.begin().await.expect("begins");
    record::hold(&mut frozen, ticket).await.expect("is held");

    let begun = Instant::now();
    let person = viewer(&desk.zhou);
    let messages = join_all((0..12).map(|_| say(&desk.stage.app, &person, ticket, "在吗", None)));
    let reading = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        let path = format!("/v1/status/getTicket?orderid={ticket}");
        let replies = join_all((0..12).map(|_| desk.stage.get(&path, &desk.zhou))).await;
        assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
        begun.elapsed()
    };
    let (said, reading_took) = tokio::join!(messages, reading);

    assert!(reading_took < SOON, "{reading_took:?}");
    assert!(said.iter().all(Result::is_ok), "{said:?}");
    assert!(begun.elapsed() < AFTER, "{:?}", begun.elapsed());
    drop(frozen);
}
