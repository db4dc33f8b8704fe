//! How the database finds what is asked: from an index, never by walking
//! through a table or sorting it.
//!
//! The statements are those that the server sends, taken from the log of the
//! driver while people use the desk; so none can be forgotten here.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::person::{Person, Role};
use fixdesk::domain::status::Status;
use fixdesk::service::delivery;
use fixdesk::store::{Db, revoked_tokens};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool, Row as _, SqlitePool, raw_sql};

use crate::cast::{Actor, FIRST_ID, NOON, PASSWORD, TestApp};
use crate::log::{self, Line};
use crate::wire::post_json_as;

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

/// Every combination of these, joined by `&`; each may be left out.
fn combinations(parts: &[&[String]]) -> Vec<String> {
    parts.iter().fold(vec![String::new()], |queries, values| {
        let with = |query: &String| values.iter().map(|value| format!("{query}&{value}")).collect::<Vec<_>>();
        let more: Vec<String> = queries.iter().flat_map(with).collect();
        queries.into_iter().chain(more).collect()
    })
}

fn owned<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(str::to_owned)
}

/// Everything the interface documents.
async fn look_up_in_every_way(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let (orderid, uid, tid) =
        (format!("orderid={FIRST_ID}"), format!("uid={}", zhou.id), format!("tid={}", zhou.id));
    let lists = owned(["list=pending", "list=done"]);
    let pages = owned(["page=2", "page=9999"]);
    for query in combinations(&[&[orderid], &[uid], &[tid], &lists, &pages]) {
        let path = format!("/v1/status/getTicket?{query}");
        assert_eq!(app.get(&path, sun).await.status, StatusCode::OK, "{path}");
        app.get(&path, zhou).await;
    }
}

/// Lists of people and of their work, and a token that is given back.
async fn look_at_people(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let pages = owned(["page=2", "page=9999"]);
    let users = combinations(&[&[format!("uid={}", zhou.id)], &owned(["role=technician"]), &pages]);
    let works = combinations(&[&[format!("tid={}", zhou.id)], &pages]);
    let users = users.into_iter().map(|query| format!("/v1/status/getUser?{query}"));
    for path in users.chain(works.into_iter().map(|query| format!("/v1/status/getTechworks?{query}"))) {
        assert_eq!(app.get(&path, sun).await.status, StatusCode::OK, "{path}");
    }
    let passing = Actor { token: app.token_of(zhou.id).await, name: zhou.name.clone(), ..*zhou };
    let given_back = app.send(post_json_as("/v1/user/logout", &json!({}), &passing)).await;
    assert_eq!(given_back.status, StatusCode::OK);
    let mut tx = app.app.db.begin().await.expect("begins");
    revoked_tokens::forget_expired(&mut tx, NOON).await.expect("are forgotten");
    tx.commit().await.expect("commits");
}

/// What the form offers, one by one and some together, in every order, by page
/// and by place.
fn every_order_of_every_filter(zhou: &Actor) -> Vec<String> {
    let mut filters = vec![String::new()];
    filters.extend(owned([
        "list=pending",
        "list=done",
        "status=Repairing",
        "status=Done",
        "status=Closed",
        "campus=x",
        "device=x",
        "fault=x",
        "unassigned=yes",
        "waiting=yes",
        "campus=x&device=x&fault=x",
        "list=done&campus=x&fault=x",
        "unassigned=yes&campus=x&list=pending",
        "waiting=yes&device=x",
    ]));
    filters.extend([format!("uid={}", zhou.id), format!("tid={}", zhou.id)]);
    let spans = [
        "filed_from=2024-01-01",
        "assigned_from=2024-01-01&assigned_to=2024-02-01",
        "completed_to=2024-02-01",
    ];
    let mut searches = Vec::new();
    for direction in ["", "&dir=asc"] {
        for key in ["", "&sort=filed", "&sort=changed", "&sort=waiting"] {
            let place = if key.is_empty() { "20240000100" } else { "1718000000.20240000100" };
            for filter in &filters {
                for start in ["", "&page=900", &format!("&after={place}"), &format!("&before={place}")] {
                    searches.push(format!("{filter}{key}{direction}{start}"));
                }
            }
        }
        for span in spans {
            for start in ["", "&after=1718000000.20240000100"] {
                searches.push(format!("{span}{direction}{start}"));
                searches.push(format!("{span}&campus=x{direction}{start}"));
            }
        }
    }
    searches
}

/// The pages: lists with names and sizes, one ticket, an account.
async fn visit_every_page(app: &TestApp, zhou: &Actor, sun: &Actor) {
    let (admins, zhous) = (app.browser_of(sun).await, app.browser_of(zhou).await);
    app.pass_seconds(400);
    let lists = owned(["list%3Dpending", "list%3Ddone"]);
    let narrowed = combinations(&[
        &owned(["campus%3D%E6%B1%9F%E5%AE%89"]),
        &[format!("uid%3D{}", zhou.id)],
        &[format!("tid%3D{}", zhou.id)],
        &lists,
        &owned(["page%3D2", "page%3D9999"]),
    ]);
    for search in narrowed {
        let path = format!("/rpc/tickets?place=All&search={}", search.replace('&', "%26"));
        assert_eq!(app.visit(&path, &admins).await.status, StatusCode::OK, "{path}");
    }
    for search in every_order_of_every_filter(zhou) {
        let path =
            format!("/rpc/tickets?place=All&search={}", search.replace('=', "%3D").replace('&', "%26"));
        assert_eq!(app.visit(&path, &admins).await.status, StatusCode::OK, "{path}");
    }
    for place in ["My", "Jobs"] {
        for search in combinations(&[&lists]) {
            let path = format!("/rpc/tickets?place={place}&search={}", search.replace('&', "%26"));
            assert_eq!(app.visit(&path, &zhous).await.status, StatusCode::OK, "{path}");
        }
    }
    for search in ["", "?before=20240000009", "?q=technician1", "?q=13900", "?q=20240000003"] {
        let path = format!("/people{search}");
        assert_eq!(app.visit(&path, &admins).await.status, StatusCode::OK, "{path}");
    }
    app.submit(&format!("/tickets/{}/delete", FIRST_ID + 1), &admins, &[]).await;
    for path in ["/tickets/deleted", "/tickets/deleted?before=1717992000-7"] {
        assert_eq!(app.visit(path, &admins).await.status, StatusCode::OK, "{path}");
    }
    let ticket = format!("/tickets/{FIRST_ID}");
    // An admin is also shown to whom it can be given.
    assert_eq!(app.visit(&ticket, &admins).await.status, StatusCode::OK);
    for path in ["/my", "/jobs", "/account", &ticket] {
        assert_eq!(app.visit(path, &zhous).await.status, StatusCode::OK, "{path}");
    }
}

/// Coming in and going out, rightly and wrongly.
async fn sign_in_and_out(app: &TestApp, zhou: &Actor) {
    for name in ["zhou", "ZHOU", "13900000001", "technician2@example.com", "nobody"] {
        app.log_in(name, PASSWORD).await;
        app.log_in(name, "a wrong password").await;
    }
    let cookie = app.sign_in(zhou).await;
    let fields = [("current", PASSWORD), ("new", "another password"), ("repeat", "another password")];
    let changed = app.submit("/account", &cookie, &fields).await;
    assert_eq!(changed.header("location"), "/account?changed=1");
    app.submit("/sign-out", &changed.cookies()[0], &[]).await;
}

/// What is due goes out; here it is for somebody whom the desk no longer tells.
async fn deliver(app: &TestApp) {
    app.execute(
        "INSERT INTO forgotten_passwords (login, asked_at) VALUES ('technician1', 1), ('TECHNICIAN2@example.com', 1)",
    )
    .await;
    app.pass_seconds(10);
    assert!(delivery::run_once(&app.app).await.expect("the outbox is there") > 0);
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
        visit_every_page(&app, &zhou, &sun).await;
        sign_in_and_out(&app, &zhou).await;
        deliver(&app).await;
    })
    .await;

    let statements: BTreeSet<String> = log.iter().filter_map(statement).collect();
    let tables = [
        "tickets",
        "ticket_totals",
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
        "SELECT COUNT(*) FROM users WHERE nickname = $1",
        "SELECT id FROM users WHERE username = $1",
        "SELECT s.user_id FROM sessions s WHERE s.last_seen_at < $1",
        "DELETE FROM sessions WHERE last_seen_at < $1",
        "UPDATE sign_in_tries SET tried_at = $1 WHERE subject LIKE $2",
    ] {
        let plan = plan(db, sql).await;
        assert!(complaint(db, sql, &plan).is_some(), "{sql}\n{plan}");
    }
}

async fn plan(db: &Db, sql: &str) -> String {
    match db {
        Db::Sqlite { read, .. } => sqlite_plan(read.pool(), sql).await,
        Db::Postgres { read, .. } => postgres_plan(read.pool(), sql).await,
    }
}

async fn sqlite_plan(pool: &SqlitePool, sql: &str) -> String {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = raw_sql(explain).fetch_all(pool).await.expect(sql);
    rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
}

/// The plan for whatever values, with a walk or a sort only where there is no other way.
async fn postgres_plan(pool: &PgPool, sql: &str) -> String {
    let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).count();
    let values = match parameters {
        0 => String::new(),
        _ => format!("({})", vec!["NULL"; parameters].join(", ")),
    };
    let mut connection = pool.acquire().await.expect("a connection");
    let prepare = format!(
        "SET enable_seqscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan;
         PREPARE judged AS {sql}"
    );
    raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.expect(sql);
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE judged{values}"));
    let rows = raw_sql(explain).fetch_all(&mut *connection).await.expect(sql);
    raw_sql("DEALLOCATE judged; RESET ALL").execute(&mut *connection).await.expect("is forgotten");
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

/// What a person has, what is open, what waits or has no technician: no more than
/// can be sorted when somebody wants it by a time.
fn is_few_in_an_order_of_their_own(sql: &str) -> bool {
    let times = ["created_at", "changed_at", "waiting_since", "assigned_at", "completed_at"];
    let of_few = ["AND user_id = $", "AND technician_id ", "AND id IN (SELECT", "AND progress = 'pending'"];
    let is_in_order = times.iter().any(|time| sql.contains(&format!("ORDER BY {time} ")));
    let is_of_few = of_few.iter().any(|condition| sql.contains(condition));
    let is_sorted_late = sql.contains("WHERE TRUE AND id IN (SELECT") && sql.contains("id + 0 ");
    is_sorted_late || (is_in_order && is_of_few)
}

/// What is wrong with a plan. A handful of totals may be read one by one.
fn complaint(db: &Db, sql: &str, plan: &str) -> Option<&'static str> {
    // The list of everything is the table itself, from its newest end. People are
    // also counted there: they are few, and only admins ask for all.
    let may_walk_by_number = ["tickets", "users"].iter().any(|table| {
        let everything = format!("FROM {table} WHERE id > 0 ");
        ["ORDER BY id ", "AND id > $", "AND id >= (SELECT block"]
            .iter()
            .any(|rest| sql.contains(&format!("{everything}{rest}")))
    });
    // The parts of a block are thirty-two numbers.
    let may_sort = is_few_in_an_order_of_their_own(sql) || sql.contains("WITH level0");
    let lines: Vec<&str> = plan.lines().map(|line| line.trim_start_matches(['-', '>', ' '])).collect();
    let walks_by_number =
        |yes: bool| (yes && !may_walk_by_number).then_some("walks through a table by number");
    match db {
        Db::Sqlite { .. } => {
            let is_made_here = |name: &str| {
                ["CO-ROUTINE", "MATERIALIZE"]
                    .iter()
                    .any(|how| lines.contains(&format!("{how} {name}").as_str()))
            };
            lines.iter().find_map(|line| match line.strip_prefix("SCAN ") {
                // A block that was found, on the way to a row by its ordinal.
                Some("CONSTANT ROW" | "ticket_totals" | "a" | "leaf") => None,
                Some(name) if name.starts_with("ticket_totals ") || is_made_here(name) => None,
                Some(_) => Some("walks through a table"),
                None if line.contains("USE TEMP B-TREE FOR ORDER BY") && !may_sort => Some("sorts"),
                None => walks_by_number(line.contains("(rowid>?)")),
            })
        }
        Db::Postgres { .. } => {
            let with_next = lines.iter().zip(lines.iter().skip(1).chain(&[""]));
            let of_tables = with_next.filter(|(line, _)| !line.contains("ticket_totals"));
            of_tables.into_iter().find_map(|(line, next)| match line.split(' ').next() {
                Some("Seq") => Some("walks through a table"),
                Some("Sort" | "Incremental") if !line.starts_with("Sort Key") && !may_sort => Some("sorts"),
                Some("Index" | "Bitmap")
                    if line.contains("Index Scan") || line.contains("Index Only Scan") =>
                {
                    // That one has no others than those that are asked for.
                    let by_condition = next.starts_with("Index Cond") || line.contains("tickets_of_nobody");
                    (!by_condition).then_some("walks through an index").or(walks_by_number(
                        *next == "Index Cond: (id > 0)" && !line.contains("tickets_of_nobody"),
                    ))
                }
                _ => None,
            })
        }
    }
}
