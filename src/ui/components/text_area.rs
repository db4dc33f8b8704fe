//! A field for several lines.

use leptos::prelude::*;

/// The one place that writes a `<textarea>`: Leptos leaves the text inside one
/// as it is, so what people typed would end it and go on as markup. Its length is judged
/// when it is sent: a browser counts otherwise, and cuts off what is pasted.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    name: &'static str,
    value: String,
    rows: u8,
    is_required: bool,
    #[prop(optional_no_strip)] is_bad: Option<bool>,
    #[prop(optional_no_strip)] described_by: Option<String>,
) -> impl IntoView {
    view! {
        <textarea
            class="field__input"
            id=id
            name=name
            dir="auto"
            rows=rows.to_string()
            required=is_required
            aria-invalid=is_bad.unwrap_or_default().then_some("true")
            aria-describedby=described_by
        >
            {inside(&value)}
        </textarea>
    }
}

/// Escapes the text after a line end: browsers drop the first.
fn inside(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}
