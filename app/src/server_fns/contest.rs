//! Contesting a document (SPEC §16).

use crate::door::Door;
use crate::forms::{AppError, Onward, Reply, Secret, Submitted};
use crate::paths;
use leptos::prelude::*;
use portaria::contest::ContestForm;
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::session::Token;
use text::PageNotice;

/// The pages have one field for the contact, be it a phone or an e-mail.
fn at_its_field(refusal: Refusal) -> Refusal {
    let Refusal::Invalid(errors) = refusal else { return refusal };
    let mut moved = FieldErrors::new();
    for (field, error) in errors.iter() {
        moved.push(if matches!(field, Field::Email | Field::Phone) { Field::Identifier } else { field }, error);
    }
    Refusal::Invalid(moved)
}

/// Sends a code to the contact. Stays on the page, so that neither the document nor the contact stands in a URL.
#[server(prefix = "/sf", endpoint = "ask_contest")]
pub async fn ask_contest(#[server(default)] document: String, #[server(default)] identifier: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_contest(&door.who, ContestForm::of_page(document.clone(), &identifier)).await {
        Ok(sent) => Submitted::stay(Reply { asked: Some(document), contact: Some(identifier), sent: Some(sent), ..Reply::default() }),
        Err(refusal) => Submitted::refused(at_its_field(refusal)),
    })
}

/// Opens the contest if the code is right.
#[server(prefix = "/sf", endpoint = "prove_contest")]
pub async fn prove_contest(
    #[server(default)] document: String,
    #[server(default)] identifier: String,
    #[server(default)] code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.prove_contest(&door.who, ContestForm::of_page(document, &identifier), &code.0).await {
        Ok(()) => Submitted::go(Onward::saying(paths::CONTEST, PageNotice::ContestBegun)),
        Err(refusal) => Submitted::refused(at_its_field(refusal)),
    })
}

/// "Este documento é meu": the holder ends the contest.
#[server(prefix = "/sf", endpoint = "keep_document")]
pub async fn keep_document(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.keep_document(&door.who, &Token::new(token.0)).await {
        Ok(()) => Submitted::go(Onward::saying(paths::LOGIN, PageNotice::DocumentKept)),
        Err(refusal) => Submitted::refused(refusal),
    })
}
