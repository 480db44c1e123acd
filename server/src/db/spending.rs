//! Table `phone_spending`: what codes to phones cost today, by DDD (SPEC §12 "Spending").

use portaria::spending::{Rest, Spent, day};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// The key of all DDDs together.
const ALL: &str = "";

fn whole(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

const SPENT: &str = "select coalesce((select unproved from phone_spending where day = $1 and ddd = $2), 0), \
     coalesce((select proved from phone_spending where day = $3 and ddd = $2), 0), \
     coalesce((select sms from phone_spending where day = $1 and ddd = $4), 0)";

/// What was sent today, as it is now.
pub async fn peek(conn: &mut PgConnection, now: OffsetDateTime, ddd: &str) -> Result<Spent, sqlx::Error> {
    let (unproved, proved_before, sms): (i32, i32, i32) =
        sqlx::query_as(SPENT).bind(day(now)).bind(ddd).bind(day(now - Duration::days(1))).bind(ALL).fetch_one(conn).await?;
    Ok(Spent { unproved: whole(unproved), proved_before: whole(proved_before), sms: whole(sms) })
}

/// The same, with the rows of the day locked: of many messages at once no more than the budget leave.
pub async fn lock(conn: &mut PgConnection, now: OffsetDateTime, ddd: &str, all: bool) -> Result<Spent, sqlx::Error> {
    // The row of all is locked only where a ceiling needs it: every message of the day would wait for it.
    for key in [Some(ddd), all.then_some(ALL)].into_iter().flatten() {
        sqlx::query("insert into phone_spending (day, ddd) values ($1, $2) on conflict (day, ddd) do update set ddd = excluded.ddd")
            .bind(day(now))
            .bind(key)
            .execute(&mut *conn)
            .await?;
    }
    peek(conn, now, ddd).await
}

/// Counts a message with a code.
pub async fn count(conn: &mut PgConnection, now: OffsetDateTime, ddd: &str, unproved: bool, sms: bool) -> Result<(), sqlx::Error> {
    let of_all = sms.then_some((ALL, false));
    let of_ddd = (unproved || sms).then_some((ddd, unproved));
    for (key, unproved) in [of_ddd, of_all].into_iter().flatten() {
        sqlx::query(
            "insert into phone_spending (day, ddd, unproved, sms) values ($1, $2, $3, $4) on conflict (day, ddd) \
             do update set unproved = phone_spending.unproved + excluded.unproved, sms = phone_spending.sms + excluded.sms",
        )
        .bind(day(now))
        .bind(key)
        .bind(i32::from(unproved))
        .bind(i32::from(sms))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Counts a phone that was proved.
pub async fn proved(conn: &mut PgConnection, now: OffsetDateTime, ddd: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into phone_spending (day, ddd, proved) values ($1, $2, 1) \
         on conflict (day, ddd) do update set proved = phone_spending.proved + 1",
    )
    .bind(day(now))
    .bind(ddd)
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises the alarm, once a day and DDD: a message was turned away. The caller holds the row.
pub async fn alarm(conn: &mut PgConnection, now: OffsetDateTime, ddd: &str, rest: Rest) -> Result<(), sqlx::Error> {
    let done = sqlx::query("update phone_spending set alarmed = true where day = $1 and ddd = $2 and not alarmed")
        .bind(day(now))
        .bind(ddd)
        .execute(conn)
        .await?;
    if done.rows_affected() == 1 {
        tracing::error!(setting = rest.setting(), ddd, "SMS rests for this DDD today: see {} in the settings", rest.setting());
    }
    Ok(())
}
