//! Flaws of query plans.

use fixdesk::store::Db;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqliteConnection, raw_sql};

/// Steps of a plan, one a line, below those they serve.
pub async fn plan(db: &Db, sql: &str) -> String {
    match db {
        Db::Sqlite { read, .. } => sqlite_plan(&mut read.lend().await.expect("a connection"), sql).await,
        Db::Postgres { read, .. } => postgres_plan(&mut read.lend().await.expect("a connection"), sql).await,
    }
}

async fn sqlite_plan(connection: &mut SqliteConnection, sql: &str) -> String {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = raw_sql(explain).fetch_all(connection).await.expect(sql);
    let mut path: Vec<i64> = Vec::new();
    let lines = rows.iter().map(|row| {
        let (id, parent): (i64, i64) = (row.get("id"), row.get("parent"));
        while path.last().is_some_and(|last| *last != parent) {
            path.pop();
        }
        path.push(id);
        format!("{}{}", "  ".repeat(path.len() - 1), row.get::<&str, _>("detail"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The plan for any values.
async fn postgres_plan(connection: &mut PgConnection, sql: &str) -> String {
    let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).count();
    let values = match parameters {
        0 => String::new(),
        _ => format!("({})", vec!["NULL"; parameters].join(", ")),
    };
    let prepare = AssertSqlSafe(format!("PREPARE judged AS {sql}"));
    raw_sql(prepare).execute(&mut *connection).await.expect(sql);
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE judged{values}"));
    let rows = raw_sql(explain).fetch_all(&mut *connection).await.expect(sql);
    raw_sql("DEALLOCATE judged").execute(&mut *connection).await.expect("is forgotten");
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

/// Indentation of a step, and its text.
type Step<'a> = (usize, &'a str);

fn steps(plan: &str) -> Vec<Step<'_>> {
    let step = |line: &'_ str| line.len() - line.trim_start_matches(['-', '>', ' ']).len();
    plan.lines().map(|line| (step(line), &line[step(line)..])).collect()
}

/// Flaw of a plan. A handful of totals may be read one by one, and found rows may be sorted: they
/// are no more than are counted.
pub fn complaint(db: &Db, sql: &str, plan: &str) -> Option<&'static str> {
    let steps = steps(plan);
    let of_plan = match db {
        Db::Sqlite { .. } => sqlite_complaint(sql, &steps),
        Db::Postgres { .. } => postgres_complaint(sql, &steps),
    };
    of_plan.or_else(|| walks_past_others(sql).then_some("walks past all that do not match"))
}

/// Accepts reading the table for a list of everything, from its newest end or a place. People are
/// counted there too: few, and only admins ask for all.
fn may_walk_by_number(sql: &str) -> bool {
    let of_everything = |rest: &str| {
        let end = [" ORDER BY ", " LIMIT ", ")"].iter().filter_map(|end| rest.find(end)).min();
        !rest[..end.unwrap_or(rest.len())].contains(" AND ")
    };
    ["FROM tickets WHERE id ", "FROM users WHERE id > 0 AND id "]
        .iter()
        .any(|from| sql.split(from).skip(1).any(of_everything))
        || sql.contains("FROM users WHERE id > 0 ORDER BY id ")
}

/// Accepts parts of a block: thirty-two numbers.
fn is_by_blocks(sql: &str) -> bool {
    sql.contains("WITH level0")
}

/// Returns `true` if rows in an order are read one by one for another filter, without knowing that
/// many match.
fn walks_past_others(sql: &str) -> bool {
    let mut sql = sql.to_owned();
    while let Some(branch) = sql.find(" ELSE (") {
        let mut depth = 0;
        let end = sql[branch..].find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            letter == ')' && depth == 0
        });
        sql.replace_range(branch..=branch + end.expect("it is closed"), "");
    }
    sql.split("FROM tickets WHERE ").skip(1).any(|rest| {
        let rest = rest.split(" ORDER BY ").next().and_then(|text| text.split(" LIMIT ").next());
        let mut conditions = rest.unwrap_or_default().split(" AND ");
        let bound = conditions.next().unwrap_or_default();
        let column = bound.trim_start_matches('(').split([' ', ',']).next().unwrap_or_default();
        let is_in_order = bound.contains("-9007199254740992") || bound.starts_with('(');
        let conditions: Vec<&str> = conditions.collect();
        is_in_order
            && !conditions.contains(&"FALSE")
            && conditions.iter().any(|condition| {
                let is_indexed = column == "waiting_since" && condition.starts_with("progress = ");
                // With two bounds on one side, the wrong one may be used.
                let is_bound =
                    ["<", "<="].iter().any(|sign| condition.starts_with(&format!("{column} {sign} ")))
                        || (bound.starts_with('(') && condition.starts_with(&format!("{column} >= ")));
                !is_indexed && !is_bound
            })
    })
}

fn sqlite_complaint(sql: &str, steps: &[Step<'_>]) -> Option<&'static str> {
    let is_made_here = |name: &str| {
        ["CO-ROUTINE", "MATERIALIZE"]
            .iter()
            .any(|how| steps.iter().any(|(_, step)| *step == format!("{how} {name}")))
    };
    steps.iter().enumerate().find_map(|(number, (depth, step))| match step.strip_prefix("SCAN ") {
        // A block that was found, on the way to a row by its ordinal.
        Some("CONSTANT ROW" | "a" | "leaf") => None,
        Some(name)
            if ["ticket_totals", "ticket_crosstab", "json_each"].iter().any(|few| name.starts_with(few)) =>
        {
            None
        }
        Some(name) if is_made_here(name) => None,
        Some(_) => Some("walks through a table"),
        None if step.starts_with("USE TEMP B-TREE") && step.contains("ORDER BY") => {
            let beside = steps[..number].iter().rev().take_while(|(other, _)| other >= depth);
            let mut found = beside.filter(|(other, _)| other == depth || *other == depth + 2);
            let is_of_found = found.any(|(_, step)| *step == "SCAN found");
            (!is_of_found && !is_by_blocks(sql)).then_some("sorts")
        }
        None if step.contains("(rowid>?)") && !may_walk_by_number(sql) => {
            Some("walks through a table by number")
        }
        None => None,
    })
}

fn postgres_complaint(sql: &str, steps: &[Step<'_>]) -> Option<&'static str> {
    let next = |number: usize| steps.get(number + 1).map_or("", |(_, step)| step);
    let of_tables = steps
        .iter()
        .enumerate()
        .filter(|(_, (_, step))| !step.contains("ticket_totals") && !step.contains("ticket_crosstab"));
    let mut of_tables = of_tables.map(|(number, step)| (number, *step));
    of_tables.find_map(|(number, (depth, step))| match step.split(' ').next() {
        Some("Seq") => Some("walks through a table"),
        Some("Sort" | "Incremental") if !step.starts_with("Sort Key") => {
            let mut under = steps[number + 1..].iter().take_while(|(other, _)| *other > depth);
            let is_of_found = under.any(|(_, step)| {
                // Or of nothing.
                step.starts_with("Index Cond: (id = ANY ($") || *step == "One-Time Filter: false"
            });
            (!is_of_found && !is_by_blocks(sql)).then_some("sorts")
        }
        Some("Index" | "Bitmap") if step.contains("Index Scan") || step.contains("Index Only Scan") => {
            // This index has only the rows that are asked for.
            let is_nobodys = step.contains("tickets_of_nobody");
            let next = next(number);
            if !next.starts_with("Index Cond") && !is_nobodys {
                Some("walks through an index")
            } else if next == "Index Cond: (id > 0)" && !is_nobodys && !may_walk_by_number(sql) {
                Some("walks through a table by number")
            } else {
                None
            }
        }
        _ => None,
    })
}
