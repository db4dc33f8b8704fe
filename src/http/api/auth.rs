//! Bearer authentication by the `Authorization` header.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::error::ApiError;
use crate::domain::viewer::Viewer;
use crate::http::Web;
use crate::http::middleware::language;
use crate::service::sign_in::tokens::{self, BearerClaims, Refusal};
use crate::text::{self, Texts};

impl FromRequestParts<Web> for BearerClaims {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .ok_or_else(|| ApiError::unauthorized("Unauthorized for no Authorization", false))?;
        let token = header
            .to_str()
            .ok()
            .and_then(bearer_token)
            .ok_or_else(|| ApiError::unauthorized("Unauthorized for no Bearer", false))?;
        tokens::claim(&web.app, token)
            .map_err(|refusal| refused(&refusal, text::of(language::accepted(&parts.headers))))
    }
}

/// Extractor for handlers that need the person first.
impl FromRequestParts<Web> for Viewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, ApiError> {
        let claim = BearerClaims::from_request_parts(parts, web).await?;
        let texts = text::of(language::accepted(&parts.headers));
        tokens::viewer(&web.app, &claim).await.map_err(|refusal| refused(&refusal, texts))
    }
}

pub fn refused(refusal: &Refusal, texts: Texts) -> ApiError {
    match refusal {
        Refusal::Invalid => ApiError::unauthorized("Unauthorized for invalid token", true),
        Refusal::Expired => ApiError::unauthorized("token_expired", true),
        Refusal::Problem(problem) => ApiError::of(problem, texts),
    }
}

/// Returns the token of `Bearer <token>`; the scheme's case is ignored.
fn bearer_token(header: &str) -> Option<&str> {
    let mut words = header.split_ascii_whitespace();
    let scheme = words.next()?;
    let token = words.next()?;
    (scheme.eq_ignore_ascii_case("bearer") && words.next().is_none()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_header_is_a_scheme_and_one_word() {
        for header in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            assert_eq!(bearer_token(header), Some("abc"), "{header}");
        }
        for header in ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearer a b"] {
            assert_eq!(bearer_token(header), None, "{header}");
        }
    }
}
