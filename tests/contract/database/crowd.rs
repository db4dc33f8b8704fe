//! Many people reach for the same few tickets, and nobody waits for ever.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use fixdesk::domain::action::Action;
use fixdesk::domain::members::Change;
use fixdesk::domain::person::Viewer;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::ticket::TicketId;
use fixdesk::service::conversation::say;
use fixdesk::service::filing::{Twins, file};
use fixdesk::service::hand_over::{make_code, take_over};
use fixdesk::service::members::change;
use fixdesk::service::{App, actions, deletion, inbox, upkeep};
use fixdesk::store::Db;
use fixdesk::store::counters;
use futures::future::join_all;

use crate::work::desk::{Desk, deed, report, viewer};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ROUNDS: usize = 60;

/// Fails where the server broke: the database ended one of two who waited for each other.
fn is_fine<T>(done: Result<T, Problem>) {
    if let Err(Problem::Unavailable { incident } | Problem::NoDatabase { incident }) = done {
        panic!("the server broke: {incident}");
    }
}

async fn hand_round(app: App, here: Viewer, there: Viewer, ticket: TicketId) {
    for _ in 0..ROUNDS {
        let code = make_code(&app, &here, ticket).await;
        let typed = code.as_deref().unwrap_or("000000").to_owned();
        is_fine(code);
        is_fine(take_over(&app, &there, ticket, &typed, None).await);
        is_fine(take_over(&app, &there, ticket, "123456", None).await);
    }
}

async fn disturb(app: App, admin: Viewer, technician: Viewer, owner: Viewer, tickets: Vec<TicketId>) {
    for round in 0..ROUNDS {
        let ticket = tickets[round % tickets.len()];
        is_fine(say(&app, &owner, ticket, "在吗", None).await);
        is_fine(inbox::mark_read(&app, &technician, i64::MAX >> 10).await);
        match round % 6 {
            0 => is_fine(deletion::delete(&app, &admin, ticket, None).await),
            1 => is_fine(deletion::restore(&app, &admin, tickets[(round - 1) % tickets.len()], None).await),
            2 => is_fine(change(&app, HERE, &admin, technician.id, Change::Disable, None).await),
            3 => is_fine(change(&app, HERE, &admin, technician.id, Change::Enable, None).await),
            4 => is_fine(upkeep::run(&app).await),
            _ => is_fine(file(&app, &owner, &report(), Twins::Allow, None).await),
        }
        is_fine(actions::act(&app, &technician, deed(ticket, Action::Take)).await);
        is_fine(actions::act(&app, &technician, deed(ticket, Action::Accept)).await);
    }
}

/// Transactions that the server has ended because they waited for each other.
async fn deadlocks(desk: &Desk) -> String {
    match desk.stage.app.db {
        Db::Sqlite { .. } => String::new(),
        Db::Postgres { .. } => {
            // What sessions count arrives a second later.
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let sql =
                "SELECT CAST(deadlocks AS TEXT) FROM pg_stat_database WHERE datname = current_database()";
            desk.stage.text(sql).await
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_somebody_who_waits_for_them() {
    let desk = Desk::open().await;
    let mut tickets = Vec::new();
    for _ in 0..3 {
        tickets.push(desk.in_repair().await);
    }
    let [zhou, chen, gao, sun] = [&desk.zhou, &desk.chen, &desk.gao, &desk.sun].map(viewer);
    let before = deadlocks(&desk).await;

    let app = || desk.stage.app.clone();
    let handing = (0..3).flat_map(|_| [(&chen, &gao), (&gao, &chen)]);
    let handing =
        handing.map(|(here, there)| tokio::spawn(hand_round(app(), here.clone(), there.clone(), tickets[0])));
    let disturbing = [&chen, &gao].map(|technician| {
        tokio::spawn(disturb(app(), sun.clone(), technician.clone(), zhou.clone(), tickets.clone()))
    });
    for done in join_all(handing.chain(disturbing)).await {
        done.expect("nobody was ended");
    }

    assert_eq!(deadlocks(&desk).await, before);
    let wrong = counters::miscounts(&desk.stage.app.db).await.expect("counts");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_filed_at_once_have_numbers_of_their_own_and_leave_none_out() {
    let desk = Desk::open().await;
    let first = desk.file(&desk.zhou).await;

    let filing = (0..24).map(|_| desk.file(&desk.zhou));
    let mut numbers: Vec<i64> = join_all(filing).await.into_iter().map(|TicketId(id)| id).collect();

    numbers.sort_unstable();
    let expected: Vec<i64> = (1..=24).map(|number| first.0 + number).collect();
    assert_eq!(numbers, expected);
}
