//! Forms that an island sends because they take long: progress is shown, and the page stays when
//! the network fails.

use futures::channel::oneshot::{self, Receiver};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, FormData, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

/// Milliseconds that a photo may take on a bad network.
const PATIENCE: u32 = 5 * 60 * 1000;

/// Answer to a form that was sent.
pub enum Answer {
    /// Success, with the ticket's path.
    Done(String),
    /// No valid session.
    SignedOut,
    /// Refusal, with the page that says why.
    Refused(Document),
    Unreachable,
}

/// Callback for the browser, and a receiver of its call.
pub fn moment() -> (Closure<dyn FnMut(JsValue)>, Receiver<JsValue>) {
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let callback: Box<dyn FnMut(JsValue)> = Box::new(move |value| {
        if let Some(tell) = tell.take() {
            let _ = tell.send(value);
        }
    });
    (Closure::wrap(callback), told)
}

/// Sends a form that leads to a ticket; `progress` gets the percentage sent.
pub async fn send(address: &str, form: &FormData, progress: Box<dyn Fn(usize)>) -> Answer {
    exchange(address, form, progress).await.unwrap_or(Answer::Unreachable)
}

async fn exchange(address: &str, form: &FormData, progress: Box<dyn Fn(usize)>) -> Option<Answer> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", address).ok()?;
    request.set_timeout(PATIENCE);
    request.set_response_type(XmlHttpRequestResponseType::Document);
    let watch: Box<dyn FnMut(JsValue)> = Box::new(move |event| {
        let event: ProgressEvent = event.unchecked_into();
        progress((event.loaded() * 100.0 / event.total().max(1.0)) as usize);
    });
    let watch = Closure::wrap(watch);
    request.upload().ok()?.set_onprogress(Some(watch.as_ref().unchecked_ref()));
    let (callback, end) = moment();
    request.set_onloadend(Some(callback.as_ref().unchecked_ref()));
    request.send_with_opt_form_data(Some(form)).ok()?;
    end.await.ok()?;

    let page = request.response_xml().ok().flatten()?;
    let url = request.response_url();
    let path = path_of(&url);
    if is_ticket(path) && request.status() == Ok(200) {
        Some(Answer::Done(path.to_owned()))
    } else if request.status() == Ok(401) {
        Some(Answer::SignedOut)
    } else {
        Some(Answer::Refused(page))
    }
}

/// Path of a whole address, with its query.
fn path_of(url: &str) -> &str {
    let host: usize = url.split('/').take(3).map(|part| part.len() + 1).sum();
    url.get(host.saturating_sub(1)..).unwrap_or_default()
}

fn is_ticket(path: &str) -> bool {
    path.strip_prefix("/tickets/").is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns the reason that a refusing page gives.
pub fn reason(page: &Document) -> Option<String> {
    let find = |selector: &str| page.query_selector(selector).ok().flatten();
    let said = find("[role=alert] .message__list").or_else(|| find("[role=alert] .message__title"))?;
    said.text_content().filter(|text| !text.is_empty())
}
