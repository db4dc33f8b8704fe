//! A node that stops in the midst of its work, with all its connections open.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::ticket::Ticket;
use fixdesk::service::tickets::messages::say;
use fixdesk::store::tickets::record;
use fixdesk::store::{Db, Tx};
use futures::future::join_all;

use super::sessions::{SILENT, WAITING, sessions, until_waiting};
use crate::support::desk::{Desk, viewer};

/// SQLite has one writer on one machine: who freezes it freezes them all.
fn is_shared_by_nodes(desk: &Desk) -> bool {
    matches!(desk.stage.app.db, Db::Postgres { .. })
}

/// A node that is stopped after it has written a ticket, and before it commits. Its transaction
/// lasts as long as the test, on a slow machine, too.
async fn frozen_while_filing(desk: &Desk) -> (Tx, TicketId) {
    let mut tx = desk.stage.app.db.begin().await.expect("begins");
    let id = record::next_id(&mut tx, 2024).await.expect("a number");
    let ticket = fixdesk::domain::tickets::ticket::ContractTicket { id, ..desk.stage.draft(desk.zhou.id) };
    record::insert(&mut tx, &Ticket::of(ticket)).await.expect("is inserted");
    if let Tx::Postgres(tx) = &mut tx {
        let for_ever = "SET LOCAL idle_in_transaction_session_timeout = 0";
        sqlx::raw_sql(for_ever).execute(&mut **tx).await.expect("is set");
    }
    (tx, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_frozen_while_it_files_keeps_nobody_from_filing() {
    let desk = Desk::open().await;
    if !is_shared_by_nodes(&desk) {
        return;
    }
    let (frozen, id) = frozen_while_filing(&desk).await;

    // Whoever waited for it would be refused.
    let filed = join_all((0..6).map(|_| desk.file(&desk.zhou))).await;

    assert!(!filed.contains(&id));
    assert_eq!(sessions(&desk.stage, SILENT).await, 1, "it was frozen all the time");
    drop(frozen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_frozen_node_holds_is_free_after_a_few_seconds_and_readers_notice_nothing() {
    let desk = Desk::open().await;
    if !is_shared_by_nodes(&desk) {
        return;
    }
    let ticket = desk.file(&desk.zhou).await;
    let path = format!("/v1/status/getTicket?orderid={ticket}");
    let read = async || join_all((0..12).map(|_| desk.stage.get(&path, &desk.zhou))).await;
    // Opens the connections, which takes time of its own.
    read().await;
    let mut frozen = desk.stage.app.db.begin().await.expect("begins");
    record::hold(&mut frozen, ticket).await.expect("is held");

    let person = viewer(&desk.zhou);
    let messages = join_all((0..12).map(|_| say(&desk.stage.app, &person, ticket, "在吗", None)));
    let reading = async {
        until_waiting(&desk.stage, 1).await;
        let replies = read().await;
        (replies, sessions(&desk.stage, WAITING).await)
    };
    let (said, (replies, waiting)) = tokio::join!(messages, reading);

    assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
    assert!(waiting > 0, "readers were done while writers waited");
    assert!(said.iter().all(Result::is_ok), "{said:?}");
    assert!(frozen.commit().await.is_err(), "its transaction is over");
}
