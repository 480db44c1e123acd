//! `portaria export`: every account as a line that `portaria import` reads.

use super::import::Counts;
use super::progress::Progress;
use crate::db::accounts::moving;
use crate::fault::Fault;
use crate::seal::Sealer;
use futures::StreamExt as _;
use portaria::moving::Line;
use sqlx::PgPool;
use std::io::{self, Write};
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl From<sqlx::Error> for NotExported {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<serde_json::Error> for NotExported {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Writes every account as it is at this instant, in an order that is the same wherever the accounts are. Returns how many.
pub async fn run(pool: &PgPool, sealer: &Sealer, output: &mut (impl Write + Send), progress: &mut Progress) -> Result<u64, NotExported> {
    let mut tx = pool.begin().await?;
    moving::begin_export(&mut tx).await?;
    let mut counts = Counts::default();
    {
        let mut accounts = std::pin::pin!(moving::export(&mut tx, sealer));
        while let Some(next) = accounts.next().await {
            let (external_id, account) = next?;
            let at = account.created_at.to_offset(UtcOffset::UTC).format(&Rfc3339);
            let at = at.map_err(|_| Fault::inconsistent("accounts", "created_at"))?;
            serde_json::to_writer(&mut *output, &Line::of(&account, &at, &external_id))?;
            output.write_all(b"\n")?;
            counts.lines += 1;
            if counts.lines % 500 == 0 {
                progress.at(0, &counts);
            }
        }
    }
    output.flush()?;
    tx.rollback().await?;
    progress.end(&counts);
    Ok(counts.lines)
}
