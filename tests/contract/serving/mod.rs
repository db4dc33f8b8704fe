//! The server as a process with a port: what clients, signals and devices do to it.

mod connections;
mod log;
pub mod maintenance;
mod program;
mod ready;
pub mod same_origin;
mod stopping;
mod uploads;
