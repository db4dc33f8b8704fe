//! Tickets that admins delete and restore, by the forms of the pages.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::event::rebuild;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::trash::PAGE_SIZE;
use fixdesk::service::tickets::trash;

use crate::support::cast::{Actor, ZH};
use crate::support::desk::{Desk, viewer};
use crate::support::wire::Reply;

const LIST: &str = "/tickets/deleted";

impl Desk {
    async fn presses(&self, actor: &Actor, path: &str) -> Reply {
        self.stage.submit(path, &self.stage.browser_of(actor).await, &[]).await
    }

    async fn sees(&self, actor: &Actor, path: &str) -> Reply {
        self.stage.visit(path, &self.stage.browser_of(actor).await).await
    }
}

fn delete(ticket: TicketId) -> String {
    format!("/tickets/{ticket}/delete")
}

fn restore(ticket: TicketId) -> String {
    format!("/tickets/{ticket}/restore")
}

#[tokio::test]
async fn an_admin_deletes_a_ticket_on_its_page_and_restores_it_from_the_list() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    assert!(desk.sees(&desk.sun, &page).await.text.contains(&format!("action=\"{}\"", delete(ticket))));
    assert!(desk.sees(&desk.sun, "/tickets").await.links_to(LIST));
    assert!(desk.sees(&desk.sun, LIST).await.readable().contains(ZH.trash().nothing));

    let deleted = desk.presses(&desk.sun, &delete(ticket)).await;
    assert_eq!((deleted.status, deleted.header("location")), (StatusCode::SEE_OTHER, LIST));
    assert_eq!(desk.sees(&desk.zhou, &page).await.status, StatusCode::NOT_FOUND);
    let list = desk.sees(&desk.sun, LIST).await;
    let restored = desk.presses(&desk.sun, &restore(ticket)).await;

    let words = ZH.trash();
    for told in [
        format!("{} · zhou同学", (ZH.ticket().number)(&ticket.to_string())),
        "华为 MateBook · 清灰".to_owned(),
        (words.deleted_by)("sun同学", "2024-06-10 12:00"),
        (words.kept_until)("2024-07-10 12:00"),
    ] {
        assert!(list.readable().contains(&told), "{told}: {}", list.readable());
    }
    assert!(list.text.contains(&format!("action=\"{}\"", restore(ticket))));
    assert_eq!((restored.status, restored.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
    assert_eq!(desk.sees(&desk.zhou, &page).await.status, StatusCode::OK);
    assert!(desk.sees(&desk.sun, LIST).await.readable().contains(words.nothing));
}

#[tokio::test]
async fn nobody_else_deletes_restores_or_sees_what_was_deleted() {
    let desk = Desk::open().await;
    let (there, gone) = (desk.in_repair().await, desk.in_repair().await);
    desk.presses(&desk.sun, &delete(gone)).await;
    let nowhere = TicketId(5);

    for actor in [&desk.zhou, &desk.chen, &desk.gao] {
        let page = desk.sees(actor, &format!("/tickets/{there}")).await;
        assert!(!page.text.contains("/delete\""), "{}", actor.name);
        let list = desk.sees(actor, LIST).await;
        assert_eq!(list.status, StatusCode::FORBIDDEN, "{}", actor.name);
        assert!(!list.readable().contains(&gone.to_string()), "{}", actor.name);
        assert!(!desk.sees(actor, "/tickets").await.links_to(LIST), "{}", actor.name);
        assert_eq!(desk.presses(actor, &restore(gone)).await.status, StatusCode::FORBIDDEN, "{}", actor.name);
        assert_eq!(
            desk.presses(actor, &restore(nowhere)).await.status,
            StatusCode::FORBIDDEN,
            "{}",
            actor.name
        );
        assert_eq!(desk.presses(actor, &delete(gone)).await.status, StatusCode::NOT_FOUND, "{}", actor.name);
        assert_eq!(
            desk.presses(actor, &delete(nowhere)).await.status,
            StatusCode::NOT_FOUND,
            "{}",
            actor.name
        );
    }
    for (actor, status) in [
        (&desk.zhou, StatusCode::FORBIDDEN),
        (&desk.chen, StatusCode::FORBIDDEN),
        // Others learn nothing of it.
        (&desk.gao, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(desk.presses(actor, &delete(there)).await.status, status, "{}", actor.name);
    }
    let nobody = desk.stage.submit(&delete(there), "", &[]).await;
    assert_eq!(nobody.header("location"), format!("/sign-in?return_to=%2Ftickets%2F{there}"));
    assert_eq!(desk.sees(&desk.zhou, &format!("/tickets/{there}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_any_more_cannot_be_restored_or_deleted_again() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.presses(&desk.sun, &delete(ticket)).await;
    assert_eq!(desk.presses(&desk.sun, &delete(ticket)).await.status, StatusCode::NOT_FOUND);
    desk.presses(&desk.sun, &restore(ticket)).await;

    let again = desk.presses(&desk.sun, &restore(ticket)).await;

    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.readable().contains(ZH.trash().gone), "{}", again.readable());
}

#[tokio::test]
async fn the_list_goes_on_page_by_page_from_the_last_deleted() {
    let desk = Desk::open().await;
    let (app, sun) = (&desk.stage.app, viewer(&desk.sun));
    let mut tickets = Vec::new();
    for number in 0..=PAGE_SIZE {
        let ticket = desk.stage.ticket(&desk.zhou, |_| {}).await;
        trash::delete(app, &sun, ticket, None).await.expect("is deleted");
        // Some at the same second.
        desk.stage.pass_seconds(i64::from(number % 2 == 0));
        tickets.push(ticket);
    }
    let shown = |page: &Reply| {
        let forms = page.text.split("action=\"/tickets/").skip(1);
        forms
            .filter_map(|form| form.split_once("/restore\"")?.0.parse().ok().map(TicketId))
            .collect::<Vec<_>>()
    };

    let first = desk.sees(&desk.sun, LIST).await;
    let (next, _) =
        first.links().into_iter().find(|(address, _)| address.contains("before=")).expect("a link");
    let second = desk.sees(&desk.sun, &next).await;

    tickets.reverse();
    assert_eq!(shown(&first), tickets[..PAGE_SIZE]);
    assert_eq!(shown(&second), tickets[PAGE_SIZE..]);
    assert!(second.links_to(LIST) && !second.links().iter().any(|(address, _)| address.contains("before=")));
}

#[tokio::test]
async fn what_comes_back_to_somebody_who_has_left_goes_to_nobody() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.presses(&desk.sun, &delete(ticket)).await;
    desk.stage.set_disabled(desk.chen.id, true).await;

    let restored = desk.presses(&desk.sun, &restore(ticket)).await;

    assert_eq!(restored.status, StatusCode::SEE_OTHER);
    let row = desk.row(ticket).await;
    assert_eq!((row.contract.status, row.contract.technician), (Status::Pending, None));
    assert_eq!(rebuild(&desk.history(ticket).await), Some(row));
}

#[tokio::test]
async fn a_deleted_ticket_of_the_first_stored_form_comes_back() {
    const STORED: &str = include_str!("../../../src/store/tickets/stored/ticket_v1.json");
    let desk = Desk::open().await;
    let stored = STORED
        .replace("20240000001,\"technician\":20240000002", &format!("{},\"technician\":null", desk.zhou.id));
    let stored = stored
        .replace("UserConfirming", "Pending")
        .replace("\"offered_to\":20240000003", "\"offered_to\":null");
    desk.stage
        .execute(&format!(
            "INSERT INTO deleted_tickets (id, ticket, deleted_at) VALUES (20240000007, '{}', 1718000000)",
            stored.trim()
        ))
        .await;

    let restored = desk.presses(&desk.sun, &restore(TicketId(20_240_000_007))).await;

    assert_eq!(restored.status, StatusCode::SEE_OTHER);
    let row = desk.row(TicketId(20_240_000_007)).await;
    assert_eq!((row.contract.brand.as_str(), row.model.as_str(), row.version), ("华为 MateBook", "14s", 5));
    assert_eq!(row.contract.description, "风扇很响\n\"尤其\"晚上");
}

#[tokio::test]
async fn one_record_that_cannot_be_read_breaks_neither_the_list_nor_other_tickets() {
    let desk = Desk::open().await;
    let (bad, good) = (desk.in_repair().await, desk.in_repair().await);
    for ticket in [bad, good] {
        desk.presses(&desk.sun, &delete(ticket)).await;
    }
    desk.stage.execute(&format!("UPDATE deleted_tickets SET ticket = '{{' WHERE id = {bad}")).await;

    let list = desk.sees(&desk.sun, LIST).await;

    assert_eq!(list.status, StatusCode::OK);
    assert!(list.readable().contains(ZH.trash().unreadable) && list.readable().contains(&bad.to_string()));
    assert!(!list.text.contains(&format!("action=\"{}\"", restore(bad))));
    assert!(list.text.contains(&format!("action=\"{}\"", restore(good))));
    assert!(desk.presses(&desk.sun, &restore(bad)).await.status.is_server_error());
    assert_eq!(desk.presses(&desk.sun, &restore(good)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM deleted_tickets").await, "1");
}
