//! Enhancements of a form, which is sent with its page and works by itself: what
//! only a browser can do.
//!
//! - Errors of a field are shown as soon as one leaves it.
//! - A report that is being written is kept, and found again.
//! - Photos are shown, made small and sent one by one. A report is filed first
//!   and gets its photos then: one that fails costs neither the report nor the
//!   others, and only that one is sent again.
//!
//! Answers to a form are its page again, which replaces the old one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::html::Section;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{
    Document, Element, Event, EventTarget, FormData, HtmlElement, HtmlFormElement, HtmlInputElement,
    SubmitEvent,
};

use super::when_hydrated;
use crate::domain::input::Input;
use crate::domain::tickets::report::Offered;
use crate::domain::time::LocalTime;
use crate::rpc::Prop;
use crate::text::Texts;
use crate::ui::browser::draft::Draft;
use crate::ui::browser::field_errors::{is_refused, show_error};
use crate::ui::browser::upload::{Answer, send};
use crate::ui::browser::upload_queue::UploadQueue;
use crate::ui::page_context::{PageContext, texts};

const ROOT: &str = ".live-form";

/// Island without content, inside the element it enhances.
#[island]
pub fn LiveForm(
    context: Prop<PageContext>,
    today: LocalTime,
    keeps_draft: bool,
    there: usize,
) -> impl IntoView {
    let Prop(context) = context;
    let draft = context.viewer.as_ref().filter(|_| keeps_draft).map(|viewer| Draft::of(viewer.id));
    provide_context(context);
    let texts = texts();
    let marker = NodeRef::<Section>::new();
    when_hydrated(Box::new(move || {
        let root = marker.get_untracked().and_then(|marker| marker.closest(ROOT).ok()?);
        if let Some(root) = root {
            Alive::begin(Alive {
                queue: UploadQueue::new(there, texts),
                root,
                texts,
                offered: Offered::anything(today),
                draft,
                ticket: RefCell::default(),
                busy: Cell::default(),
                left: RefCell::default(),
                pressed: Cell::default(),
            });
        }
    }));

    view! { <section hidden node_ref=marker></section> }
}

struct Alive {
    root: Element,
    texts: Texts,
    /// Choices need no check: a browser offers no others.
    offered: Offered,
    draft: Option<Draft>,
    queue: UploadQueue,
    /// The ticket that photos go to, once there is one.
    ticket: RefCell<Option<String>>,
    busy: Cell<bool>,
    /// The field that was left last, until it is judged.
    left: RefCell<Option<Element>>,
    /// A finger or a mouse button is down.
    pressed: Cell<bool>,
}

impl Alive {
    fn begin(self) {
        let form = Rc::new(self);
        form.meet();
        type Act = fn(&Rc<Alive>, Event);
        let on_form: [(&str, Act); 4] = [
            ("input", |form, event| form.change(&event)),
            ("focusout", |form, event| form.leave(&event)),
            ("click", |form, event| form.click(&event)),
            ("submit", |form, event| form.submit(&event)),
        ];
        let on_window: [(&str, Act); 3] = [
            ("pointerdown", |form, _| form.pressed.set(true)),
            ("pointerup", |form, _| form.release()),
            ("pointercancel", |form, _| form.release()),
        ];
        let listen = |target: &EventTarget, (name, act): (&str, Act)| {
            let form = Rc::clone(&form);
            let callback: Box<dyn FnMut(Event)> = Box::new(move |event| act(&form, event));
            let callback = Closure::wrap(callback).into_js_value();
            let _ = target.add_event_listener_with_callback(name, callback.unchecked_ref());
        };
        on_form.into_iter().for_each(|pair| listen(&form.root, pair));
        on_window.into_iter().for_each(|pair| listen(&window(), pair));
    }

    /// Sets up the first form, or one that has replaced it.
    fn meet(&self) {
        let Some(form) = self.form() else { return };
        let action = form.get_attribute("action").unwrap_or_default();
        if let Some(ticket) = action.strip_suffix("/photos") {
            self.ticket.replace(Some(ticket.to_owned()));
        }
        if let Some(draft) = &self.draft {
            self.show("draft", draft.restore(&form));
        }
        self.queue.move_to(&self.root);
        self.take_photos();
    }

    fn form(&self) -> Option<HtmlFormElement> {
        self.find("form").map(Element::unchecked_into)
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).ok()?
    }

    /// Shows or hides one of the page's prepared elements.
    fn show(&self, name: &str, is_shown: bool) {
        if let Some(aid) = self.find(&format!("[data-aid={name}]")) {
            let _ = if is_shown { aid.remove_attribute("hidden") } else { aid.set_attribute("hidden", "") };
        }
    }

    fn say(&self, name: &str, sentence: &str) {
        self.show(name, !sentence.is_empty());
        if let Some(aid) = self.find(&format!("[data-aid={name}]")) {
            aid.set_text_content(Some(sentence));
        }
    }

    fn change(&self, event: &Event) {
        let (Some(field), Some(form)) = (element_of(event), self.form()) else { return };
        if field.get_attribute("type").as_deref() == Some("file") {
            self.take_photos();
            return;
        }
        if is_refused(&field) {
            show_error(&field, &self.offered, self.texts);
        }
        if let Some(draft) = &self.draft {
            draft.keep(&form);
        }
    }

    fn leave(self: &Rc<Self>, event: &Event) {
        self.left.replace(element_of(event));
        self.check_left_fields();
    }

    fn release(self: &Rc<Self>) {
        self.pressed.set(false);
        self.check_left_fields();
    }

    /// Judges the field that was left, once a click is over: an error moves what is below it, and a
    /// pressed button must still be hit.
    fn check_left_fields(self: &Rc<Self>) {
        let form = Rc::clone(self);
        request_animation_frame(move || {
            if !form.pressed.get()
                && let Some(field) = form.left.take()
            {
                show_error(&field, &form.offered, form.texts);
            }
        });
    }

    fn click(self: &Rc<Self>, event: &Event) {
        let button = element_of(event).and_then(|element| element.closest("button[data-part]").ok()?);
        let Some(button) = button else { return };
        match button.get_attribute("data-part").as_deref() {
            Some("remove") => self.remove_photo(&button),
            Some("retry") => self.work(None),
            Some("discard") => self.discard(),
            _ => {}
        }
    }

    fn discard(&self) {
        let (Some(draft), Some(form)) = (&self.draft, self.form()) else { return };
        draft.forget();
        form.reset();
        self.show("draft", false);
        if let Some(field) = self.find("select, textarea, input:not([type=hidden])") {
            let _ = field.unchecked_into::<HtmlElement>().focus();
        }
    }

    fn take_photos(&self) {
        if let (Some(form), Some(input)) = (self.form(), self.file_input()) {
            self.queue.take(&form, &input);
            self.need_photos(&input);
        }
    }

    fn file_input(&self) -> Option<HtmlInputElement> {
        self.find("[type=file]").map(Element::unchecked_into)
    }

    /// Requires photos in a form for them alone; queued ones count.
    fn need_photos(&self, input: &HtmlInputElement) {
        input.set_required(self.draft.is_none() && self.queue.to_keep() == 0);
    }

    fn remove_photo(&self, button: &Element) {
        self.queue.remove(button);
        let Some(input) = self.file_input() else { return };
        self.need_photos(&input);
        let _ = input.focus();
        // The last one that failed is given up.
        if self.root.get_attribute("data-filed").is_some() && self.queue.has_arrived() {
            self.go_to_ticket();
        }
    }

    fn submit(self: &Rc<Self>, event: &Event) {
        if self.draft.is_some() || self.queue.to_keep() > 0 {
            event.prevent_default();
            let button = event.unchecked_ref::<SubmitEvent>().submitter();
            self.work(button);
        }
    }

    fn work(self: &Rc<Self>, button: Option<HtmlElement>) {
        if self.busy.replace(true) {
            return;
        }
        let form = Rc::clone(self);
        spawn_local(async move {
            let _ = form.root.set_attribute("aria-busy", "true");
            form.say("trouble", "");
            form.say("status", form.texts.form().sending);
            form.send(button).await;
            form.say("status", "");
            let _ = form.root.remove_attribute("aria-busy");
            form.busy.set(false);
        });
    }

    async fn send(&self, button: Option<HtmlElement>) {
        self.queue.is_prepared().await;
        if self.ticket.borrow().is_none() {
            self.file(button).await;
        }
        let ticket = self.ticket.borrow().clone();
        if let Some(ticket) = ticket {
            if self.queue.send(&ticket).await {
                self.go_to_ticket();
            } else {
                let _ = self.root.set_attribute("data-filed", "");
                self.show("unsent", true);
                if let Some(link) = self.find("[data-aid=unsent] a") {
                    let _ = link.set_attribute("href", &ticket);
                }
            }
        }
    }

    async fn file(&self, button: Option<HtmlElement>) {
        let Some(form) = self.form() else { return };
        let Ok(fields) = FormData::new_with_form(&form) else { return };
        let pressed = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        if let (Some(name), Some(value)) = (pressed("name"), pressed("value")) {
            let _ = fields.append_with_str(&name, &value);
        }
        let action = form.get_attribute("action").unwrap_or_default();
        match send(&action, &fields, Box::new(|_| {})).await {
            Answer::Done(ticket) => {
                if let Some(draft) = &self.draft {
                    draft.forget();
                    self.show("draft", false);
                }
                self.ticket.replace(Some(ticket));
            }
            Answer::SignedOut => self.sign_in_first(&form),
            Answer::Refused(page) if self.give_way(&page).is_some() => {}
            Answer::Refused(_) | Answer::Unreachable => {
                self.say("trouble", self.texts.problem().unreachable);
            }
        }
    }

    /// Submits the form as without scripts: the answer is the sign-in page, which holds what was
    /// typed. Photos stay behind, and are named.
    fn sign_in_first(&self, form: &HtmlFormElement) {
        for name in self.queue.left_behind() {
            if let Ok(field) = document().create_element("input") {
                let _ = field.set_attribute("type", "hidden");
                let _ = field.set_attribute("name", Input::Photos.name());
                let _ = field.set_attribute("value", &name);
                let _ = form.append_child(&field);
            }
        }
        let _ = form.submit();
    }

    /// Shows the form as the server sent it back.
    fn give_way(&self, page: &Document) -> Option<()> {
        let theirs = page.query_selector(ROOT).ok()??;
        self.root.set_inner_html(&theirs.inner_html());
        self.meet();
        self.find("[role=alert]")?.scroll_into_view();
        Some(())
    }

    fn go_to_ticket(&self) {
        if let Some(ticket) = &*self.ticket.borrow() {
            go(ticket);
        }
    }
}

fn element_of(event: &Event) -> Option<Element> {
    event.target().map(EventTarget::unchecked_into)
}

fn go(address: &str) {
    let _ = location().assign(address);
}
