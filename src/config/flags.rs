//! The settings as flags and environment give them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

/// The settings every subcommand takes. What is not given stays `None`, so
/// that it does not hide what the file says.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct Flags {
    /// A TOML file of settings; ./fixdesk.toml is read if it is there
    #[arg(long, env = "FIXDESK_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Where the data is: sqlite:FILE or postgres://USER@HOST/NAME [default: sqlite:data/fixdesk.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,

    /// The address to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "FIXDESK_ADDR", value_name = "IP:PORT", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr: Option<SocketAddr>,

    /// The key that signs tokens, 32 bytes or more; made and kept beside the database if not given
    #[arg(long, env = "FIXDESK_SECRET", value_name = "TEXT", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,

    /// Where photos are kept: a folder or s3://BUCKET/FOLDER [default: photos, beside the database]
    #[arg(long, env = "FIXDESK_PHOTOS", value_name = "PLACE", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photos: Option<String>,

    /// The server of that bucket, such as https://s3.example.edu [default: Amazon's]
    #[arg(long, env = "FIXDESK_S3_ENDPOINT", value_name = "URL", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_endpoint: Option<String>,

    /// The region of that bucket [default: us-east-1]
    #[arg(long, env = "FIXDESK_S3_REGION", value_name = "NAME", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_region: Option<String>,

    /// Who may write to that bucket
    #[arg(long, env = "FIXDESK_S3_KEY_ID", value_name = "TEXT", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_key_id: Option<String>,

    /// The secret of that key
    #[arg(long, env = "FIXDESK_S3_SECRET_KEY", value_name = "TEXT", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_secret_key: Option<String>,

    /// What the site is called [default: Fixdesk]
    #[arg(long, env = "FIXDESK_SITE_NAME", value_name = "NAME", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,

    /// The time zone of the site [default: Asia/Shanghai]
    #[arg(long, env = "FIXDESK_TIME_ZONE", value_name = "ZONE", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,

    /// The campuses people choose from, separated by commas
    #[arg(long, env = "FIXDESK_CAMPUSES", value_name = "LIST", value_delimiter = ',', global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campuses: Option<Vec<String>>,

    /// The device types people choose from
    #[arg(long, env = "FIXDESK_DEVICE_TYPES", value_name = "LIST", value_delimiter = ',', global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_types: Option<Vec<String>>,

    /// The fault types people choose from
    #[arg(long, env = "FIXDESK_FAULT_TYPES", value_name = "LIST", value_delimiter = ',', global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault_types: Option<Vec<String>>,

    /// Whether people may file tickets [default: true]
    #[arg(long, env = "FIXDESK_TAKES_TICKETS", value_name = "BOOL", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes_tickets: Option<bool>,

    /// Whether people may let themselves in, as requesters [default: false]
    #[arg(long, env = "FIXDESK_OPEN_REGISTRATION", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_registration: Option<bool>,

    /// Open tickets a requester may have, 0 for any number [default: 10]
    #[arg(long, env = "FIXDESK_MAX_OPEN_TICKETS", value_name = "NUMBER", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_open_tickets: Option<u64>,

    /// Tickets a requester may file within a week, 0 for any number [default: 10]
    #[arg(long, env = "FIXDESK_MAX_WEEKLY_TICKETS", value_name = "NUMBER", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_weekly_tickets: Option<u64>,

    /// Open tickets a technician may have, 0 for any number [default: 0]
    #[arg(long, env = "FIXDESK_MAX_JOBS", value_name = "NUMBER", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_jobs: Option<u64>,

    /// Days after which a repair that nobody confirms counts as confirmed [default: 7]
    #[arg(long, env = "FIXDESK_CONFIRMATION_DAYS", value_name = "DAYS", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_days: Option<u64>,

    /// The address people type; https:// makes cookies Secure [default: http]
    #[arg(long, env = "FIXDESK_PUBLIC_URL", value_name = "URL", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,

    /// The mail server: smtps://USER:PASSWORD@HOST, or smtp://HOST:PORT?tls=required [default: no mails]
    #[arg(long, env = "FIXDESK_SMTP_URL", value_name = "URL", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,

    /// Whom mails come from, such as "Desk <desk@example.edu>"
    #[arg(long, env = "FIXDESK_MAIL_FROM", value_name = "ADDRESS", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<String>,

    /// Addresses that are told by signed requests of what happens [default: none]
    #[arg(
        long,
        env = "FIXDESK_WEBHOOK_URLS",
        value_name = "LIST",
        value_delimiter = ',',
        global = true,
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_urls: Option<Vec<String>>,

    /// The key that signs those requests, 32 bytes or more
    #[arg(long, env = "FIXDESK_WEBHOOK_SECRET", value_name = "TEXT", global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,

    /// Take client addresses from the last entry of X-Forwarded-For: only behind your own proxy
    #[arg(long, env = "FIXDESK_BEHIND_PROXY", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind_proxy: Option<bool>,

    /// Origins whose scripts may call the API [default: none]
    #[arg(long, env = "FIXDESK_CORS_ORIGINS", value_name = "LIST", value_delimiter = ',', global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors_origins: Option<Vec<String>>,

    /// Connections that are open at a time [default: 1000]
    #[arg(long, env = "FIXDESK_MAX_CONNECTIONS", value_name = "NUMBER", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<u64>,

    /// Megabytes of uploads that are held at a time, 64 or more [default: 256]
    #[arg(long, env = "FIXDESK_MAX_UPLOAD_MB", value_name = "NUMBER", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_upload_mb: Option<u64>,

    /// Seconds that requests under way get to finish when the server is told to stop [default: 10]
    #[arg(long, env = "FIXDESK_STOP_SECONDS", value_name = "SECONDS", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_seconds: Option<u64>,
}
