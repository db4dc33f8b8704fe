//! Forms that carry files: `multipart/form-data`, read piece by piece.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::photo::MAX_BYTES;
use crate::domain::problem::Problem;
use crate::http::BODY_LIMIT;
use crate::http::uploads::gate::Gate;
use crate::http::uploads::room::Held;
use crate::service::photos::images::Upload;

/// Names and values of a form, in the order in which they came.
pub type Fields = Vec<(String, String)>;

/// Content of a multipart form. A file is also a field: its name.
#[derive(Default)]
pub struct Content {
    pub fields: Fields,
    pub uploads: Vec<Upload>,
    /// Upload room that files take.
    pub held: Option<Held>,
    /// Typed bytes.
    size: usize,
}

/// Why such a form cannot be read.
pub enum Refused {
    Unreadable(MultipartError),
    TooMuchTyped,
    /// Rejected by axum.
    Response(Box<Response>),
    /// The files' purpose is refused, or there is no room for them. The fields are those before the
    /// first file.
    Problem(Problem, Fields),
}

impl Refused {
    pub fn status(&self) -> StatusCode {
        match self {
            // The client's stream broke off.
            Self::Unreadable(error) if error.status().is_server_error() => StatusCode::BAD_REQUEST,
            Self::Unreadable(error) => error.status(),
            Self::TooMuchTyped => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Response(response) => response.status(),
            Self::Problem(problem, _) => {
                StatusCode::from_u16(problem.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    pub fn response(refused: impl IntoResponse) -> Self {
        Self::Response(Box::new(refused.into_response()))
    }
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        Self::Unreadable(error)
    }
}

impl Content {
    /// Content of a form without files.
    pub fn without_files(fields: Fields) -> Result<Self, Refused> {
        let mut content = Self::default();
        for (name, value) in fields {
            content.take(name, value)?;
        }
        Ok(content)
    }

    /// Reads typed text and the names of files. The bytes pass through, so that the browser
    /// finishes sending and reads the answer.
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
                    let value = typed(&mut field).await?;
                    content.take(name, value)?;
                }
            }
        }
        Ok(content)
    }

    /// Reads what is typed before the first file: it must not be lost where the files are refused.
    pub async fn fields_before_files(mut form: Multipart) -> Result<Fields, Refused> {
        let mut content = Self::default();
        while let Some(mut field) = form.next_field().await? {
            if field.file_name().is_some_and(|file| !file.is_empty()) {
                break;
            }
            let name = field.name().unwrap_or_default().to_owned();
            let value = typed(&mut field).await?;
            content.take(name, value)?;
        }
        Ok(content.fields)
    }

    /// Reads a form; asks the gate before the first file.
    pub async fn of(form: Multipart, held: Held, gate: &Gate<'_>) -> Result<Self, Refused> {
        let mut content = Self { held: Some(held), ..Self::default() };
        match content.read(form, gate).await {
            Ok(()) => Ok(content),
            // One of the files so far is too large or one too many; their validation says which.
            Err(Refused::Unreadable(error)) if is_too_much(&error) && !content.uploads.is_empty() => {
                Ok(content)
            }
            Err(refused) => Err(refused),
        }
    }

    async fn read(&mut self, mut form: Multipart, gate: &Gate<'_>) -> Result<(), Refused> {
        while let Some(mut field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                None => {
                    let value = typed(&mut field).await?;
                    self.take(name, value)?;
                }
                // No file was chosen.
                Some(file) if file.is_empty() => {}
                Some(file) => {
                    if self.uploads.is_empty() {
                        let may_send = gate.check_fields(&self.fields).await;
                        may_send.map_err(|problem| self.refuse(problem))?;
                    }
                    self.take(name, file.clone())?;
                    // Added before it is read, so that a broken transfer is kept.
                    self.uploads.push(Upload { name: file, bytes: Vec::new() });
                    self.read_file(&mut field).await?;
                }
            }
        }
        Ok(())
    }

    /// Reads all of the last file and keeps one byte beyond the limit, which marks it as too large:
    /// fields behind it still count.
    async fn read_file(&mut self, field: &mut Field<'_>) -> Result<(), Refused> {
        while let Some(chunk) = field.chunk().await? {
            let Some(upload) = self.uploads.last_mut() else { return Ok(()) };
            let kept = keep(&mut upload.bytes, &chunk, MAX_BYTES);
            if let Some(Err(problem)) = self.held.as_mut().map(|held| held.take(kept)) {
                return Err(self.refuse(problem));
            }
        }
        Ok(())
    }

    fn refuse(&mut self, problem: Problem) -> Refused {
        Refused::Problem(problem, std::mem::take(&mut self.fields))
    }

    /// Adds typed text, limited as in any other form.
    fn take(&mut self, name: String, value: String) -> Result<(), Refused> {
        self.size += name.len() + value.len();
        self.fields.push((name, value));
        if self.size > BODY_LIMIT { Err(Refused::TooMuchTyped) } else { Ok(()) }
    }
}

/// Reads a field without a file; what is longer than any form may be is cut off.
async fn typed(field: &mut Field<'_>) -> Result<String, MultipartError> {
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        keep(&mut value, &chunk, BODY_LIMIT);
    }
    Ok(String::from_utf8_lossy(&value).into_owned())
}

fn is_too_much(error: &MultipartError) -> bool {
    error.status() == StatusCode::PAYLOAD_TOO_LARGE
}

/// Keeps at most one byte more than allowed; returns the number of bytes.
fn keep(bytes: &mut Vec<u8>, chunk: &[u8], limit: usize) -> usize {
    let kept = chunk.len().min((limit + 1).saturating_sub(bytes.len()));
    bytes.extend_from_slice(&chunk[..kept]);
    kept
}
