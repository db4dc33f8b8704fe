//! Whole databases in and out: bulk loads, and walks in the order of ids.

pub mod load;
pub mod rows;
pub mod walk;
