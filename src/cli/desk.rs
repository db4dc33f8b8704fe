//! What a command moves: the database, the files of its photos, and the site
//! they belong to.

use super::Failure;
use crate::config::Config;
use crate::service::photo_files::PhotoFiles;
use crate::service::site::Site;
use crate::store::{self, Db};

pub struct Desk {
    pub db: Db,
    pub photo_files: PhotoFiles,
    pub site: Site,
}

impl Desk {
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let site = config.site()?;
        let photo_files = PhotoFiles::open(&config.photo_place()?)?;
        // A bucket that is not there looks like one whose photos are lost.
        photo_files.check_answers().await?;
        Ok(Self { db: store::connect(&config.database_url).await?, photo_files, site })
    }
}
