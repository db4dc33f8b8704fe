//! Sign-in: sessions, tokens, attempts, and the links by which people prove an address.

pub mod attempts;
pub mod email_verifications;
pub mod invitations;
pub mod known_sources;
pub mod password_resets;
pub mod revoked_tokens;
pub mod sessions;
