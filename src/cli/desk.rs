//! Desk that a command works on: the database, the files of its photos, and its site.

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
    /// Opens a desk that exists; the folder of its photos is made where it is missing.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let db = store::open(&config.database_url).await?;
        let photo_files = open_photos(config).await?;
        Self { db, photo_files, site: config.site()? }.checked().await
    }

    /// Opens a desk that exists with its photos, and makes nothing.
    pub async fn find(config: &Config) -> Result<Self, Failure> {
        Self::open_with_any_photos(config).await?.checked().await
    }

    async fn checked(self) -> Result<Self, Failure> {
        // A missing bucket looks like one whose photos are lost.
        owner::find(&self.db, &self.photo_files).await?;
        Ok(self)
    }

    /// Opens a desk; makes it where there is none.
    pub async fn create(config: &Config) -> Result<Self, Failure> {
        let photo_files = open_photos(config).await?;
        let desk = Self { db: open_or_make(config, &photo_files).await?, photo_files, site: config.site()? };
        owner::check(&desk.db, &desk.photo_files).await?;
        Ok(desk)
    }

    /// Opens a desk that exists, also with another desk's photos.
    pub async fn open_with_any_photos(config: &Config) -> Result<Self, Failure> {
        let db = store::open(&config.database_url).await?;
        Ok(Self { db, photo_files: PhotoFiles::open_existing(&config.photo_place()?)?, site: config.site()? })
    }
}

/// Opens the photo store. Makes a missing folder, unless the database has photos, which would not be in it.
pub async fn open_photos(config: &Config) -> Result<PhotoFiles, Failure> {
    let place = config.photo_place()?;
    if let Some(folder) = place.missing_folder()
        && store::exists(&config.database_url).await?
    {
        let db = store::open(&config.database_url).await?;
        let checked = owner::check_empty(&db, folder).await;
        db.close().await;
        checked?;
    }
    Ok(PhotoFiles::open(&place)?)
}

/// Opens the database; makes it where there is none, unless it would be beside another's photos.
pub async fn open_or_make(config: &Config, photo_files: &PhotoFiles) -> Result<Db, Failure> {
    if !store::exists(&config.database_url).await? {
        match owner::check_new(photo_files).await {
            // The owner is checked before the first photo is stored.
            Ok(()) | Err(NotOurs::OutOfReach(_)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(store::connect(&config.database_url).await?)
}
