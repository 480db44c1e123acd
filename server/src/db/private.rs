//! The private Postgres of this product, for whoever sets no `DATABASE_URL` (crate `private-postgres`).

use crate::config::Environment;
use crate::entropy;
use private_postgres::{Download, Error, PrivatePostgres, Settings};
use std::path::Path;

/// The oldest that the migrations work with.
const OLDEST: u32 = 15;
/// What is downloaded for new data.
const DOWNLOADED: u32 = 17;

/// Starts the Postgres of a data folder, or joins it when it runs. Only development downloads one where the machine has none:
/// in production what runs is what an operator installed.
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
