//! Bearer tokens of the REST interface. The only file that knows JWT.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::ids::UserId;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::domain::viewer::Viewer;
use crate::service::{App, hex, random_hex, unavailable};
use crate::store::people::accounts::Account;
use crate::store::sign_in::revoked_tokens::{self, Bearer};

pub const LIFETIME_SECONDS: i64 = 3600;
const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "fixdesk";
const AUDIENCE: &str = "fixdesk-api";

/// Keys that sign and check tokens. The algorithm is ours, never the header's.
pub struct TokenKeys {
    sign: EncodingKey,
    check: DecodingKey,
    rules: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    jti: String,
    /// Version of the credentials at issue: a new password voids the token.
    ver: i64,
}

/// Claims of a genuine token. They count for nothing until [`BearerClaims::check`] has seen the
/// present account.
#[derive(Clone)]
pub struct BearerClaims {
    pub person: UserId,
    /// Id of this token alone.
    pub token_id: String,
    version: i64,
    expires_at: Instant,
}

/// Reason why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Garbage, forged, for another audience, or of no enabled account.
    Invalid,
    /// Genuine, but its time is over, or it was revoked.
    Expired,
    Problem(Problem),
}

impl TokenKeys {
    pub fn new(secret: &[u8]) -> Self {
        let mut rules = Validation::new(ALGORITHM);
        rules.leeway = 0;
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
        // Judged below by the desk's own clock.
        rules.validate_exp = false;
        Self { sign: EncodingKey::from_secret(secret), check: DecodingKey::from_secret(secret), rules }
    }

    fn issue(&self, account: &Account, Instant(now): Instant) -> Result<String, Problem> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account.viewer.id.to_string(),
            iat: now,
            exp: now + LIFETIME_SECONDS,
            jti: random_hex::<16>(),
            ver: account.credentials_version,
        };
        jsonwebtoken::encode(&Header::new(ALGORITHM), &claims, &self.sign)
            .map_err(|error| unavailable(&error))
    }

    /// Derives a secret that only this site can make of these words, and makes again. They have a
    /// blank in them: the signed part of a token never has.
    pub(crate) fn derive_secret(&self, words: &str) -> Result<String, Problem> {
        let signed = jsonwebtoken::crypto::sign(format!("seal {words}").as_bytes(), &self.sign, ALGORITHM);
        let signature = signed.map_err(|error| unavailable(&error))?;
        Ok(hex(&Sha256::digest(signature)))
    }

    fn read(&self, token: &str, Instant(now): Instant) -> Result<BearerClaims, Refusal> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.check, &self.rules)
            .map_err(|_| Refusal::Invalid)?
            .claims;
        let person = UserId(claims.sub.parse().map_err(|_| Refusal::Invalid)?);
        if claims.exp <= now {
            return Err(Refusal::Expired);
        }
        let Claims { jti: token_id, ver: version, exp, .. } = claims;
        Ok(BearerClaims { person, token_id, version, expires_at: Instant(exp) })
    }
}

/// Issues a token to a person who has just proved who they are.
pub fn issue(app: &App, account: &Account) -> Result<String, Problem> {
    app.tokens.issue(account, app.clock.now())
}

/// Reads the claims of a token that is genuine and in time.
pub fn claim(app: &App, token: &str) -> Result<BearerClaims, Refusal> {
    app.tokens.read(token, app.clock.now())
}

/// Returns the present viewer of a token, if it is accepted.
pub async fn viewer(app: &App, claim: &BearerClaims) -> Result<Viewer, Refusal> {
    let bearer = revoked_tokens::bearer(&app.db, claim.person, &claim.token_id).await?;
    claim.check(bearer.ok_or(Refusal::Invalid)?)
}

/// Revokes this token alone, for good.
pub async fn revoke(app: &App, claim: &BearerClaims) -> Result<(), Refusal> {
    viewer(app, claim).await?;
    let mut tx = app.db.begin().await?;
    revoked_tokens::insert(&mut tx, &claim.token_id, claim.expires_at).await?;
    Ok(tx.commit().await?)
}

impl BearerClaims {
    /// Returns the token's viewer, unless they are disabled, have a new password since, or revoked
    /// it.
    pub fn check(&self, Bearer { account, is_revoked }: Bearer) -> Result<Viewer, Refusal> {
        if account.disabled {
            Err(Refusal::Invalid)
        } else if is_revoked || account.credentials_version != self.version {
            Err(Refusal::Expired)
        } else {
            Ok(account.viewer)
        }
    }
}

impl<E: Into<Problem>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}
