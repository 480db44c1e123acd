//! The order of a run.

use crate::figures::{Figures, share};
use crate::limits::{self, Row};
use crate::load::Codes;
use crate::measure::{Bench, side};
use crate::program::Program;
use crate::settings::Settings;
use crate::works::{People, Tokens, bare, product};
use crate::{Outcome, accounts, bare_openid, client, lighthouse, machine, openid, people, report};
use hyper::StatusCode;
use server::config::Environment;
use server::db::private;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PRODUCT: &str = "the product";
const BARE: &str = "bare";
const RUSTCRYPTO: &str = "bare, with the crate `argon2`";
const MANY: &str = "the product, many accounts";
/// The databases of a run.
const DATABASES: [&str; 3] = ["bench_few", "bench_many", "bench_bare"];
/// How long a program is left alone before its memory counts as that at rest.
const REST: Duration = Duration::from_secs(10);
/// How often the product is started to see how long that takes.
const STARTS: usize = 5;

pub async fn run(settings: &Settings) -> Outcome<()> {
    let folder = Path::new("target/bench");
    fs::create_dir_all(folder)?;
    let postgres = private::start(folder, Environment::Development).await?;
    let mut databases = Vec::new();
    for name in DATABASES {
        databases.push(accounts::create(postgres.url(), name).await?);
    }
    let outcome = measure(settings, folder, &databases).await;
    for name in DATABASES {
        accounts::drop_database(postgres.url(), name).await?;
    }
    postgres.stop().await?;
    outcome
}

async fn measure(settings: &Settings, folder: &Path, databases: &[String]) -> Outcome<()> {
    let [few, many, bare] = databases else { return Err("three databases".into()) };
    let bench = Bench { settings, postmaster: accounts::postmaster(few).await? };
    let mut figures = Figures { machine: machine::description(&accounts::version(few).await?)?, ..Figures::default() };

    let product = start(settings, &folder.join("few"), few, &mut figures).await?;
    accounts::fill_bare(bare, settings.few_accounts).await?;
    let bare = Program::bare(&folder.join("bare"), bare).await?;
    tokio::time::sleep(REST).await;
    let (at_rest, bare_at_rest) = (product.memory()?.now, bare.memory()?.now);
    let people: People = Arc::new(people::sign_up(product.address).await?);
    product.come_to_rest().await?;

    hashing(&bench, &product, &bare, &mut figures).await?;
    figures.rows.push(Row::new("memory at rest", at_rest, limits::MEMORY_AT_REST));
    figures.note("memory of the bare server at rest", format!("{bare_at_rest:.0} MB"));
    sessions(&bench, &product, &bare, &people, &mut figures).await?;
    products(&bench, &product, &bare, &people, &mut figures).await?;
    pages(&bench, &product, &bare, &people, &mut figures).await?;
    beside_a_flood(&bench, &product, &bare, &mut figures).await?;
    figures.note("the most memory that the product held in all", format!("{:.0} MB", product.memory()?.most));
    many_accounts(&bench, &folder.join("many"), many, &product, &people, &mut figures).await?;
    if let Some(person) = people.first() {
        lighthouse::measure(settings, product.address, bare.address, person, &mut figures).await?;
    }
    product.stop().await?;
    bare.stop().await?;
    report::write(settings, &figures, folder)
}

/// Makes the tables, fills them, and starts the product several times.
async fn start(settings: &Settings, folder: &Path, database: &str, figures: &mut Figures) -> Outcome<Program> {
    Program::product(settings, folder, database).await?.stop().await?;
    accounts::fill(database, settings.few_accounts).await?;
    let mut times = Vec::new();
    loop {
        let program = Program::product(settings, folder, database).await?;
        times.push(program.started_in);
        if times.len() == STARTS {
            times.sort_unstable();
            let text = format!("{:.0} ms, the median of {STARTS}", times[STARTS / 2].as_secs_f64() * 1e3);
            figures.note("from the start of the process until `/readyz` answers", text);
            return Ok(program);
        }
        program.stop().await?;
    }
}

async fn hashing(bench: &Bench<'_>, product: &Program, bare: &Program, figures: &mut Figures) -> Outcome<()> {
    let sides = [
        side(PRODUCT, product, product::sign_in()),
        side(BARE, bare, bare::sign_in()),
        side(RUSTCRYPTO, bare, bare::sign_in_by_rustcrypto()),
    ];
    let sign_ins = bench.by_turns("sign-ins", &sides).await?;
    let (most, bare_most) = (product.memory()?.most, bare.memory()?.most);
    tokio::time::sleep(REST).await;
    figures.note("memory of the product 10 s after the flood of sign-ins", format!("{:.0} MB", product.memory()?.now));
    figures.note("the most memory of the bare server under it", format!("{bare_most:.0} MB"));

    let sides = [
        side(PRODUCT, product, product::sign_up()),
        side(BARE, bare, bare::sign_up()),
        side(RUSTCRYPTO, bare, bare::sign_up_by_rustcrypto()),
    ];
    let sign_ups = bench.by_turns("sign-ups", &sides).await?;
    figures.rows.extend([
        Row::new("sign-ins, of bare ones", share(&sign_ins, 1), limits::HASHING),
        Row::new("sign-ups, of bare ones", share(&sign_ups, 1), limits::HASHING),
        Row::new("sign-ins, of bare ones with `argon2`", share(&sign_ins, 2), limits::HASHING_OF_PEERS),
        Row::new("sign-ups, of bare ones with `argon2`", share(&sign_ups, 2), limits::HASHING_OF_PEERS),
        Row::new("memory under a flood of sign-ins", most, limits::MEMORY_IN_A_FLOOD),
    ]);
    figures.measured.extend(sign_ins);
    figures.measured.extend(sign_ups);
    Ok(())
}

async fn sessions(bench: &Bench<'_>, product: &Program, bare: &Program, people: &People, figures: &mut Figures) -> Outcome<()> {
    for (what, row, work) in [
        ("session check by bearer", "session check by bearer, of one `SELECT`", product::check_by_bearer(people)),
        ("session check by cookie", "session check by cookie, of one `SELECT`", product::check_by_cookie(people)),
    ] {
        let checks = bench.by_turns(what, &[side(PRODUCT, product, work), side(BARE, bare, bare::check())]).await?;
        figures.rows.push(Row::new(row, share(&checks, 1), limits::SESSION_CHECK));
        figures.measured.extend(checks);
    }
    Ok(())
}

/// What a product of the operator's asks for, by OpenID Connect.
async fn products(bench: &Bench<'_>, product: &Program, bare: &Program, people: &People, figures: &mut Figures) -> Outcome<()> {
    let authorizing = bench
        .by_turns("a product's authorize", &[side(PRODUCT, product, product::authorize(people)), side(BARE, bare, bare::authorize())])
        .await?;
    let (codes, bare_codes) = (Codes::default(), Codes::default());
    let sides = [
        side(PRODUCT, product, product::exchange(&codes)).after(product::authorize(people), &codes),
        side(BARE, bare, bare::exchange(&bare_codes)).after(bare::authorize(), &bare_codes),
    ];
    let exchanges = bench.by_turns("a product's exchange of a code", &sides).await?;
    let tokens: Tokens = Arc::new(openid::enter(product.address, people).await?);
    let bare_tokens: Tokens = Arc::new(bare_openid::enter(bare.address).await?);
    let sides = [side(PRODUCT, product, product::userinfo(&tokens)), side(BARE, bare, bare::userinfo(&bare_tokens))];
    let userinfo = bench.by_turns("a product's userinfo", &sides).await?;
    for (what, measured) in [
        ("a product's authorize, of a bare one", authorizing),
        ("a product's exchange of a code, of a bare one", exchanges),
        ("a product's userinfo, of a bare one", userinfo),
    ] {
        figures.note(what, format!("{:.2}", share(&measured, 1)));
        figures.measured.extend(measured);
    }
    Ok(())
}

async fn pages(bench: &Bench<'_>, product: &Program, bare: &Program, people: &People, figures: &mut Figures) -> Outcome<()> {
    let login = client::Connection::open(product.address).await?.fetch(client::get("/login", &[])?, StatusCode::OK).await?;
    let static_page = || side(BARE, bare, bare::page(login.body().len()));
    let sides = [side(PRODUCT, product, product::page("/login")), static_page()];
    let pages = bench.by_turns("`/login`; a static page", &sides).await?;
    figures.rows.push(Row::new("`/login`, of a static page", share(&pages, 1), limits::PAGE));
    figures.measured.extend(pages);
    for (what, work) in [
        ("`/login`, compressed", product::compressed_page("/login")),
        ("`/register/client`", product::page("/register/client")),
        ("`/dashboard`, signed in", product::own_page("/dashboard", people)),
    ] {
        figures.measured.extend(bench.by_turns(what, &[side(PRODUCT, product, work)]).await?);
    }
    Ok(())
}

async fn beside_a_flood(bench: &Bench<'_>, product: &Program, bare: &Program, figures: &mut Figures) -> Outcome<()> {
    println!("bench: a page beside a flood of sign-ins …");
    let (rest, beside) = bench.beside_a_flood(product, &product::page("/login"), &product::sign_in()).await?;
    let times = beside.quantile(0.99) / rest.quantile(0.99);
    figures.rows.push(Row::new("p99 of `/login` beside a flood of sign-ins, of that at rest", times, limits::BESIDE_A_FLOOD));
    let write = |rest: f64, beside: f64| format!("{rest:.2} ms; {beside:.2} ms");
    figures.note("p99 of `/login` at rest; beside a flood of sign-ins", write(rest.quantile(0.99), beside.quantile(0.99)));
    let (rest, beside) = bench.beside_a_flood(bare, &bare::page(10_000), &bare::sign_in()).await?;
    figures.note("the same of a static page of the bare server", write(rest.quantile(0.99), beside.quantile(0.99)));
    Ok(())
}

async fn many_accounts(
    bench: &Bench<'_>,
    folder: &Path,
    database: &str,
    few: &Program,
    people_of_few: &People,
    figures: &mut Figures,
) -> Outcome<()> {
    let many = Program::product(bench.settings, folder, database).await?;
    accounts::fill(database, bench.settings.accounts).await?;
    accounts::checkpoint(database).await?;
    let people: People = Arc::new(people::sign_up(many.address).await?);
    many.come_to_rest().await?;
    let (accounts, few_accounts) = (bench.settings.accounts, bench.settings.few_accounts);
    for (what, of_many, of_few) in [
        ("sign-ins among many", product::sign_in(), product::sign_in()),
        ("session check by bearer among many", product::check_by_bearer(&people), product::check_by_bearer(people_of_few)),
        ("session check by cookie among many", product::check_by_cookie(&people), product::check_by_cookie(people_of_few)),
    ] {
        let measured = bench.by_turns(what, &[side(MANY, &many, of_many), side(PRODUCT, few, of_few)]).await?;
        let row = format!("{what}: {accounts} accounts, of {few_accounts}");
        figures.rows.push(Row::new(row, share(&measured, 1), limits::MANY_ACCOUNTS));
        figures.measured.extend(measured);
    }
    many.stop().await
}
