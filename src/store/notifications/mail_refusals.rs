//! Addresses that a mail server refuses for good, one a person.
//!
//! A refusal counts while the person still has that address: mails go where `email <>
//! refused_email`.

use crate::domain::ids::UserId;
use crate::store::{Tx, on_tx};

const PUT: &str = "UPDATE users SET refused_email = $2, refused_because = $3
    WHERE id = $1 AND ($2 = '' OR email = $2)";

/// Stores a refusal, unless the person has another address now.
pub async fn put(tx: &mut Tx, UserId(user): UserId, email: &str, because: &str) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(PUT).bind(user).bind(email).bind(because).execute(conn).await.map(|_| ()))
}

/// Forgets a refusal: mails go to the person's address again.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    put(tx, user, "", "").await
}
