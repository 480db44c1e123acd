//! The signed-in account: what it still lacks, what its owner changes, its sessions.

use super::recovery::typed;
use crate::door::Door;
use crate::forms::{AppError, EndedSessions, OTHER_SESSIONS, Onward, Reply, Secret, Submitted, is_own_path};
use crate::paths;
use crate::step_up::{self, Brought, as_owner};
use leptos::prelude::*;
use portaria::accounts::{Answer, PhotoChange};
use portaria::error::{Field, FieldError, Refusal};
use portaria::profile::ProfileForm;
use portaria::session::{Cookie, Token};
use text::PageNotice;

/// Goes on to `next`, or to the sign-in if the session has ended.
pub(super) fn done<T>(door: &Door, answer: Answer<T>, next: impl Into<Onward>) -> Submitted {
    match answer {
        Ok(_) => Submitted::go(next),
        Err(Refusal::NotSignedIn) => Submitted::go(paths::session_ended_unsaved(&door.page)),
        Err(refusal) => not_done(door, refusal),
    }
}

/// The same of what only somebody may do who has just shown who they are.
async fn done_as_owner<T>(door: &Door, brought: Brought, act: impl Future<Output = Answer<T>>, next: Onward) -> Submitted {
    match as_owner(&*door.accounts, &door.who, brought, act).await {
        Ok(answer) => done(door, answer, next),
        Err(stays) => *stays,
    }
}

fn not_done(door: &Door, refusal: Refusal) -> Submitted {
    match refusal {
        Refusal::NotSignedIn => Submitted::go(paths::session_ended(&door.page)),
        refusal => Submitted::refused(refusal),
    }
}

fn brought(password: Secret, code: Secret) -> Brought {
    Brought { password: Token::new(password.0), code: code.0 }
}

/// Returns the path after a form that stands on several pages. Only our own paths are accepted.
pub(super) fn onward(next: &str) -> &str {
    if is_own_path(next) { next } else { paths::DASHBOARD }
}

/// The reply when it is too early for another code.
fn too_soon(refusal: Refusal, again: &str, reply: Reply) -> Submitted {
    Submitted::stay(match again {
        "" => Reply { wait: refusal.retry_after(), ..reply },
        _ => Reply { refusal: Some(refusal), ..reply },
    })
}

/// Saves a CPF or CNPJ, which can be set once only. `asked` names the one that the form has.
#[server(prefix = "/sf", endpoint = "add_document")]
pub async fn add_document(
    #[server(default)] cpf: String,
    #[server(default)] cnpj: String,
    #[server(default)] asked: String,
    #[server(default)] next: String,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let (asked, saved) =
        if asked == Field::Cnpj.name() { ((Field::Cnpj, cnpj), PageNotice::CnpjSaved) } else { ((Field::Cpf, cpf), PageNotice::CpfSaved) };
    let form = ProfileForm { typed: [asked].into_iter().collect(), version: None };
    let saving = door.accounts.update_profile(&door.who, form, PhotoChange::Keep);
    let next = Onward::saying(onward(&next), saved);
    Ok(done_as_owner(&door, brought(current_password, step_code), saving, next).await)
}

/// Sends a code to a phone. If it is too early for another code, the form goes on too, because the earlier code can still be entered;
/// unless it was asked for `again`. To `look` sends nothing: it shows how the message stands.
#[server(prefix = "/sf", endpoint = "ask_phone")]
pub async fn ask_phone(
    #[server(default)] phone: String,
    #[server(default)] channel: String,
    #[server(default)] again: String,
    #[server(default)] look: String,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    if look == "true" {
        return Ok(Submitted::stay(Reply { asked: Some(phone), channel, ..Reply::default() }));
    }
    let asked = door.accounts.ask_phone(&door.who, &phone, &channel);
    let answer = match as_owner(&*door.accounts, &door.who, brought(current_password, step_code), asked).await {
        Ok(answer) => answer,
        Err(stays) => return Ok(*stays),
    };
    Ok(match answer {
        Ok(sent) => Submitted::stay(Reply { asked: Some(phone), sent: Some(sent), channel, ..Reply::default() }),
        Err(refusal @ Refusal::TooSoon { .. }) => too_soon(refusal, &again, Reply { asked: Some(phone), channel, ..Reply::default() }),
        Err(refusal) => not_done(&door, refusal),
    })
}

#[server(prefix = "/sf", endpoint = "prove_own_phone")]
pub async fn prove_own_phone(
    #[server(default)] phone: String,
    #[server(default)] code: Secret,
    #[server(default)] next: String,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let proved = door.accounts.prove_own_phone(&door.who, &phone, &code.0);
    let next = Onward::saying(onward(&next), PageNotice::PhoneProved);
    Ok(done_as_owner(&door, brought(current_password, step_code), proved, next).await)
}

/// Sends a code to an e-mail address. If it is too early for another code, the form goes on too, as for a phone; to `look` as there.
#[server(prefix = "/sf", endpoint = "ask_email")]
pub async fn ask_email(
    #[server(default)] email: String,
    #[server(default)] again: String,
    #[server(default)] look: String,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    if look == "true" {
        return Ok(Submitted::stay(Reply { asked: Some(email), ..Reply::default() }));
    }
    let asked = door.accounts.ask_email(&door.who, &email);
    let answer = match as_owner(&*door.accounts, &door.who, brought(current_password, step_code), asked).await {
        Ok(answer) => answer,
        Err(stays) => return Ok(*stays),
    };
    Ok(match answer {
        Ok(sent) => Submitted::stay(Reply { asked: Some(email), sent: Some(sent), ..Reply::default() }),
        Err(refusal @ Refusal::TooSoon { .. }) => too_soon(refusal, &again, Reply { asked: Some(email), ..Reply::default() }),
        // 003: a kind that signs up by e-mail cannot change its address.
        Err(Refusal::NotYours) => Submitted::refused(Refusal::field(Field::Email, FieldError::Fixed)),
        Err(refusal) => not_done(&door, refusal),
    })
}

#[server(prefix = "/sf", endpoint = "prove_own_email")]
pub async fn prove_own_email(
    #[server(default)] code: Secret,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let proved = door.accounts.prove_own_email(&door.who, &code.0);
    let next = Onward::saying(paths::PROFILE, PageNotice::EmailProved);
    Ok(done_as_owner(&door, brought(current_password, step_code), proved, next).await)
}

/// Sets the first password of an account that has signed in only by codes so far.
#[server(prefix = "/sf", endpoint = "set_password")]
pub async fn set_password(
    #[server(default)] new_password: Secret,
    #[server(default)] password_confirmation: Secret,
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let set = door.accounts.set_first_password(&door.who, typed(new_password, password_confirmation));
    let next = Onward::saying(paths::PROFILE, PageNotice::PasswordSet);
    Ok(done_as_owner(&door, brought(current_password, step_code), set, next).await)
}

/// Changes the password (003, "Alteração de Senha").
#[server(prefix = "/sf", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current_password: Secret,
    #[server(default)] new_password: Secret,
    #[server(default)] password_confirmation: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let new = typed(new_password, password_confirmation);
    let answer = door.accounts.change_password(&door.who, &Token::new(current_password.0), new).await;
    Ok(done(&door, answer, Onward::saying(paths::PROFILE, PageNotice::PasswordChanged)))
}

/// Ends the session with this id, or all [`OTHER_SESSIONS`]. A session that is already gone counts as ended.
#[server(prefix = "/sf", endpoint = "end_session")]
pub async fn end_session(#[server(default)] id: String) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let (answer, ended) = match id.as_str() {
        OTHER_SESSIONS => (door.accounts.end_other_sessions(&door.who).await.map(|()| false), EndedSessions::Others),
        id => (door.accounts.end_session(&door.who, id).await, EndedSessions::One),
    };
    match answer {
        Ok(false) | Err(Refusal::NotFound) => {}
        Ok(true) => {
            jar.clear(Cookie::Session);
            return Ok(Submitted::go(Onward::saying(paths::HOME, PageNotice::SignedOut)));
        }
        Err(refusal) => return Ok(not_done(&door, refusal)),
    }
    Ok(Submitted::stay(Reply { ended: Some(ended), ..Reply::default() }))
}

/// Asks who is in the session, before the file of their data is given to them. Stays on the page, which has the button of the file then.
#[server(prefix = "/sf", endpoint = "confirm_owner")]
pub async fn confirm_owner(
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let may = door.accounts.may_export(&door.who);
    Ok(match as_owner(&*door.accounts, &door.who, brought(current_password, step_code), may).await {
        Ok(Ok(())) => Submitted::stay(Reply::default()),
        Ok(Err(refusal)) => not_done(&door, refusal),
        Err(stays) => *stays,
    })
}

/// Sends the code again by which somebody shows who they are. The page of the form that asks for it stays, with what was typed
/// (`server/src/http/pages/forms.rs`).
#[server(prefix = "/sf", endpoint = "step_up_again")]
pub async fn step_up_again(#[server(default)] step_again: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match step_up::again(&*door.accounts, &door.who, &step_again).await {
        Submitted::Stay(reply) if reply.refusal == Some(Refusal::NotSignedIn) => not_done(&door, Refusal::NotSignedIn),
        stays => stays,
    })
}

/// Asks for the deletion of the account. Its sessions have ended afterwards, this one too.
#[server(prefix = "/sf", endpoint = "ask_deletion")]
pub async fn ask_deletion(
    #[server(default)] current_password: Secret,
    #[server(default)] step_code: Secret,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let asked = door.accounts.ask_deletion(&door.who);
    Ok(match as_owner(&*door.accounts, &door.who, brought(current_password, step_code), asked).await {
        Ok(Ok(_)) => {
            jar.clear(Cookie::Session);
            jar.clear_site_data();
            Submitted::go(Onward::saying(paths::HOME, PageNotice::DeletionAsked))
        }
        Ok(Err(refusal)) => not_done(&door, refusal),
        Err(stays) => *stays,
    })
}

/// Blocks the account. Its sessions have ended afterwards, this one too.
#[server(prefix = "/sf", endpoint = "block")]
pub async fn block() -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.block(&door.who).await {
        Ok(()) => {
            jar.clear(Cookie::Session);
            jar.clear_site_data();
            Submitted::go(Onward::saying(paths::LOGIN, PageNotice::Blocked))
        }
        Err(refusal) => not_done(&door, refusal),
    })
}
