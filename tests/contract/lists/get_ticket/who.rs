//! Permissions.

use axum::http::StatusCode;
use fixdesk::domain::ids::{TicketId, UserId};
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;
use fixdesk::domain::viewer::Role;
use serde_json::Value;

use super::desk::Desk;
use crate::support::cast::Actor;
use crate::support::wire::{Reply, refusal};

/// Query, `request_type`, and people who get an answer. Sun always does.
const DOCUMENTED: &[(&str, &str, &[&str])] = &[
    ("", "all_workorders", &[]),
    ("list=all", "all_workorders", &[]),
    ("list=pending", "all_workorders_pending", &[]),
    ("list=done", "all_workorders_done", &[]),
    ("list=done&page=3", "all_workorders_done", &[]),
    ("page=2", "all_workorders", &[]),
    ("limit=100", "all_workorders", &[]),
    ("uid={zhou}", "by_user_id_all", &["zhou"]),
    ("uid={zhou}&list=all", "by_user_id_all", &["zhou"]),
    ("uid={zhou}&list=pending", "by_user_id_pending", &["zhou"]),
    ("uid={zhou}&list=done", "by_user_id_done", &["zhou"]),
    ("uid={zhou}&page=2", "by_user_id_all", &["zhou"]),
    ("uid={wang}", "by_user_id_all", &["wang"]),
    ("uid={sun}", "by_user_id_all", &[]),
    ("tid={wang}", "by_technician_id_all", &["wang"]),
    ("tid={wang}&list=pending", "by_technician_id_pending", &["wang"]),
    ("tid={wang}&list=done", "by_technician_id_done", &["wang"]),
    ("tid={wang}&page=2", "by_technician_id_all", &["wang"]),
    ("td={wang}&list=done", "by_technician_id_done", &["wang"]),
    ("tid={zhou}", "by_technician_id_all", &["zhou"]),
    ("orderid={zhou's with nobody}", "by_workorder_id", &["zhou"]),
    ("orderid={zhou's with wang}", "by_workorder_id", &["zhou", "wang"]),
    ("orderid={wang's with zhao}", "by_workorder_id", &["wang", "zhao"]),
    ("orderid={wang's with wang}", "by_workorder_id", &["wang"]),
    ("orderid={zhou's with wang}&list=done", "by_workorder_id", &["zhou", "wang"]),
    ("orderid={zhou's with wang}&page=2", "by_workorder_id", &["zhou", "wang"]),
    ("orderid=20239999999", "by_workorder_id", &[]),
    ("orderid={zhou's with wang}&uid={zhou}", "by_workorder_id", &["zhou"]),
    ("orderid={zhou's with wang}&tid={wang}", "by_workorder_id", &["wang"]),
    // The rules of uid and tid are the ones that apply: an empty answer, no refusal.
    ("orderid={zhou's with wang}&uid={li}", "by_workorder_id", &["li"]),
    ("orderid=20239999999&uid={zhou}", "by_workorder_id", &["zhou"]),
    ("orderid={zhou's with wang}&uid={zhou}&tid={wang}", "by_workorder_id", &[]),
    ("uid={zhou}&tid={wang}", "by_user_id_all", &[]),
    ("uid={zhou}&tid={wang}&list=pending", "by_user_id_pending", &[]),
    ("uid={wang}&tid={wang}", "by_user_id_all", &["wang"]),
    ("uid={zhou}&tid={zhou}&list=done", "by_user_id_done", &["zhou"]),
];

#[tokio::test]
async fn every_documented_request_is_answered_for_those_who_may_ask_it() {
    let desk = Desk::open().await;

    for (query, request_type, answered) in DOCUMENTED {
        for actor in desk.everybody() {
            let reply = desk.ask(actor, &desk.fill_in(query)).await;

            let name = actor.name.as_str();
            if name == "sun" || answered.contains(&name) {
                assert_eq!(reply.status, StatusCode::OK, "{query} as {name}");
                assert_eq!(reply.json()["request_type"], *request_type, "{query} as {name}");
            } else {
                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{query} as {name}");
                assert_eq!(reply.json(), refusal("权限不足"), "{query} as {name}");
            }
        }
    }
}

/// One point of the space of all requests.
#[derive(Clone, Copy, Debug)]
struct Asked {
    orderid: Option<TicketId>,
    uid: Option<UserId>,
    tid: Option<UserId>,
    list: Option<&'static str>,
}

impl Asked {
    fn query(self) -> String {
        let mut parts = vec!["limit=100".to_owned()];
        parts.extend(self.orderid.map(|id| format!("orderid={id}")));
        parts.extend(self.uid.map(|id| format!("uid={id}")));
        parts.extend(self.tid.map(|id| format!("tid={id}")));
        parts.extend(self.list.map(|list| format!("list={list}")));
        parts.join("&")
    }

    /// The table "Who may ask what" of docs/api.md.
    fn may_be_asked_by(self, actor: &Actor, tickets: &[ContractTicket]) -> bool {
        let is_me = |id: UserId| id == actor.id;
        let involves_me = |id: TicketId| {
            let ticket = tickets.iter().find(|ticket| ticket.id == id);
            ticket.is_some_and(|t| is_me(t.owner) || t.technician.is_some_and(is_me))
        };
        match (self.orderid, self.uid, self.tid) {
            _ if actor.role == Role::Admin => true,
            (None, None, None) => false,
            (Some(orderid), None, None) => involves_me(orderid),
            (_, uid, tid) => uid.is_none_or(is_me) && tid.is_none_or(is_me),
        }
    }

    /// Newest first: the parameters combine with AND.
    fn answer(self, tickets: &[ContractTicket]) -> Vec<i64> {
        use Status::{Done, Pending, Repairing, TechConfirming, UserConfirming};
        let is_on_list = |status: Status| match self.list {
            Some("pending") => [Pending, Repairing, UserConfirming, TechConfirming].contains(&status),
            Some("done") => status == Done,
            _ => true,
        };
        let matches = |ticket: &&ContractTicket| {
            self.orderid.is_none_or(|id| ticket.id == id)
                && self.uid.is_none_or(|id| ticket.owner == id)
                && self.tid.is_none_or(|id| ticket.technician == Some(id))
                && is_on_list(ticket.status)
        };
        let mut ids: Vec<i64> = tickets.iter().filter(matches).map(|ticket| ticket.id.0).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }
}

fn ids(reply: &Reply) -> Vec<i64> {
    let json = reply.json();
    let rows = json["data"].as_array().expect("rows");
    rows.iter().map(|row| row["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn every_role_gets_what_the_table_says_for_every_combination_of_parameters() {
    let desk = Desk::open().await;
    let tickets = [
        None,
        Some(desk.ticket_of(&desk.zhou, None)),
        Some(desk.ticket_of(&desk.zhou, Some(&desk.wang))),
        Some(desk.ticket_of(&desk.wang, Some(&desk.zhao))),
        Some(TicketId(1)),
    ];

    let mut asked_in_all = 0;
    for actor in desk.everybody() {
        let somebody_else = if actor.id == desk.zhou.id { desk.wang.id } else { desk.zhou.id };
        let people = [None, Some(actor.id), Some(somebody_else)];
        for orderid in tickets {
            for uid in people {
                for tid in people {
                    for list in [None, Some("pending"), Some("done")] {
                        let asked = Asked { orderid, uid, tid, list };
                        let reply = desk.ask(actor, &asked.query()).await;

                        let name = &actor.name;
                        asked_in_all += 1;
                        if asked.may_be_asked_by(actor, &desk.tickets) {
                            let expected = asked.answer(&desk.tickets);
                            assert_eq!(reply.status, StatusCode::OK, "{name} {asked:?}");
                            assert_eq!(ids(&reply), expected, "{name} {asked:?}");
                            assert_eq!(reply.json()["total"], expected.len(), "{name} {asked:?}");
                        } else {
                            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{name} {asked:?}");
                        }
                    }
                }
            }
        }
    }
    assert_eq!(asked_in_all, 5 * 5 * 3 * 3 * 3);
}

#[tokio::test]
async fn a_user_cannot_tell_a_strangers_ticket_from_a_missing_one() {
    let desk = Desk::open().await;
    let strangers = desk.ticket_of(&desk.li, Some(&desk.zhao));

    for actor in [&desk.zhou, &desk.wang] {
        for rest in ["", "&list=done", "&page=7", "&limit=1"] {
            let foreign = desk.ask(actor, &format!("orderid={strangers}{rest}")).await;
            let missing = desk.ask(actor, &format!("orderid=1{rest}")).await;

            assert_eq!(foreign.status, missing.status, "{rest}");
            assert_eq!(foreign.text, missing.text, "{rest}");
            assert_eq!(foreign.headers, missing.headers, "{rest}");
        }
    }
}

#[tokio::test]
async fn an_admin_asking_for_a_missing_ticket_gets_an_empty_list() {
    let desk = Desk::open().await;

    let reply = desk.ask(&desk.sun, "orderid=1").await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json()["data"], Value::Array(Vec::new()));
    assert_eq!(reply.json()["total"], 0);
}

#[tokio::test]
async fn an_owner_whose_ticket_is_not_on_the_list_asked_for_gets_an_empty_list() {
    let desk = Desk::open().await;
    let pending = desk.ticket_of(&desk.zhou, None);

    for rest in ["list=done", "page=2"] {
        let reply = desk.ask(&desk.zhou, &format!("orderid={pending}&{rest}")).await;

        assert_eq!(reply.status, StatusCode::OK, "{rest}");
        assert_eq!(ids(&reply), [0; 0], "{rest}");
    }
}

#[tokio::test]
async fn a_technician_who_hands_a_ticket_over_no_longer_sees_it() {
    let desk = Desk::open().await;
    let ticket = desk.ticket_of(&desk.zhou, Some(&desk.wang));
    let before = desk.ask(&desk.wang, &format!("orderid={ticket}")).await;

    desk.app
        .execute(&format!("UPDATE tickets SET technician_id = {} WHERE id = {ticket}", desk.zhao.id))
        .await;

    let after = desk.ask(&desk.wang, &format!("orderid={ticket}")).await;
    assert_eq!([before.status, after.status], [StatusCode::OK, StatusCode::FORBIDDEN]);
}
