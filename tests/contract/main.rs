//! The server as its users meet it: the real router over a real database.
//!
//! `cast` is the stage: an application of its own for every test, on SQLite or,
//! where `TEST_DATABASE_URL` names a server, on PostgreSQL, and named actors.

mod cast;

mod get_ticket;
