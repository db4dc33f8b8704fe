//! Settings: flags before environment before a TOML file before defaults.

mod address;
mod flags;
mod validate;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnectOptions;

use crate::service::notifications::mailer::{BadMailer, Mailer};
use crate::service::notifications::webhook_client::{BadWebhooks, Webhooks};
use crate::service::photos::files::PhotoPlace;
use crate::service::photos::s3::{BadBucket, Bucket};
use crate::service::settings::{Limits, Site, Zone};

pub use flags::Flags;
pub use validate::BadSetting;

const DEFAULT_FILE: &str = "fixdesk.toml";
const DEFAULT_FOLDER: &str = "data";
const SECRET_FILE: &str = "fixdesk.secret";
const PHOTOS_FOLDER: &str = "photos";
const SECRET_MIN_BYTES: usize = 32;

/// The settings in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub database_url: String,
    pub addr: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photos: Option<String>,
    pub s3_endpoint: String,
    pub s3_region: String,
    pub s3_key_id: String,
    pub s3_secret_key: String,
    pub site_name: String,
    pub time_zone: String,
    pub campuses: Vec<String>,
    pub device_types: Vec<String>,
    pub fault_types: Vec<String>,
    pub takes_tickets: bool,
    pub open_registration: bool,
    pub max_open_tickets: u64,
    pub max_weekly_tickets: u64,
    pub max_jobs: u64,
    pub confirmation_days: u64,
    pub public_url: String,
    pub smtp_url: String,
    pub mail_from: String,
    pub webhook_urls: Vec<String>,
    pub webhook_secret: String,
    pub behind_proxy: bool,
    pub cors_origins: Vec<String>,
    pub max_connections: u64,
    pub max_upload_mb: u64,
    pub stop_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            database_url: format!("sqlite:{DEFAULT_FOLDER}/fixdesk.db"),
            addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            secret: None,
            photos: None,
            s3_endpoint: String::new(),
            s3_region: "us-east-1".to_owned(),
            s3_key_id: String::new(),
            s3_secret_key: String::new(),
            site_name: "Fixdesk".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            campuses: list(&["江安", "望江", "华西"]),
            device_types: list(&["笔记本", "MacBook", "台式机", "其他设备"]),
            fault_types: list(&[
                "清灰",
                "设备清灰",
                "系统重装",
                "无法开机",
                "设备进水",
                "软件问题",
                "硬件加装",
            ]),
            takes_tickets: true,
            open_registration: false,
            max_open_tickets: 10,
            max_weekly_tickets: 10,
            max_jobs: 0,
            confirmation_days: 7,
            public_url: String::new(),
            smtp_url: String::new(),
            mail_from: String::new(),
            webhook_urls: Vec::new(),
            webhook_secret: String::new(),
            behind_proxy: false,
            cors_origins: Vec::new(),
            max_connections: 1000,
            max_upload_mb: 256,
            stop_seconds: 10,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}")]
    Settings(#[from] Box<figment::Error>),
    #[error("there is no settings file {}", .0.display())]
    MissingFile(PathBuf),
    #[error(transparent)]
    Setting(#[from] BadSetting),
    #[error("the setting time_zone is {0:?}, not a time zone: use a name like Asia/Shanghai")]
    TimeZone(String),
    #[error("mails need public_url: they have links")]
    MailsWithoutAddress,
    #[error(transparent)]
    Mailer(#[from] BadMailer),
    #[error(transparent)]
    Webhooks(#[from] BadWebhooks),
    #[error("the secret is too short: it needs at least {SECRET_MIN_BYTES} bytes")]
    ShortSecret,
    #[error(transparent)]
    Bucket(#[from] BadBucket),
    #[error("cannot keep the signing secret in {}: {source}", path.display())]
    SecretFile { path: PathBuf, source: std::io::Error },
}

impl Config {
    /// Settings that can work, or the first that cannot: the operator learns of it at start, and
    /// not the person who needs it first.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let config = Self::read(flags)?.validated()?;
        config.secret.as_deref().map_or(Ok(()), |given| check_secret(given.as_bytes()))?;
        config.site()?;
        config.photo_place()?;
        Ok(config)
    }

    fn read(flags: &Flags) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) if !path.is_file() => return Err(ConfigError::MissingFile(path.clone())),
            Some(path) => path.as_path(),
            None => Path::new(DEFAULT_FILE),
        };
        let mut settings = Figment::from(Serialized::defaults(Self::default()));
        if file.is_file() {
            settings = settings.merge(Toml::file_exact(file));
        }
        settings.merge(Serialized::defaults(flags)).extract().map_err(|error| Box::new(error).into())
    }

    pub fn site(&self) -> Result<Site, ConfigError> {
        let zone = self.time_zone.parse().map_err(|_| ConfigError::TimeZone(self.time_zone.clone()))?;
        Ok(Site {
            name: self.site_name.clone(),
            zone: Zone(zone),
            campuses: self.campuses.clone(),
            device_types: self.device_types.clone(),
            fault_types: self.fault_types.clone(),
            takes_tickets: self.takes_tickets,
            open_registration: self.open_registration,
            limits: Limits {
                open_tickets: self.max_open_tickets,
                weekly_tickets: self.max_weekly_tickets,
                jobs: self.max_jobs,
                confirmation_days: self.confirmation_days,
            },
            public_url: self.public_url.trim_end_matches('/').to_owned(),
            mailer: self.mailer()?,
            webhooks: self.webhooks()?,
            https: self.public_url.starts_with("https://"),
            behind_proxy: self.behind_proxy,
            cors_origins: self.cors_origins.clone(),
            upload_bytes: self.upload_bytes(),
        })
    }

    /// Bytes of uploads held at a time.
    fn upload_bytes(&self) -> usize {
        usize::try_from(self.max_upload_mb << 20).unwrap_or(usize::MAX)
    }

    fn mailer(&self) -> Result<Option<Mailer>, ConfigError> {
        if !self.mail_from.is_empty() {
            Mailer::sender(&self.mail_from)?;
        }
        if self.smtp_url.is_empty() {
            Ok(None)
        } else if self.public_url.is_empty() {
            Err(ConfigError::MailsWithoutAddress)
        } else {
            Ok(Some(Mailer::new(&self.smtp_url, &self.mail_from)?))
        }
    }

    fn webhooks(&self) -> Result<Option<Webhooks>, ConfigError> {
        if !self.webhook_secret.is_empty() {
            Webhooks::check_secret(&self.webhook_secret)?;
        }
        if self.webhook_urls.is_empty() {
            return Ok(None);
        }
        Ok(Some(Webhooks::new(&self.webhook_urls, &self.webhook_secret)?))
    }

    /// The key that signs tokens: as given, or made once and kept.
    pub fn signing_secret(&self) -> Result<Vec<u8>, ConfigError> {
        let secret = match &self.secret {
            Some(given) => given.clone().into_bytes(),
            None => kept_secret(&self.data_folder().join(SECRET_FILE))?,
        };
        check_secret(&secret)?;
        Ok(secret)
    }

    /// Storage of photos: as given, or beside the database.
    pub fn photo_place(&self) -> Result<PhotoPlace, ConfigError> {
        Ok(match &self.photos {
            Some(given) if given.contains("://") => PhotoPlace::Bucket(self.bucket(given)?),
            Some(given) => PhotoPlace::Folder(given.into()),
            None => PhotoPlace::Folder(self.data_folder().join(PHOTOS_FOLDER)),
        })
    }

    fn bucket(&self, address: &str) -> Result<Bucket, ConfigError> {
        let bucket = Bucket {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_key_id.clone(),
            secret_key: self.s3_secret_key.clone(),
            ..Bucket::at(address)?
        };
        bucket.check()?;
        Ok(bucket)
    }

    /// Folder of the database file, else [`DEFAULT_FOLDER`].
    fn data_folder(&self) -> PathBuf {
        // Any text is a file to SQLite's own reading.
        let address = Some(&self.database_url).filter(|address| address.starts_with("sqlite:"));
        let options: Option<SqliteConnectOptions> = address.and_then(|address| address.parse().ok());
        let file = options.map(|options| options.get_filename().to_owned());
        file.and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_else(|| DEFAULT_FOLDER.into())
    }
}

const fn check_secret(secret: &[u8]) -> Result<(), ConfigError> {
    if secret.len() < SECRET_MIN_BYTES { Err(ConfigError::ShortSecret) } else { Ok(()) }
}

fn kept_secret(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let failed = |source| ConfigError::SecretFile { path: path.to_owned(), source };
    match std::fs::read(path) {
        Ok(secret) => Ok(secret),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_secret(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

/// Writes the secret whole beside its final name first: a crash, or another process that starts as
/// well, never leaves half.
fn make_secret(path: &Path) -> std::io::Result<Vec<u8>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let secret = crate::service::random_hex::<32>();
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;

    // A hard link, unlike a rename, leaves a file that is already there alone.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags_with_file(folder: &Path, text: &str) -> Flags {
        let file = folder.join("settings.toml");
        std::fs::write(&file, text).expect("written");
        Flags { config: Some(file), ..Flags::default() }
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut flags = flags_with_file(folder.path(), "site_name = 'File'\ntime_zone = 'UTC'\n");
        flags.site_name = Some("Flag".to_owned());

        let config = Config::load(&flags).expect("valid");

        assert_eq!(config.site_name, "Flag");
        assert_eq!(config.time_zone, "UTC");
        assert_eq!(config.addr.port(), 3000);
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let flags = flags_with_file(folder.path(), "site_nam = 'x'\n");

        let error = Config::load(&flags).expect_err("unknown setting").to_string();

        assert!(error.contains("site_nam"), "{error}");
    }

    #[test]
    fn the_secret_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("deep/desk.db").display());
        let config = Config { database_url: url, ..Config::default() };

        let first = config.signing_secret().expect("made");
        let second = config.signing_secret().expect("kept");

        assert_eq!(first, second);
        let file = folder.path().join("deep").join(SECRET_FILE);
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn mails_need_an_address_for_their_links() {
        let mails = Config {
            smtp_url: "smtps://desk:p%40ss@mail.example".to_owned(),
            mail_from: "Desk <desk@example.edu>".to_owned(),
            ..Config::default()
        };
        let refused = |config: Config| config.site().expect_err("is refused").to_string();

        assert!(Config::default().site().expect("valid").mailer.is_none());
        assert!(refused(mails.clone()).contains("public_url"));
        let public_url = "https://desk.example/".to_owned();
        let mails = Config { public_url, ..mails };
        let site = mails.site().expect("valid");
        assert_eq!((site.public_url.as_str(), site.mailer.is_some()), ("https://desk.example", true));
        assert!(refused(Config { mail_from: String::new(), ..mails.clone() }).contains("mail_from"));
        assert!(refused(Config { smtp_url: "mail.example".to_owned(), ..mails }).contains("smtp_url"));
    }

    #[test]
    fn webhooks_need_web_addresses_and_a_secret() {
        let hooks = |url: &str, secret: &str| {
            let webhook_urls = vec![url.to_owned()];
            Config { webhook_urls, webhook_secret: secret.to_owned(), ..Config::default() }.site()
        };
        let secret = "x".repeat(SECRET_MIN_BYTES);

        assert!(hooks("https://example.edu/hook", &secret).expect("valid").webhooks.is_some());
        for bad in ["", "/hook", "ftp://example.edu", "example.edu"] {
            assert!(hooks(bad, &secret).is_err(), "{bad}");
        }
        assert!(hooks("https://example.edu/hook", "").is_err());
    }

    #[test]
    fn a_server_of_databases_is_no_folder() {
        let config =
            Config { database_url: "postgres://desk:pass@localhost/desk".to_owned(), ..Config::default() };
        assert_eq!(config.data_folder(), Path::new(DEFAULT_FOLDER));
    }

    #[test]
    fn photos_are_kept_beside_the_database_unless_the_site_says_where() {
        let folder = |database_url: &str, photos: Option<&str>| {
            let photos = photos.map(str::to_owned);
            let config = Config { database_url: database_url.to_owned(), photos, ..Config::default() };
            match config.photo_place().expect("a folder") {
                PhotoPlace::Folder(path) => path,
                PhotoPlace::Bucket(bucket) => panic!("{bucket:?}"),
            }
        };

        assert_eq!(folder("sqlite:/srv/desk/desk.db", None), Path::new("/srv/desk/photos"));
        assert_eq!(folder("postgres://desk@localhost/desk", None), Path::new("data/photos"));
        assert_eq!(folder("sqlite:desk.db", Some("/mnt/p")), Path::new("/mnt/p"));
    }

    #[test]
    fn a_bucket_needs_keys_and_a_web_address() {
        let config = Config {
            photos: Some("s3://desk/photos".to_owned()),
            s3_key_id: "id".to_owned(),
            s3_secret_key: "key".to_owned(),
            ..Config::default()
        };
        let refused = |config: Config| config.photo_place().expect_err("is refused").to_string();

        assert!(matches!(config.photo_place().expect("valid"), PhotoPlace::Bucket(_)));
        assert!(refused(Config { s3_secret_key: String::new(), ..config.clone() }).contains("s3_secret_key"));
        let endpoint = "s3.example.edu".to_owned();
        assert!(refused(Config { s3_endpoint: endpoint, ..config.clone() }).contains("s3_endpoint"));
        let photos = Some("https://desk.example".to_owned());
        assert!(refused(Config { photos, ..config }).contains("s3://BUCKET"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let config = Config { secret: Some("short".to_owned()), ..Config::default() };
        assert!(matches!(config.signing_secret(), Err(ConfigError::ShortSecret)));
    }

    #[test]
    fn a_short_secret_is_refused_before_anything_is_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let load = |secret: &str| {
            let secret = Some(secret.to_owned());
            Config::load(&Flags { secret, ..flags_with_file(folder.path(), "") })
        };

        for short in ["", "short", &" ".repeat(SECRET_MIN_BYTES)] {
            assert!(matches!(load(short), Err(ConfigError::ShortSecret)), "{short:?}");
        }
        load(&"x".repeat(SECRET_MIN_BYTES)).expect("is long enough");
    }
}
