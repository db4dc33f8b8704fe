//! A desk with people of every role, and their actions.

use fixdesk::domain::ids::{TicketId, UserId};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::Event;
use fixdesk::domain::tickets::report::{Draft, Field};
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::Ticket;
use fixdesk::domain::tickets::view::TicketView;
use fixdesk::domain::viewer::Viewer;
use fixdesk::service::settings::Site;
use fixdesk::service::tickets::actions::{self, ActionRequest, ActionTarget};
use fixdesk::service::tickets::filing::{self, Duplicates};
use fixdesk::service::tickets::view;
use fixdesk::store;
use fixdesk::store::tickets::events;

use crate::support::cast::{Actor, TestApp};

pub struct Desk {
    pub stage: TestApp,
    pub zhou: Actor,
    pub chen: Actor,
    pub gao: Actor,
    pub sun: Actor,
}

pub fn viewer(actor: &Actor) -> Viewer {
    Viewer { id: actor.id, role: actor.role, nickname: actor.name.clone() }
}

/// A complete report.
pub fn report() -> Draft {
    Draft::of([
        ("device_type", "笔记本"),
        ("brand", "华为 MateBook"),
        ("fault_type", "清灰"),
        ("description", "风扇很响"),
        ("campus", "江安"),
        ("phone", "13800000000"),
    ])
}

pub fn action_request(ticket: TicketId, action: Action) -> ActionRequest {
    ActionRequest {
        ticket,
        target: ActionTarget::Act(action),
        seen: None,
        note: "因为所以".to_owned(),
        technician: None,
        key: None,
    }
}

impl Desk {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Site)) -> Self {
        Self::on(TestApp::start_with(change).await).await
    }

    pub async fn on(stage: TestApp) -> Self {
        let zhou = stage.user("zhou").await;
        let (chen, gao) = (stage.technician("chen").await, stage.technician("gao").await);
        let sun = stage.admin("sun").await;
        Self { stage, zhou, chen, gao, sun }
    }

    pub async fn file(&self, actor: &Actor) -> TicketId {
        let filed = filing::file(&self.stage.app, &viewer(actor), &report(), Duplicates::Allow, None).await;
        filed.expect("is filed")
    }

    pub async fn act(&self, actor: &Actor, action_request: ActionRequest) -> Result<(), Problem> {
        actions::act(&self.stage.app, &viewer(actor), action_request).await.map(drop)
    }

    pub async fn does(&self, actor: &Actor, ticket: TicketId, action: Action) {
        self.act(actor, action_request(ticket, action)).await.expect("is allowed");
    }

    pub async fn gives(&self, actor: &Actor, ticket: TicketId, action: Action, to: UserId) {
        let action_request = ActionRequest { technician: Some(to), ..action_request(ticket, action) };
        self.act(actor, action_request).await.expect("is allowed");
    }

    /// A ticket of zhou that chen repairs.
    pub async fn in_repair(&self) -> TicketId {
        let ticket = self.file(&self.zhou).await;
        self.does(&self.chen, ticket, Action::Take).await;
        self.does(&self.chen, ticket, Action::Accept).await;
        ticket
    }

    pub async fn view(&self, actor: &Actor, ticket: TicketId) -> Result<TicketView, Problem> {
        view::view(&self.stage.app, &viewer(actor), ticket, "").await
    }

    pub async fn status(&self, ticket: TicketId) -> Status {
        self.row(ticket).await.contract.status
    }

    /// The ticket as the database has it.
    pub async fn row(&self, TicketId(ticket): TicketId) -> Ticket {
        let mut tx = store::snapshot(&self.stage.app.db).await.expect("a snapshot");
        let rows = store::tickets_after(&mut tx, TicketId(ticket - 1)).await.expect("tickets");
        let row = rows.into_iter().find(|(id, _)| *id == TicketId(ticket)).expect("is there");
        row.1.expect("can be read")
    }

    pub async fn history(&self, ticket: TicketId) -> Vec<Event> {
        events::of_ticket(&self.stage.app.db, ticket).await.expect("a history")
    }

    /// Number of unread notifications.
    pub async fn unread(&self, actor: &Actor) -> i64 {
        let unread = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM notifications WHERE read_at IS NULL AND user_id = {}",
            actor.id
        );
        self.stage.text(&unread).await.parse().expect("a number")
    }
}

pub fn with(field: Field, value: &str) -> Draft {
    let mut draft = report();
    draft.set(field, value);
    draft
}
