//! Uploaded photos are decoded and cleaned (crate `photo`) off the async threads, within a fixed memory budget.
//!
//! The header tells how much memory a picture needs. It is taken from one shared budget, so that many small pictures are
//! decoded in parallel and a large one alone.

#[cfg(test)]
mod tests;

use crate::admission::{Admission, Load};
use crate::client::Client;
use crate::fault::Fault;
use photo::{Clean, MOST_MIB, Refused, Square};
use portaria::accounts::{Answer, Upload};
use portaria::error::{Field, FieldError, Refusal};
use portaria::limits::PHOTO_BYTES;

/// Memory for all pictures being decoded, in MiB: as much as the largest one needs.
const BUDGET_MIB: u32 = MOST_MIB;
/// Total size of the uploads that may wait; the next is refused. It bounds the memory: sixteen of the largest uploads, and
/// of small ones as many as [`QUEUE`].
const QUEUE_BYTES: usize = 16 * PHOTO_BYTES;
/// How many uploads may wait, however small: as many as are decoded in a second or two.
const QUEUE: usize = 64;
/// `Retry-After` of a refused upload.
const BUSY_SECONDS: u32 = 5;

/// The pool in which photos are decoded, off the async threads.
#[derive(Clone)]
pub struct Photos {
    /// Units: MiB of memory. Queue weight: bytes.
    admission: Admission,
    /// The memory charged for even the smallest picture, so that no more run at once than there are cores.
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
    /// Turns an upload into a clean photo.
    ///
    /// # Errors
    /// At [`Field::Photo`]: [`FieldError::PhotoUnreadable`] when it is no JPG or PNG, broken or cut short;
    /// [`FieldError::PhotoTooLarge`] past 5 MiB; [`FieldError::PhotoTooManyPixels`]. [`Refusal::Busy`] when too many
    /// already wait.
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
        // Parsing five megabytes of markers is too slow for an async thread. The cost of the picture is known only
        // afterwards.
        let inspected = blocking(move || photo::inspect(bytes, choice)).await?.map_err(told)?;
        let mib = inspected.mib().max(self.least_mib);
        // Even the smallest upload takes a share of the queue: this limits how many wait.
        let load = Load { units: mib, weight: inspected.file_bytes().max(QUEUE_BYTES / QUEUE) };
        let permit = self.admission.admit(client, load).await?;
        let made = move || {
            let made = inspected.make(mib);
            drop(permit);
            made
        };
        blocking(made).await?.map_err(told)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Photo(error.to_string()).log_and_refuse())
}

/// The refusal at the photo's field.
fn told(refused: Refused) -> Refusal {
    let error = match refused {
        Refused::Unreadable => FieldError::PhotoUnreadable,
        Refused::TooManyPixels { megapixels, side } => FieldError::PhotoTooManyPixels { megapixels, side },
    };
    Refusal::field(Field::Photo, error)
}
