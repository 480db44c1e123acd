//! The person's own data (SPEC §13, §17): what is shown of it, taken along, deleted and erased.

mod at_once;
mod block;
pub mod deletion;
mod erasure;
mod export;
mod one_line;
mod whole;
