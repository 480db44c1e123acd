//! The person's own data (SPEC §13, §17): what is shown of it, and taken along.

mod export;
