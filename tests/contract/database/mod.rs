//! The database as sites run it: busy, full, frozen, started anew, behind a pooler.

mod clock;
mod counters;
mod crowd;
mod frozen;
mod full_disk;
mod pooler;
mod restart;
mod schemas;
mod server;
mod sessions;
