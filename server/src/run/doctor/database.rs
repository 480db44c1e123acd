//! The database, its schema, its clock, and the keys in it.

use super::{Check, Part};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::health::{self, Schema};
use crate::db::keys::{self, KeysError};
use sqlx::PgConnection;
use text::doctor::DoctorTexts;
use time::Duration;

/// The oldest version that the migrations support, as Postgres numbers it.
const OLDEST: i32 = 150_000;
/// Clocks that differ by more make messages leave twice, early or late (docs/operations.md, "The lease").
const APART: Duration = Duration::seconds(2);
/// The lease of a message: clocks that differ by more break its rules.
const TOO_FAR_APART: Duration = Duration::seconds(30);

pub(super) struct Examined {
    pub checks: Vec<Check>,
    /// The ids of the signing keys, by which this installation is recognised.
    pub key_ids: Vec<String>,
}

pub(super) async fn examine(config: &Config, url: Result<String, String>, says: &DoctorTexts) -> Examined {
    let unreachable = |error: String| {
        let database = Check::broken(Part::Database, says.database_unreachable(error), says.database_unreachable_advice);
        let rest = [Part::Schema, Part::Clock, Part::Keys].map(Check::unchecked);
        Examined { checks: [database].into_iter().chain(rest).collect(), key_ids: Vec::new() }
    };
    let url = match url {
        Ok(url) => url,
        Err(error) => return unreachable(error),
    };
    let mut conn = match health::connect(&url).await {
        Ok(conn) => conn,
        Err(error) => return unreachable(error.to_string()),
    };
    match look(config, &mut conn, says).await {
        Ok(examined) => examined,
        Err(error) => unreachable(error.to_string()),
    }
}

async fn look(config: &Config, conn: &mut PgConnection, says: &DoctorTexts) -> Result<Examined, sqlx::Error> {
    let (number, version) = health::version(conn).await?;
    let schema = health::schema(conn).await;
    let is_migrated = schema.as_ref().is_ok_and(|schema| schema.pending.is_empty());
    let schema = match schema {
        Ok(schema) => of_schema(config, &schema, says),
        Err(error) => Check::broken(Part::Schema, says.schema_foreign(error), says.schema_foreign_advice),
    };
    let keys = match health::keys(conn, config.secret.expose()).await {
        Ok(0) => Check::well(Part::Keys, says.keys_none),
        Ok(_) if is_migrated && keys::is_half_rotated(conn).await? => Check::warning(Part::Keys, says.keys_half, says.keys_half_advice),
        Ok(n) => Check::well(Part::Keys, says.keys_well(n)),
        Err(KeysError::WrongSecret) if opens_by_old(config, conn).await? => Check::warning(Part::Keys, says.keys_old, says.keys_old_advice),
        // None of these looks begins a change of keys.
        Err(KeysError::WrongSecret | KeysError::Importing) => Check::broken(Part::Keys, says.keys_wrong, says.keys_wrong_advice),
        Err(KeysError::Database(error)) => return Err(error),
    };
    let clock = of_clock(conn, says).await?;
    let key_ids = health::signing_key_ids(conn).await?;
    Ok(Examined { checks: vec![of_version(config, number, &version, says), schema, clock, keys], key_ids })
}

/// Whether the keys wait for a start that wraps them anew.
async fn opens_by_old(config: &Config, conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let Some(old) = &config.secret_old else { return Ok(false) };
    match health::keys(conn, old.expose()).await {
        Ok(_) => Ok(true),
        Err(KeysError::WrongSecret | KeysError::Importing) => Ok(false),
        Err(KeysError::Database(error)) => Err(error),
    }
}

fn of_version(config: &Config, number: i32, version: &str, says: &DoctorTexts) -> Check {
    if number < OLDEST {
        Check::broken(Part::Database, says.database_old(version), says.database_old_advice)
    } else if config.database_in_clear() {
        Check::warning(Part::Database, says.database_in_clear(version), says.database_in_clear_advice)
    } else if config.database_url.is_some() {
        Check::well(Part::Database, says.database_well(version))
    } else if config.environment.is_production() {
        Check::warning(Part::Database, says.database_private(version), says.database_private_advice)
    } else {
        Check::well(Part::Database, says.database_private(version))
    }
}

fn of_schema(config: &Config, schema: &Schema, says: &DoctorTexts) -> Check {
    let Schema { known, pending, newer, foreign } = schema;
    if !foreign.is_empty() {
        Check::broken(Part::Schema, says.schema_foreign(foreign.join(", ")), says.schema_foreign_advice)
    } else if !pending.is_empty() && config.environment.is_production() {
        Check::broken(Part::Schema, says.schema_old(pending.join(", ")), says.schema_old_advice)
    } else if !pending.is_empty() {
        Check::well(Part::Schema, says.schema_by_itself(pending.len()))
    } else if !newer.is_empty() {
        Check::warning(Part::Schema, says.schema_newer(newer.join(", ")), says.schema_newer_advice)
    } else {
        Check::well(Part::Schema, says.schema_well(*known))
    }
}

async fn of_clock(conn: &mut PgConnection, says: &DoctorTexts) -> Result<Check, sqlx::Error> {
    let ours = Clock::system();
    let before = ours.now();
    let theirs = health::clock(conn).await?;
    let after = ours.now();
    // It was read between the two: only what lies outside of them is a difference.
    let off = (theirs - after).max(before - theirs).max(Duration::ZERO);
    Ok(judged(off, says))
}

fn judged(off: Duration, says: &DoctorTexts) -> Check {
    let found = || says.clock_off(off.whole_seconds());
    if off >= TOO_FAR_APART {
        Check::broken(Part::Clock, found(), says.clock_off_advice)
    } else if off >= APART {
        Check::warning(Part::Clock, found(), says.clock_off_advice)
    } else {
        Check::well(Part::Clock, says.clock_well)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Health;
    use super::*;
    use text::Language;

    fn config(environment: &str) -> Config {
        let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
        let settings = [("PORTARIA_ENV", environment), ("PUBLIC_URL", "http://127.0.0.1:3000"), ("PORTARIA_SECRET", secret)];
        Config::from_parts("", settings).expect("settings")
    }

    #[test]
    fn clocks_may_differ_a_little_and_by_a_lease_they_break_it() {
        let says = &Language::PtBr.texts().doctor;
        let health = |seconds| judged(Duration::seconds(seconds), says).health;
        assert_eq!([0, 1, 2, 29, 30].map(health), [Health::Well, Health::Well, Health::Warning, Health::Warning, Health::Broken]);
    }

    #[test]
    fn a_schema_that_is_old_new_or_anothers_is_told_apart() {
        let says = &Language::PtBr.texts().doctor;
        let named = || vec!["0041 exchange tallies".to_owned()];
        let schema = || Schema { known: 17, ..Schema::default() };
        let health = |environment, schema: Schema| of_schema(&config(environment), &schema, says).health;
        assert_eq!(health("production", schema()), Health::Well);
        assert_eq!(health("production", Schema { pending: named(), ..schema() }), Health::Broken);
        assert_eq!(health("development", Schema { pending: named(), ..schema() }), Health::Well);
        assert_eq!(health("production", Schema { newer: named(), ..schema() }), Health::Warning);
        assert_eq!(health("development", Schema { foreign: named(), ..schema() }), Health::Broken);
    }

    #[test]
    fn an_old_postgres_is_no_database_and_a_private_one_is_none_for_production() {
        let says = &Language::PtBr.texts().doctor;
        let health = |environment, number| of_version(&config(environment), number, "x", says).health;
        assert_eq!(health("development", 149_999), Health::Broken);
        assert_eq!(health("development", 150_000), Health::Well);
        assert_eq!(health("production", 170_006), Health::Warning);
    }
}
