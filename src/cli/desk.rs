//! What a command moves: the database, the files of its photos, and the site
//! they belong to.

use super::Failure;
use crate::config::Config;
use crate::service::photo_files::PhotoFiles;
use crate::service::photo_owner;
use crate::service::site::Site;
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
        photo_owner::judge(&desk.db, &desk.photo_files).await?;
        Ok(desk)
    }

    /// Opens a desk, makes it where there is none.
    pub async fn create(config: &Config) -> Result<Self, Failure> {
        let desk = Self::unchecked(store::connect(&config.database_url).await?, config)?;
        photo_owner::check(&desk.db, &desk.photo_files).await?;
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
