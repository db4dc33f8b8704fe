//! A desk with every kind of ticket on it.

use fixdesk::domain::ids::{TicketId, UserId};
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;

use super::PATH;
use crate::support::cast::{Actor, NOON, TestApp};
use crate::support::wire::Reply;

/// Zhou and Li file tickets, and so does the technician Wang; Wang and Zhao
/// work them; Sun is the admin.
pub struct Desk {
    pub app: TestApp,
    pub zhou: Actor,
    pub li: Actor,
    pub wang: Actor,
    pub zhao: Actor,
    pub sun: Actor,
    pub tickets: Vec<ContractTicket>,
}

impl Desk {
    /// Opens a desk: per owner, with each technician and none, every status.
    pub async fn open() -> Self {
        let app = TestApp::start().await;
        let (zhou, li) = (app.user("zhou").await, app.user("li").await);
        let (wang, zhao) = (app.technician("wang").await, app.technician("zhao").await);
        let sun = app.admin("sun").await;

        let mut tickets = Vec::new();
        for owner in [zhou.id, li.id, wang.id] {
            for technician in [None, Some(wang.id), Some(zhao.id)] {
                for status in Status::ALL {
                    let assigned_at = technician.map(|_| NOON);
                    tickets.push(ContractTicket { technician, status, assigned_at, ..app.draft(owner) });
                }
            }
        }
        app.add_tickets(&tickets).await;
        Self { app, zhou, li, wang, zhao, sun, tickets }
    }

    pub fn everybody(&self) -> [&Actor; 5] {
        [&self.zhou, &self.li, &self.wang, &self.zhao, &self.sun]
    }

    pub async fn ask(&self, actor: &Actor, query: &str) -> Reply {
        self.app.get(&format!("{PATH}?{query}"), actor).await
    }

    /// Ticket of an owner that this technician has, or none.
    pub fn ticket_of(&self, owner: &Actor, technician: Option<&Actor>) -> TicketId {
        let technician: Option<UserId> = technician.map(|actor| actor.id);
        let found = self.tickets.iter().find(|t| t.owner == owner.id && t.technician == technician);
        found.expect("there is one of each").id
    }

    /// Writes ids for names: `uid={zhou}`, `orderid={zhou's with wang}`.
    pub fn fill_in(&self, query: &str) -> String {
        let mut query = query.to_owned();
        for owner in self.everybody() {
            query = query.replace(&format!("{{{}}}", owner.name), &owner.id.to_string());
            for (with, technician) in
                [("wang", Some(&self.wang)), ("zhao", Some(&self.zhao)), ("nobody", None)]
            {
                let named = format!("{{{}'s with {with}}}", owner.name);
                if query.contains(&named) {
                    query = query.replace(&named, &self.ticket_of(owner, technician).to_string());
                }
            }
        }
        assert!(!query.contains('{'), "{query} names somebody unknown");
        query
    }
}
