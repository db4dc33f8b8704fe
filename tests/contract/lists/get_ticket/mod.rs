//! `GET /v1/status/getTicket`: the contract of docs/api.md, row by row.

mod answers;
mod desk;
mod http;
mod paging;
mod parameters;
mod tokens;
mod who;

const PATH: &str = "/v1/status/getTicket";
