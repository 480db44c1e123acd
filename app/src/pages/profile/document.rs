//! CPF or CNPJ: given once, then fixed (SPEC §11).

use super::Back;
use crate::components::{Field, Heading, HiddenField, Owner, PageTitle, PostForm, StepUpFields, SubmitButton};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::AddDocument;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::view::AccountView;
use text::PageNotice;

fn next() -> String {
    PageNotice::DocumentSaved.at(paths::PROFILE)
}

#[component]
pub fn ProfileDocument() -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    view! {
        <PageTitle text=texts.contact />
        <div class="page narrow">
            <Back />
            <Owner heading=texts.contact draw=form />
        </div>
    }
    .into_any()
}

fn form(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.profile;
    let is_company = portaria::profile::document(account.kind) == Named::Cnpj;
    let known = if is_company { &account.cnpj } else { &account.cpf };
    let heading = if is_company { texts.add_cnpj } else { texts.add_cpf };
    let body = match known {
        Some(document) => view! { <p class="lead">{document.clone()}</p> }.into_any(),
        None if is_company => view! {
            <p class="lead">{all.pages.complete.cnpj_lead}</p>
            <AddCnpj next=next() />
        }
        .into_any(),
        None => view! {
            <p class="lead">{texts.cpf_lead}</p>
            <PostForm form=AddDocument::ROUTE class="form">
                <HiddenField name="asked" value="cpf".to_owned() />
                <HiddenField name="next" value=next() />
                <Field field=Named::Cpf label=all.field_name(Named::Cpf) />
                <StepUpFields />
                <SubmitButton text=texts.document_submit />
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <Heading text=heading.to_owned() />
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
        </PostForm>
    }
}
