//! Keys for people from before keys were stored.

use std::collections::BTreeSet;

use sqlx::{Database, Encode, FromRow, QueryBuilder, Type};

use crate::domain::people::person::{Keys, check_username};
use crate::domain::validation::{Lines, canonical, is_printable, printable};
use crate::store::{Db, Tx, dialect, on_tx};

/// People who get keys in one transaction.
const BATCH: i64 = 500;

#[derive(FromRow)]
struct Keyless {
    id: i64,
    username: String,
    nickname: String,
    phone: String,
    email: String,
}

/// A person with keys, and with visible names and contacts.
struct Keyed {
    person: Keyless,
    keys: Keys,
    has_exact_name: bool,
}

/// Makes the keys that are missing, the oldest account first: it keeps a name that several have in
/// different spelling. The others sign in by theirs, letter by letter.
pub async fn fill(db: &Db) -> sqlx::Result<()> {
    if !are_missing(db).await? {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let mut tx = db.begin().await?;
        dialect::lock(&mut tx, "name keys").await?;
        let keyless = next(&mut tx, after).await?;
        let Some(last) = keyless.last() else {
            for sql in [SHARED_PHONES, SHARED_EMAILS] {
                on_tx!(&mut tx, |conn| sqlx::query(sql).execute(conn).await.map(|_| ())?);
            }
            return tx.commit().await;
        };
        after = last.id;
        let keyed = with_keys(&mut tx, keyless).await?;
        on_tx!(&mut tx, |conn: Driver| update::<Driver>(&keyed).build().execute(conn).await.map(|_| ())?);
        tx.commit().await?;
    }
}

/// Withdraws verifications from the beginning where several people have the contact: only their
/// keys can tell.
const SHARED_PHONES: &str = "UPDATE users SET phone_verified_at = NULL
    WHERE phone_verified_at = created_at AND phone_key <> '' AND EXISTS (
        SELECT 1 FROM users o WHERE o.phone_key = users.phone_key AND o.phone_key <> '' AND o.id <> users.id)";
const SHARED_EMAILS: &str = "UPDATE users SET email_verified_at = NULL
    WHERE email_verified_at = created_at AND email_key <> '' AND EXISTS (
        SELECT 1 FROM users o WHERE o.email_key = users.email_key AND o.email_key <> '' AND o.id <> users.id)";

const ANY: &str = "SELECT id FROM users WHERE username_key = '' ORDER BY id LIMIT 1";

/// Returns `true` if keys are missing. Asks a writer: without readers, a large load that follows
/// may have SQLite's file to itself.
async fn are_missing(db: &Db) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let any: Option<i64> = on_tx!(&mut tx, |conn| sqlx::query_scalar(ANY).fetch_optional(conn).await?);
    tx.roll_back().await?;
    Ok(any.is_some())
}

const NEXT: &str = "SELECT id, username, nickname, phone, email FROM users
    WHERE username_key = '' AND id > $1 ORDER BY id LIMIT $2";

async fn next(tx: &mut Tx, after: i64) -> sqlx::Result<Vec<Keyless>> {
    on_tx!(tx, |conn| sqlx::query_as(NEXT).bind(after).bind(BATCH).fetch_all(conn).await)
}

async fn with_keys(tx: &mut Tx, people: Vec<Keyless>) -> sqlx::Result<Vec<Keyed>> {
    let mut keyed: Vec<Keyed> = people.into_iter().map(Keyed::of).collect();
    let mut taken = taken_of(tx, &keyed).await?;
    for person in &mut keyed {
        if !person.has_exact_name && !taken.insert(person.keys.username.clone()) {
            person.has_exact_name = true;
        }
        if person.has_exact_name {
            tracing::warn!(
                person = person.person.id,
                "signs in by the exact spelling of the user name from now on"
            );
        }
    }
    Ok(keyed)
}

impl Keyed {
    fn of(person: Keyless) -> Self {
        let Keyless { id, username, nickname, phone, email } = person;
        let seen = |text: String| if is_whole(&text) { text } else { mended(id, &text) };
        let nickname =
            Some(seen(nickname)).filter(|seen| !seen.is_empty()).unwrap_or_else(|| username.clone());
        let person = Keyless { id, nickname, phone: seen(phone), email: seen(email), username };
        let keys = Keys::made_of(&person.username, &person.nickname, &person.phone, &person.email);
        let has_exact_name = check_username(&person.username).is_err();
        Self { person, keys, has_exact_name }
    }
}

fn is_whole(text: &str) -> bool {
    is_printable(&canonical(text), Lines::One)
}

/// Removes the characters that would turn the line around the text.
fn mended(id: i64, text: &str) -> String {
    tracing::warn!(
        person = id,
        "had a name or address with characters that nobody can see: they are removed"
    );
    printable(text, Lines::One)
}

/// Keys of these people that others have already.
async fn taken_of(tx: &mut Tx, people: &[Keyed]) -> sqlx::Result<BTreeSet<String>> {
    let taken: Vec<String> = on_tx!(tx, |conn: Driver| {
        let mut sql = QueryBuilder::<Driver>::new(
            "SELECT username_key FROM users WHERE NOT has_exact_name AND username_key IN (",
        );
        let mut list = sql.separated(", ");
        for person in people {
            list.push_bind(person.keys.username.clone());
        }
        sql.push(")");
        sql.build_query_scalar().fetch_all(conn).await?
    });
    Ok(taken.into_iter().collect())
}

fn update<DB: Database>(people: &[Keyed]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new(
        "WITH keyed (id, nickname, phone, email, username_key, nickname_key, phone_key, email_key, has_exact_name) AS (",
    );
    sql.push_values(people, |mut row, Keyed { person, keys, has_exact_name }| {
        row.push_bind(person.id)
            .push_bind(person.nickname.clone())
            .push_bind(person.phone.clone())
            .push_bind(person.email.clone())
            .push_bind(keys.username.clone())
            .push_bind(keys.nickname.clone())
            .push_bind(keys.phone.clone())
            .push_bind(keys.email.clone())
            .push_bind(*has_exact_name);
    });
    sql.push(
        ") UPDATE users
        SET nickname = keyed.nickname, phone = keyed.phone, email = keyed.email,
            username_key = keyed.username_key, nickname_key = keyed.nickname_key,
            phone_key = keyed.phone_key, email_key = keyed.email_key,
            has_exact_name = keyed.has_exact_name,
            phone_verified_at = CASE WHEN keyed.phone = users.phone THEN users.phone_verified_at END,
            email_verified_at = CASE WHEN keyed.email = users.email THEN users.email_verified_at END
        FROM keyed WHERE users.id = keyed.id",
    );
    sql
}
