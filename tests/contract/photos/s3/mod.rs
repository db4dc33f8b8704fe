//! Photos in a bucket: stored files, and the desk while the bucket is slow or fails.

mod hanging;
mod shelf;

use std::collections::BTreeSet;

use fixdesk::domain::photo::{PhotoId, Size};
use fixdesk::domain::time::Instant;
use fixdesk::service::photos::files::PhotoFiles;

pub use shelf::Shelf;
use shelf::place;

/// Date of all files in the bucket: 2024-06-10 04:00 in UTC.
const WRITTEN_AT: Instant = Instant(1_717_992_000);

fn id(digit: char) -> PhotoId {
    digit.to_string().repeat(32).parse().expect("an id")
}

#[tokio::test]
async fn photos_are_kept_in_a_bucket_as_in_a_folder() {
    let shelf = Shelf::default();
    let files = shelf.photo_files().await;
    let (one, two) = (id('a'), id('b'));
    files.owner().await.expect("an empty bucket");

    files.write(&one, b"full".to_vec(), b"small".to_vec()).await.expect("written");
    files.write(&two, vec![7; 3 << 20], b"".to_vec()).await.expect("written");

    let names = |ids: &[&PhotoId]| -> Vec<String> {
        let both = |id: &&PhotoId| [format!("repairs/{id}"), format!("repairs/{id}-thumbnail")];
        ids.iter().flat_map(both).collect()
    };
    assert_eq!(shelf.names(), names(&[&one, &two]));
    assert_eq!(files.read(&one, Size::Full).await.expect("is there"), b"full");
    assert_eq!(files.read(&one, Size::Thumbnail).await.expect("is there"), b"small");
    assert_eq!(files.read(&two, Size::Full).await.expect("is there"), vec![7; 3 << 20]);
    assert_eq!(files.find(&id('c'), Size::Full).await.expect("answers"), None);

    shelf.put("somebody/else", b"");
    let listed = files.list().await.expect("lists");
    let listed: Vec<_> =
        listed.iter().map(|file| (&file.photo, file.size, file.bytes, file.written)).collect();
    let (full, small) = (Size::Full, Size::Thumbnail);
    let expected = [(&one, full, 4), (&one, small, 5), (&two, full, 3 << 20), (&two, small, 0)];
    assert_eq!(listed, expected.map(|(photo, size, bytes)| (photo, size, bytes, WRITTEN_AT)));

    let aside = files.set_aside(&two, small, WRITTEN_AT).await.expect("is moved");
    assert_eq!(aside, format!("unclaimed/{}/{two}-thumbnail", WRITTEN_AT.0));
    assert!(shelf.names().contains(&format!("repairs/{aside}")));
    files.reclaim(&two, small, WRITTEN_AT).await.expect("is moved back");

    let gone = BTreeSet::from([one, id('c')]);
    files.remove(&gone).await.expect("removed");
    assert_eq!(shelf.names(), [names(&[&two]), vec!["somebody/else".to_owned()]].concat());
}

#[tokio::test]
async fn a_server_that_stumbles_is_asked_again() {
    let shelf = Shelf::default();
    let files = shelf.photo_files().await;

    shelf.fail(2);
    files.write(&id('a'), b"full".to_vec(), b"small".to_vec()).await.expect("written");

    assert_eq!(shelf.names().len(), 2);
}

#[tokio::test]
async fn a_wrong_key_is_an_error_that_does_not_tell_it() {
    let shelf = Shelf::default();
    let files = PhotoFiles::open(&place(shelf.serve().await, "another secret")).expect("opens");

    let refused = files.find(&id('a'), Size::Full).await.expect_err("is refused").to_string();

    assert!(files.owner().await.is_err());
    assert!(refused.contains("the photos cannot be reached"), "{refused}");
    assert!(!refused.contains("another secret"), "{refused}");
}
