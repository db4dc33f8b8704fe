//! Values that differ in every response.

use crate::service::random_hex;

/// The tokens of one response that is a page.
pub struct PageTokens {
    /// Nonce by which its content security policy allows its scripts.
    pub nonce: String,
    /// Key by which each of its forms is carried out once, however often it is sent.
    pub form_key: String,
}

impl PageTokens {
    pub fn new() -> Self {
        Self { nonce: random_hex::<16>(), form_key: random_hex::<16>() }
    }
}
