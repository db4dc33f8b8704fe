//! Facts of a ticket: its status, people and device.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::ids::Named;
use crate::domain::people::contact;
use crate::domain::tickets::report::{Field, Warranty};
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::TicketCard;
use crate::domain::tickets::view::TicketView;
use crate::domain::time::LocalTime;
use crate::domain::validation::dialled;
use crate::ui::components::icon::{Icon, Shape};
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::time::Time;
use crate::ui::page_context::{self, locale, texts};

enum Step {
    Past,
    Current,
    Next,
}

/// Steps of the ticket on its way, and their times.
#[component]
pub fn Progress(ticket: TicketCard) -> impl IntoView {
    let words = texts().ticket();
    let status_word = |status| texts().status(status, ticket.technician.is_some());
    let filed = (Step::Past, words.step_filed.to_owned(), None, Some(ticket.created));
    let assigned = ticket
        .technician
        .as_ref()
        .map(|person| (Step::Past, (words.step_assigned)(&marked(&person.nickname)), None, ticket.assigned));
    let current =
        (Step::Current, status_word(ticket.status).to_owned(), Some(ticket.status), ticket.completed);
    let next = next_steps(ticket.status)
        .iter()
        .map(|&status| (Step::Next, status_word(status).to_owned(), None, None));
    let steps = std::iter::once(filed).chain(assigned).chain(std::iter::once(current)).chain(next);

    let item = |(step, name, status, time): (Step, String, Option<Status>, Option<LocalTime>)| {
        let (mark, kind, prefix) = match step {
            Step::Past => (Shape::Check, Some("past"), words.step_past),
            Step::Current => (Shape::Circle, None, ""),
            Step::Next => (Shape::Circle, Some("next"), words.step_next),
        };
        let icon = match status {
            Some(status) => Either::Left(view! {
                <span class="status" data-status=status.name()><Icon shape=Shape::of(status)/></span>
            }),
            None => Either::Right(view! { <Icon shape=mark/> }),
        };
        let current = kind.is_none().then_some("step");
        view! {
            <li class="steps__item" data-step=kind aria-current=current>
                {icon}
                <span class="steps__name"><span class="visually-hidden">{prefix}</span>{isolated(&name)}</span>
                {time.map(|time| view! {
                    <time class="steps__time" datetime=time.machine_readable()>{locale().full_time(time)}</time>
                })}
            </li>
        }
    };
    view! {
        <section class="panel" aria-labelledby="progress">
            <h2 class="panel__title" id="progress">{words.progress}</h2>
            <ol class="steps">{steps.map(item).collect_view()}</ol>
        </section>
    }
}

/// Statuses that usually follow.
const fn next_steps(status: Status) -> &'static [Status] {
    match status {
        Status::Pending => &[Status::Repairing, Status::UserConfirming, Status::Done],
        Status::Repairing => &[Status::UserConfirming, Status::Done],
        Status::UserConfirming | Status::TechConfirming => &[Status::Done],
        Status::Done | Status::Closed | Status::Canceled => &[],
    }
}

#[component]
pub fn Contact(view: TicketView) -> impl IntoView {
    let words = texts().ticket();
    let TicketView { card: ticket, shows_contact, owner_contact, technician_contact, .. } = view;
    let phone = match ticket.phone.is_empty() {
        true => Either::Right(words.unknown),
        false => Either::Left(view! { <PhoneLink phone=ticket.phone.clone()/> }),
    };
    let qq = ticket.qq.clone();
    let is_number = !qq.is_empty() && qq.bytes().all(|byte| byte.is_ascii_digit());
    let label = if is_number || qq.is_empty() { words.qq } else { words.other_contact };
    let qq = match is_number {
        true => {
            let address = format!("https://wpa.qq.com/msgrd?v=3&uin={qq}&site=qq&menu=yes");
            Either::Left(
                view! { <a class="facts__link" href=address rel="external noopener noreferrer">{qq}</a> },
            )
        }
        false => Either::Right(if qq.is_empty() { words.unknown.to_owned() } else { qq }),
    };
    view! {
        <section class="panel" aria-labelledby="people">
            <h2 class="panel__title" id="people">{words.contact}</h2>
            {(!shows_contact).then(|| view! { <p class="panel__note">{texts().work().contact_hidden}</p> })}
            <dl class="facts">
                <dt>{words.owner}</dt>
                <dd>
                    <PersonLink person=ticket.owner parameter="uid"/>
                    {owner_contact.map(|contact| view! { <Shown contact/> })}
                </dd>
                {shows_contact.then(|| view! {
                    <dt>{words.phone}</dt><dd>{phone}</dd>
                    <dt>{label}</dt><dd><bdi>{qq}</bdi></dd>
                })}
                <dt>{words.campus}</dt><dd><bdi>{ticket.campus}</bdi></dd>
                <dt>{words.technician}</dt>
                <dd>
                    {match ticket.technician {
                        Some(person) => Either::Left(view! { <PersonLink person parameter="tid"/> }),
                        None => Either::Right(texts().list().nobody),
                    }}
                    {technician_contact.map(|contact| view! { <Shown contact/> })}
                </dd>
            </dl>
        </section>
    }
}

#[component]
fn PhoneLink(phone: String) -> impl IntoView {
    let address = format!("tel:{}", dialled(&phone));
    view! { <a class="facts__link" href=address><bdi>{phone}</bdi></a> }
}

/// Contact that a person shows, behind their name.
#[component]
fn Shown(contact: contact::Contact) -> impl IntoView {
    let link = match contact {
        contact::Contact::Phone(phone) => Either::Left(view! { <PhoneLink phone/> }),
        contact::Contact::Email(email) => Either::Right(view! {
            <a class="facts__link" href=format!("mailto:{email}")><bdi>{email.clone()}</bdi></a>
        }),
    };
    view! { " · " {link} }
}

/// A name; for an admin, who may follow it, a link to the person's tickets.
#[component]
fn PersonLink(person: Named, parameter: &'static str) -> impl IntoView {
    let is_admin =
        page_context::with(|context| context.viewer.as_ref().is_some_and(|viewer| viewer.is_admin()));
    let Named { id, nickname } = person;
    let name = if nickname.is_empty() { id.to_string() } else { nickname };
    match is_admin {
        true => Either::Left(view! {
            <a class="facts__link" href=format!("/tickets?{parameter}={id}")><bdi>{name}</bdi></a>
        }),
        false => Either::Right(view! { <bdi>{name}</bdi> }),
    }
}

#[component]
pub fn Device(ticket: TicketCard, model: String, warranty: Warranty) -> impl IntoView {
    let (words, work) = (texts().ticket(), texts().work());
    let moment = |time: Option<LocalTime>| match time {
        Some(time) => Either::Left(view! { <Time time/> }),
        None => Either::Right(words.not_yet),
    };
    let purchased = match ticket.purchase_date {
        Some(date) => Either::Left(view! { <time datetime=date.clone()>{date.clone()}</time> }),
        None => Either::Right(words.unknown),
    };
    view! {
        <section class="panel" aria-labelledby="device">
            <h2 class="panel__title" id="device">{words.device}</h2>
            <dl class="facts">
                <dt>{words.device_type}</dt><dd><bdi>{ticket.device_type}</bdi></dd>
                <dt>{words.brand}</dt><dd><bdi>{ticket.brand}</bdi></dd>
                {(!model.is_empty()).then(|| view! { <dt>{(work.field)(Field::Model)}</dt><dd><bdi>{model}</bdi></dd> })}
                <dt>{words.purchased}</dt><dd>{purchased}</dd>
                <dt>{(work.field)(Field::Warranty)}</dt><dd>{(work.warranty)(warranty)}</dd>
                <dt>{words.fault}</dt><dd><bdi>{ticket.fault_type}</bdi></dd>
                <dt>{words.assigned}</dt><dd>{moment(ticket.assigned)}</dd>
                <dt>{words.completed}</dt><dd>{moment(ticket.completed)}</dd>
            </dl>
        </section>
    }
}
