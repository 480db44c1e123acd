//! Accounts that move in and out: `portaria import` and `portaria export` (SPEC §14, docs/moving-in.md).
//!
//! ```text
//! file ─► source: a format becomes lines ─► judged and sealed, on all cores ─► one transaction a batch ─► report
//!                  (a thread of its own)      (portaria::moving)                 (db/accounts/moving.rs)
//! ```
//!
//! Nothing is held but a few batches, so memory does not grow with the file. Whether a line is new, already in or in conflict is decided by
//! the unique indexes of the database, not by a table in memory; so an import that was killed is run again and goes on.

pub mod batch;
pub mod export;
pub mod import;
pub mod progress;
pub mod source;

pub use source::Format;
