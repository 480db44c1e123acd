//! CPF or CNPJ: given once, then fixed (SPEC §11).

use super::OwnPage;
use crate::components::{AnotherCode, Field, Heading, HiddenField, PostForm, StepUpFields, SubmitButton};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::AddDocument;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::view::AccountView;

#[component]
pub fn ProfileDocument() -> impl IntoView {
    view! { <OwnPage title=title(&Ui::get()) draw=form /> }
}

fn is_company(account: &AccountView) -> bool {
    portaria::profile::document(account.kind) == Named::Cnpj
}

/// The page adds a document; to whoever has one it shows it.
fn title(ui: &Ui) -> &'static str {
    let (texts, account) = (&ui.texts.pages.profile, ui.me());
    let company = account.is_some_and(is_company);
    match account.map(|account| if company { account.cnpj.is_some() } else { account.cpf.is_some() }) {
        Some(true) => ui.texts.field_name(if company { Named::Cnpj } else { Named::Cpf }),
        _ if company => texts.add_cnpj,
        _ => texts.add_cpf,
    }
}

fn form(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.profile;
    let is_company = is_company(account);
    let known = if is_company { &account.cnpj } else { &account.cpf };
    let body = match known {
        Some(document) => view! { <p class="lead">{document.clone()}</p> }.into_any(),
        None if is_company => view! {
            <p class="lead">{all.pages.complete.cnpj_lead}</p>
            <AddCnpj next=paths::PROFILE />
        }
        .into_any(),
        None => view! {
            <p class="lead">{texts.cpf_lead}</p>
            <PostForm form=AddDocument::ROUTE class="form">
                <HiddenField name="asked" value="cpf".to_owned() />
                <HiddenField name="next" value=paths::PROFILE />
                <Field field=Named::Cpf label=all.field_name(Named::Cpf) />
                <StepUpFields />
                <SubmitButton text=texts.document_submit />
                <AnotherCode />
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <Heading text=title(ui).to_owned() />
        {body}
    }
    .into_any()
}

/// The form for a company's CNPJ, also on `/complete-profile`.
#[component]
pub fn AddCnpj(#[prop(into)] next: String) -> impl IntoView {
    let all = Ui::get().texts;
    view! {
        <PostForm form=AddDocument::ROUTE class="form">
            <HiddenField name="asked" value="cnpj".to_owned() />
            <HiddenField name="next" value=next />
            <Field field=Named::Cnpj label=all.field_name(Named::Cnpj) hint=all.pages.hints.cnpj />
            <StepUpFields />
            <SubmitButton text=all.pages.complete.cnpj_submit />
            <AnotherCode />
        </PostForm>
    }
}
