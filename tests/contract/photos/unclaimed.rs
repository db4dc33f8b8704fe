//! Files of photos that no ticket has, and stores of another desk.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::photo::PhotoId;
use fixdesk::service::maintenance;
use fixdesk::service::photos::files::PhotoFiles;
use fixdesk::service::photos::owner;
use fixdesk::service::photos::verify::{Comparison, compare};
use fixdesk::store;

use crate::support::cast::TestApp;
use crate::support::desk::Desk;
use crate::support::log;
use crate::support::pictures::jpeg;

const DAY: i64 = 24 * 3600;
const LEFT: &str = "0123456789abcdef0123456789abcdef";

impl Desk {
    fn leave(&self, name: &str) {
        fs::write(self.stage.photos_folder().join(name), "?").expect("is written");
    }

    /// Dates all files today, whatever the test's clock says.
    fn date_files(&self) {
        let now = Duration::from_secs(self.stage.app.clock.now().0.unsigned_abs());
        for name in self.files() {
            let file = File::options().write(true).open(self.stage.photos_folder().join(name));
            file.expect("opens").set_modified(UNIX_EPOCH + now).expect("is set");
        }
    }

    /// The next sweep, when all files are old enough.
    async fn sweeps(&self) {
        self.stage.pass_seconds(DAY + 1);
        maintenance::sweep_photos(&self.stage.app).await.expect("runs");
    }

    fn unclaimed(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.stage.photos_folder().join("unclaimed"));
        let folders = folders.into_iter().flatten().map(|folder| folder.expect("is readable").path());
        let files = folders.flat_map(|folder| fs::read_dir(folder).expect("is readable"));
        files.map(|file| file.expect("is readable").path()).collect()
    }

    async fn with_photos(&self, count: usize) {
        let mut left = count;
        while left > 0 {
            let ticket: TicketId = self.file(&self.zhou).await;
            for _ in 0..left.min(6) {
                let added = self.adds(&self.zhou, ticket, &[("a.jpg", &jpeg(8, 8))]).await;
                assert_eq!(added.status, StatusCode::SEE_OTHER);
            }
            left -= left.min(6);
        }
    }
}

#[tokio::test]
async fn files_that_no_photo_needs_are_set_aside_after_a_day_and_removed_after_thirty() {
    let desk = Desk::open().await;
    desk.with_photo().await;
    let needed = desk.files();
    for name in [LEFT, &format!("{LEFT}-thumbnail"), "holiday.jpg"] {
        desk.leave(name);
    }
    desk.date_files();
    let all = desk.files();

    maintenance::sweep_photos(&desk.stage.app).await.expect("runs");
    assert_eq!(desk.files(), all, "they may belong to a request under way");
    let (_, logged) = log::during(desk.sweeps()).await;

    let mut expected = [needed, vec!["holiday.jpg".to_owned()]].concat();
    expected.sort();
    assert_eq!((desk.files(), desk.unclaimed().len()), (expected.clone(), 2));
    let named = |line: &&log::Line| line.get("photo").is_some_and(|photo| photo == LEFT);
    assert_eq!(logged.iter().filter(named).count(), 2, "{logged:?}");
    for _ in 0..29 {
        desk.sweeps().await;
    }
    assert_eq!(desk.unclaimed().len(), 2);
    desk.sweeps().await;
    assert_eq!((desk.files(), desk.unclaimed()), (expected, vec![]));
}

#[tokio::test]
async fn a_photo_that_a_ticket_has_after_all_comes_back() {
    let desk = Desk::open().await;
    let (_, photo) = desk.with_photo().await;
    let id = photo.trim_start_matches("/photos/");
    desk.date_files();
    let files = desk.files();
    desk.stage.execute(&format!("UPDATE photos SET id = '{LEFT}'")).await;
    desk.sweeps().await;
    assert_eq!((desk.files().len(), desk.unclaimed().len()), (0, 2));

    desk.stage.execute(&format!("UPDATE photos SET id = '{id}'")).await;
    desk.sweeps().await;

    assert_eq!((desk.files(), desk.unclaimed()), (files, vec![]));
    assert_eq!(desk.looks_at(&desk.zhou, &photo).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_looks_at_a_photo_that_a_ticket_has_after_all_sees_it_at_once() {
    let desk = Desk::open().await;
    let (_, photo) = desk.with_photo().await;
    let id = photo.trim_start_matches("/photos/");
    desk.date_files();
    let files = desk.files();
    desk.stage.execute(&format!("UPDATE photos SET id = '{LEFT}'")).await;
    desk.sweeps().await;
    assert_eq!((desk.files().len(), desk.unclaimed().len()), (0, 2));

    desk.stage.execute(&format!("UPDATE photos SET id = '{id}'")).await;

    for address in [photo.clone(), format!("{photo}/thumbnail")] {
        assert_eq!(desk.looks_at(&desk.zhou, &address).await.status, StatusCode::OK, "{address}");
    }
    assert_eq!((desk.files(), desk.unclaimed()), (files, vec![]));
}

#[tokio::test]
async fn many_photos_at_once_are_never_set_aside() {
    let desk = Desk::open().await;
    desk.with_photos(8).await;
    desk.date_files();
    let files = desk.files();
    // Like a backup from before they were added.
    desk.stage.execute("DELETE FROM photos").await;
    desk.stage.pass_seconds(DAY + 1);

    let (swept, logged) = log::during(maintenance::sweep_photos(&desk.stage.app)).await;

    assert!(swept.is_err());
    assert_eq!((desk.files(), desk.unclaimed()), (files, vec![]));
    let told =
        |line: &log::Line| line.get("error").is_some_and(|error| error.contains("has 8 of the 8 photos"));
    assert!(logged.iter().any(told), "{logged:?}");
}

#[tokio::test]
async fn what_a_killed_load_leaves_is_set_aside_however_much_it_is() {
    let desk = Desk::open().await;
    desk.with_photos(2).await;
    let named = desk.files();
    let ids: Vec<PhotoId> = (0..40).map(|number| format!("{number:032x}").parse().expect("an id")).collect();
    let app = &desk.stage.app;
    store::tickets::photos::expect(&app.db, &ids, app.clock.now()).await.expect("is written down");
    for id in &ids {
        desk.leave(id.as_str());
        desk.leave(&format!("{id}-thumbnail"));
    }
    desk.leave(&format!("{LEFT}#1"));
    desk.leave("holiday#1");
    desk.date_files();

    desk.sweeps().await;

    assert_eq!(desk.unclaimed().len(), 80);
    let mut expected = [named, vec!["holiday#1".to_owned()]].concat();
    expected.sort();
    assert_eq!(desk.files(), expected);
    desk.sweeps().await;
    assert!(store::tickets::photos::expected(&app.db).await.expect("reads").is_empty(), "no longer of use");
}

#[tokio::test]
async fn photos_of_another_database_are_left_alone_and_nothing_is_added_to_them() {
    let desk = Desk::open().await;
    desk.with_photo().await;
    desk.date_files();
    let (files, folder) = (desk.files(), desk.stage.photos_folder());
    let photos = || PhotoFiles::in_folder(&folder).expect("a folder");

    for is_marked in [true, false] {
        if !is_marked {
            fs::remove_file(folder.join("fixdesk-site")).expect("is removed");
        }
        let other = Desk::on(TestApp::start_with_photos_in(photos()).await).await;
        let refused = owner::check(&other.stage.app.db, &photos()).await.expect_err("is refused");
        assert!(refused.to_string().contains("belong to another database"), "{refused}");
        other.stage.pass_seconds(100 * DAY);
        assert!(maintenance::sweep_photos(&other.stage.app).await.is_err());
        let ticket = other.file(&other.zhou).await;
        let added = other.adds(&other.zhou, ticket, &[("a.jpg", &jpeg(8, 8))]).await;
        assert_eq!(added.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!((desk.files(), desk.unclaimed()), (files.clone(), vec![]));
    }

    // A store from before stores were marked is recognised by its photos.
    owner::check(&desk.stage.app.db, &photos()).await.expect("is ours");
    let other = TestApp::start_with_photos_in(photos()).await;
    owner::adopt(&other.app.db, &photos()).await.expect("is adopted");
    owner::check(&other.app.db, &photos()).await.expect("is theirs now");
    assert!(owner::check(&desk.stage.app.db, &photos()).await.is_err());
}

#[tokio::test]
async fn a_store_that_lost_all_photos_is_not_taken_for_a_new_one() {
    let desk = Desk::open().await;
    desk.with_photo().await;
    let empty = tempfile::tempdir().expect("a folder");
    let photos = PhotoFiles::in_folder(empty.path()).expect("a folder");

    let refused = owner::check(&desk.stage.app.db, &photos).await.expect_err("is refused");

    assert!(refused.to_string().starts_with("this database has 1 photos, and there is none in"), "{refused}");
    assert_eq!(fs::read_dir(empty.path()).expect("a folder").count(), 0);
}

#[tokio::test]
async fn a_store_that_is_replaced_under_a_running_server_takes_nothing_more() {
    let desk = Desk::open().await;
    let (ticket, _) = desk.with_photo().await;
    let folder = desk.stage.photos_folder();
    let (aside, mark) = (folder.with_extension("aside"), folder.join("fixdesk-site"));
    let ours = fs::read_to_string(&mark).expect("is marked").trim().to_owned();
    fs::rename(&folder, &aside).expect("is moved");

    for theirs in [None, Some(""), Some("another")] {
        if let Some(theirs) = theirs {
            fs::create_dir(&folder).expect("is made");
            if !theirs.is_empty() {
                fs::write(&mark, theirs).expect("is written");
            }
        }
        let (added, logged) = log::during(desk.adds(&desk.zhou, ticket, &[("a.jpg", &jpeg(8, 8))])).await;
        assert_eq!(added.status, StatusCode::SERVICE_UNAVAILABLE, "{theirs:?}");
        let found = theirs.filter(|theirs| !theirs.is_empty()).unwrap_or("missing");
        let told = |line: &log::Line| {
            line.get("error").is_some_and(|error| error.contains(&ours) && error.contains(found))
        };
        assert!(logged.iter().any(told), "{logged:?}");
        assert!(maintenance::sweep_photos(&desk.stage.app).await.is_err(), "{theirs:?}");
        assert_eq!(folder.exists(), theirs.is_some(), "nobody makes it anew");
        if folder.exists() {
            assert_eq!(desk.files(), [""; 0], "{theirs:?}");
            fs::remove_dir_all(&folder).expect("is removed");
        }
    }
    fs::rename(&aside, &folder).expect("is moved back");

    let added = desk.adds(&desk.zhou, ticket, &[("a.jpg", &jpeg(8, 8))]).await;
    assert_eq!((added.status, desk.files().len()), (StatusCode::SEE_OTHER, 4));
}

#[tokio::test]
async fn missing_damaged_and_unnamed_files_are_told_apart() {
    let desk = Desk::open().await;
    desk.with_photos(3).await;
    let app = &desk.stage.app;
    assert!(compare(&app.db, &app.photo_files).await.expect("compares").is_fine());
    let pictures: Vec<String> =
        desk.files().into_iter().filter(|name| !name.ends_with("-thumbnail")).collect();
    let path = |index: usize| desk.stage.photos_folder().join(&pictures[index]);
    fs::remove_file(path(0)).expect("is removed");
    fs::write(path(1), "half").expect("is written");
    desk.leave(LEFT);

    let Comparison { photos, missing, damaged, unnamed, unclaimed } =
        compare(&app.db, &app.photo_files).await.expect("compares");

    let names =
        |ids: Vec<fixdesk::domain::photo::PhotoId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((names(missing), names(damaged)), (vec![pictures[0].clone()], vec![pictures[1].clone()]));
    assert_eq!((photos, unnamed, unclaimed), (3, 1, 0));
}
