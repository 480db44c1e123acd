//! The same journey through the use cases that the pages call, with a browser's cookies.

use super::{CPF, EMAIL, PASSWORD, PHONE, USERNAME, expect_error, rider, verify};
use crate::support::{SECRET, TestApp};
use base64::Engine;
use portaria::accounts::Accounts;
use portaria::error::{FieldError, Refusal};
use portaria::field::{Field, Typed};
use portaria::journey::{Kind, Step};
use portaria::session::Requester;
use server::config::Config;
use server::passwords::Passwords;
use server::run::Node;
use std::net::Ipv4Addr;
use std::sync::Arc;
use time::Duration;

/// The use cases of another node over the same database.
async fn door(app: &TestApp) -> Arc<dyn Accounts> {
    let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
    let settings = [("PUBLIC_URL".to_owned(), app.url.clone()), ("PORTARIA_SECRET".to_owned(), secret)];
    let config = Config::from_parts("", settings).expect("settings");
    let passwords = Passwords::cheap().expect("a pool");
    Node::build(&config, app.pool.clone(), app.clock.clone(), passwords).await.expect("a node").site.accounts.clone()
}

fn browser() -> Requester {
    Requester { user_agent: "tests/1.0".to_owned(), ..Requester::stranger(Ipv4Addr::LOCALHOST.into()) }
}

fn details() -> Typed {
    Typed::from([(Field::Name, "Rian Lucas"), (Field::Username, USERNAME), (Field::Email, EMAIL), (Field::Password, PASSWORD)])
}

fn form() -> Typed {
    Typed::from([
        (Field::Phone, PHONE),
        (Field::BirthDate, "2000-01-15"),
        (Field::Gender, "O"),
        (Field::Cpf, CPF),
        (Field::State, "SP"),
        (Field::City, "São Paulo"),
    ])
}

#[tokio::test]
async fn the_code_signs_in_and_the_profile_is_the_next_step() {
    let app = TestApp::start().await;
    let (door, mut who) = (door(&app).await, browser());
    let started = door.sign_up(&who, Kind::Caronista, details(), None).await.expect("started");
    assert_eq!((started.view.step, started.view.destination.as_str()), (Step::Code, "u***@e***.com"));
    who.carried = started.carried.expect("a cookie");
    let code = app.code_to(EMAIL).await;
    assert_eq!(door.prove_signup(&who, &TestApp::other_than(&code)).await.err(), Some(Refusal::CodeRefused));
    assert_eq!(door.complete_profile(&who, form(), None).await.err(), Some(Refusal::NotSignedIn));
    let signed_in = door.prove_signup(&who, &code).await.expect("in");
    assert!(!signed_in.account.profile_complete);
    let missing = [Field::Phone, Field::BirthDate, Field::Gender, Field::Cpf, Field::State, Field::City];
    assert_eq!(signed_in.account.missing, missing);
    who.session = Some(signed_in.credential.session);
    let step = async |who| door.signups(who).await.expect("looked").first().expect("a sign-up").step;
    assert_eq!(step(&who).await, Step::Complete);
    let refused = door.complete_profile(&who, form().with(Field::Cpf, "1"), Some(b"x".to_vec().into())).await;
    let Err(Refusal::Invalid(errors)) = refused else { panic!("{refused:?}") };
    let errors: Vec<_> = errors.iter().collect();
    assert_eq!(errors, [(Field::Cpf, FieldError::CpfInvalid), (Field::Photo, FieldError::PhotoUnreadable)]);
    let account = door.complete_profile(&who, form(), None).await.expect("complete");
    assert!(account.profile_complete && account.missing.is_empty());
    assert_eq!((account.birth_date.as_deref(), account.gender.as_deref()), (Some("**/**/2000"), Some("O")));
    assert_eq!((account.state.as_deref(), account.city.as_deref(), account.photo), (Some("SP"), Some("São Paulo"), None));
    assert_eq!(step(&who).await, Step::Done);
    assert_eq!(app.count("select count(*) from sessions").await, 1, "the session goes on");
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_code_that_somebody_else_caused_does_not_prove_this_browsers_sign_up() {
    let app = TestApp::start().await;
    let (door, mut who) = (door(&app).await, browser());
    who.carried = door.sign_up(&who, Kind::Caronista, details(), None).await.expect("started").carried.expect("a cookie");
    app.code_to(EMAIL).await;
    app.advance(Duration::minutes(1));
    let mut stranger = rider(EMAIL, "estranho");
    stranger["password"] = "senha do estranho".into();
    app.post("/auth/register", stranger).await.expect(201);
    let code = app.code_to(EMAIL).await;
    assert_eq!(door.prove_signup(&who, &code).await.err(), Some(Refusal::SignupGone));
    expect_error(verify(&app, EMAIL, &TestApp::other_than(&code)).await, 400, "VERIFICATION_001");
}
