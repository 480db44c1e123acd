//! Photos wait their turn: what people upload is made a clean picture (crate `photo`) off the async threads, in as much memory
//! as there is for it.
//!
//! What a picture costs in memory is known from its header and paid from one budget, so that many small ones are decoded beside
//! each other and a large one alone.

#[cfg(test)]
mod tests;

use crate::admission::{Admission, Load};
use crate::client::Client;
use crate::fault::Fault;
use photo::{Clean, MOST_MIB, Refused, Square};
use portaria::accounts::{Answer, Upload};
use portaria::error::{Field, FieldError, Refusal};
use portaria::limits::PHOTO_BYTES;

/// What all pictures that are being decoded may take together, in MiB: as much as the largest takes alone.
const BUDGET_MIB: u32 = MOST_MIB;
/// What those that wait for their turn may hold together; the next is told to come back. It bounds the memory: sixteen of the
/// largest uploads, and of small ones as many as [`QUEUE`].
const QUEUE_BYTES: usize = 16 * PHOTO_BYTES;
/// How many may wait, however small they are: as many as are decoded within a second or two.
const QUEUE: usize = 64;
/// What it is told to wait.
const BUSY_SECONDS: u32 = 5;

/// The pool in which photos are decoded, off the async threads.
#[derive(Clone)]
pub struct Photos {
    /// Memory in MiB; the queue in bytes.
    admission: Admission,
    /// What even the smallest takes, so that no more run at once than there are cores.
    least_mib: u32,
}

impl Default for Photos {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            admission: Admission::new(BUDGET_MIB, QUEUE_BYTES, BUSY_SECONDS),
            least_mib: BUDGET_MIB / u32::try_from(cores).unwrap_or(BUDGET_MIB).min(BUDGET_MIB),
        }
    }
}

impl Photos {
    /// Makes a clean photo of an upload.
    ///
    /// # Errors
    /// At [`Field::Photo`]: [`FieldError::PhotoUnreadable`] when it is no JPG or PNG, broken or cut short,
    /// [`FieldError::PhotoTooLarge`] past 5 MiB, [`FieldError::PhotoTooManyPixels`]. [`Refusal::Busy`] when too many wait
    /// already.
    pub async fn clean(&self, client: Client, upload: Upload) -> Answer<Clean> {
        let Upload { bytes, crop } = upload;
        if bytes.len() > PHOTO_BYTES {
            return Err(Refusal::field(Field::Photo, FieldError::PhotoTooLarge));
        }
        let choice = crop.map(|crop| -> photo::Choice {
            Box::new(move |width, height| {
                let portaria::value::Square { left, top, side } = crop.square(width, height);
                Square { left, top, side }
            })
        });
        // five megabytes of markers take longer than an async thread has; what it costs is known only after it
        let inspected = blocking(move || photo::inspect(bytes, choice)).await?.map_err(told)?;
        let mib = inspected.mib().max(self.least_mib);
        // even the smallest takes a part of the queue, so that no more than so many wait
        let load = Load { units: mib, weight: inspected.file_bytes().max(QUEUE_BYTES / QUEUE) };
        let place = self.admission.admit(client, load).await?;
        let made = move || {
            let made = inspected.make(mib);
            drop(place);
            made
        };
        blocking(made).await?.map_err(told)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Photo(error.to_string()).told())
}

/// What is wrong, at the field.
fn told(refused: Refused) -> Refusal {
    let error = match refused {
        Refused::Unreadable => FieldError::PhotoUnreadable,
        Refused::TooManyPixels { megapixels, side } => FieldError::PhotoTooManyPixels { megapixels, side },
    };
    Refusal::field(Field::Photo, error)
}
