//! Notice in place of content that is not there, and the way on.

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::domain::lists::page::ListPage;
use crate::domain::local_path::sign_in_address;
use crate::domain::problem::Problem;
use crate::ui::page_context::{self, Address, texts};

/// Place of a notice, which decides the level of its heading.
#[derive(Clone, Copy)]
pub enum NoticePlacement {
    /// Sole content of the page.
    Alone,
    /// Below the page's own heading.
    Within,
}

/// Title and sentence of a problem.
pub fn problem_words(problem: &Problem) -> (&'static str, &'static str) {
    let words = texts().problem();
    match problem {
        Problem::Denied => (words.denied_title, words.denied),
        Problem::NotFound => (words.not_found_title, words.not_found),
        Problem::SignedOut => (words.signed_out_title, words.signed_out),
        Problem::OtherPerson => (words.other_person_title, words.other_person),
        Problem::Unreachable => (words.unreachable_title, words.unreachable),
        Problem::BadRequest => (words.broken_title, words.bad_request),
        Problem::NoDatabase { .. } => (words.no_database_title, words.no_database),
        _ => (words.broken_title, words.broken),
    }
}

/// Notice of a problem and the ways on; `here` is the address where it happened.
#[component]
pub fn ProblemNotice(problem: Problem, placement: NoticePlacement, here: Address) -> impl IntoView {
    let words = texts().problem();
    let (title, text) = problem_words(&problem);
    let incident = match &problem {
        Problem::Unavailable { incident } | Problem::NoDatabase { incident } => Some(incident.clone()),
        _ => None,
    };
    let heading = match placement {
        NoticePlacement::Alone => Either::Left(view! { <h1>{title}</h1> }),
        NoticePlacement::Within => Either::Right(view! { <h2>{title}</h2> }),
    };
    view! {
        <div class="notice" role="alert">
            {heading}
            <p class="notice__text">{text}</p>
            <div class="notice__actions"><WayOn problem here/></div>
            {incident.map(|incident| view! {
                <p class="notice__id">{words.incident} " " <code>{incident}</code></p>
            })}
        </div>
    }
}

/// Links that load a new document, also where an island could act.
#[component]
fn WayOn(problem: Problem, here: Address) -> impl IntoView {
    let here = here.to_string();
    match problem {
        Problem::Denied | Problem::NotFound => EitherOf3::A(view! { <HomeLink/> }),
        Problem::SignedOut => {
            let address = sign_in_address(Some(&here));
            EitherOf3::B(view! {
                <a class="button" data-kind="primary" href=address rel="external">{texts().frame().sign_in}</a>
            })
        }
        _ => EitherOf3::C(view! {
            <a class="button" data-kind="primary" href=here rel="external">{texts().problem().retry}</a>
            <HomeLink/>
        }),
    }
}

#[component]
fn HomeLink() -> impl IntoView {
    let home = page_context::with(|context| context.viewer.as_ref().map(|viewer| viewer.role));
    let (address, words) = match home {
        Some(role) => {
            let place = ListPage::home(role);
            (place.path(), (texts().problem().home)(texts().place(place)))
        }
        None => ("/", texts().problem().start.to_owned()),
    };
    view! { <a class="button" href=address rel="external">{words}</a> }
}
