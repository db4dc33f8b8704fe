//! Photos of tickets: checked, made small, stored in a folder or a bucket, and swept.

pub mod files;
pub mod image_header;
pub mod images;
pub mod owner;
pub mod s3;
pub mod sweep;
pub mod ticket_photos;
pub mod upload;
pub mod verify;
