//! Addresses at which a mail server takes no mails for somebody, ever.
//!
//! A refusal counts while it is of the address that somebody has: mails go where
//! `email <> refused_email`.

use crate::domain::ids::UserId;
use crate::store::{Tx, on_tx};

const PUT: &str = "UPDATE users SET refused_email = $2, refused_because = $3
    WHERE id = $1 AND ($2 = '' OR email = $2)";

/// Changes nothing for an address that somebody has no more.
pub async fn put(tx: &mut Tx, UserId(user): UserId, email: &str, because: &str) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(PUT).bind(user).bind(email).bind(because).execute(conn).await.map(|_| ()))
}

/// Lets mails go to whatever address somebody has.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    put(tx, user, "", "").await
}
