//! Values that every form of a ticket sends along.

use leptos::prelude::*;

use super::form_names::{CODE, CORRECT, MESSAGE, NOTE, PHOTOS};
use crate::domain::people::availability::Colleague;
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::view::TicketView;
use crate::ui::components::made_for::MadeFor;
use crate::ui::page_context::{self, FROM, FormState, came_from};

/// The ticket of a page, as its forms need it.
#[derive(Clone)]
pub struct Target {
    pub id: String,
    pub version: i64,
    /// Number of entries of the history that the reader has seen.
    pub seen: usize,
    pub colleagues: Vec<Colleague>,
    /// The form that was refused, if any.
    pub refused: Option<FormState>,
}

impl Target {
    /// The form of this name, if it was refused.
    pub fn refused_as(&self, form: &str) -> Option<FormState> {
        self.refused.clone().filter(|state| state.form == form)
    }

    /// Typed value of a field of a refused form; empty for any other.
    pub fn typed(&self, form: &str, name: &str) -> String {
        self.refused_as(form).map(|state| state.typed(name).to_owned()).unwrap_or_default()
    }

    /// The refused form, if the ticket as it is now has no place for it any more.
    pub fn overtaken(&self, ticket: &TicketView) -> Option<FormState> {
        let refused = self.refused.as_ref()?;
        let is_there = match refused.form.as_str() {
            CORRECT => !ticket.correctable.is_empty(),
            CODE => ticket.actions.contains(&Action::Offer),
            MESSAGE | PHOTOS => ticket.may_talk,
            NOTE => ticket.is_behind_the_desk,
            form => form.parse().is_ok_and(|action| ticket.actions.contains(&action)),
        };
        (!is_there).then(|| refused.clone())
    }

    pub fn problem(&self, form: &str) -> Option<Problem> {
        self.refused_as(form).map(|state| state.problem)
    }
}

/// Hidden fields: idempotency key, person of the page, and the list one came from. `form` names the
/// form within its page.
#[component]
pub fn FormKey(#[prop(into)] form: String) -> impl IntoView {
    let list = came_from();
    let key = page_context::with(|context| format!("{}-{form}", context.form_key));
    view! {
        <MadeFor/>
        <input type="hidden" name="key" value=key/>
        {(!list.is_empty()).then(|| view! { <input type="hidden" name=FROM value=list/> })}
    }
}
