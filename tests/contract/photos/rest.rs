//! Photos of tickets, for programs.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::photo::{Flaw, MAX_BYTES};
use fixdesk::domain::tickets::action::Action;
use serde_json::{Value, json};

use crate::support::calls::{done, is_not_told, is_refused};
use crate::support::cast::{Actor, ZH};
use crate::support::desk::Desk;
use crate::support::pictures::{PLACE, jpeg, jpeg_of_a_camera};
use crate::support::wire::{Reply, form_with_files, get, get_as, post_json_as, with_header};

/// A call with a token that brings files.
pub fn upload(order: &Value, actor: &Actor, files: &[(&str, &[u8])]) -> Request<Body> {
    let order = order.as_str().map_or_else(|| order.to_string(), str::to_owned);
    let files: Vec<_> = files.iter().map(|(name, content)| ("photos", *name, *content)).collect();
    let request = form_with_files("/v1/ticket/photos", "", &[("order_id", &order)], &files);
    with_header(request, "authorization", &format!("Bearer {}", actor.token))
}

impl Desk {
    async fn uploads(&self, actor: &Actor, ticket: TicketId, files: &[(&str, &[u8])]) -> Reply {
        self.stage.send(upload(&json!(ticket.0), actor, files)).await
    }

    async fn photos_of(&self, actor: &Actor, ticket: i64) -> Reply {
        self.stage.get(&format!("/v1/status/getPhotos?orderid={ticket}"), actor).await
    }

    async fn count_photos(&self) -> String {
        self.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM photos").await
    }
}

fn named(file: &str, flaw: Flaw) -> String {
    (ZH.list().named)(file, &(ZH.work().flaw)(flaw))
}

#[tokio::test]
async fn photos_are_added_listed_in_order_and_shown() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    let (of_a_camera, wide) = (jpeg_of_a_camera(1), jpeg(400, 100));

    let two = desk.uploads(&desk.zhou, ticket, &[("a.jpg", &of_a_camera), ("b.jpg", &wide)]).await;
    assert_eq!(two.json(), done());
    assert_eq!(desk.uploads(&desk.chen, ticket, &[("c.jpg", &jpeg(8, 8))]).await.json(), done());

    let listed = desk.photos_of(&desk.zhou, ticket.0).await.json();
    assert_eq!((&listed["status"], &listed["success"]), (&json!("success"), &json!(true)));
    let photos = listed["data"].as_array().expect("photos");
    let sizes: Vec<_> =
        photos.iter().map(|photo| (photo["width"].clone(), photo["height"].clone())).collect();
    assert_eq!(sizes, [(json!(40), json!(20)), (json!(400), json!(100)), (json!(8), json!(8))]);
    let last = &photos[2];
    let id = last["id"].as_str().expect("an id");
    let expected = json!({
        "id": id, "order_id": ticket.0, "uploaded_by": desk.chen.id.0, "uploader": "chen同学",
        "created_at": "2024-06-10 12:00:00", "media_type": "image/jpeg", "width": 8, "height": 8,
        "bytes": last["bytes"], "url": format!("/v1/photos/{id}"),
        "thumbnail_url": format!("/v1/photos/{id}/thumbnail"),
    });
    assert_eq!(*last, expected);
    let wide = &photos[1];
    for (address, size) in [("url", (400, 100)), ("thumbnail_url", (320, 80))] {
        let shown = desk.stage.get(wide[address].as_str().expect("an address"), &desk.zhou).await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/jpeg"));
        let picture = image::load_from_memory(&shown.bytes).expect("a picture");
        assert_eq!((picture.width(), picture.height()), size);
        assert!(shown.header("content-security-policy").contains("sandbox"));
        assert_eq!(shown.header("cache-control"), "no-store");
    }
    let first = desk.stage.get(photos[0]["url"].as_str().expect("an address"), &desk.zhou).await;
    assert!(!first.bytes.windows(PLACE.len()).any(|window| window == PLACE));
}

#[tokio::test]
async fn photos_are_for_whoever_sees_the_ticket() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let stranger = desk.stage.user("li").await;
    let photo = jpeg(8, 8);
    desk.uploads(&desk.zhou, ticket, &[("a.jpg", &photo)]).await;
    let url = desk.photos_of(&desk.sun, ticket.0).await.json()["data"][0]["url"].clone();
    let url = url.as_str().expect("an address");
    let thumbnail = format!("{url}/thumbnail");
    let unknown = format!("/v1/photos/{}", "0".repeat(32));

    for actor in [&desk.zhou, &desk.chen, &desk.sun] {
        assert_eq!(desk.photos_of(actor, ticket.0).await.status, StatusCode::OK, "{}", actor.name);
        assert_eq!(desk.stage.get(&thumbnail, actor).await.status, StatusCode::OK, "{}", actor.name);
    }
    for actor in [&stranger, &desk.gao] {
        for there in [ticket.0, 1] {
            is_not_told(&desk.photos_of(actor, there).await, StatusCode::FORBIDDEN, "权限不足");
            let refused = desk.uploads(actor, TicketId(there), &[("a.jpg", &photo)]).await;
            is_refused(&refused, StatusCode::FORBIDDEN, "权限不足");
        }
        for address in [url, &thumbnail, &unknown, "/v1/photos/x", "/v1/photos/%ff"] {
            is_not_told(&desk.stage.get(address, actor).await, StatusCode::FORBIDDEN, "权限不足");
        }
    }
    is_not_told(&desk.photos_of(&desk.sun, 1).await, StatusCode::NOT_FOUND, ZH.api().no_such_ticket);
    let missing = desk.uploads(&desk.sun, TicketId(1), &[("a.jpg", &photo)]).await;
    is_refused(&missing, StatusCode::NOT_FOUND, ZH.api().no_such_ticket);
    for address in [&*unknown, "/v1/photos/x", "/v1/photos/%ff"] {
        is_not_told(&desk.stage.get(address, &desk.sun).await, StatusCode::NOT_FOUND, ZH.api().no_such_photo);
    }
    // Cookies are for pages, tokens for REST.
    let cookie = desk.stage.browser_of(&desk.zhou).await;
    assert_eq!(desk.stage.visit(url, &cookie).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        desk.stage.send(get(url)).await.json(),
        json!({ "error": "Unauthorized for no Authorization" })
    );
    let page = url.trim_start_matches("/v1");
    assert_eq!(desk.stage.send(get_as(page, &desk.zhou)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.count_photos().await, "1");
}

#[tokio::test]
async fn a_technician_who_may_take_a_ticket_sees_its_photos_and_adds_none() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    assert_eq!(desk.photos_of(&desk.gao, ticket.0).await.json()["data"], json!([]));
    let refused = desk.uploads(&desk.gao, ticket, &[("a.jpg", &jpeg(8, 8))]).await;
    is_refused(&refused, StatusCode::FORBIDDEN, "权限不足");

    desk.does(&desk.gao, ticket, Action::Take).await;
    assert_eq!(desk.uploads(&desk.gao, ticket, &[("a.jpg", &jpeg(8, 8))]).await.json(), done());
}

#[tokio::test]
async fn files_that_cannot_be_kept_are_named_and_none_is_kept() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let (photo, large) = (jpeg(8, 8), vec![0; MAX_BYTES + 1]);
    let names = ["1", "2", "3", "4", "5", "6", "7"];
    let seven = names.map(|name| (name, photo.as_slice()));
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;

    let none = desk.uploads(&desk.zhou, ticket, &[]).await;
    assert_eq!(none.status, unprocessable);
    assert!(none.text.contains("photos"), "{}", none.text);
    let script =
        desk.uploads(&desk.zhou, ticket, &[("a.jpg", &photo), ("b.svg", b"<svg onload=alert(1)>")]).await;
    is_refused(&script, unprocessable, &named("b.svg", Flaw::NotAPicture));
    let too_large = desk.uploads(&desk.zhou, ticket, &[("a.jpg", &photo), ("big.jpg", &large)]).await;
    is_refused(&too_large, unprocessable, &named("big.jpg", Flaw::TooLarge));
    let too_many = desk.uploads(&desk.zhou, ticket, &seven).await;
    is_refused(&too_many, unprocessable, &named("7", Flaw::TooMany));
    for order in [json!(0), json!("x"), json!("")] {
        let bad = desk.stage.send(upload(&order, &desk.zhou, &[("a.jpg", &photo)])).await;
        assert_eq!(bad.status, StatusCode::BAD_REQUEST, "{order}");
        assert!(bad.text.contains("order_id"), "{}", bad.text);
    }
    let plain = post_json_as("/v1/ticket/photos", &json!({ "order_id": ticket.0 }), &desk.zhou);
    is_refused(&desk.stage.send(plain).await, StatusCode::BAD_REQUEST, ZH.api().body_no_form);
    for (query, status) in
        [("", 400), ("?orderid=0", 400), ("?orderid=x", 400), ("?orderid=1&orderid=1", 400)]
    {
        let bad = desk.stage.get(&format!("/v1/status/getPhotos{query}"), &desk.zhou).await;
        assert_eq!(bad.status, status, "{query}");
        assert!(bad.text.contains("orderid"), "{}", bad.text);
    }
    assert_eq!(desk.count_photos().await, "0");
}

#[tokio::test]
async fn a_file_before_its_ticket_is_refused_and_not_kept() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let part = |head: &str, content: &[u8]| {
        let head = format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    let order = part("name=\"order_id\"", ticket.to_string().as_bytes());
    let file = part("name=\"photos\"; filename=\"a.jpg\"", &jpeg(8, 8));
    let send = async |parts: [&[u8]; 2]| {
        let request = Request::post("/v1/ticket/photos")
            .header("content-type", "multipart/form-data; boundary=b")
            .header("authorization", format!("Bearer {}", desk.zhou.token));
        let body = [parts[0], parts[1], b"--b--\r\n"].concat();
        desk.stage.send(request.body(Body::from(body)).expect("a request")).await
    };

    let refused = send([&file, &order]).await;

    let sentence = (ZH.api().value)("order_id", ZH.api().before_files);
    is_refused(&refused, StatusCode::BAD_REQUEST, &sentence);
    assert_eq!(desk.count_photos().await, "0");
    assert_eq!(send([&order, &file]).await.json(), done());
}

#[tokio::test]
async fn the_same_key_adds_once() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let photo = jpeg(8, 8);
    let send = async |content: &[u8]| {
        let request = upload(&json!(ticket.0), &desk.zhou, &[("a.jpg", content)]);
        desk.stage.send(with_header(request, "idempotency-key", "k1")).await
    };

    let (one, two) = tokio::join!(send(&photo), send(&photo));
    let other = send(&jpeg(9, 9)).await;

    assert_eq!((one.json(), two.json()), (done(), done()));
    is_refused(&other, StatusCode::UNPROCESSABLE_ENTITY, ZH.work().key_reused);
    assert_eq!(desk.count_photos().await, "1");
}
