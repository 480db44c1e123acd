//! The first form: the fields of the journey, in their order.

use super::current::Current;
use crate::components::{
    AnotherAccount, CheckboxField, Field, Heading, HiddenField, Look, PageTitle, PasswordField, PostForm, RadioGroup, SubmitButton,
    channel_options, channel_value,
};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::SignUp;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::field::{Field as Named, Typed};
use portaria::journey::{Ask, Journey, Kind};
use text::Texts;

/// The first form. `back`: the person came back to it from the proof step.
#[component]
pub fn FirstForm(journey: &'static Journey, back: bool) -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    let wizard = &texts.pages.wizard;
    let about = ui.kind(journey.kind);
    let (title, lead) = (about.title.into_owned(), about.lead.to_owned());
    let asked = ui.kinds().details(journey).to_vec();
    // Only a person who came back corrects the sign-up. Any other form begins a new one.
    let corrected = Current::get().signup.filter(|_| back);
    let id = corrected.as_ref().map(|signup| signup.id.clone()).unwrap_or_default();
    let (typed, has_password, channel) = match corrected {
        // The channel to which a code climbed by itself was chosen by nobody.
        Some(signup) => (signup.typed, signup.has_password, signup.chosen),
        None => (Typed::default(), false, None),
    };
    // Who signs up by phone needs no e-mail and no password: the shortest form asks for neither, and has them folded.
    let folds = |ask: &Ask| {
        ask.optional && !journey.contact_is_email() && matches!(ask.field, Named::Email | Named::Password | Named::PasswordConfirmation)
    };
    let (folded, asked): (Vec<_>, Vec<_>) = asked.into_iter().partition(folds);
    let unfolded = folded.iter().any(|ask| {
        let errors = ui.posted::<SignUp>().map(|posted| posted.reply.field_errors()).unwrap_or_default();
        let given = ui.posted_value::<SignUp>(ask.field.name()).unwrap_or_else(|| typed.text(ask.field).to_owned());
        !given.is_empty() || errors.of(ask.field).next().is_some()
    });
    // A closure, because fields must be rendered inside the form that provides their state.
    let fields = move || {
        let draw = |asked: &[Ask]| asked.iter().map(|ask| field(texts, journey, *ask, &typed, has_password)).collect::<Vec<_>>();
        let folded = (!folded.is_empty()).then(|| {
            view! {
                <details class="more" open=unfolded>
                    <summary>{wizard.more}</summary>
                    <div class="more-fields">{draw(&folded)}</div>
                </details>
            }
        });
        view! {
            {draw(&asked)}
            {folded}
        }
    };
    let channels = ui.set_up(journey.channels);
    let channels = move || {
        (journey.channels.len() > 1).then(|| {
            let set_up = channels;
            let chosen = channel.map_or("", |channel| channel_value(&set_up, channel));
            let options = channel_options(texts, &set_up);
            view! { <RadioGroup field=Named::Channel legend=texts.field_name(Named::Channel) options chosen /> }
        })
    };
    // A form that was refused keeps its token.
    let form = ui.posted_value::<SignUp>("form").unwrap_or_else(|| ui.form_token().to_owned());
    let submit = match (back, journey.proof_purpose.digits()) {
        (true, _) => wizard.save,
        (false, Some(_)) => wizard.submit_code,
        (false, None) => wizard.submit_link,
    };
    let back_link = if back {
        view! { <a class="back" href=paths::wizard_of(journey.kind, &id)>{wizard.back_to_proof}</a> }
    } else {
        view! { <a class="back" href=paths::REGISTER.to_owned()>{wizard.back_to_kinds}</a> }
    };
    view! {
        <PageTitle text=title.clone() />
        {back_link}
        <Heading text=title />
        <p class="lead">{lead}</p>
        {(!back).then(|| view! { <AnotherAccount /> })}
        <PostForm form=SignUp::ROUTE class="form">
            <HiddenField name="slug" value=journey.slug.to_owned() />
            <HiddenField name="signup" value=id />
            <HiddenField name="form" value=form />
            {fields()}
            {channels()}
            {by_going_on(texts, journey)}
            <SubmitButton text=submit />
        </PostForm>
    }
}

/// The line at the button by which the terms are accepted where the document has no box (SPEC §13).
fn by_going_on(texts: &'static Texts, journey: &'static Journey) -> Option<impl IntoView + use<>> {
    let terms = &texts.pages.terms;
    let has_box = journey.details.iter().any(|ask| ask.field == Named::Terms);
    (!has_box).then(|| {
        view! {
            <p class="hint">
                {terms.by_going_on} " "
                <a href=paths::TERMS target="_blank" rel="noopener">
                    {texts.pages.frame.terms} " " {texts.pages.wizard.opens_new_tab}
                </a> "."
            </p>
        }
    })
}

fn hint(texts: &'static Texts, kind: Kind, ask: Ask, has_password: bool) -> &'static str {
    let hints = &texts.pages.hints;
    match ask.field {
        Named::Phone => hints.phone,
        Named::Cnpj => hints.cnpj,
        Named::Username => hints.username,
        Named::Email if ask.optional => hints.email_optional,
        Named::Email if kind == Kind::Professor => hints.email_work,
        Named::Password if has_password => hints.password_known,
        Named::Password if ask.optional => hints.password_optional,
        _ => "",
    }
}

fn field(texts: &'static Texts, journey: &'static Journey, ask: Ask, typed: &Typed, has_password: bool) -> AnyView {
    let Ask { field, optional } = ask;
    let label = texts.label(journey.kind, field);
    let hint = hint(texts, journey.kind, ask, has_password);
    let value = typed.text(field);
    match field {
        Named::Password => {
            view! { <PasswordField field label hint optional=optional || has_password policy=journey.password /> }.into_any()
        }
        Named::PasswordConfirmation => view! { <PasswordField field label hint optional=optional || has_password /> }.into_any(),
        Named::Terms => {
            let wizard = &texts.pages.wizard;
            view! {
                <CheckboxField name="terms" field label=wizard.terms checked=typed.is_ticked(field) />
                // Opens in another tab, so that nothing typed is lost.
                <p class="after-check">
                    <a href=paths::TERMS target="_blank" rel="noopener">
                        {texts.pages.frame.terms} " " {wizard.opens_new_tab}
                    </a>
                </p>
            }
            .into_any()
        }
        Named::Name if journey.kind == Kind::Empresa => {
            view! { <Field field label hint optional value=value.to_owned() look=Look::of(field).organization() /> }.into_any()
        }
        Named::Email if journey.signs_in_by() == field => {
            view! { <Field field label hint optional value=value.to_owned() look=Look::of(field).username() /> }.into_any()
        }
        _ => view! { <Field field label hint optional value=value.to_owned() /> }.into_any(),
    }
}
