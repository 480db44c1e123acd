//! What holds for each kind of account, also for one that is added later.

use crate::carona::{Form, media};
use crate::support::TestApp;
use crate::support::people::{CNPJ, CPF, EMAIL, PHONE};
use portaria::field::Field;
use portaria::journey::Kind;
use std::collections::BTreeSet;

const PATH: &str = "/complete-profile";

/// What a person types into a field that an account may lack.
fn typed(field: Field) -> &'static str {
    match field {
        Field::Username => "pessoa.nova",
        Field::Phone => PHONE,
        Field::BirthDate => "2000-01-15",
        Field::Gender => "O",
        Field::Cpf => CPF,
        Field::Cnpj => CNPJ,
        Field::State => "SP",
        Field::City => "São Paulo",
        _ => panic!("a value for {field:?} is missing here"),
    }
}

#[tokio::test]
async fn whoever_registers_as_any_kind_can_complete_the_profile_on_its_page() {
    for kind in Kind::ALL {
        let app = TestApp::start().await;
        let owner = app.registered(kind.as_str(), "Pessoa Nova", EMAIL).await;
        let browser = app.sign_in_by_page(EMAIL, &owner.password).await;
        let page = browser.get(PATH).await.expect(200).text;
        let journey = kind.journey();
        let needed = journey.completion.iter().filter(|ask| !ask.optional).map(|ask| ask.field);
        let done = if journey.completes_by_form() {
            let mut form = Form::default().text("_form", "complete_profile");
            for field in needed {
                assert!(page.contains(&format!("name=\"{}\"", field.name())), "{kind:?}: {field:?} is asked in {page}");
                form = form.text(field.name(), typed(field));
            }
            let request = browser.raw("POST", PATH).header("accept", "text/html").header("sec-fetch-site", "same-origin");
            browser.send_raw(request.header("content-type", media()).body(form.end())).await.expect(303).location().to_owned()
        } else {
            for field in needed {
                assert!(page.contains(&format!("name=\"{}\"", field.name())), "{kind:?}: {field:?} is asked in {page}");
                match field {
                    Field::Phone => owner.give_phone(typed(field)).await,
                    Field::Cpf | Field::Cnpj => owner.give_document(field.name(), typed(field)).await,
                    _ => panic!("{kind:?} has no page that asks for {field:?}"),
                }
            }
            "/dashboard".to_owned()
        };
        assert!(done.starts_with("/dashboard"), "{kind:?} went on to {done}");
        assert_eq!(owner.profile().await["profileComplete"], true, "{kind:?}");
        app.ignore_messages();
    }
}

#[tokio::test]
async fn the_database_knows_each_kind_and_no_other() {
    let app = TestApp::start().await;
    let known: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    for check in ["accounts_kind_check", "signups_kind_check"] {
        let definition: String = sqlx::query_scalar("select pg_get_constraintdef(oid) from pg_constraint where conname = $1")
            .bind(check)
            .fetch_one(&app.pool)
            .await
            .expect("the check");
        let named: BTreeSet<_> = definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(named, known, "{check}: {definition}");
    }
}
