//! A bucket that hangs or fails while people go on working.

use std::time::Duration;

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::service::tickets::{messages, trash};
use futures::future::join_all;
use tokio::time::timeout;

use super::Shelf;
use crate::support::cast::{Actor, TestApp};
use crate::support::desk::{Desk, viewer};
use crate::support::pictures::jpeg;
use crate::support::wire::{Reply, form_with_files};

/// Longest wait for a test that hangs, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(20);
const REPORT: [(&str, &str); 7] = [
    ("twin", "allow"),
    ("device_type", "笔记本"),
    ("brand", "华为 MateBook"),
    ("fault_type", "清灰"),
    ("description", "风扇很响"),
    ("campus", "江安"),
    ("phone", "13800000000"),
];

impl Desk {
    async fn with_photos_in(shelf: &Shelf) -> Self {
        let desk = Self::on(TestApp::start_with_photos_in(shelf.photo_files().await).await).await;
        // The first photo makes sure whose bucket it is.
        let ticket = desk.file(&desk.zhou).await;
        assert_eq!(
            desk.sends_one(&desk.zhou, &photos_of(ticket), &[], 8).await.status,
            StatusCode::SEE_OTHER
        );
        desk
    }

    async fn sends_one(&self, actor: &Actor, path: &str, fields: &[(&str, &str)], width: u32) -> Reply {
        let (cookie, photo) = (self.stage.browser_of(actor).await, jpeg(width, 8));
        self.stage.send(form_with_files(path, &cookie, fields, &[("photos", "a.jpg", &photo)])).await
    }

    async fn count(&self, table: &str) -> String {
        self.stage.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await
    }
}

fn photos_of(ticket: TicketId) -> String {
    format!("/tickets/{ticket}/photos")
}

#[tokio::test]
async fn a_bucket_that_hangs_keeps_only_its_own_requests_waiting() {
    let shelf = Shelf::default();
    let desk = Desk::with_photos_in(&shelf).await;
    let mut owners = Vec::new();
    for number in 0..9 {
        let owner = desk.stage.user(&format!("owner{number}")).await;
        let ticket = desk.file(&owner).await;
        owners.push((owner, ticket));
    }
    let (first, ticket) = &owners[0];
    let before = shelf.names().len();
    shelf.close();

    // More than either database has connections.
    let uploads = (0..18).map(|number: usize| {
        let (desk, (owner, ticket)) = (&desk, &owners[number % 9]);
        async move { desk.sends_one(owner, &photos_of(*ticket), &[], 8).await.status }
    });
    let others = async {
        timeout(PATIENCE, shelf.has_waiting(36)).await.expect("all of them are under way");
        let goes_on = async {
            assert!(desk.stage.sign_in(&desk.chen).await.starts_with("fixdesk_session="));
            messages::say(&desk.stage.app, &viewer(first), *ticket, "在吗", None).await.expect("is said");
            desk.does(&desk.chen, *ticket, Action::Take).await;
        };
        timeout(PATIENCE, goes_on).await.expect("nobody else waits");
        assert_eq!(desk.count("photos").await, "1", "nothing names what is not there yet");
        shelf.open();
    };
    let (answers, ()) = tokio::join!(join_all(uploads), others);

    assert_eq!(answers, [StatusCode::SEE_OTHER; 18]);
    assert_eq!((desk.count("photos").await, shelf.names().len()), ("19".to_owned(), before + 36));
}

#[tokio::test]
async fn a_bucket_that_fails_leaves_neither_rows_nor_files() {
    let shelf = Shelf::default();
    let desk = Desk::with_photos_in(&shelf).await;
    let (tickets, files) = (desk.count("tickets").await, shelf.names());
    shelf.fail(u32::MAX);

    let refused = desk.sends_one(&desk.zhou, "/tickets/new", &REPORT, 8).await;

    assert!(refused.status.is_server_error(), "{}", refused.status);
    assert!(refused.text.contains("风扇很响"), "what was typed stays");
    shelf.fail(0);
    assert_eq!((desk.count("tickets").await, shelf.names()), (tickets, files));
    assert_eq!(desk.count("photos").await, "1");
    let filed = desk.sends_one(&desk.zhou, "/tickets/new", &REPORT, 8).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_changes_while_a_photo_is_stored_takes_its_files_away_again() {
    let shelf = Shelf::default();
    let desk = Desk::with_photos_in(&shelf).await;
    let ticket = desk.file(&desk.zhou).await;
    let files = shelf.names();
    shelf.close();

    let meanwhile = async {
        timeout(PATIENCE, shelf.has_waiting(2)).await.expect("is under way");
        trash::delete(&desk.stage.app, &viewer(&desk.sun), ticket, None).await.expect("is deleted");
        shelf.open();
    };
    let path = photos_of(ticket);
    let (late, ()) = tokio::join!(desk.sends_one(&desk.zhou, &path, &[], 8), meanwhile);

    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!((shelf.names(), desk.count("photos").await), (files, "1".to_owned()));
}

#[tokio::test]
async fn a_request_that_is_refused_stores_nothing_first() {
    let shelf = Shelf::default();
    let desk = Desk::with_photos_in(&shelf).await;
    let (ticket, full) = (desk.file(&desk.zhou).await, desk.file(&desk.zhou).await);
    for width in 8..14 {
        desk.sends_one(&desk.zhou, &photos_of(full), &[], width).await;
    }
    let key = [("key", "0123456789abcdef")];
    desk.sends_one(&desk.zhou, &photos_of(ticket), &key, 8).await;
    let stranger = desk.stage.user("li").await;
    let files = shelf.names();
    // Uploads hang from now on.
    shelf.close();

    let refusals = async {
        let of_stranger = desk.sends_one(&stranger, &photos_of(ticket), &[], 8).await;
        let seventh = desk.sends_one(&desk.zhou, &photos_of(full), &[], 8).await;
        let repeated = desk.sends_one(&desk.zhou, &photos_of(ticket), &key, 8).await;
        let reused = desk.sends_one(&desk.zhou, &photos_of(ticket), &key, 9).await;
        let incomplete = desk.sends_one(&desk.zhou, "/tickets/new", &REPORT[..6], 8).await;
        [of_stranger, seventh, repeated, reused, incomplete].map(|reply| reply.status.as_u16())
    };

    assert_eq!(timeout(PATIENCE, refusals).await.expect("nothing is stored"), [404, 422, 303, 422, 422]);
    assert_eq!(shelf.names(), files);
}
