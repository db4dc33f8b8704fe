//! Query plans: everything is found by an index, never by a walk through a table or a sort.
//!
//! The statements are those that the server sends, taken from the log of the driver while people
//! use the desk; so none can be forgotten here.

mod asked;
mod judged;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::viewer::Role;

use self::asked::{
    deliver, look_at_people, look_up_in_every_way, see_every_list, sign_in_and_out, visit_every_page,
};
use self::judged::{complaint, plan};
use crate::support::cast::{Actor, FIRST_ID, NOON, TestApp};
use crate::support::log::{self, Line};

const TECHNICIANS: i64 = 20;
const TICKETS: i64 = 4_000;

/// A desk that has been in use for a while.
async fn busy_desk() -> (TestApp, Actor, Actor) {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    for number in 0..TECHNICIANS {
        let person = Person {
            phone: format!("1390000{number:04}"),
            email: format!("technician{number}@example.com"),
            ..app.somebody(&format!("technician{number}"), Role::Technician)
        };
        app.add_person(person).await;
    }
    let mut tickets: Vec<_> = (0..TICKETS).map(|_| app.draft(zhou.id)).collect();
    for (ticket, number) in tickets.iter_mut().zip(0..) {
        ticket.status = Status::ALL[number % 7];
        ticket.owner.0 = FIRST_ID + i64::try_from(number % 13).expect("small");
        ticket.campus = ["江安", "望江", "华西"][number % 3].to_owned();
        ticket.technician = (number % 4 > 0).then_some(ticket.owner);
    }
    app.add_tickets(&tickets).await;
    let thousands =
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)";
    app.execute(&format!(
        "{thousands} INSERT INTO sessions (secret_hash, user_id, created_at, last_seen_at)
         SELECT 'secret ' || n, {}, {now}, {now} FROM numbers",
        zhou.id,
        now = NOON.0,
    ))
    .await;
    app.execute(&format!(
        "{thousands} INSERT INTO sign_in_tries (subject, tried_at) SELECT 'address ' || n, {} FROM numbers",
        NOON.0,
    ))
    .await;
    app.execute(&format!(
        "{thousands} INSERT INTO outbox (url, ticket_id, event_number, next_try_at)
         SELECT 'https://example.com', n, 1, {} + n FROM numbers",
        NOON.0,
    ))
    .await;
    (app, zhou, sun)
}

/// The text of a statement that reads or changes rows.
fn statement(line: &Line) -> Option<String> {
    let whole = line.get("db.statement").map(|text| text.trim()).filter(|text| !text.is_empty());
    let text = whole.or_else(|| line.get("summary").map(String::as_str))?;
    let word = text.split_whitespace().next()?;
    let is_rows = ["SELECT", "UPDATE", "DELETE", "WITH"].contains(&word) && text.contains(['F', 'S']);
    (is_rows && !text.contains("pg_advisory_xact_lock")).then(|| text.to_owned())
}

#[tokio::test]
async fn no_request_walks_through_a_table_or_sorts_it() {
    let (app, zhou, sun) = busy_desk().await;

    let ((), log) = log::during(async {
        look_up_in_every_way(&app, &zhou, &sun).await;
        look_at_people(&app, &zhou, &sun).await;
        see_every_list(&app, &zhou, &sun).await;
        visit_every_page(&app, &zhou, &sun).await;
        sign_in_and_out(&app, &zhou).await;
        deliver(&app).await;
    })
    .await;

    let statements: BTreeSet<String> = log.iter().filter_map(statement).collect();
    let tables = [
        "tickets",
        "ticket_totals",
        "ticket_crosstab",
        "users",
        "revoked_tokens",
        "sessions",
        "sign_in_tries",
        "outbox",
        "forgotten_passwords",
        "invitations",
        "deleted_tickets",
        "ticket_events",
    ];
    for table in tables {
        let reads = format!("FROM {table}");
        assert!(statements.iter().any(|sql| sql.contains(&reads)), "nothing was read from {table}");
    }
    let mut complaints = Vec::new();
    for sql in &statements {
        let plan = plan(&app.app.db, sql).await;
        complaints.extend(complaint(&app.app.db, sql, &plan).map(|what| format!("{what}:\n{sql}\n{plan}\n")));
    }
    assert!(
        complaints.is_empty(),
        "{} of {} statements\n{}",
        complaints.len(),
        statements.len(),
        complaints.join("\n")
    );
}

#[tokio::test]
async fn a_technicians_tickets_are_counted_in_the_index_that_has_them_together() {
    let (app, _, sun) = busy_desk().await;

    let (reply, log) = log::during(app.get("/v1/status/getTechworks", &sun)).await;

    let counts: BTreeSet<String> =
        log.iter().filter_map(statement).filter(|sql| sql.contains("FROM tickets")).collect();
    assert_eq!((reply.status, counts.len()), (StatusCode::OK, 1));
    for sql in counts {
        let plan = plan(&app.app.db, &sql).await;
        assert_eq!(plan.matches("tickets_by_technician_progress").count(), 2, "{plan}");
    }
}

#[tokio::test]
async fn a_walk_and_a_sort_would_be_noticed() {
    let (app, _, _) = busy_desk().await;
    let db = &app.app.db;

    for sql in [
        "SELECT id FROM tickets WHERE description = $1",
        "SELECT id FROM tickets WHERE id > 0 AND description = $1 ORDER BY id DESC LIMIT $2",
        "SELECT id FROM tickets WHERE user_id = $1 ORDER BY description DESC LIMIT $2",
        "SELECT id FROM tickets WHERE changed_at > -9007199254740992 AND (campus || '') = $1
         ORDER BY changed_at, id LIMIT $2",
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM tickets WHERE created_at > -9007199254740992
         AND fault_type = $1 LIMIT $2) AS counted",
        "SELECT COUNT(*) FROM users WHERE nickname = $1",
        "SELECT id FROM users WHERE campus = $1",
        "SELECT s.user_id FROM sessions s WHERE s.last_seen_at < $1",
        "DELETE FROM sessions WHERE last_seen_at < $1",
        "UPDATE sign_in_tries SET tried_at = $1 WHERE subject LIKE $2",
    ] {
        let plan = plan(db, sql).await;
        assert!(complaint(db, sql, &plan).is_some(), "{sql}\n{plan}");
    }
}
