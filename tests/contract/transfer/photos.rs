//! Photos and deleted tickets in transfers.

use std::fs::File;
use std::io::{Cursor, Read as _};

use fixdesk::cli::export::{BadRow, Lost, write_archive};
use fixdesk::cli::import::{ImportError, Loaded, load_archive};
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::photo::{PhotoId, Size};
use fixdesk::service::Clock;
use fixdesk::service::photos::owner;
use fixdesk::service::photos::sweep::{Limit, SweepError, sweep};
use fixdesk::store;
use fixdesk::store::tickets::trash;
use image::{DynamicImage, ImageFormat, RgbImage};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{Desk, li, lines, ticket, with, without, zhou};

/// Pictures of the one and the other type, with numbers that are easy to read.
const WIDE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const CLEAR: &str = "cccccccccccccccccccccccccccccccc";

impl Desk {
    pub async fn archive(&self) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let lost = write_archive(self, &mut out, &ProgressBar::hidden()).await.expect("exports");
        assert_eq!(lost, Lost::default());
        out.into_inner()
    }

    pub async fn unpack(&self, archive: &[u8]) -> Result<Loaded, ImportError> {
        let path = self.folder.path().join("desk.tar");
        std::fs::write(&path, archive).expect("written");
        load_archive(self, File::open(path).expect("opens")).await
    }

    /// The files of photos, thumbnails among them.
    fn files(&self) -> Vec<String> {
        let folder = std::fs::read_dir(self.folder.path().join("photos")).expect("a folder");
        let names = folder.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
        let mut names: Vec<String> = names.filter(|name| name != "fixdesk-site").collect();
        names.sort();
        names
    }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut picture = DynamicImage::from(RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    }));
    if format == ImageFormat::Png {
        picture = DynamicImage::new_rgba8(width, height);
    }
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("is written");
    file.into_inner()
}

/// Zhou's photo of their ticket 10.
fn photo(id: &str, (width, height): (u32, u32), file: &[u8]) -> Value {
    let media_type = if file.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    json!({
        "kind": "photo", "id": id, "ticket_id": 10, "uploaded_by": 1,
        "created_at": "2024-06-10T12:30:00+08:00", "media_type": media_type,
        "width": width, "height": height, "bytes": file.len(),
    })
}

/// Archive as packed by hand: the folder, and the lines before the photos.
fn packed(desk: &str, photos: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let header = |length: usize, kind: tar::EntryType| {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(length as u64);
        header.set_mode(0o644);
        header
    };
    archive.append_data(&mut header(0, tar::EntryType::Directory), "./photos/", &b""[..]).expect("packs");
    let mut put = |name: &str, bytes: &[u8]| {
        archive
            .append_data(&mut header(bytes.len(), tar::EntryType::Regular), format!("./{name}"), bytes)
            .expect("packs");
    };
    put("desk.jsonl", desk.as_bytes());
    photos.iter().for_each(|(id, bytes)| put(&format!("photos/{id}"), bytes));
    archive.into_inner().expect("packs")
}

/// A desk with two photos of ticket 10 and a ticket 11 that was deleted.
async fn furnish(desk: &Desk) {
    let (wide, clear) = (picture(640, 480, ImageFormat::Jpeg), picture(40, 300, ImageFormat::Png));
    let gone = with(&with(&ticket(), "kind", json!("deleted_ticket")), "id", json!(11));
    let event = json!({
        "kind": "event", "ticket_id": 11, "number": 1, "at": "2024-06-10T12:00:00+08:00",
        "actor_id": 1, "what": "filed", "repair_status": "Pending",
    });
    let desk_lines = lines(&[
        zhou(),
        ticket(),
        with(&gone, "deleted_at", json!("2024-06-12T08:00:00+08:00")),
        event,
        photo(WIDE, (640, 480), &wide),
        with(&photo(CLEAR, (40, 300), &clear), "ticket_id", json!(11)),
    ]);

    let loaded = desk.unpack(&packed(&desk_lines, &[(WIDE, &wide), (CLEAR, &clear)])).await.expect("imports");

    assert_eq!(loaded, Loaded { people: 1, tickets: 2, events: 1, photos: 2 });
}

#[tokio::test]
async fn an_archive_reads_back_byte_for_byte_on_either_database() {
    let original = Desk::on_sqlite().await;
    furnish(&original).await;
    let archive = original.archive().await;

    for copy in Desk::on_every_database().await {
        copy.unpack(&archive).await.expect("imports");

        assert!(copy.archive().await == archive);
        assert_eq!(copy.files(), original.files());
        for size in [Size::Full, Size::Thumbnail] {
            for id in [WIDE, CLEAR] {
                let id: PhotoId = id.parse().expect("an id");
                let read = copy.photo_files.read(&id, size).await.expect("is there");
                assert!(read == original.photo_files.read(&id, size).await.expect("is there"));
            }
        }
        // And back again.
        let again = Desk::on_sqlite().await;
        again.unpack(&copy.archive().await).await.expect("imports");
        assert!(again.archive().await == archive);
    }
}

#[tokio::test]
async fn an_archive_is_what_other_programs_unpack() {
    let desk = Desk::on_sqlite().await;
    furnish(&desk).await;

    let archive = desk.archive().await;

    let mut archive = tar::Archive::new(&*archive);
    let mut files = Vec::new();
    for entry in archive.entries().expect("reads") {
        let mut entry = entry.expect("reads");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("reads");
        assert_eq!(entry.header().mode().expect("a mode"), 0o600);
        files.push((entry.path().expect("a name").display().to_string(), bytes));
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [&format!("photos/{WIDE}"), &format!("photos/{CLEAR}"), "desk.jsonl"]);
    assert!(files[0].1 == picture(640, 480, ImageFormat::Jpeg));
    let told = String::from_utf8(files[2].1.clone()).expect("UTF-8");
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(
        told[4],
        format!(
            "{{\"kind\":\"photo\",\"id\":\"{WIDE}\",\"ticket_id\":10,\"uploaded_by\":1,\
             \"created_at\":\"2024-06-10T12:30:00+08:00\",\"media_type\":\"image/jpeg\",\
             \"width\":640,\"height\":480,\"bytes\":{}}}",
            files[0].1.len()
        )
    );
    assert!(told[2].starts_with("{\"kind\":\"deleted_ticket\",\"id\":11,\"user_id\":1,"), "{}", told[2]);
    assert!(told[2].ends_with(",\"deleted_at\":\"2024-06-12T08:00:00+08:00\"}"), "{}", told[2]);
    // Lines alone are the same without the photos.
    assert_eq!(desk.export().await.lines().collect::<Vec<_>>(), told[..4]);
}

#[tokio::test]
async fn a_deleted_ticket_can_still_be_brought_back() {
    for desk in Desk::on_every_database().await {
        furnish(&desk).await;
        let mut tx = desk.db.begin().await.expect("begins");

        let gone = trash::take_back(&mut tx, TicketId(11)).await.expect("reads").expect("is kept");
        store::tickets::record::insert(&mut tx, &gone).await.expect("is back");
        tx.commit().await.expect("commits");

        assert_eq!(gone.contract.created_at, fixdesk::domain::time::Instant(1_717_992_000));
        assert!(desk.export().await.contains("{\"kind\":\"ticket\",\"id\":11,"));
    }
}

#[tokio::test]
async fn lines_may_name_photos_whose_files_are_there() {
    let desk = Desk::on_sqlite().await;
    let wide = picture(640, 480, ImageFormat::Jpeg);
    let file = lines(&[zhou(), ticket(), photo(WIDE, (640, 480), &wide)]);
    let id: PhotoId = WIDE.parse().expect("an id");

    let refused = desk.import(file.clone()).await.expect_err("no file");
    desk.photo_files.write(&id, wide, picture(320, 240, ImageFormat::Jpeg)).await.expect("written");
    let loaded = desk.import(file).await.expect("imports");

    assert_eq!(
        refused.to_string(),
        format!("line 3: the photo {WIDE} is neither in the archive nor where the desk keeps its photos")
    );
    assert_eq!(loaded.photos, 1);
}

#[tokio::test]
async fn a_bad_archive_changes_nothing_and_says_what_is_wrong() {
    let wide = picture(640, 480, ImageFormat::Jpeg);
    let line = photo(WIDE, (640, 480), &wide);
    let one = |line: &Value, id: &str, bytes: &[u8]| {
        packed(&lines(&[li(), with(&ticket(), "user_id", json!(2)), line.clone()]), &[(id, bytes)])
    };
    let with_line = |key: &str, value: Value| one(&with(&line, key, value), WIDE, &wide);
    let other = format!("line 3: the photo {WIDE} has another type, size or length than this line says");
    let clear = picture(400, 300, ImageFormat::Png);
    let mut large = picture(40, 30, ImageFormat::Jpeg);
    large.resize((10 << 20) + 1, 0);
    let seven: Vec<String> = (0..7).map(|number| format!("{number:032x}")).collect();
    let too_many: Vec<Value> = [li(), with(&with(&ticket(), "user_id", json!(2)), "id", json!(20))]
        .into_iter()
        .chain(seven.iter().map(|id| with(&with(&line, "id", json!(id)), "ticket_id", json!(20))))
        .collect();
    let all_seven: Vec<(&str, &[u8])> = seven.iter().map(|id| (id.as_str(), &*wide)).collect();
    let gone =
        with(&with(&ticket(), "kind", json!("deleted_ticket")), "deleted_at", json!("2024-06-12 08:00:00"));
    let desk_of = |line: Value| packed(&lines(&[li(), line]), &[]);
    let mut twice = packed("", &[]);
    twice.truncate(twice.len() - 1024);
    twice.extend(packed("", &[]));
    let cases: Vec<(Vec<u8>, String)> = vec![
        (
            packed(&lines(&[li(), with(&ticket(), "user_id", json!(2)), line.clone()]), &[]),
            format!("line 3: the photo {WIDE} is neither in the archive nor where the desk keeps its photos"),
        ),
        (with_line("bytes", json!(wide.len() + 1)), other.clone()),
        (with_line("width", json!(641)), other.clone()),
        (with_line("media_type", json!("image/png")), other),
        (
            with_line("media_type", json!("image/webp")),
            "line 3: media_type must be image/jpeg or image/png".into(),
        ),
        (with_line("id", json!("../desk.db")), "line 3: id must be 32 digits in hex".into()),
        (
            with_line("width", json!(4_294_967_296_i64)),
            "line 3: width must be an integer from 1 to 4294967295".into(),
        ),
        (
            with_line("ticket_id", json!(99)),
            "line 3: there is no ticket 99, neither on an earlier line nor in the database".into(),
        ),
        (
            with_line("uploaded_by", json!(99)),
            "line 3: uploaded_by names user 99, whom neither an earlier line nor the database has".into(),
        ),
        (one(&without(&line, "width"), WIDE, &wide), "line 3: the key \"width\" is missing".into()),
        (
            packed(&lines(&too_many), &all_seven),
            "line 9: ticket 20 has 6 photos, and has no room for more".into(),
        ),
        (
            one(&line, WIDE, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            format!("photos/{WIDE} in the archive: not a picture that a desk keeps, JPEG or PNG"),
        ),
        (
            one(&line, WIDE, &picture(640, 480, ImageFormat::WebP)),
            format!("photos/{WIDE} in the archive: not a picture that a desk keeps, JPEG or PNG"),
        ),
        (
            one(&line, WIDE, &clear[..clear.len() / 2]),
            format!("photos/{WIDE} in the archive: not a picture that a desk keeps, JPEG or PNG"),
        ),
        (
            one(&line, WIDE, &picture(20_000, 10, ImageFormat::Jpeg)),
            format!("photos/{WIDE} in the archive: more pixels than a desk keeps"),
        ),
        (one(&line, WIDE, &large), format!("photos/{WIDE} in the archive: larger than 10 MB")),
        (
            one(&line, "holiday.jpg", &wide),
            "photos/holiday.jpg in the archive: neither desk.jsonl nor a photo with its number for a name"
                .into(),
        ),
        (
            one(&line, CLEAR.to_uppercase().as_str(), &wide),
            format!(
                "photos/{} in the archive: neither desk.jsonl nor a photo with its number for a name",
                CLEAR.to_uppercase()
            ),
        ),
        // Data of the desk already: ticket 9 and its photo.
        (
            one(&line, &"9".repeat(32), &wide),
            format!("photos/{} in the archive: a photo of this number is there already", "9".repeat(32)),
        ),
        (
            with_line("id", json!("9".repeat(32))),
            format!("line 3: the photo {} is there already", "9".repeat(32)),
        ),
        (
            desk_of(with(&gone, "user_id", json!(77))),
            "line 2: user_id names user 77, whom neither an earlier line nor the database has".into(),
        ),
        (desk_of(with(&gone, "id", json!(9))), "line 2: the id 9 is already taken".into()),
        (desk_of(with(&ticket(), "id", json!(8))), "line 2: the id 8 is already taken".into()),
        (desk_of(without(&gone, "deleted_at")), "line 2: the key \"deleted_at\" is missing".into()),
        (
            tar::Builder::new(Vec::new()).into_inner().expect("packs"),
            "there is no desk.jsonl in the archive".into(),
        ),
        (twice, "desk.jsonl in the archive: there is another one".into()),
    ];
    for desk in Desk::on_every_database().await {
        let there = with(&with(&line, "id", json!("9".repeat(32))), "ticket_id", json!(9));
        let start = lines(&[zhou(), with(&ticket(), "id", json!(9)), with(&gone, "id", json!(8)), there]);
        desk.unpack(&packed(&start, &[(&"9".repeat(32), &wide)])).await.expect("imports");
        let before = (desk.archive().await, desk.files());

        for (archive, reason) in &cases {
            let refused = desk.unpack(archive).await.expect_err(reason);

            assert_eq!(&refused.to_string(), reason);
            assert_eq!(desk.files(), before.1, "{reason}");
        }
        assert!((desk.archive().await, desk.files()) == before);
    }
}

#[tokio::test]
async fn a_photo_whose_file_is_lost_does_not_keep_the_rest_from_leaving() {
    let desk = Desk::on_sqlite().await;
    furnish(&desk).await;
    std::fs::remove_file(desk.folder.path().join("photos").join(WIDE)).expect("removed");
    std::fs::write(desk.folder.path().join("photos").join(CLEAR), "half").expect("written");

    let mut out = Cursor::new(Vec::new());
    let lost = write_archive(&desk, &mut out, &ProgressBar::hidden()).await.expect("exports");

    assert_eq!(lost.photos.iter().map(PhotoId::as_str).collect::<Vec<_>>(), [WIDE, CLEAR]);
    let copy = Desk::on_sqlite().await;
    assert_eq!(copy.unpack(&out.into_inner()).await.expect("imports").photos, 0);
    assert!(copy.files().is_empty());
}

#[tokio::test]
async fn a_deleted_ticket_that_cannot_be_read_does_not_keep_the_rest_from_leaving() {
    for desk in Desk::on_every_database().await {
        furnish(&desk).await;
        desk.execute("UPDATE deleted_tickets SET ticket = '{\"form\":9}'").await;

        let mut out = Cursor::new(Vec::new());
        let lost = write_archive(&desk, &mut out, &ProgressBar::hidden()).await.expect("exports");

        let cause = "stored in form 9, which this version does not know".to_owned();
        let row = BadRow { table: "deleted_tickets", id: "11".to_owned(), cause };
        assert_eq!(lost, Lost { rows: vec![row], tickets: [TicketId(11)].into(), ..Lost::default() });
        assert!(!desk.export().await.contains("\"ticket_id\":11"), "nor what happened to it");
        let copy = Desk::on_sqlite().await;
        let loaded = copy.unpack(&out.into_inner()).await.expect("imports");
        assert_eq!(loaded, Loaded { people: 1, tickets: 1, events: 0, photos: 1 });
    }
}

#[tokio::test]
async fn photos_of_a_finished_load_that_lose_their_rows_are_never_set_aside_at_once() {
    let source = Desk::on_sqlite().await;
    source.demo(40, 3, 300, 1).await;
    let archive = source.archive().await;
    let mut desks = vec![source];
    for copy in Desk::on_every_database().await {
        copy.unpack(&archive).await.expect("imports");
        desks.push(copy);
    }

    for desk in desks {
        let files = desk.files();
        assert!(files.len() > 20, "{}", files.len());
        // Like a backup from before the load.
        desk.execute("DELETE FROM photos").await;
        let tomorrow = Clock::of(&desk.db).await.expect("a clock").now().plus(25 * 3600);
        let swept = sweep(&desk.db, &desk.photo_files, tomorrow, Limit::Few).await;
        assert!(matches!(swept, Err(SweepError::TooMany { .. })), "{swept:?}");
        assert_eq!(desk.files(), files);
    }
}

#[tokio::test]
async fn files_that_were_there_before_outlive_an_import_that_fails() {
    let desk = Desk::on_sqlite().await;
    let wide = picture(640, 480, ImageFormat::Jpeg);
    let id: PhotoId = WIDE.parse().expect("an id");
    let bad = packed("nonsense", &[(WIDE, &wide)]);
    desk.unpack(&bad).await.expect_err("is refused");
    assert!(desk.files().is_empty(), "what the import brought goes with it");
    desk.photo_files.write(&id, wide.clone(), wide.clone()).await.expect("written");
    owner::adopt(&desk.db, &desk.photo_files).await.expect("adopted");

    desk.unpack(&bad).await.expect_err("is refused");
    assert_eq!(desk.files().len(), 2, "the photo may belong to a newer backup");
    let other = packed("nonsense", &[(WIDE, &picture(64, 48, ImageFormat::Jpeg))]);
    let refused = desk.unpack(&other).await.expect_err("is refused").to_string();
    assert_eq!(refused, format!("photos/{WIDE} in the archive: a photo of this number is there already"));
    assert!(desk.photo_files.read(&id, Size::Full).await.expect("is there") == wide);
}
