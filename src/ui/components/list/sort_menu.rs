//! Menu of the orders of a list.

use leptos::prelude::*;

use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::{Direction, Order, SortKey, SortedBy};
use crate::ui::components::icon::{Icon, Shape};
use crate::ui::page_context::texts;

/// Links in a menu, which work without JavaScript and where there is no head of
/// a table to click.
#[component]
pub fn SortMenu(path: &'static str, query: TicketQuery) -> impl IntoView {
    let words = texts().list();
    let current = query.order;
    // Unless they are sorted otherwise, lists of a time are sorted by it.
    let by_default = query.with_order(Order::default()).sorted_by();
    let of_key = |key: SortKey| match (key, by_default) {
        (SortKey::Number, SortedBy::Number) | (SortKey::Filed | SortKey::Changed | SortKey::Waiting, _) => {
            (words.sort_key)(key)
        }
        (SortKey::Number, time) => (words.sorted_by)(time),
    };
    let named = |Order { key, direction }: Order| (words.named)(of_key(key), (words.direction)(direction));
    let item = |order: Order| {
        let address = format!("{path}{}", query.with_order(order).to_search());
        view! {
            <a class="menu__item" href=address aria-current=(order == current).then_some("true")>
                <Icon shape=Shape::Check/>
                {named(order)}
            </a>
        }
    };
    let orders =
        SortKey::ALL.into_iter().flat_map(|key| Direction::ALL.map(|direction| Order { key, direction }));
    view! {
        <details class="menu" name="menu">
            <summary class="menu__button">
                {(words.named)(words.sort, of_key(current.key))}
                <Icon shape=Shape::Down/>
            </summary>
            <nav class="menu__panel" aria-label=words.sort>{orders.map(item).collect_view()}</nav>
        </details>
    }
}
