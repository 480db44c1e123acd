//! A refusal offers the way out where it refuses: one table of what leads on from where.

use super::post_form::own_address;
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{ResendLink, SignIn};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field, Refusal};

const RESEND_FORM: &str = "resend-form";

/// The links, and for an address that was typed into this form the button, that lead on from a refusal.
pub fn way_out(refusal: &Refusal) -> AnyView {
    let ui = Ui::get();
    let pages = &ui.texts.pages;
    let (form, login) = (&pages.form, &pages.login);
    let ways: Vec<(String, &'static str)> = match refusal {
        Refusal::Taken(field) => return view! { <p class="ways"><TakenOffer field=*field /></p> }.into_any(),
        Refusal::NotVerified => return view! { <Unverified /> }.into_any(),
        Refusal::Stale => vec![(own_address(), form.look_again)],
        Refusal::PasswordSet => vec![(paths::PROFILE_PASSWORD.to_owned(), form.change_it)],
        Refusal::BadCredentials => vec![(paths::SIGN_IN_HELP.to_owned(), login.cannot)],
        Refusal::Locked { .. } => {
            vec![(paths::FORGOT_PASSWORD.to_owned(), form.taken_recover), (paths::SIGN_IN_HELP.to_owned(), login.cannot)]
        }
        Refusal::AccountBlocked => {
            vec![(paths::FORGOT_PASSWORD.to_owned(), form.taken_recover), (paths::RECOVER_PASSWORD.to_owned(), login.recover)]
        }
        Refusal::SignupGone => vec![(paths::REGISTER.to_owned(), form.begin_again)],
        Refusal::KindClosed => vec![(paths::LOGIN.to_owned(), form.taken_sign_in)],
        _ => return ().into_any(),
    };
    let links: Vec<_> = ways.into_iter().map(|(href, words)| view! { <a href=href>{words}</a> " " }).collect();
    view! { <p class="ways">{links}</p> }.into_any()
}

/// What to do about a value that has an account (003, EX01): sign in, or recover the account.
#[component]
pub fn TakenOffer(field: Field) -> impl IntoView {
    let texts = Ui::get().texts;
    let form = &texts.pages.form;
    let (recover, words) = match field {
        Field::Email | Field::Username => (paths::FORGOT_PASSWORD, form.taken_recover),
        Field::Phone => (paths::LOGIN_BY_CODE, form.taken_by_code),
        _ => (paths::RECOVER_PASSWORD, form.taken_recover),
    };
    view! {
        <a href=paths::LOGIN>{form.taken_sign_in}</a>
        " "
        <a href=recover>{words}</a>
        {(field == Field::Email).then(|| view! { " " <a href=paths::RESEND_VERIFICATION>{form.taken_resend}</a> })}
        {matches!(field, Field::Cpf | Field::Cnpj).then(|| view! { " " <a href=paths::CONTEST>{texts.contest.offer}</a> })}
    }
}

/// The e-mail that was typed to sign in, if it was one.
fn typed_email(ui: &Ui) -> Option<String> {
    ui.posted_value::<SignIn>(Field::Identifier.name()).filter(|typed| typed.contains('@'))
}

#[component]
fn Unverified() -> impl IntoView {
    let ui = Ui::get();
    let form = &ui.texts.pages.form;
    if typed_email(&ui).is_none() {
        return view! { <p class="ways"><a href=paths::RESEND_VERIFICATION>{form.taken_resend}</a></p> }.into_any();
    }
    view! {
        <p class="ways">
            <button type="submit" class="button button-secondary" form=RESEND_FORM>
                {ui.texts.pages.check_email.resend}
            </button>
        </p>
    }
    .into_any()
}

/// The form of the button in [`Unverified`], which stands within another one. Placed after that.
#[component]
pub fn ResendForm() -> impl IntoView {
    let ui = Ui::get();
    let refused = matches!(ui.refusal_of::<SignIn>(), Some(Refusal::NotVerified));
    typed_email(&ui).filter(|_| refused).map(|email| {
        view! {
            <form id=RESEND_FORM method="post" action=own_address() hidden>
                <input type="hidden" name="_form" value=ResendLink::ROUTE.name />
                <input type="hidden" name="email" value=email />
            </form>
        }
    })
}
