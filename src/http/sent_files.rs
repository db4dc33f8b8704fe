//! Forms that carry files: `multipart/form-data`, read piece by piece.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::BODY_LIMIT;
use crate::domain::photo::{MAX_BYTES, MAX_PHOTOS};
use crate::service::darkroom::Upload;

/// As many files as a ticket takes, each as large as may be, and what is typed
/// besides.
pub const BODY_LIMIT_WITH_PHOTOS: usize = MAX_PHOTOS * MAX_BYTES + BODY_LIMIT;

/// What such a form has. A file is also a field, with its name as the value.
#[derive(Default)]
pub struct Content {
    pub fields: Vec<(String, String)>,
    pub uploads: Vec<Upload>,
    /// How much was typed.
    size: usize,
}

/// Why such a form cannot be read.
pub enum Refused {
    Unreadable(MultipartError),
    TooMuchTyped,
}

impl Refused {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(error) => error.status(),
            Self::TooMuchTyped => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Unreadable(error) => error.into_response(),
            Self::TooMuchTyped => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        }
    }
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        Self::Unreadable(error)
    }
}

impl Content {
    /// That of a form which carries none.
    pub fn without_files(fields: Vec<(String, String)>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// Reads what is typed; of the files only their names. Their bytes pass through, so that
    /// the browser comes to the end of its sending and reads the answer.
    pub async fn without_uploads(mut form: Multipart) -> Result<Self, Refused> {
        let mut content = Self::default();
        while let Some(mut field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file) => {
                    while field.chunk().await?.is_some() {}
                    if !file.is_empty() {
                        content.take(name, file)?;
                    }
                }
                None => {
                    let mut value = Vec::new();
                    gather(&mut value, &mut field, BODY_LIMIT).await?;
                    content.take(name, String::from_utf8_lossy(&value).into_owned())?;
                }
            }
        }
        Ok(content)
    }

    pub async fn of(form: Multipart) -> Result<Self, Refused> {
        let mut content = Self::default();
        match content.read(form).await {
            Ok(()) => Ok(content),
            // There is a file too large or one too many among those that have
            // come, and whoever judges them says which.
            Err(Refused::Unreadable(error)) if is_too_much(&error) && !content.uploads.is_empty() => {
                Ok(content)
            }
            Err(refused) => Err(refused),
        }
    }

    async fn read(&mut self, mut form: Multipart) -> Result<(), Refused> {
        while let Some(mut field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                None => {
                    let mut value = Vec::new();
                    gather(&mut value, &mut field, BODY_LIMIT).await?;
                    self.take(name, String::from_utf8_lossy(&value).into_owned())?;
                }
                // Nothing was chosen.
                Some(file) if file.is_empty() => {}
                Some(file) => {
                    self.take(name, file.clone())?;
                    // In place before it is read: what breaks off is still there.
                    self.uploads.push(Upload { name: file, bytes: Vec::new() });
                    if let Some(upload) = self.uploads.last_mut() {
                        gather(&mut upload.bytes, &mut field, MAX_BYTES).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What is typed has the limit of every other form.
    fn take(&mut self, name: String, value: String) -> Result<(), Refused> {
        self.size += name.len() + value.len();
        self.fields.push((name, value));
        if self.size > BODY_LIMIT { Err(Refused::TooMuchTyped) } else { Ok(()) }
    }
}

fn is_too_much(error: &MultipartError) -> bool {
    error.status() == StatusCode::PAYLOAD_TOO_LARGE
}

/// Reads all of it and keeps one byte more than allowed, which tells that it is
/// too large: what comes behind it is still wanted.
async fn gather(bytes: &mut Vec<u8>, field: &mut Field<'_>, limit: usize) -> Result<(), MultipartError> {
    while let Some(chunk) = field.chunk().await? {
        let room = (limit + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(())
}
