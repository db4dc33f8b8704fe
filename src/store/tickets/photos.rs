//! Photos of tickets, without the pictures themselves.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use crate::domain::ids::{TicketId, UserId};
use crate::domain::photo::{MAX_PHOTOS, MediaType, NotAPhotoId, Photo, PhotoId};
use crate::domain::time::Instant;
use crate::store::bulk::rows::{Rows, WALK_BATCH, each};
use crate::store::columns::row;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, on_tx};

row! {
    struct PhotoRow {
        id: PhotoId,
        ticket_id: i64,
        uploaded_by: i64,
        created_at: i64,
        media_type: MediaType,
        width: u32,
        height: u32,
        bytes: i64,
    }
}

impl From<PhotoRow> for Photo {
    fn from(row: PhotoRow) -> Self {
        Self {
            id: row.id,
            ticket: TicketId(row.ticket_id),
            uploaded_by: UserId(row.uploaded_by),
            created_at: Instant(row.created_at),
            media_type: row.media_type,
            width: row.width,
            height: row.height,
            bytes: row.bytes.unsigned_abs(),
        }
    }
}

const INSERT: &str = "INSERT INTO photos
        (id, ticket_id, uploaded_by, created_at, media_type, width, height, bytes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub async fn insert(tx: &mut Tx, photo: &Photo) -> sqlx::Result<()> {
    let Photo { id, ticket, uploaded_by, created_at, media_type, width, height, bytes } = photo;
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(id.as_str())
        .bind(ticket.0)
        .bind(uploaded_by.0)
        .bind(created_at.0)
        .bind(media_type.name())
        .bind(i64::from(*width))
        .bind(i64::from(*height))
        .bind(bytes.cast_signed())
        .execute(conn)
        .await
        .map(|_| ()))
}

const FIND: &str = "SELECT id, ticket_id, uploaded_by, created_at, media_type, width, height, bytes
    FROM photos WHERE id = $1";

pub async fn find(db: &Db, id: &PhotoId) -> sqlx::Result<Option<Photo>> {
    let row: Option<PhotoRow> = Statement::of(FIND).value(id.as_str()).fetch_optional(db).await?;
    Ok(row.map(Photo::from))
}

const AFTER: &str = "SELECT ticket_id, id, uploaded_by, created_at, media_type, width, height, bytes
    FROM photos WHERE (ticket_id, id) > ($1, $2) ORDER BY ticket_id, id LIMIT $3";

/// Reads the next photos in the order of their tickets; empty at the end.
pub async fn after(
    tx: &mut Tx,
    (TicketId(ticket), id): (TicketId, &str),
) -> sqlx::Result<Rows<(TicketId, String), Photo>> {
    let rows: Rows<(i64, String), PhotoRow> = on_tx!(tx, |conn| each(
        &sqlx::query(AFTER).bind(ticket).bind(id).bind(WALK_BATCH).fetch_all(conn).await?
    )?);
    Ok(rows.into_iter().map(|((ticket, id), row)| ((TicketId(ticket), id), row.map(Photo::from))).collect())
}

const OF_TICKET: &str = "SELECT id, ticket_id, uploaded_by, created_at, media_type, width, height, bytes
    FROM photos WHERE ticket_id = $1 ORDER BY id LIMIT $2";

/// Photos of a ticket. Their names are random: the order says nothing.
pub async fn of_ticket(db: &Db, TicketId(ticket): TicketId) -> sqlx::Result<Vec<Photo>> {
    let limit = MAX_PHOTOS as i64;
    let rows: Vec<PhotoRow> = Statement::of(OF_TICKET).value(ticket).value(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(Photo::from).collect())
}

const COUNT_OF_TICKET: &str = "SELECT COUNT(*) FROM photos WHERE ticket_id = $1";

pub async fn count_of_ticket(tx: &mut Tx, TicketId(ticket): TicketId) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(COUNT_OF_TICKET).bind(ticket).fetch_one(conn).await)
}

const COUNT: &str = "SELECT COUNT(*) FROM photos";

/// Number of all photos, read as [`site::id`](crate::store::site::id).
pub async fn count(db: &Db) -> sqlx::Result<i64> {
    let mut tx = db.begin().await?;
    let photos = on_tx!(&mut tx, |conn| sqlx::query_scalar(COUNT).fetch_one(conn).await?);
    tx.roll_back().await?;
    Ok(photos)
}

/// Returns the ids that have a photo.
pub async fn known(db: &Db, ids: &[PhotoId]) -> sqlx::Result<BTreeSet<PhotoId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sql = Statement::of("SELECT id FROM photos WHERE id IN (");
    sql.bind_list(ids.iter().map(PhotoId::as_str)).push(")");
    ids_of(sql.fetch_column(db, "id").await?)
}

/// Announces the files that a load is about to store, to tell them from others if it is killed.
pub async fn expect(db: &Db, ids: &[PhotoId], Instant(now): Instant) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, |conn: Driver| {
        let mut sql = QueryBuilder::<Driver>::new("INSERT INTO expected_photos (id, expected_at) ");
        sql.push_values(ids, |mut row, id| {
            row.push_bind(id.as_str()).push_bind(now);
        });
        sql.push(" ON CONFLICT (id) DO UPDATE SET expected_at = excluded.expected_at");
        sql.build().execute(conn).await.map(|_| ())
    })?;
    tx.commit().await
}

const EXPECTED: &str = "SELECT id FROM expected_photos";

/// Announced photos of loads that are under way, or were killed before their end.
pub async fn expected(db: &Db) -> sqlx::Result<BTreeSet<PhotoId>> {
    ids_of(Statement::of(EXPECTED).fetch_column(db, "id").await?)
}

const FORGET_LOADED: &str = "DELETE FROM expected_photos
    WHERE EXISTS (SELECT 1 FROM photos WHERE photos.id = expected_photos.id)";

/// Forgets the announcement of photos that have a row: if they lose it later, no load is the reason.
pub async fn forget_loaded(tx: &mut Tx) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(FORGET_LOADED).execute(conn).await.map(|_| ()))
}

const FORGET_EXPECTED: &str = "DELETE FROM expected_photos WHERE expected_at < $1";

pub async fn forget_expected_before(db: &Db, Instant(time): Instant) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, |conn| sqlx::query(FORGET_EXPECTED).bind(time).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

const FORGET: &str = "DELETE FROM photos
    WHERE ticket_id IN (SELECT id FROM deleted_tickets WHERE deleted_at < $1)
    RETURNING id";

/// Forgets photos of tickets deleted before `time`; returns their ids.
pub async fn forget_of_deleted_before(
    tx: &mut Tx,
    Instant(time): Instant,
) -> sqlx::Result<BTreeSet<PhotoId>> {
    let rows: Vec<String> = on_tx!(tx, |conn| sqlx::query_scalar(FORGET).bind(time).fetch_all(conn).await?);
    ids_of(rows)
}

fn ids_of(rows: Vec<String>) -> sqlx::Result<BTreeSet<PhotoId>> {
    rows.into_iter()
        .map(|id| id.parse().map_err(|error: NotAPhotoId| sqlx::Error::Decode(error.into())))
        .collect()
}
