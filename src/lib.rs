//! Fixdesk: a repair-ticket desk.
//!
//! One crate, cut by layer, with the same subfolders in every layer. Dependencies point down:
//!
//! ```text
//! http ──▶ pages ──▶ ui ──▶ rpc ─┐    pages on the server, islands on both sides
//! http ──────────────────▶ service ──▶ store ──▶ SQLite | PostgreSQL     the server alone
//! text, domain                         words and rules, pure, both sides
//! ```
//!
//! Start in [`domain`]; docs/architecture.md walks through five requests.

pub mod domain;
pub mod text;

pub mod rpc;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;

/// Entry point in the browser: hydrates a page's islands.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
