//! Photos: uploads, refusals, permissions, and their files.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::photo::{Flaw, MAX_BYTES};
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Kind, rebuild};
use fixdesk::service::maintenance;
use fixdesk::service::tickets::trash;
use image::{GenericImageView as _, ImageFormat, Rgba, RgbaImage};

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer};
use crate::support::pictures::{
    PLACE, halves, jpeg, jpeg_of_a_camera, png_claiming, webp_that_contradicts_itself, written,
};
use crate::support::wire::{Reply, form_with_files, with_header};

const DAY: i64 = 24 * 3600;
const REPORT: [(&str, &str); 6] = [
    ("device_type", "笔记本"),
    ("brand", "华为 MateBook"),
    ("fault_type", "清灰"),
    ("description", "风扇很响"),
    ("campus", "江安"),
    ("phone", "13800000000"),
];

impl Desk {
    async fn files_with(&self, actor: &Actor, files: &[(&str, &[u8])]) -> Reply {
        self.sends("/tickets/new", actor, &REPORT, files).await
    }

    pub async fn adds(&self, actor: &Actor, ticket: TicketId, files: &[(&str, &[u8])]) -> Reply {
        self.sends(&format!("/tickets/{ticket}/photos"), actor, &[], files).await
    }

    async fn sends(
        &self,
        path: &str,
        actor: &Actor,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Reply {
        let cookie = self.stage.browser_of(actor).await;
        let files: Vec<_> = files.iter().map(|(name, content)| ("photos", *name, *content)).collect();
        self.stage.send(form_with_files(path, &cookie, fields, &files)).await
    }

    pub async fn looks_at(&self, actor: &Actor, path: &str) -> Reply {
        let cookie = self.stage.browser_of(actor).await;
        self.stage.visit(path, &cookie).await
    }

    /// The addresses of a ticket's photos, in the order of its page.
    async fn photos(&self, ticket: TicketId) -> Vec<String> {
        let page = self.looks_at(&self.sun, &format!("/tickets/{ticket}")).await;
        let links = page.links().into_iter().map(|(address, _)| address);
        links.filter(|address| address.starts_with("/photos/")).collect()
    }

    /// A ticket of zhou with one photo, and the photo's address.
    pub async fn with_photo(&self) -> (TicketId, String) {
        let ticket = self.file(&self.zhou).await;
        self.adds(&self.zhou, ticket, &[("a.jpg", &jpeg(8, 8))]).await;
        let mut photos = self.photos(ticket).await;
        (ticket, photos.pop().expect("a photo"))
    }

    /// The files of photos that are in use.
    pub fn files(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.stage.photos_folder()).expect("a folder");
        let mut names: Vec<String> = files
            .map(|file| file.expect("is readable").file_name().into_string().expect("is text"))
            .filter(|name| !["fixdesk-site", "unclaimed"].contains(&name.as_str()))
            .collect();
        names.sort();
        names
    }

    async fn has_nothing_of_photos(&self) {
        assert_eq!(self.files(), [""; 0]);
        assert_eq!(self.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM photos").await, "0");
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn says(reply: &Reply, name: &str, flaw: Flaw) -> bool {
    let sentence = (ZH.list().named)(name, &(ZH.work().flaw)(flaw));
    reply.links().contains(&("#photos".to_owned(), sentence))
}

#[tokio::test]
async fn a_report_comes_with_photos_of_every_kind() {
    let desk = Desk::open().await;
    let see_through = RgbaImage::from_pixel(2100, 700, Rgba([0, 200, 0, 90]));
    let (png, webp) =
        (written(&see_through.into(), ImageFormat::Png), written(&halves(30, 60), ImageFormat::WebP));

    // File names have no say.
    let files = [("a.txt", jpeg(4000, 3000)), ("b.jpg", png), ("c", webp)];
    let files = files.each_ref().map(|(name, content)| (*name, content.as_slice()));
    let filed = desk.files_with(&desk.zhou, &files).await;

    assert_eq!((filed.status, filed.header("location")), (StatusCode::SEE_OTHER, "/tickets/20240000001"));
    let photos = desk.photos(TicketId(20_240_000_001)).await;
    let mut shown = Vec::new();
    for address in &photos {
        for address in [address.clone(), format!("{address}/thumbnail")] {
            let photo = desk.looks_at(&desk.zhou, &address).await;
            assert_eq!(photo.status, StatusCode::OK);
            let picture = image::load_from_memory(&photo.bytes).expect("a picture");
            shown.push((photo.header("content-type").to_owned(), picture.dimensions()));
        }
    }
    let jpeg = |width, height| ("image/jpeg".to_owned(), (width, height));
    let png = |width, height| ("image/png".to_owned(), (width, height));
    let expected =
        [jpeg(2048, 1536), jpeg(320, 240), png(2100, 700), png(320, 106), jpeg(30, 60), jpeg(30, 60)];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn the_page_of_a_ticket_shows_its_photos_and_who_added_them() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.adds(&desk.zhou, ticket, &[("a.jpg", &jpeg(800, 400))]).await;
    let before = (desk.row(ticket).await, desk.unread(&desk.zhou).await);

    let added = desk.adds(&desk.chen, ticket, &[("b.jpg", &jpeg(8, 8))]).await;

    assert_eq!(
        (added.status, added.header("location")),
        (StatusCode::SEE_OTHER, format!("/tickets/{ticket}").as_str())
    );
    assert_eq!(desk.row(ticket).await, before.0, "photos leave a ticket as it is");
    assert_eq!(rebuild(&desk.history(ticket).await), Some(before.0));
    assert_eq!(desk.unread(&desk.zhou).await, before.1 + 1);
    let photos = desk.photos(ticket).await;
    let inbox = desk.looks_at(&desk.zhou, "/inbox").await;
    let page = desk.looks_at(&desk.zhou, &format!("/tickets/{ticket}")).await;
    let expected = [("zhou同学", r#"width="320" height="160""#), ("chen同学", r#"width="8" height="8""#)];
    assert_eq!(photos.len(), expected.len());
    for (index, (photo, (who, size))) in photos.iter().zip(expected).enumerate() {
        let image = page
            .text
            .split("<img ")
            .find(|image| image.contains(&format!("{photo}/thumbnail")))
            .expect("is shown");
        assert!(image.contains(size) && image.contains(&(ZH.work().photo)(index + 1, who)), "{image}");
        assert!(page.readable().contains(&format!("{who}添加了照片")), "{}", page.readable());
        let id = photo.trim_start_matches("/photos/");
        assert!(!page.readable().contains(id) && !inbox.text.contains(id), "it means nothing to people");
    }
}

#[tokio::test]
async fn a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let sent = jpeg_of_a_camera(6);
    assert!(contains(&sent, b"Exif") && contains(&sent, PLACE) && contains(&sent, b"<script>"));

    desk.adds(&desk.zhou, ticket, &[("a.jpg", &sent)]).await;

    let address = desk.photos(ticket).await.pop().expect("a photo");
    for address in [address.clone(), format!("{address}/thumbnail")] {
        let kept = desk.looks_at(&desk.zhou, &address).await.bytes;
        for told in [&b"Exif"[..], PLACE, b"<script>"] {
            assert!(!contains(&kept, told), "{}", String::from_utf8_lossy(told));
        }
        let picture = image::load_from_memory(&kept).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), (20, 40));
        let (top, bottom) = (picture.get_pixel(10, 5), picture.get_pixel(10, 35));
        assert!(top.0[0] > 150 && top.0[2] < 50, "{top:?} is red");
        assert!(bottom.0[2] > 150 && bottom.0[0] < 50, "{bottom:?} is blue");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let desk = Desk::open().await;
    let whole = jpeg(400, 400);
    let good = jpeg(8, 8);
    for (disguised, flaw) in [
        (&b"<html><script>alert(1)</script></html>"[..], Flaw::NotAPicture),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", Flaw::NotAPicture),
        (b"GIF89a\x01\0\x01\0\0\0\0;", Flaw::NotAPicture),
        (b"", Flaw::NotAPicture),
        (&whole[..100], Flaw::NotAPicture),
        (&whole[..whole.len() - 100], Flaw::NotAPicture),
        (&png_claiming(20_000, 20_000), Flaw::TooManyPixels),
        (&png_claiming(1_000_000, 41), Flaw::TooLong),
        (&webp_that_contradicts_itself(), Flaw::TooManyPixels),
    ] {
        let files = [("good.jpg", good.as_slice()), ("<b>坏的.jpg", disguised)];
        let refused = desk.files_with(&desk.zhou, &files).await;

        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            says(&refused, "&lt;b>坏的.jpg", flaw) || says(&refused, "&lt;b&gt;坏的.jpg", flaw),
            "{}",
            refused.text
        );
        assert!(!refused.text.contains(&(ZH.list().named)("good.jpg", &(ZH.work().flaw)(flaw))));
        assert!(refused.text.contains("风扇很响") && refused.text.contains("13800000000"));
        assert!(refused.readable().contains("请重新选择：good.jpg、"), "{}", refused.readable());
    }
    desk.has_nothing_of_photos().await;
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "0");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_named_and_what_was_typed_stays() {
    let desk = Desk::open().await;
    let good = jpeg(8, 8);
    for size in [MAX_BYTES + 1, 7 * MAX_BYTES] {
        let mut large = jpeg(8, 8);
        large.resize(size, 0);

        let files = [("good.jpg", good.as_slice()), ("large.jpg", &large), ("after.jpg", &good)];
        let refused = desk.files_with(&desk.zhou, &files).await;

        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{size}");
        assert!(says(&refused, "large.jpg", Flaw::TooLarge), "{}", refused.text);
        assert!(refused.text.contains("风扇很响") && refused.text.contains("13800000000"));
    }
    desk.has_nothing_of_photos().await;

    let mut just = jpeg(8, 8);
    just.resize(MAX_BYTES, 0);
    let accepted = desk.files_with(&desk.zhou, &[("just.jpg", &just)]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_refused_report_keeps_no_photo() {
    let desk = Desk::open().await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let fields = [&REPORT[..5], &[("phone", "x")]].concat();
    let photo = jpeg(8, 8);

    let files = [("photos", "a.jpg", photo.as_slice())];
    let refused = desk.stage.send(form_with_files("/tickets/new", &cookie, &fields, &files)).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.links_to("#phone"));
    assert!(refused.readable().contains("请重新选择：a.jpg"));
    desk.has_nothing_of_photos().await;
}

#[tokio::test]
async fn there_is_no_seventh_photo() {
    let desk = Desk::open().await;
    let photo = jpeg(8, 8);
    let names = ["1", "2", "3", "4", "5", "6", "7"];
    let seven = names.map(|name| (name, photo.as_slice()));

    let refused = desk.files_with(&desk.zhou, &seven).await;
    assert!(says(&refused, "7", Flaw::TooMany), "{}", refused.text);
    desk.has_nothing_of_photos().await;

    let ticket = desk.file(&desk.zhou).await;
    let (one, other) =
        tokio::join!(desk.adds(&desk.zhou, ticket, &seven[..4]), desk.adds(&desk.sun, ticket, &seven[..4]));
    let mut answers = [one, other];
    answers.sort_by_key(|reply| reply.status);
    assert_eq!(answers[0].status, StatusCode::SEE_OTHER);
    assert!(says(&answers[1], "3", Flaw::TooMany), "{}", answers[1].text);
    assert_eq!((desk.photos(ticket).await.len(), desk.files().len()), (4, 8));

    desk.adds(&desk.zhou, ticket, &seven[..2]).await;
    let full = desk.looks_at(&desk.zhou, &format!("/tickets/{ticket}")).await;
    assert!(full.readable().contains(&(ZH.work().photos_full)()));
    assert!(!full.text.contains("type=\"file\""));
}

#[tokio::test]
async fn a_double_click_adds_once() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let (path, photo, key) = (format!("/tickets/{ticket}/photos"), jpeg(8, 8), [("key", "0123456789abcdef")]);
    let files = [("a.jpg", photo.as_slice())];

    let (one, two) = tokio::join!(
        desk.sends(&path, &desk.zhou, &key, &files),
        desk.sends(&path, &desk.zhou, &key, &files)
    );

    assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!((desk.photos(ticket).await.len(), desk.files().len()), (1, 2));
    let other = desk.sends(&path, &desk.zhou, &key, &[("b.jpg", &jpeg(9, 9))]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_photo_is_seen_by_whoever_sees_its_ticket_and_by_nobody_else() {
    let desk = Desk::open().await;
    let (ticket, photo) = desk.with_photo().await;
    let stranger = desk.stage.user("li").await;

    // The ticket waits, and any technician may take it.
    for actor in [&desk.zhou, &desk.chen, &desk.gao, &desk.sun] {
        for address in [photo.clone(), format!("{photo}/thumbnail")] {
            assert_eq!(desk.looks_at(actor, &address).await.status, StatusCode::OK, "{}", actor.name);
        }
    }
    desk.does(&desk.chen, ticket, Action::Take).await;
    for actor in [&stranger, &desk.gao] {
        for address in [photo.clone(), format!("{photo}/thumbnail"), "/photos/1".to_owned()] {
            let refused = desk.looks_at(actor, &address).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{} {address}", actor.name);
            assert!(refused.readable().contains(ZH.problem().not_found));
        }
    }
    let signed_out = desk.stage.visit(&photo, "").await;
    assert_eq!(signed_out.header("location"), format!("/sign-in?return_to={}", photo.replace('/', "%2F")));
}

#[tokio::test]
async fn whoever_may_write_to_a_ticket_may_add_photos() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let stranger = desk.stage.user("li").await;
    let photo = jpeg(8, 8);
    let files = [("a.jpg", photo.as_slice())];

    assert_eq!(desk.adds(&stranger, ticket, &files).await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.adds(&desk.chen, ticket, &files).await.status, StatusCode::FORBIDDEN);
    desk.has_nothing_of_photos().await;
    desk.does(&desk.chen, ticket, Action::Take).await;
    for actor in [&desk.zhou, &desk.chen, &desk.sun] {
        assert_eq!(desk.adds(actor, ticket, &files).await.status, StatusCode::SEE_OTHER, "{}", actor.name);
    }
    assert_eq!(desk.adds(&desk.zhou, ticket, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let photos = desk.history(ticket).await.iter().filter(|event| event.kind == Kind::Photo).count();
    assert_eq!(photos, 3);
}

#[tokio::test]
async fn a_photo_is_served_as_nothing_but_a_picture() {
    let desk = Desk::open().await;
    let (_, photo) = desk.with_photo().await;
    for address in [photo.clone(), format!("{photo}/thumbnail")] {
        let shown = desk.looks_at(&desk.zhou, &address).await;
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", "inline"),
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
            ("content-encoding", ""),
        ] {
            assert_eq!(shown.header(name), value, "{name}");
        }
    }
}

#[tokio::test]
async fn only_forms_with_photos_of_this_site_may_be_large() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    let photo = jpeg(8, 8);
    let files = [("photos", "a.jpg", photo.as_slice())];
    let long = "长".repeat(64 * 1024);

    let adding = format!("/tickets/{ticket}/photos");
    let foreign = with_header(form_with_files(&adding, &cookie, &[], &files), "sec-fetch-site", "cross-site");
    assert_eq!(desk.stage.send(foreign).await.status, StatusCode::FORBIDDEN);
    let message = format!("/tickets/{ticket}/message");
    let elsewhere = form_with_files(&message, &cookie, &[("message", &long)], &[]);
    assert_eq!(desk.stage.send(elsewhere).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let typed = form_with_files("/tickets/new", &cookie, &[("description", &long)], &files);
    assert_eq!(desk.stage.send(typed).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let nobody = desk.stage.send(form_with_files(&adding, "", &[], &files)).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(
        nobody.text.contains(&format!("action=\"/sign-in?return_to=%2Ftickets%2F{ticket}\"")),
        "{}",
        nobody.text
    );
    desk.has_nothing_of_photos().await;
}

#[tokio::test]
async fn photos_go_with_their_ticket_when_it_goes_for_good() {
    let desk = Desk::open().await;
    let (app, sun) = (&desk.stage.app, viewer(&desk.sun));
    let (ticket, photo) = desk.with_photo().await;
    desk.with_photo().await;

    trash::delete(app, &sun, ticket, None).await.expect("is deleted");
    assert_eq!(desk.looks_at(&desk.sun, &photo).await.status, StatusCode::NOT_FOUND);
    maintenance::run(app).await.expect("runs");
    trash::restore(app, &sun, ticket, None).await.expect("is restored");
    assert_eq!(desk.looks_at(&desk.zhou, &photo).await.status, StatusCode::OK);

    trash::delete(app, &sun, ticket, None).await.expect("is deleted");
    desk.stage.pass_seconds(30 * DAY + 1);
    maintenance::run(app).await.expect("runs");
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM photos").await, "1");
    assert_eq!(desk.files().len(), 2, "those of the other ticket");
}

#[tokio::test]
async fn a_photo_whose_file_is_missing_is_not_found() {
    let desk = Desk::open().await;
    let (_, photo) = desk.with_photo().await;
    for name in desk.files() {
        std::fs::remove_file(desk.stage.photos_folder().join(name)).expect("is removed");
    }

    for address in [photo.clone(), format!("{photo}/thumbnail")] {
        let missing = desk.looks_at(&desk.zhou, &address).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{address}");
        let token = desk.stage.get(&format!("/v1{address}"), &desk.sun).await;
        assert_eq!(token.status, StatusCode::NOT_FOUND, "{address}");
    }
}
