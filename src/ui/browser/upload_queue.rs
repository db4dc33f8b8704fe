//! Queue of chosen photos: previewed, made small, without anything in them but the picture, and
//! sent one after the other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Blob, CanvasRenderingContext2d, Element, File, FormData, HtmlCanvasElement, HtmlImageElement,
    HtmlInputElement, ImageBitmap, Url,
};

use super::upload::{Answer, moment, reason, send};
use crate::domain::input::Input;
use crate::domain::photo::{Flaw, MAX_BYTES, MAX_PHOTOS, Size};
use crate::text::Texts;
use crate::ui::page_context::MADE_FOR;

/// Finer than the server, which encodes again.
const JPEG_QUALITY: f64 = 0.92;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Preparing,
    Ready,
    Sending,
    Sent,
    Failed,
    /// Unfit to be sent.
    Flawed,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Flawed => "flawed",
        }
    }
}

struct Photo {
    /// Element that shows it.
    item: Element,
    name: String,
    /// Idempotency key, the same for all tries.
    key: String,
    /// The person whose form it was chosen in.
    made_for: String,
    picture: RefCell<Option<Blob>>,
    state: Cell<State>,
}

pub struct UploadQueue {
    texts: Texts,
    /// Number of photos that the ticket has already.
    there: usize,
    photos: RefCell<Vec<Rc<Photo>>>,
    /// Key counter.
    taken: Cell<usize>,
    /// Serializes work: a phone has little memory.
    processor: Rc<Mutex<()>>,
}

impl UploadQueue {
    pub fn new(there: usize, texts: Texts) -> Self {
        Self { texts, there, photos: RefCell::default(), taken: Cell::default(), processor: Rc::default() }
    }

    /// Takes over what was chosen in a form, which then has no files of its own.
    pub fn take(&self, form: &Element, input: &HtmlInputElement) {
        let Some(files) = input.files() else { return };
        let files: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
        input.set_value("");
        let mut work = Vec::new();
        for file in files {
            let has_room = self.to_keep() + self.there < MAX_PHOTOS;
            let Some(photo) = self.put(form, file.name()) else { return };
            if !has_room {
                // The first one too many is named, as on the server.
                photo.refuse(Flaw::TooMany, self.texts);
                break;
            }
            photo.enter(State::Preparing, self.texts.form().photo_preparing);
            work.push((photo, file));
        }
        let (processor, texts) = (Rc::clone(&self.processor), self.texts);
        spawn_local(async move {
            let _turn = processor.lock().await;
            for (photo, file) in work {
                match shrunk(&file).await {
                    Ok(picture) => photo.show(picture, texts),
                    Err(flaw) => photo.refuse(flaw, texts),
                }
            }
        });
    }

    fn put(&self, form: &Element, name: String) -> Option<Rc<Photo>> {
        let shelf = form.query_selector(".tray").ok()??;
        let item: Element = shelf.first_element_child()?.clone_node_with_deep(true).ok()?.unchecked_into();
        item.remove_attribute("hidden").ok()?;
        part(&item, "name")?.set_text_content(Some(&name));
        if let Some(remove) = part(&item, "remove") {
            let says = format!("{} {}", remove.text_content().unwrap_or_default(), name);
            let _ = remove.set_attribute("aria-label", &says);
        }
        shelf.append_child(&item).ok()?;
        let hidden =
            |name: &str| form.query_selector(&format!("[name={name}]")).ok()??.get_attribute("value");
        let (key, made_for) = (hidden("key")?, hidden(MADE_FOR)?);
        let number = self.taken.get() + 1;
        self.taken.set(number);
        let photo = Photo {
            item,
            name,
            key: format!("{key}-{number}"),
            made_for,
            picture: RefCell::default(),
            state: Cell::new(State::Preparing),
        };
        let photo = Rc::new(photo);
        self.photos.borrow_mut().push(Rc::clone(&photo));
        Some(photo)
    }

    /// Moves the photos to the form that replaced theirs.
    pub fn move_to(&self, form: &Element) {
        if let Ok(Some(shelf)) = form.query_selector(".tray") {
            for photo in self.photos.borrow().iter() {
                let _ = shelf.append_child(&photo.item);
            }
        }
    }

    pub fn remove(&self, button: &Element) {
        self.photos.borrow_mut().retain(|photo| {
            let stays = !photo.item.contains(Some(button));
            if !stays {
                photo.item.remove();
            }
            stays
        });
    }

    /// Number of photos that can be kept.
    pub fn to_keep(&self) -> usize {
        self.photos.borrow().iter().filter(|photo| photo.state.get() != State::Flawed).count()
    }

    pub async fn is_prepared(&self) {
        drop(self.processor.lock().await);
    }

    /// Names of the photos that have not arrived.
    pub fn left_behind(&self) -> Vec<String> {
        let photos = self.photos.borrow();
        let left = photos.iter().filter(|photo| photo.state.get() != State::Sent);
        left.map(|photo| photo.name.clone()).collect()
    }

    /// Sends what can be sent; returns `true` if nothing is left.
    pub async fn send(&self, ticket: &str) -> bool {
        let is_open = |photo: &&Rc<Photo>| matches!(photo.state.get(), State::Ready | State::Failed);
        let open: Vec<Rc<Photo>> = self.photos.borrow().iter().filter(is_open).cloned().collect();
        for photo in open {
            photo.send(ticket, self.texts).await;
        }
        self.has_arrived()
    }

    pub fn has_arrived(&self) -> bool {
        self.photos.borrow().iter().all(|photo| matches!(photo.state.get(), State::Sent | State::Flawed))
    }
}

impl Photo {
    fn enter(&self, state: State, says: &str) {
        self.state.set(state);
        let _ = self.item.set_attribute("data-state", state.name());
        if let Some(place) = part(&self.item, "state") {
            place.set_text_content(Some(says));
        }
    }

    fn refuse(&self, flaw: Flaw, texts: Texts) {
        self.enter(State::Flawed, &(texts.work().flaw)(flaw));
    }

    fn show(&self, picture: Blob, texts: Texts) {
        if let (Some(place), Ok(image)) = (part(&self.item, "picture"), HtmlImageElement::new())
            && let Ok(url) = Url::create_object_url_with_blob(&picture)
        {
            // Its name stands beside it.
            let _ = image.set_attribute("alt", "");
            image.set_src(&url);
            let _ = place.append_child(&image);
        }
        self.picture.replace(Some(picture));
        self.enter(State::Ready, texts.form().photo_ready);
    }

    async fn send(&self, ticket: &str, texts: Texts) {
        let Some(picture) = self.picture.borrow().clone() else { return };
        let Ok(form) = FormData::new() else { return };
        let filled = form
            .append_with_str("key", &self.key)
            .and_then(|()| form.append_with_str(MADE_FOR, &self.made_for))
            .and_then(|()| form.append_with_blob_and_filename(Input::Photos.name(), &picture, &self.name));
        if filled.is_err() {
            return;
        }
        self.enter(State::Sending, texts.form().photo_sending);
        let bar = part(&self.item, "progress");
        let progress = move |percent: usize| {
            if let Some(bar) = &bar {
                let _ = bar.set_attribute("value", &percent.to_string());
            }
        };
        progress(0);
        let problem = texts.problem();
        match send(&format!("{ticket}/photos"), &form, Box::new(progress)).await {
            Answer::Done(_) => self.enter(State::Sent, texts.form().photo_sent),
            Answer::SignedOut => self.enter(State::Failed, problem.signed_out),
            Answer::Refused(page) => {
                let reason = reason(&page);
                self.enter(State::Failed, reason.as_deref().unwrap_or(problem.unreachable));
            }
            Answer::Unreachable => self.enter(State::Failed, problem.unreachable),
        }
    }
}

fn part(item: &Element, name: &str) -> Option<Element> {
    item.query_selector(&format!("[data-part={name}]")).ok()?
}

/// Re-encodes a picture as the site keeps it: upright, no larger, and nothing else in it. Any file
/// that the browser opens will do.
async fn shrunk(file: &File) -> Result<Blob, Flaw> {
    let too_large = |bytes: f64| bytes > MAX_BYTES as f64;
    let flaw = if too_large(file.size()) { Flaw::TooLarge } else { Flaw::NotAPicture };
    let image = decoded(file).await.ok_or(flaw)?;
    let picture = drawn(&image, Size::Full.of((image.width(), image.height()))).await;
    // A phone has little memory: it is released at once.
    image.close();
    let picture = picture.ok_or(flaw)?;
    if too_large(picture.size()) { Err(Flaw::TooLarge) } else { Ok(picture) }
}

/// Decodes a picture, upright; `None` also for one whose end is missing, of which an `img` element
/// would show half.
async fn decoded(file: &File) -> Option<ImageBitmap> {
    let (callback, end) = moment();
    let _ = window().create_image_bitmap_with_blob(file).ok()?.then2(&callback, &callback);
    end.await.ok()?.dyn_into().ok()
}

async fn drawn(image: &ImageBitmap, (width, height): (u32, u32)) -> Option<Blob> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    let (width, height) = (f64::from(width), f64::from(height));
    // JPEGs have no transparency: it becomes white, as on paper.
    pen.set_fill_style_str("#fff");
    pen.fill_rect(0.0, 0.0, width, height);
    pen.draw_image_with_image_bitmap_and_dw_and_dh(image, 0.0, 0.0, width, height).ok()?;
    let (callback, made) = moment();
    let quality = JsValue::from_f64(JPEG_QUALITY);
    let callback = callback.as_ref().unchecked_ref();
    canvas.to_blob_with_type_and_encoder_options(callback, "image/jpeg", &quality).ok()?;
    made.await.ok().filter(|made| !made.is_null()).map(JsValue::unchecked_into)
}
