//! A status as shape, colour and word.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::domain::tickets::status::Status;
use crate::ui::page_context::texts;

#[component]
pub fn StatusBadge(status: Status, is_assigned: bool) -> impl IntoView {
    view! {
        <span class="status" data-status=status.name()>
            <Icon shape=Shape::of(status)/>
            {texts().status(status, is_assigned)}
        </span>
    }
}
