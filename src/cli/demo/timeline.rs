//! History of a ticket on its way to its present state, made from its end.

use super::calendar::HOUR;
use super::dice::Dice;
use super::photos::Shot;
use crate::domain::ids::UserId;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::{self, Change, Event, Kind};
use crate::domain::tickets::report::Field;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{ContractTicket, Ticket, TicketState};
use crate::domain::time::Instant;

/// Context of a history.
pub struct Scene<'a> {
    pub admin: UserId,
    pub end: Instant,
    pub photos: &'a [Shot],
    /// The colleague who was asked to take over.
    pub offered_to: Option<UserId>,
}

/// Ticket and history, which rebuilds it exactly.
pub fn generate(ticket: &ContractTicket, scene: &Scene, dice: &mut Dice) -> (Ticket, Vec<Event>) {
    let Scene { admin, end, photos, offered_to } = *scene;
    let mut timeline = Timeline::begin(ticket, end);
    for Shot { photo, .. } in photos {
        timeline.say(photo.created_at, photo.uploaded_by, Kind::Photo, photo.id.as_str());
    }
    if let (Some(technician), Some(at)) = (ticket.technician, ticket.assigned_at) {
        let (action, actor) =
            if dice.chance(40) { (Action::Assign, admin) } else { (Action::Take, technician) };
        timeline.move_to(at, actor, Kind::Acted(action), "", (Status::Pending, Some(technician)));
        work_on(&mut timeline, ticket, technician, at, dice);
        if offered_to.is_some() {
            timeline.offer(technician, offered_to);
        }
    } else {
        match ticket.status {
            Status::Canceled => {
                let at = at_last(ticket.created_at, end, dice);
                timeline.move_to(
                    at,
                    ticket.owner,
                    Kind::Acted(Action::Cancel),
                    "重启之后好了，先不修了。",
                    (Status::Canceled, None),
                );
            }
            Status::Closed => {
                let at = at_last(ticket.created_at, end, dice);
                timeline.move_to(
                    at,
                    admin,
                    Kind::Acted(Action::Close),
                    "联系不上机主，先关闭。",
                    (Status::Closed, None),
                );
            }
            _ => {}
        }
    }
    let rebuilt = event::rebuild(&timeline.events);
    (rebuilt.unwrap_or_else(|| Ticket::of(ticket.clone())), timeline.events)
}

/// Events since it was assigned.
fn work_on(
    timeline: &mut Timeline,
    ticket: &ContractTicket,
    technician: UserId,
    assigned: Instant,
    dice: &mut Dice,
) {
    let owner = ticket.owner;
    let had = Some(technician);
    let done = ticket.completed_at.unwrap_or(timeline.end);
    let span = (done.0 - assigned.0).max(4);
    let moment = |quarters: i64| assigned.plus(span * quarters / 4);
    if ticket.status == Status::Pending {
        return;
    }
    if ticket.status == Status::Canceled {
        let at = at_last(assigned, timeline.end, dice);
        timeline.move_to(
            at,
            owner,
            Kind::Acted(Action::Cancel),
            "送去售后了，谢谢。",
            (Status::Canceled, had),
        );
        return;
    }
    timeline.move_to(moment(1), technician, Kind::Acted(Action::Accept), "", (Status::Repairing, had));
    if dice.chance(55) {
        let (question, answer) = TALKS[dice.index(TALKS.len())];
        timeline.say(moment(1), technician, Kind::Message, question);
        timeline.say(moment(2), owner, Kind::Message, answer);
    }
    if dice.chance(20) {
        timeline.say(moment(2), technician, Kind::Note, NOTES[dice.index(NOTES.len())]);
    }
    let repaired = REPAIRS[dice.index(REPAIRS.len())];
    match ticket.status {
        Status::Closed => {
            timeline.move_to(
                moment(3),
                technician,
                Kind::Acted(Action::Close),
                "需要返厂，社团修不了。",
                (Status::Closed, had),
            );
        }
        Status::UserConfirming => {
            timeline.move_to(
                moment(3),
                technician,
                Kind::Acted(Action::ReportDone),
                repaired,
                (Status::UserConfirming, had),
            );
        }
        Status::TechConfirming => {
            timeline.move_to(
                moment(3),
                owner,
                Kind::Acted(Action::ReportFixed),
                "",
                (Status::TechConfirming, had),
            );
        }
        Status::Done => {
            timeline.move_to(
                moment(3),
                technician,
                Kind::Acted(Action::ReportDone),
                repaired,
                (Status::UserConfirming, had),
            );
            timeline.move_to(done, owner, Kind::Acted(Action::Confirm), "", (Status::Done, had));
        }
        Status::Pending | Status::Repairing | Status::Canceled => {}
    }
}

fn at_last(from: Instant, end: Instant, dice: &mut Dice) -> Instant {
    Instant((from.0 + dice.between(HOUR, 40 * HOUR)).min(end.0.max(from.0)))
}

struct Timeline {
    events: Vec<Event>,
    end: Instant,
}

impl Timeline {
    fn begin(ticket: &ContractTicket, end: Instant) -> Self {
        let filed = Ticket::of(ticket.clone());
        let told = Field::ALL.into_iter().filter(|field| !filed.get(*field).is_empty());
        let changes =
            told.map(|field| Change { field, old: String::new(), new: filed.get(field).to_owned() });
        let event = Event {
            ticket: ticket.id,
            number: 1,
            at: ticket.created_at,
            actor: Some(ticket.owner),
            kind: Kind::Filed,
            note: String::new(),
            changes: changes.collect(),
            state: TicketState { status: Status::Pending, technician: None, offered_to: None },
        };
        Self { events: vec![event], end }
    }

    fn move_to(
        &mut self,
        at: Instant,
        actor: UserId,
        kind: Kind,
        note: &str,
        (status, technician): (Status, Option<UserId>),
    ) {
        self.add(at, actor, kind, note, TicketState { status, technician, offered_to: None });
    }

    /// The last thing so far, some hours before the end.
    fn offer(&mut self, technician: UserId, offered_to: Option<UserId>) {
        let last = &self.events[self.events.len() - 1];
        let (at, state) = (self.end.minus(5 * HOUR), TicketState { offered_to, ..last.state });
        self.add(at, technician, Kind::Acted(Action::Offer), "这两天考试，能接一下吗？", state);
    }

    fn say(&mut self, at: Instant, actor: UserId, kind: Kind, words: &str) {
        let state = self.events[self.events.len() - 1].state;
        self.add(at, actor, kind, words, state);
    }

    fn add(&mut self, at: Instant, actor: UserId, kind: Kind, note: &str, state: TicketState) {
        let last = &self.events[self.events.len() - 1];
        let event = Event {
            ticket: last.ticket,
            number: last.number + 1,
            at: at.max(last.at),
            actor: Some(actor),
            kind,
            note: note.to_owned(),
            changes: Vec::new(),
            state,
        };
        self.events.push(event);
    }
}

const TALKS: [(&str, &str); 6] = [
    ("同学你好，今晚七点可以到活动室来吗？", "可以，我带上充电器。"),
    ("开机密码方便写在便签上吗？", "好的，贴在电脑背面了。"),
    ("数据有备份吗？重装会清掉 C 盘。", "桌面上的文件夹麻烦留一下，其余都备份了。"),
    ("硅脂到了，明天下午给你换。", "太好了，不着急。"),
    ("风扇轴承坏了，要买一个新的，大概四十块。", "可以，买吧，到时候转给你。"),
    ("拿过来之前先别再开机，怕短路。", "好，已经拔了电源。"),
];

const NOTES: [&str; 4] = [
    "左下角螺丝滑丝，拆的时候小心。",
    "机主明天考试，优先。",
    "备用硬盘在柜子第二层。",
    "之前修过一次，查一下上次的记录。",
];

const REPAIRS: [&str; 5] = [
    "拆机清灰，换了硅脂，满载七十度。",
    "系统重装完成，驱动都装好了。",
    "重新插拔内存后正常，跑了一晚没有蓝屏。",
    "换了风扇，声音正常。",
    "清理了启动项和残留驱动，速度恢复。",
];
