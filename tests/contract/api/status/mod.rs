//! `GET /v1/status/*` beside getTicket: the site, its people, their work.

mod config;
mod pool;
mod strictness;
mod techworks;
mod users;
