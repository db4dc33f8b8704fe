//! Check of the counters that lists rely on, by counting again.

use crate::store::{Db, on_tx, snapshot};

/// A counter that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Miscount {
    /// Name of what is counted.
    pub counter: String,
    pub kept: i64,
    pub counted: i64,
}

const TOTALS: &str = "SELECT kind || ' ' || subject || ' ' || status AS counter,
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted
    FROM (SELECT kind, subject, status, tickets AS kept, 0 AS counted FROM ticket_totals
          UNION ALL
          SELECT kind, subject, status, 0, tickets FROM ticket_totals_counted) AS both_ways
    GROUP BY kind, subject, status HAVING SUM(kept) <> SUM(counted) ORDER BY counter";

const BLOCKS: &str = "SELECT series || ' ' || level || ' ' || block AS counter,
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted
    FROM (SELECT series, level, block, tickets AS kept, 0 AS counted FROM ticket_blocks
          UNION ALL
          SELECT series, level, block, 0, tickets FROM ticket_blocks_counted) AS both_ways
    GROUP BY series, level, block HAVING SUM(kept) <> SUM(counted) ORDER BY counter";

const CROSSTAB: &str = "SELECT campus || ' ' || device_type || ' ' || fault_type || ' ' || status || ' ' || is_taken
            AS counter,
        CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted
    FROM (SELECT campus, device_type, fault_type, status, is_taken, tickets AS kept, 0 AS counted
          FROM ticket_crosstab
          UNION ALL
          SELECT campus, device_type, fault_type, status, is_taken, 0, tickets
          FROM ticket_crosstab_counted) AS both_ways
    GROUP BY campus, device_type, fault_type, status, is_taken HAVING SUM(kept) <> SUM(counted) ORDER BY counter";

/// Finds all wrong counters, compared at one moment, however long that takes.
pub async fn miscounts(db: &Db) -> sqlx::Result<Vec<Miscount>> {
    let mut tx = snapshot(db).await?;
    let mut wrong: Vec<Miscount> = Vec::new();
    for sql in [TOTALS, BLOCKS, CROSSTAB] {
        wrong.extend(on_tx!(&mut tx, |conn| sqlx::query_as::<_, Miscount>(sql).fetch_all(conn).await?));
    }
    tx.roll_back().await?;
    Ok(wrong)
}
