//! The private Postgres that runs when `DATABASE_URL` is not set (crate `private-postgres`).

use crate::config::Environment;
use crate::entropy;
use private_postgres::{Download, Error, PrivatePostgres, Settings};
use std::path::Path;

/// The oldest Postgres version that the migrations support.
const OLDEST: u32 = 15;
/// The Postgres version that is downloaded for new data.
const DOWNLOADED: u32 = 17;

/// Starts the Postgres of a data folder, or joins a running one. Only development downloads Postgres where the machine has
/// none. In production, only an installed one runs.
///
/// # Errors
/// Those of [`PrivatePostgres::start`].
pub async fn start(data_dir: &Path, environment: Environment) -> Result<PrivatePostgres, Error> {
    let download = match environment {
        Environment::Development => Download::Allowed(DOWNLOADED),
        Environment::Production => Download::Refused("production runs no downloaded programs"),
    };
    let settings = Settings {
        name: "portaria",
        elsewhere: "/var/lib/portaria",
        oldest: OLDEST,
        download,
        instead: "set DATABASE_URL",
        random: entropy::bytes,
    };
    PrivatePostgres::start(data_dir, &settings).await
}
