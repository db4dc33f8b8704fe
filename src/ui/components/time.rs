//! A moment on the site's clock.

use leptos::prelude::*;

use crate::domain::time::LocalTime;
use crate::ui::page_context::locale;

#[component]
pub fn Time(time: LocalTime) -> impl IntoView {
    view! { <time class="time" datetime=time.machine_readable()>{locale().full_time(time)}</time> }
}
