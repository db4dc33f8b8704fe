//! Settings as they can work: trimmed, and refused at start where they cannot.
//!
//! A setting that is taken and then does nothing is found out by the person whose
//! report is refused, so each one is judged here, by a message that names its key.

use std::ops::RangeInclusive;

use super::Config;
use super::address::{WebAddress, check_mail_server, host_and_port, place_of};
use crate::domain::tickets::report::Field;
use crate::domain::validation::{Lines, canonical, has_invisible, is_printable};

const SITE_NAME_LIMIT: usize = 64;
const CONFIRMATION_DAYS: RangeInclusive<u64> = 1..=3650;
const CONNECTIONS: RangeInclusive<u64> = 1..=1_000_000;
/// One report may have 60 MB of photos.
const UPLOAD_MB: RangeInclusive<u64> = 64..=1_000_000;
const STOP_SECONDS: RangeInclusive<u64> = 0..=3600;

/// A setting that cannot work, and why.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting {key} {flaw}")]
pub struct BadSetting {
    key: &'static str,
    flaw: String,
}

fn refuse<T>(key: &'static str, flaw: impl Into<String>) -> Result<T, BadSetting> {
    Err(BadSetting { key, flaw: flaw.into() })
}

impl Config {
    /// Trims every text and refuses values that no request could ever use. Names
    /// every setting, so that a new one cannot be forgotten here.
    pub(super) fn validated(self) -> Result<Self, BadSetting> {
        let Self {
            database_url,
            addr,
            secret,
            photos,
            s3_endpoint,
            s3_region,
            s3_key_id,
            s3_secret_key,
            site_name,
            time_zone,
            campuses,
            device_types,
            fault_types,
            takes_tickets,
            open_registration,
            max_open_tickets,
            max_weekly_tickets,
            max_jobs,
            confirmation_days,
            public_url,
            smtp_url,
            mail_from,
            webhook_urls,
            webhook_secret,
            behind_proxy,
            cors_origins,
            max_connections,
            max_upload_mb,
            stop_seconds,
        } = self;
        Ok(Self {
            database_url: database(trimmed(&database_url))?,
            addr,
            secret: secret.as_deref().map(trimmed),
            photos: photos.map(|place| filled("photos", &place)).transpose()?,
            s3_endpoint: endpoint("s3_endpoint", trimmed(&s3_endpoint))?,
            s3_region: region("s3_region", filled("s3_region", &s3_region)?)?,
            s3_key_id: key_id("s3_key_id", trimmed(&s3_key_id))?,
            s3_secret_key: trimmed(&s3_secret_key),
            site_name: name("site_name", &site_name, SITE_NAME_LIMIT)?,
            time_zone: filled("time_zone", &time_zone)?,
            campuses: names("campuses", &campuses, Field::Campus)?,
            device_types: names("device_types", &device_types, Field::DeviceType)?,
            fault_types: names("fault_types", &fault_types, Field::FaultType)?,
            takes_tickets,
            open_registration,
            max_open_tickets,
            max_weekly_tickets,
            max_jobs,
            confirmation_days: within("confirmation_days", confirmation_days, CONFIRMATION_DAYS)?,
            public_url: public_url_of(&public_url)?,
            smtp_url: mail_server("smtp_url", trimmed(&smtp_url))?,
            mail_from: sender("mail_from", trimmed(&mail_from))?,
            webhook_urls: webhooks("webhook_urls", &webhook_urls)?,
            webhook_secret: trimmed(&webhook_secret),
            behind_proxy,
            cors_origins: origins("cors_origins", &cors_origins)?,
            max_connections: within("max_connections", max_connections, CONNECTIONS)?,
            max_upload_mb: within("max_upload_mb", max_upload_mb, UPLOAD_MB)?,
            stop_seconds: within("stop_seconds", stop_seconds, STOP_SECONDS)?,
        })
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn filled(key: &'static str, text: &str) -> Result<String, BadSetting> {
    match text.trim() {
        "" => refuse(key, "is empty: leave it out for the default"),
        filled => Ok(filled.to_owned()),
    }
}

/// One-line text, in the canonical form with which input is compared.
fn name(key: &'static str, text: &str, limit: usize) -> Result<String, BadSetting> {
    let name = filled(key, &canonical(text))?;
    if !is_printable(&name, Lines::One) || has_invisible(&name) {
        refuse(key, format!("has {name:?}, with characters that nobody can see"))
    } else if name.chars().count() > limit {
        refuse(key, format!("has {name:?}, longer than {limit} characters"))
    } else {
        Ok(name)
    }
}

/// Trimmed items, each there once.
fn list(key: &'static str, items: &[String]) -> Result<Vec<String>, BadSetting> {
    let mut list: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let item = canonical(item);
        if item.is_empty() {
            return refuse(key, "has an empty item: look for a comma too many, or leave it out");
        }
        if list.contains(&item) {
            return refuse(key, format!("has {item:?} twice"));
        }
        list.push(item);
    }
    Ok(list)
}

/// Choices of a report, each of which that field of a report can hold.
fn names(key: &'static str, items: &[String], field: Field) -> Result<Vec<String>, BadSetting> {
    list(key, items)?.iter().map(|item| name(key, item, field.limit())).collect()
}

fn within(key: &'static str, number: u64, range: RangeInclusive<u64>) -> Result<u64, BadSetting> {
    if range.contains(&number) {
        return Ok(number);
    }
    refuse(key, format!("is {number}: use a number from {} to {}", range.start(), range.end()))
}

/// Refuses unknown databases, and SQLite's in memory: each connection would have one.
fn database(url: String) -> Result<String, BadSetting> {
    if ["postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(url);
    }
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return refuse("database_url", "must begin with sqlite: or postgres:");
    };
    let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let file = file.trim_start_matches("//");
    if file.is_empty() || file == ":memory:" || parameters.contains("mode=memory") {
        return refuse("database_url", "names no file, so nothing would be kept: use sqlite:FILE");
    }
    Ok(url)
}

/// The address of the site without the slash at its end; empty where none is told.
fn public_url_of(text: &str) -> Result<String, BadSetting> {
    const KEY: &str = "public_url";
    let address = text.trim();
    let address = address.strip_suffix('/').unwrap_or(address);
    if !address.is_empty() {
        WebAddress::parse(address).or_else(|flaw| refuse(KEY, format!("is {text:?}: {flaw}")))?;
    }
    Ok(address.to_owned())
}

/// Address of a mail server. An error does not repeat it: it may have a password.
fn mail_server(key: &'static str, address: String) -> Result<String, BadSetting> {
    match check_mail_server(&address) {
        Ok(()) => Ok(address),
        Err(flaw) => refuse(key, format!("cannot work: {flaw}")),
    }
}

/// Sender of mails, whose name people see. The mail library judges the address.
fn sender(key: &'static str, sender: String) -> Result<String, BadSetting> {
    if !is_printable(&sender, Lines::One) || has_invisible(&sender) {
        return refuse(key, format!("has {sender:?}, with characters that nobody can see"));
    }
    Ok(sender)
}

/// Addresses with a possible host and port. An error repeats no more of them: a path may be secret.
fn webhooks(key: &'static str, items: &[String]) -> Result<Vec<String>, BadSetting> {
    let items = list(key, items)?;
    for place in items.iter().filter_map(|item| place_of(item)) {
        host_and_port(place).or_else(|flaw| refuse(key, format!("has {place:?}: {flaw}")))?;
    }
    Ok(items)
}

/// Address of a server of buckets; empty for Amazon's.
fn endpoint(key: &'static str, address: String) -> Result<String, BadSetting> {
    match WebAddress::parse_with_path(&address) {
        Err(flaw) if !address.is_empty() => refuse(key, format!("cannot work: {flaw}")),
        _ => Ok(address),
    }
}

/// Region of a bucket, which is part of the host at Amazon.
fn region(key: &'static str, region: String) -> Result<String, BadSetting> {
    if region.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Ok(region);
    }
    refuse(key, format!("is {region:?}: use letters, digits, hyphens, underscores and dots"))
}

/// Key id of a bucket, which is sent in a header.
fn key_id(key: &'static str, id: String) -> Result<String, BadSetting> {
    if id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(id);
    }
    refuse(key, "has a blank, or a character outside ASCII")
}

/// Origins as browsers write them: any other would never match.
fn origins(key: &'static str, items: &[String]) -> Result<Vec<String>, BadSetting> {
    let items = list(key, items)?;
    for item in &items {
        let validated = WebAddress::parse(item).and_then(|address| address.as_browsers_write_it());
        validated.or_else(|flaw| refuse(key, format!("has {item:?}: {flaw}")))?;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    /// Loads a settings file of one line, as a command does.
    fn load(line: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, line).expect("written");
        Config::load(&Flags { config: Some(file), ..Flags::default() }).map_err(|error| error.to_string())
    }

    #[test]
    fn blanks_around_a_setting_are_none_of_it() {
        let config = load(
            "campuses = ['江安', ' 望江', '\u{3000}华西 ']\nsite_name = ' Desk '\n\
             public_url = ' https://desk.example/ '\ntime_zone = ' UTC '\ncors_origins = [' https://a.example ']",
        )
        .expect("valid");

        assert_eq!(config.campuses, ["江安", "望江", "华西"]);
        assert_eq!((config.site_name.as_str(), config.time_zone.as_str()), ("Desk", "UTC"));
        assert_eq!(config.public_url, "https://desk.example");
        assert_eq!(config.cors_origins, ["https://a.example"]);
        assert!(config.site().expect("valid").https);
    }

    #[test]
    fn what_could_never_work_is_refused_by_the_name_of_its_key() {
        let long = "长".repeat(65);
        for (key, value) in [
            ("campuses", "['江安', '']"),
            ("campuses", "['江安', ' 江安 ']"),
            ("device_types", "['  ']"),
            ("fault_types", "[\"a\\tb\"]"),
            ("campuses", "[\"\\u202e江安\"]"),
            ("campuses", "['caf\u{e9}', 'cafe\u{301}']"),
            ("site_name", "\"\\u200b\""),
            ("fault_types", &format!("['{long}']")),
            ("site_name", "' '"),
            ("site_name", &format!("'{long}'")),
            ("photos", "''"),
            ("s3_region", "''"),
            ("time_zone", "'Shanghai'"),
            ("confirmation_days", "0"),
            ("confirmation_days", "9000000000000000000"),
            ("max_connections", "0"),
            ("max_upload_mb", "63"),
            ("stop_seconds", "3601"),
            ("database_url", "'sqlite:'"),
            ("database_url", "'sqlite::memory:'"),
            ("database_url", "'sqlite://?mode=memory'"),
            ("public_url", "'HTTPS://desk.example'"),
            ("public_url", "'desk.example'"),
            ("public_url", "'ftp://desk.example'"),
            ("public_url", "'https://'"),
            ("public_url", "'https://desk.example/repair'"),
            ("public_url", "'https://desk.example?x'"),
            ("public_url", "'https://me:pw@desk.example'"),
            ("public_url", "'https://desk.example:https'"),
            ("public_url", "'https://维修.example'"),
            ("public_url", "'https://desk example'"),
            ("cors_origins", "['https://app.example/']"),
            ("cors_origins", "['*']"),
            ("cors_origins", "['null']"),
            ("cors_origins", "['https://*.example']"),
            ("cors_origins", "['https://App.example']"),
            ("cors_origins", "['https://app.example:443']"),
            ("cors_origins", "['http://app.example:80']"),
            ("cors_origins", "['https://app.example', 'https://app.example']"),
            ("cors_origins", "['app.example']"),
            ("campuses", "[\"江\\u200b安\"]"),
            ("site_name", "\"Fix\\u2060desk\""),
            ("public_url", "'https://desk.example:+443'"),
            ("public_url", "'https://desk.example:0'"),
            ("public_url", "'https://desk.example:08443'"),
            ("public_url", "'https://desk.example:'"),
            ("public_url", "'https://desk.example:65536'"),
            ("public_url", "'https://[2001:0db8::1]'"),
            ("public_url", "'https://[2001:DB8::1]'"),
            ("public_url", "'https://127.1'"),
            ("public_url", "'https://0x7f.0.0.1'"),
            ("public_url", "'https://127.0.0.0x1'"),
            ("public_url", "'https://010.0.0.1'"),
            ("public_url", "'https://999.1.1.1'"),
            ("public_url", "'https://-desk.example'"),
            ("public_url", "'https://desk-.example'"),
            ("cors_origins", "['https://app.example:08443']"),
            ("smtp_url", "'smtp://mail example'"),
            ("smtp_url", "'smtp://mail%20example'"),
            ("smtp_url", "'smtp://mail.example:0'"),
            ("webhook_urls", "['https://a.example', 'https://a.example']"),
            ("webhook_urls", "['']"),
            ("webhook_urls", "['https://hook.example:0/']"),
            ("webhook_urls", "['https://hook..example/']"),
            ("webhook_urls", "['https://hook.example:99999?x']"),
            ("webhook_secret", "'x'"),
            ("smtp_url", "'smtp://mail..example'"),
            ("smtp_url", "'smtp://'"),
            ("smtp_url", "'smtp://mail.example/he lo'"),
            ("smtp_url", "'smtp://mail.example/a%0d%0ab'"),
            ("smtp_url", "'smtp://mail.example/例'"),
            ("smtp_url", "'smtp://mail.example//'"),
            ("smtp_url", "'smtps://u:p%@mail.example'"),
            ("smtp_url", "\"smtps://u:p\\tw@mail.example\""),
            ("mail_from", "'nonsense'"),
            ("mail_from", "\"D\\u202eesk <a@b.example>\""),
            ("database_url", "'mysql://desk@localhost/desk'"),
            ("database_url", "''"),
            ("photos", "'s3:// buck'"),
            ("photos", "'s3://bu<ck'"),
            ("photos", "'s3://buck?x'"),
            ("photos", "'s3://bück'"),
            ("photos", "'s3://Buck'"),
            ("s3_region", "\"a\\nb\""),
            ("s3_region", "'a/b'"),
            ("s3_key_id", "\"a\\nb\""),
            ("s3_key_id", "'钥匙'"),
            ("s3_endpoint", "'http://127.0.0.1:99999'"),
            ("s3_endpoint", "'HTTP://s3.example'"),
            ("s3_endpoint", "'https://s3.example?x'"),
            ("s3_endpoint", "'https://s3.example/a b'"),
            ("s3_endpoint", "'https://me:pw@s3.example'"),
            ("s3_endpoint", "'s3.example'"),
            (
                "smtp_url",
                "'smtp://mail.example?tsl=required'\nmail_from = 'a@b.example'\npublic_url = 'http://d.example'",
            ),
            (
                "smtp_url",
                "'smtp://desk@mail.example'\nmail_from = 'a@b.example'\npublic_url = 'http://d.example'",
            ),
            ("mail_from", "'a@b.'\nsmtp_url = 'smtp://mail.example'\npublic_url = 'http://d.example'"),
        ] {
            let refused = load(&format!("{key} = {value}")).expect_err(&format!("{key} = {value}"));
            assert!(refused.contains(key), "{key} = {value}: {refused}");
        }
    }

    #[test]
    fn what_works_is_taken_as_it_is() {
        for line in [
            "public_url = 'http://localhost:3000'",
            "public_url = 'https://Desk.Example.'",
            "public_url = 'https://[2001:db8::1]:8443'",
            "public_url = 'https://192.0.2.7:8443'",
            "public_url = 'https://3.desk-2.example'",
            "cors_origins = ['http://127.0.0.1:8080', 'https://[::1]']",
            "smtp_url = 'smtp://[::1]:587'\nmail_from = 'a@b.example'\npublic_url = 'http://d.example'",
            "smtp_url = 'smtp://u:p%25@mail.example/[192.0.2.7]'\nmail_from = '维修台 <a@b.example>'\npublic_url = 'http://d.example'",
            "smtp_url = 'smtp://localhost/desk.example.edu'\nmail_from = 'a@b.example'\npublic_url = 'http://d.example'",
            "webhook_urls = ['https://hook.example:8443/x?y=@z', 'http://localhost']\nwebhook_secret = '0123456789012345678901234567890123'",
            "mail_from = 'Desk <desk@example.edu>'",
            "s3_endpoint = 'http://127.0.0.1:9000/storage/'",
            "photos = 's3://desk.repairs-2/photos'\ns3_key_id = 'id'\ns3_secret_key = 'key'\ns3_region = 'auto'",
            "campuses = []",
            "smtp_url = 'smtp://mail.example?tls=required'\nmail_from = 'a@b.example'\npublic_url = 'http://d.example'",
        ] {
            load(line).expect(line);
        }
    }
}
