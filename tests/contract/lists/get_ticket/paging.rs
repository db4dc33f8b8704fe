//! Order and pages.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::desk::Desk;

/// The fields around the rows, and the ids of the rows.
async fn page(desk: &Desk, query: &str) -> (Value, Vec<i64>) {
    let reply = desk.ask(&desk.sun, query).await;
    assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.text);
    let json = reply.json();
    let rows = json["data"].as_array().expect("rows");
    let ids = rows.iter().map(|row| row["id"].as_i64().expect("an id")).collect();
    (json!([json["page"], json["limit"], json["total"]]), ids)
}

#[tokio::test]
async fn the_pages_of_a_list_are_the_list_newest_first() {
    let desk = Desk::open().await;
    let mut newest_first: Vec<i64> = desk.tickets.iter().map(|ticket| ticket.id.0).collect();
    newest_first.reverse();
    let total = newest_first.len();

    let mut read = Vec::new();
    for number in 1..=7 {
        let (frame, ids) = page(&desk, &format!("page={number}")).await;
        assert_eq!(frame, json!([number, 10, total]));
        read.extend(ids);
    }

    assert_eq!(read, newest_first);
}

#[tokio::test]
async fn order_is_by_number_whatever_was_filed_first() {
    let desk = Desk::open().await;
    let (mut early, mut late) = (desk.app.draft(desk.li.id), desk.app.draft(desk.li.id));
    (early.created_at.0, late.created_at.0) = (2_000_000_000, 1_000_000_000);
    (early.id.0, late.id.0) = (5, 6);

    desk.app.add_tickets(&[late, early]).await;

    let (_, ids) = page(&desk, &format!("uid={}&limit=100", desk.li.id)).await;
    assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    assert_eq!(ids[ids.len() - 2..], [6, 5]);
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_still_says_how_many_there_are() {
    let desk = Desk::open().await;
    let largest = (1_u64 << 53) - 1;

    for query in ["", "list=done&", "uid={zhou}&", "tid={wang}&list=pending&"] {
        let query = desk.fill_in(query);
        let (first, _) = page(&desk, &query).await;
        for number in [99, largest] {
            let (frame, ids) = page(&desk, &format!("{query}page={number}&limit=100")).await;

            assert_eq!(frame, json!([number, 100, first[2]]), "{query}");
            assert_eq!(ids, [0; 0], "{query}");
        }
    }
}

#[tokio::test]
async fn a_page_has_as_many_rows_as_were_asked_for() {
    let desk = Desk::open().await;

    for (limit, rows) in [(1, 1), (9, 9), (62, 62), (63, 63), (64, 63), (100, 63)] {
        let (frame, ids) = page(&desk, &format!("limit={limit}")).await;

        assert_eq!(frame, json!([1, limit, 63]));
        assert_eq!(ids.len(), rows);
    }
}

#[tokio::test]
async fn totals_follow_a_ticket_from_list_to_list() {
    let desk = Desk::open().await;
    let ticket = desk.ticket_of(&desk.zhou, None);
    let totals = async || {
        let mut totals = Vec::new();
        for query in ["", "list=pending", "list=done"] {
            totals.push(page(&desk, query).await.0[2].as_i64().expect("a number"));
        }
        totals
    };
    let before = totals().await;

    desk.app.execute(&format!("UPDATE tickets SET status = 'Done' WHERE id = {ticket}")).await;
    let repaired = totals().await;
    desk.app.execute(&format!("DELETE FROM tickets WHERE id = {ticket}")).await;

    assert_eq!(before, [63, 36, 9]);
    assert_eq!(repaired, [63, 35, 10]);
    assert_eq!(totals().await, [62, 35, 9]);
}
