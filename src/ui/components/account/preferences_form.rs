//! Form of the notification preferences: a row for each topic, a column for each channel.

use leptos::prelude::*;

use crate::domain::notifications::preferences::{Channel, Mute, NotificationPreferences, Topic};
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{FormState, texts};

pub const NAME: &str = "wishes";

#[component]
pub fn NotificationPreferencesForm(
    notification_preferences: NotificationPreferences,
    refused: Option<FormState>,
) -> impl IntoView {
    let words = texts().profile();
    let mail_wanted = match &refused {
        Some(form) => form.typed("mail") == "wanted",
        None => notification_preferences.mail_wanted,
    };
    let is_told = |mute: Mute, channel: Channel, topic: Topic| match &refused {
        Some(form) => form.all_typed("told").contains(&mute.to_string().as_str()),
        None => !notification_preferences.has_muted(channel, topic),
    };
    let cell = |channel: Channel, topic: Topic| {
        let label = (texts().list().named)((words.channel)(channel), (words.topic)(topic));
        let mute = Mute::of(channel, topic);
        view! {
            <td>
                <label class="wishes__cell">
                    <input
                        type="checkbox"
                        name="told"
                        value=mute.map(|mute| mute.to_string())
                        checked=mute.is_none_or(|mute| is_told(mute, channel, topic))
                        disabled=mute.is_none()
                    />
                    <span class="visually-hidden">{label}</span>
                </label>
            </td>
        }
    };
    let row = |topic: Topic| {
        view! {
            <tr>
                <th class="wishes__topic" scope="row">{(words.topic)(topic)}</th>
                {Channel::ALL.map(|channel| cell(channel, topic)).collect_view()}
            </tr>
        }
    };
    let heading =
        |channel: Channel| view! { <th class="wishes__channel" scope="col">{(words.channel)(channel)}</th> };
    let problem = refused.as_ref().map(|form| form.problem.clone());
    view! {
        <section class="panel" aria-labelledby="wishes-title">
            <form class="form" method="post" action="/account/wishes">
                <MadeFor/>
                <h2 class="form__title" id="wishes-title">{words.notification_preferences}</h2>
                {problem.map(|problem| view! { <Refusal problem/> })}
                <label class="field__check">
                    <input type="checkbox" name="mail" value="wanted" checked=mail_wanted/>
                    {words.mail_wanted}
                </label>
                <table class="wishes" aria-labelledby="wishes-title">
                    <thead>
                        <tr>
                            <td></td>
                            {Channel::ALL.map(heading).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{Topic::ALL.map(row).collect_view()}</tbody>
                </table>
                <p class="field__hint">{words.wishes_hint}</p>
                <button class="button" data-kind="primary">{words.save_wishes}</button>
            </form>
        </section>
    }
}
