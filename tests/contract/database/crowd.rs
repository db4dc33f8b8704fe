//! Many people reach for the same few tickets, and nobody waits for ever.

use std::net::{IpAddr, Ipv4Addr};

use fixdesk::domain::ids::TicketId;
use fixdesk::domain::people::admin::Change;
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::viewer::Viewer;
use fixdesk::service::notifications::inbox;
use fixdesk::service::people::admin::change;
use fixdesk::service::tickets::actions::ActionRequest;
use fixdesk::service::tickets::filing::{Duplicates, file};
use fixdesk::service::tickets::hand_over::{make_code, take_over};
use fixdesk::service::tickets::messages::say;
use fixdesk::service::tickets::{actions, trash};
use fixdesk::service::{App, maintenance};
use fixdesk::store::lists::verify;
use fixdesk::store::tickets::record;
use futures::future::join_all;

use super::sessions::{close_and_count_deadlocks, until_waiting};
use crate::support::desk::{Desk, action_request, report, viewer};

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
            0 => is_fine(trash::delete(&app, &admin, ticket, None).await),
            1 => is_fine(trash::restore(&app, &admin, tickets[(round - 1) % tickets.len()], None).await),
            2 => is_fine(change(&app, HERE, &admin, technician.id, Change::Disable, None).await),
            3 => is_fine(change(&app, HERE, &admin, technician.id, Change::Enable, None).await),
            4 => is_fine(maintenance::run(&app).await),
            _ => is_fine(file(&app, &owner, &report(), Duplicates::Allow, None).await),
        }
        is_fine(actions::act(&app, &technician, action_request(ticket, Action::Take)).await);
        is_fine(actions::act(&app, &technician, action_request(ticket, Action::Accept)).await);
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

    let wrong = verify::miscounts(&desk.stage.app.db).await.expect("counts");
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(close_and_count_deadlocks(&desk.stage).await, 0);
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

/// Returns `true` if a disabled person has a job.
async fn has_jobs_of_the_disabled(desk: &Desk) -> bool {
    let jobs = "SELECT CAST(COUNT(*) AS TEXT) FROM tickets t JOIN users u ON u.id = t.technician_id
        WHERE t.progress = 'pending' AND u.disabled";
    desk.stage.text(jobs).await != "0"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_leaves_the_desk_is_left_with_a_job_that_is_given_meanwhile() {
    let desk = Desk::open().await;
    let [chen, gao, sun] = [&desk.chen, &desk.gao, &desk.sun].map(viewer);
    let reopened = desk.in_repair().await;
    desk.does(&desk.chen, reopened, Action::ReportDone).await;
    desk.does(&desk.zhou, reopened, Action::Confirm).await;
    let assign = ActionRequest {
        technician: Some(gao.id),
        ..action_request(desk.file(&desk.zhou).await, Action::Assign)
    };
    let take = action_request(desk.file(&desk.zhou).await, Action::Take);
    let races = [
        (sun.clone(), assign, gao.id),
        (gao.clone(), take, gao.id),
        (viewer(&desk.zhou), action_request(reopened, Action::Reopen), chen.id),
    ];

    for (actor, given, leaver) in races {
        // The one who gives the job waits where the receiver has been read.
        let mut held = desk.stage.app.db.begin().await.expect("begins");
        record::hold_jobs(&mut held, leaver).await.expect("holds");
        let (app, other, what) = (desk.stage.app.clone(), desk.stage.app.clone(), given.clone());
        let giving = tokio::spawn(async move { actions::act(&app, &actor, what).await });
        until_waiting(&desk.stage, 1).await;
        let admin = sun.clone();
        let leaving =
            tokio::spawn(async move { change(&other, HERE, &admin, leaver, Change::Disable, None).await });
        until_waiting(&desk.stage, 2).await;
        held.roll_back().await.expect("lets go");

        is_fine(giving.await.expect("ends"));
        leaving.await.expect("ends").expect("is disabled");

        assert!(!has_jobs_of_the_disabled(&desk).await, "{:?}", given.target);
        change(&desk.stage.app, HERE, &sun, leaver, Change::Enable, None).await.expect("is enabled");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giving_jobs_and_leaving_the_desk_wait_for_each_other_in_one_order() {
    let desk = Desk::open().await;
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(desk.file(&desk.zhou).await);
    }
    let sun = viewer(&desk.sun);
    let people = [desk.chen.id, desk.gao.id];

    let giving = (0..2_usize).map(|place| {
        let (app, sun, tickets) = (desk.stage.app.clone(), sun.clone(), tickets.clone());
        tokio::spawn(async move {
            for round in 0..ROUNDS {
                let person = people[(round + place) % 2];
                let ticket = tickets[(round / 2 + place) % tickets.len()];
                let given =
                    ActionRequest { technician: Some(person), ..action_request(ticket, Action::Assign) };
                is_fine(actions::act(&app, &sun, given).await);
            }
        })
    });
    let leaving = people.map(|person| {
        let (app, sun) = (desk.stage.app.clone(), sun.clone());
        tokio::spawn(async move {
            for _ in 0..ROUNDS / 2 {
                change(&app, HERE, &sun, person, Change::Disable, None).await.expect("is disabled");
                change(&app, HERE, &sun, person, Change::Enable, None).await.expect("is enabled");
            }
            change(&app, HERE, &sun, person, Change::Disable, None).await.expect("is disabled");
        })
    });
    for done in join_all(giving.chain(leaving)).await {
        done.expect("nobody was ended");
    }

    assert!(!has_jobs_of_the_disabled(&desk).await);
    assert_eq!(close_and_count_deadlocks(&desk.stage).await, 0);
}

#[tokio::test]
async fn whoever_has_been_kept_out_since_they_asked_takes_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    desk.stage.set_disabled(desk.chen.id, true).await;

    let taken = desk.act(&desk.chen, action_request(ticket, Action::Take)).await;

    assert_eq!(taken, Err(Problem::Denied));
}

/// Rows of the same people's notices, so that an index and the table have them in two orders.
async fn notices_of_forgotten_tickets(desk: &Desk) {
    let stage = &desk.stage;
    let (zhou, now) = (desk.zhou.id, stage.app.clock.now().0);
    let numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 40)";
    for rows in [
        "INSERT INTO deleted_tickets (id, ticket, deleted_at) SELECT n, '{}', 1 FROM numbers".to_owned(),
        format!(
            "INSERT INTO notifications (user_id, ticket_id, event_number, created_at)
             SELECT {zhou}, n, 1, {now} FROM numbers"
        ),
    ] {
        stage.execute(&format!("{numbers} {rows}")).await;
    }
    for remainder in [1, 0, 3, 2] {
        let moved = format!("UPDATE notifications SET events = events + 1 WHERE id % 4 = {remainder}");
        stage.execute(&moved).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marking_all_read_and_forgetting_notices_do_not_wait_for_each_other() {
    let desk = Desk::open().await;
    let zhou = viewer(&desk.zhou);

    for _ in 0..25 {
        notices_of_forgotten_tickets(&desk).await;
        let app = || desk.stage.app.clone();
        let (forgetting, marking, reader) = (app(), app(), zhou.clone());
        let forgetting = tokio::spawn(async move { is_fine(maintenance::run(&forgetting).await) });
        let marking = tokio::spawn(async move {
            for _ in 0..4 {
                is_fine(inbox::mark_read(&marking, &reader, i64::MAX >> 10).await);
            }
        });
        forgetting.await.expect("nobody was ended");
        marking.await.expect("nobody was ended");
    }

    // A notice that was about to be forgotten when it was marked may be left to the next time.
    is_fine(inbox::mark_read(&desk.stage.app, &zhou, i64::MAX >> 10).await);
    assert_eq!(desk.unread(&desk.zhou).await, 0);
    assert_eq!(close_and_count_deadlocks(&desk.stage).await, 0);
}
