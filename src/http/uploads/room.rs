//! Room for what people upload: the bytes that the server holds at a time, and
//! the uploads and bytes that one person may have under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::ids::UserId;
use crate::domain::photo::{MAX_BYTES, MAX_PHOTOS};
use crate::domain::problem::Problem;
use crate::http::BODY_LIMIT;

/// Most bytes of a form with photos: as many files as a ticket takes, each as large as may be, and what
/// is typed besides.
pub const BODY_LIMIT_WITH_PHOTOS: usize = MAX_PHOTOS * MAX_BYTES + BODY_LIMIT;
const RETRY_AFTER_SECONDS: u64 = 10;
/// One form with the maximum of photos.
const OF_ONE_PERSON: usize = BODY_LIMIT_WITH_PHOTOS;
/// Uploads of one person at a time: a double click sends two. Each has one picture processed or waiting
/// for its turn, so nobody waits for more than these of each other person.
const UPLOADS_OF_ONE_PERSON: usize = 2;

/// Cheap to clone.
#[derive(Clone)]
pub struct UploadRoom {
    free: Arc<Semaphore>,
    held: Arc<Mutex<HashMap<UserId, OfPerson>>>,
}

/// Uploads of a person whose files have begun to come, and the bytes that they hold.
#[derive(Clone, Copy, Default)]
struct OfPerson {
    uploads: usize,
    bytes: usize,
}

/// Room that one upload takes, free again when dropped.
pub struct Held {
    room: UploadRoom,
    person: UserId,
    bytes: usize,
    permit: Option<OwnedSemaphorePermit>,
}

impl UploadRoom {
    pub fn new(bytes: usize) -> Self {
        let bytes = bytes.min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(bytes)), held: Arc::default() }
    }

    /// Begins an upload that holds nothing yet. Refuses an announced length for which there is no room.
    pub fn begin(&self, person: UserId, announced: Option<u64>) -> Result<Held, Problem> {
        let announced = announced.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
        // A form above the limit is told so, not that room is missing.
        let announced = announced.min(OF_ONE_PERSON);
        let bytes = self.held().get(&person).map_or(0, |held| held.bytes);
        if bytes + announced > OF_ONE_PERSON {
            return Err(of_one_person());
        }
        if announced > self.free.available_permits() {
            return Err(of_everybody());
        }
        Ok(Held { room: self.clone(), person, bytes: 0, permit: None })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<UserId, OfPerson>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Reserves so many bytes more. The first make it one of the person's uploads.
    pub fn take(&mut self, bytes: usize) -> Result<(), Problem> {
        let mut held = self.room.held();
        let mut of_person = held.get(&self.person).copied().unwrap_or_default();
        of_person.uploads += usize::from(self.permit.is_none());
        of_person.bytes += bytes;
        if of_person.uploads > UPLOADS_OF_ONE_PERSON || of_person.bytes > OF_ONE_PERSON {
            return Err(of_one_person());
        }
        let permits = u32::try_from(bytes).map_err(|_| of_everybody())?;
        let permit = Arc::clone(&self.room.free).try_acquire_many_owned(permits);
        let permit = permit.map_err(|_| of_everybody())?;
        held.insert(self.person, of_person);
        match &mut self.permit {
            Some(taken) => taken.merge(permit),
            none => *none = Some(permit),
        }
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.room.held();
        if let Some(of_person) = held.get_mut(&self.person) {
            of_person.bytes -= self.bytes;
            of_person.uploads -= usize::from(self.permit.is_some());
            if of_person.uploads == 0 {
                held.remove(&self.person);
            }
        }
    }
}

const fn of_one_person() -> Problem {
    Problem::UploadsUnderWay { retry_after_seconds: RETRY_AFTER_SECONDS }
}

const fn of_everybody() -> Problem {
    Problem::Busy { retry_after_seconds: RETRY_AFTER_SECONDS }
}

#[cfg(test)]
mod tests {
    use crate::http::uploads::room::*;

    const ZHOU: UserId = UserId(1);
    const LI: UserId = UserId(2);

    #[test]
    fn room_is_taken_as_bytes_come_and_given_back() {
        let room = UploadRoom::new(100);
        let mut zhou = room.begin(ZHOU, None).expect("room");
        let mut li = room.begin(LI, Some(100)).expect("nothing has come yet");

        zhou.take(60).expect("room");
        assert_eq!(li.take(50), Err(of_everybody()));
        assert_eq!(room.begin(LI, Some(50)).err(), Some(of_everybody()));
        li.take(40).expect("room");
        drop(zhou);
        li.take(60).expect("room again");

        drop(li);
        assert_eq!(room.free.available_permits(), 100);
        assert!(room.held().is_empty());
    }

    #[test]
    fn nobody_holds_more_than_one_form_may_have() {
        let room = UploadRoom::new(10 * OF_ONE_PERSON);
        let mut first = room.begin(ZHOU, Some(OF_ONE_PERSON as u64)).expect("room");
        first.take(OF_ONE_PERSON - 1).expect("room");

        assert_eq!(room.begin(ZHOU, Some(2)).err(), Some(of_one_person()));
        assert_eq!(room.begin(ZHOU, None).expect("may be small").take(2), Err(of_one_person()));
        assert!(room.begin(LI, Some(OF_ONE_PERSON as u64)).is_ok());
    }

    #[test]
    fn nobody_has_a_third_upload_under_way() {
        let room = UploadRoom::new(100);
        let begin = |person| room.begin(person, None).expect("no file has come yet");
        let (mut one, mut two, mut three) = (begin(ZHOU), begin(ZHOU), begin(ZHOU));
        one.take(1).expect("room");
        two.take(1).expect("room");

        assert_eq!(three.take(1), Err(of_one_person()));
        begin(LI).take(1).expect("room for others");
        two.take(1).expect("room for the rest of a file");
        drop(one);
        three.take(1).expect("room again");

        drop((two, three));
        assert!(room.held().is_empty());
    }
}
