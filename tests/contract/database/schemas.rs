//! The two databases have the same tables: whoever reads the migrations of one knows the other.

use std::collections::BTreeSet;

use fixdesk::store::Db;

use crate::support::databases::Database;

/// Beginnings of what only PostgreSQL has, and why.
const ONLY_ON_POSTGRES: [&str; 3] = [
    // SQLite's index by age ends with the row's id by itself.
    "deleted_tickets index deleted_tickets_by_time (deleted_at, id)",
    // What transactions under way have changed, until counters follow. SQLite has one writer, who
    // counts at once.
    "ticket_moves",
    // The planner would rather walk through all tickets than believe that few are nobody's.
    "tickets index tickets_of_nobody (id) WHERE technician_id IS NULL",
];

/// Columns, keys, foreign keys, unique constraints and indexes, a line each. Integers and truth
/// values are numbers on SQLite.
const OF_SQLITE: &str = r#"
    WITH
      tables (name) AS (
        SELECT name FROM sqlite_schema
        WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
          AND name <> '_sqlx_migrations'),
      columns (line) AS (
        SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'number' ELSE lower(c.type) END
          || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END
          || CASE WHEN c.hidden > 1 THEN ' generated' WHEN c.dflt_value IS NOT NULL THEN ' default' ELSE '' END
        FROM tables t, pragma_table_xinfo(t.name) c),
      keys (line) AS (
        SELECT t.name || ' key (' || (SELECT group_concat(c.name, ', ')
            FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk) c) || ')'
        FROM tables t
        WHERE EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk > 0)),
      foreign_keys (line) AS (
        SELECT t.name || ' (' || f."from" || ') of ' || f."table" || ' (' || f."to" || ')'
          || CASE f.on_delete WHEN 'NO ACTION' THEN '' ELSE ' ' || lower(f.on_delete) END
        FROM tables t, pragma_foreign_key_list(t.name) f),
      indexes (line) AS (
        SELECT t.name || CASE i.origin WHEN 'u' THEN ' unique' ELSE
            CASE i."unique" WHEN 1 THEN ' unique' ELSE '' END || ' index ' || i.name END
          || ' (' || (SELECT group_concat(x.name || CASE x."desc" WHEN 1 THEN ' DESC' ELSE '' END, ', ')
            FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key = 1 ORDER BY seqno) x) || ')'
          || COALESCE(CASE i.partial WHEN 1 THEN (
            SELECT ' ' || substr(s.sql, instr(s.sql, 'WHERE '))
            FROM sqlite_schema s WHERE s.name = i.name) END, '')
        FROM tables t, pragma_index_list(t.name) i
        WHERE i.origin <> 'pk')
    SELECT line FROM columns UNION ALL SELECT line FROM keys UNION ALL SELECT line FROM foreign_keys
    UNION ALL SELECT line FROM indexes"#;

const OF_POSTGRES: &str = "
    WITH
      tables (id, name) AS (
        SELECT oid, CAST(relname AS TEXT) FROM pg_class
        WHERE relkind IN ('r', 'p') AND relnamespace = CAST(current_schema() AS regnamespace)
          AND relname <> '_sqlx_migrations'),
      columns (line) AS (
        SELECT t.name || '.' || a.attname || ' ' || CASE format_type(a.atttypid, a.atttypmod)
            WHEN 'bigint' THEN 'number' WHEN 'integer' THEN 'number' WHEN 'smallint' THEN 'number'
            WHEN 'boolean' THEN 'number' ELSE format_type(a.atttypid, a.atttypmod) END
          || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
          || CASE WHEN a.attgenerated <> '' THEN ' generated' WHEN a.atthasdef THEN ' default' ELSE '' END
        FROM tables t JOIN pg_attribute a ON a.attrelid = t.id AND a.attnum > 0 AND NOT a.attisdropped),
      foreign_keys (line) AS (
        SELECT t.name || ' (' || (SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(f.conkey) WITH ORDINALITY
            AS k (number, place) JOIN pg_attribute ON attrelid = f.conrelid AND attnum = k.number)
          || ') of ' || CAST(f.confrelid AS regclass) || ' (' || (SELECT string_agg(attname, ', ' ORDER BY place)
            FROM unnest(f.confkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = f.confrelid AND attnum = k.number) || ')'
          || CASE f.confdeltype WHEN 'a' THEN '' WHEN 'c' THEN ' cascade' ELSE ' ' || CAST(f.confdeltype AS TEXT) END
        FROM tables t JOIN pg_constraint f ON f.conrelid = t.id AND f.contype = 'f'),
      indexes (line) AS (
        SELECT t.name || CASE WHEN i.indisprimary THEN ' key' WHEN c.oid IS NOT NULL THEN ' unique' ELSE
            CASE WHEN i.indisunique THEN ' unique' ELSE '' END || ' index ' || CAST(i.indexrelid AS regclass) END
          || ' (' || (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true)
                || CASE WHEN i.indoption[n - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ', ' ORDER BY n)
            FROM generate_series(1, i.indnkeyatts) AS n) || ')'
          || COALESCE(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '')
        FROM tables t JOIN pg_index i ON i.indrelid = t.id
        LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u')
    SELECT line FROM columns UNION ALL SELECT line FROM foreign_keys UNION ALL SELECT line FROM indexes";

async fn lines(db: &Db) -> BTreeSet<String> {
    let lines: Vec<String> = match db {
        Db::Sqlite { read, .. } => {
            let mut connection = read.lend().await.expect("a connection");
            sqlx::query_scalar(OF_SQLITE).fetch_all(&mut *connection).await
        }
        Db::Postgres { read, .. } => {
            let mut connection = read.lend().await.expect("a connection");
            sqlx::query_scalar(OF_POSTGRES).fetch_all(&mut *connection).await
        }
    }
    .expect("a catalogue");
    lines.iter().map(|line| in_one_spelling(line)).collect()
}

/// Conditions of indexes as one database and the other spell them.
fn in_one_spelling(line: &str) -> String {
    let (index, condition) = line.split_once(" WHERE ").unwrap_or((line, ""));
    let condition = condition.replace("::text", "").replace("= ANY", "IN").replace("ARRAY", "");
    let condition: String = condition.chars().filter(|c| !"()[]".contains(*c)).collect();
    let words: Vec<&str> = condition.split_whitespace().collect();
    if words.is_empty() { line.to_owned() } else { format!("{index} WHERE {}", words.join(" ")) }
}

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_keys_and_indexes() {
    let Some(postgres) = Database::of_a_desk_on_postgres().await else { return };
    let sqlite = Database::of_a_desk_on_sqlite().await;

    let (here, there) = (lines(&sqlite.open().await).await, lines(&postgres.open().await).await);

    assert!(here.len() > 200, "{here:?}");
    let only_here: Vec<&String> = here.difference(&there).collect();
    let is_meant = |line: &&String| ONLY_ON_POSTGRES.iter().any(|meant| line.starts_with(meant));
    let (meant, strange): (Vec<&String>, Vec<&String>) = there.difference(&here).partition(is_meant);
    assert!(only_here.is_empty() && strange.is_empty(), "SQLite: {only_here:#?}, PostgreSQL: {strange:#?}");
    for listed in ONLY_ON_POSTGRES {
        assert!(meant.iter().any(|line| line.starts_with(listed)), "there is no {listed} any more");
    }
}
