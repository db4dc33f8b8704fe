//! Passwords: argon2id, off the async threads, a bounded number at a time.
//!
//! They are hashed in Unicode's composed form, so that every keyboard types the same one. Hashes of
//! the form that was typed are still accepted.

mod rules;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::problem::Problem;
use crate::domain::validation::composed;
use crate::service::blocking::BlockingPool;
use crate::service::unavailable;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hash for the password of an unknown person, so that the answer takes as long as for a known one.
/// No password is known for it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Zml4ZGVzay1ub2JvZHk$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Pool that hashes, in 19 MiB and a core each: as many at once as there are cores.
#[derive(Clone)]
pub struct Passwords {
    turns: BlockingPool,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: BlockingPool::at_most(usize::MAX) }
    }
}

impl Passwords {
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.turns.take(move || hash_now(&password)).await?.map_err(|error| unavailable(&error))
    }

    /// Checks a password; `None` stands for an unknown person or no password.
    pub async fn matches(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        self.turns.take(move || matches_now(&password, hash.as_deref())).await
    }
}

pub use rules::check_new;

/// Hashes at once: a command line keeps no other waiting.
pub fn hash_now(password: &str) -> argon2::password_hash::Result<String> {
    Ok(argon2id().hash_password(composed(password).as_bytes())?.to_string())
}

/// Hashes with a salt: demo data is reproducible.
pub fn hash_with_salt(password: &str, salt: &[u8; 16]) -> argon2::password_hash::Result<String> {
    Ok(argon2id().hash_password_with_salt(composed(password).as_bytes(), salt)?.to_string())
}

/// Returns `true` if [`Passwords::matches`] can check this hash.
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm.as_str() == "argon2id" && hash.hash.is_some())
}

fn matches_now(password: &str, hash: Option<&str>) -> bool {
    let known = hash.filter(|hash| !hash.is_empty());
    let Ok(parsed) = PasswordHash::new(known.unwrap_or(NOBODY)) else { return false };
    let is_hash_of = |text: &str| argon2id().verify_password(text.as_bytes(), &parsed).is_ok();
    let composed = composed(password);
    let same = is_hash_of(&composed) || (composed != password && is_hash_of(password));
    same && known.is_some()
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hash = hash_now("correct horse").expect("hashes");

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_hash(&hash));
        assert!(matches_now("correct horse", Some(&hash)));
        assert!(!matches_now("correct hors", Some(&hash)));
    }

    #[test]
    fn a_password_is_one_however_a_keyboard_composes_it() {
        let (composed, decomposed) =
            ("Pa\u{df}wort f\u{fc}r J\u{fc}rgen", "Pa\u{df}wort fu\u{308}r Ju\u{308}rgen");
        let hash = hash_now(decomposed).expect("hashes");
        assert!(matches_now(composed, Some(&hash)) && matches_now(decomposed, Some(&hash)));

        let old = argon2id().hash_password(decomposed.as_bytes()).expect("hashes").to_string();
        assert!(matches_now(decomposed, Some(&old)), "hashed as it was typed");
        assert!(!matches_now(composed, Some(&old)));
    }

    #[test]
    fn nobody_is_checked_with_the_same_work_and_never_matches() {
        let stand_in = PasswordHash::new(NOBODY).expect("a hash");
        let own = hash_now("x").expect("hashes");
        let own = PasswordHash::new(&own).expect("a hash");

        assert_eq!(stand_in.params, own.params);
        assert!(!matches_now("", None));
        assert!(!matches_now("", Some("")));
        assert!(!is_hash("plain text"));
    }
}
