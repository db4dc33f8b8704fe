//! The server as a process with a port: what clients, signals and devices do to it.

mod connections;
mod log;
mod program;
mod ready;
mod stopping;
mod uploads;
