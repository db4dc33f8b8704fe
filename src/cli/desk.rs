//! What a command moves: the database, the files of its photos, and the site
//! they belong to.

use super::Failure;
use crate::config::Config;
use crate::service::photos::files::PhotoFiles;
use crate::service::photos::owner::{self, NotOurs};
use crate::service::settings::Site;
use crate::store::{self, Db};

pub struct Desk {
    pub db: Db,
    pub photo_files: PhotoFiles,
    pub site: Site,
}

impl Desk {
    /// Opens a desk that exists.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let desk = Self::unchecked(store::open(&config.database_url).await?, config)?;
        // A bucket that is not there looks like one whose photos are lost.
        owner::judge(&desk.db, &desk.photo_files).await?;
        Ok(desk)
    }

    /// Opens a desk, makes it where there is none.
    pub async fn create(config: &Config) -> Result<Self, Failure> {
        let photo_files = PhotoFiles::open(&config.photo_place()?)?;
        let desk = Self::unchecked(open_or_make(config, &photo_files).await?, config)?;
        owner::check(&desk.db, &desk.photo_files).await?;
        Ok(desk)
    }

    /// Opens a desk that exists, whosever photos are where it keeps its own.
    pub async fn open_with_any_photos(config: &Config) -> Result<Self, Failure> {
        Self::unchecked(store::open(&config.database_url).await?, config)
    }

    fn unchecked(db: Db, config: &Config) -> Result<Self, Failure> {
        Ok(Self { db, photo_files: PhotoFiles::open(&config.photo_place()?)?, site: config.site()? })
    }
}

/// Opens the database, makes it where there is none, unless it would stand beside
/// photos of another.
pub async fn open_or_make(config: &Config, photo_files: &PhotoFiles) -> Result<Db, Failure> {
    if !store::exists(&config.database_url).await? {
        match owner::check_new(photo_files).await {
            // Whose they are is found out before the first one is stored.
            Ok(()) | Err(NotOurs::OutOfReach(_)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(store::connect(&config.database_url).await?)
}
