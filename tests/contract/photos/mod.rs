//! Photos of tickets: uploads, the bucket, files that no ticket names.

pub mod rest;
pub mod s3;
pub mod unclaimed;
pub mod uploads;
