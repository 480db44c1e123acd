//! The overview of an account, for its owner: what it lacks, how safely it stands, who signed in before, and where to go on.

pub mod security;

use crate::components::{Alert, Heading, Icon, Owner, PageTitle, Proved, Sign, Tone};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::contact::ContactKind;
use portaria::error::Field;
use portaria::profile::document;
use portaria::value::Gender;
use portaria::view::AccountView;

#[component]
pub fn Dashboard() -> impl IntoView {
    let texts = &Ui::get().texts.pages.dashboard;
    view! {
        <PageTitle text=texts.title />
        <div class="page">
            <Owner heading=texts.title draw=|ui, account| overview(ui, account) />
        </div>
    }
    .into_any()
}

/// A line of the list. Without a value it renders nothing. `proved`: whether a contact is confirmed.
fn line(name: &'static str, value: Option<String>, proved: Option<bool>) -> Option<AnyView> {
    value.map(|value| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    {value}
                    {proved.map(|proved| view! { " " <Proved proved /> })}
                </dd>
            </div>
        }
        // The type of all lines together is too deep for the compiler.
        .into_any()
    })
}

fn overview(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.dashboard;
    let greeting = texts.greeting(account.greeted_as());
    let incomplete = (!account.profile_complete).then(|| {
        let lacks = (!account.missing.is_empty()).then(|| {
            let names: Vec<_> = account.missing.iter().map(|field| all.label(account.kind, *field)).collect();
            texts.lacks(names.join(", "))
        });
        view! {
            <Alert tone=Tone::Info>
                {texts.incomplete} " " {lacks} " " <a href=paths::COMPLETE_PROFILE>{texts.complete}</a>
            </Alert>
        }
    });
    let onward = ui.brand().product.clone().map(|product| {
        view! {
            <p class="actions">
                <a class="button" href=product>
                    {texts.go_on(&ui.brand().name)}
                </a>
            </p>
        }
    });
    view! {
        <Heading text=greeting />
        {incomplete}
        {onward}
        <div class="columns">
            {security::security(ui, account)}
            <div class="column">{data(ui, account.clone())} {worth_adding(ui, account)}</div>
        </div>
    }
    .into_any()
}

/// What the profile could have besides, each with its place.
fn worth_adding(ui: &Ui, account: &AccountView) -> Option<AnyView> {
    let texts = &ui.texts.pages.dashboard;
    if !account.profile_complete {
        return None;
    }
    let lacking = account.worth_adding(&ui.kinds().texts(account.kind));
    if lacking.is_empty() {
        return None;
    }
    let items = lacking.into_iter().map(|field| {
        let name = ui.texts.field_name(field);
        let page = if field == document(account.kind) { paths::PROFILE_DOCUMENT } else { paths::PROFILE };
        view! {
            <li>
                <Icon sign=Sign::Add />
                <div>{name}</div>
                <a href=page>{texts.add} <span class="visually-hidden">" " {name}</span></a>
            </li>
        }
    });
    let items = items.collect_view();
    Some(
        view! {
            <section class="panel" aria-labelledby="worth">
                <h2 id="worth">{texts.worth}</h2>
                <p class="hint">{texts.worth_lead}</p>
                <ul class="checks">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

fn data(ui: &Ui, account: AccountView) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.dashboard;
    let shown = account.shown_name().to_owned();
    let kind = all.kind(account.kind);
    let [email_proved, phone_proved] = [ContactKind::Email, ContactKind::Phone].map(|contact| account.is_confirmed(contact));
    let gender = account.gender.as_deref().and_then(|gender| Gender::parse(gender).ok()).map(|gender| all.gender(gender));
    let place = match (account.city, account.state) {
        (Some(city), Some(state)) => Some([&city, ", ", &state].concat()),
        (city, state) => city.or(state),
    };
    view! {
        <section class="panel" aria-labelledby="data">
            <h2 id="data">{texts.data}</h2>
            {account.photo.map(|photo| view! { <img class="avatar" src=photo alt=all.pages.photo.current width="96" height="96" /> })}
            <dl class="facts">
                {line(texts.kind, Some(ui.kind(account.kind).name.to_owned()), None)}
                {line(kind.name_label, Some(shown), None)}
                {line(all.field_name(Field::Username), account.username, None)}
                {line(kind.email_label, account.email, email_proved)}
                {line(all.label(account.kind, Field::Phone), account.phone, phone_proved)}
                {line(all.field_name(Field::BirthDate), account.birth_date, None)}
                {line(all.field_name(Field::Gender), gender.map(str::to_owned), None)}
                {line(all.field_name(Field::Cpf), account.cpf, None)}
                {line(all.field_name(Field::Cnpj), account.cnpj, None)}
                {line(all.field_name(Field::City), place, None)}
                {account
                    .texts
                    .iter()
                    .filter(|(field, _)| *field != Field::SocialName)
                    .map(|(field, text)| line(all.field_name(field), Some(text.to_owned()), None))
                    .collect::<Vec<_>>()}
            </dl>
            <p class="hint">{texts.masked_note}</p>
            <p>
                <a href=paths::PROFILE>{texts.see_profile}</a>
            </p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Site;
    use crate::first::First;
    use portaria::journey::Kind;
    use portaria::value::ShortText;
    use text::Language;

    #[tokio::test]
    async fn a_name_is_text_and_never_markup() {
        let _ = leptos_axum::generate_route_list(|| ());
        let account = AccountView {
            email: Some("ana@example.com".to_owned()),
            email_proved: true,
            texts: ShortText::parse("<b>UFMG</b>").map(|text| (Field::Institution, text)).into_iter().collect(),
            has_password: true,
            ..AccountView::made_up(Kind::Professor, "</title><script>alert(1)</script> <img src=x onerror=alert(1)>")
        };
        let html = Owner::new().with(|| {
            let ui = Ui::new(Language::PtBr, Site::default(), First::default(), None);
            provide_context(ui.clone());
            overview(&ui, &account).to_html()
        });
        assert!(html.contains("&lt;script&gt;alert(1)") && html.contains("&lt;b&gt;UFMG"), "{html}");
        for markup in ["<script", "<img", "<b>", "</title>"] {
            assert!(!html.contains(markup), "{markup} in {html}");
        }
    }
}
