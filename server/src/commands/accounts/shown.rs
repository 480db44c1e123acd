//! Accounts and sign-ups in words, a line a fact.

use portaria::audit::Event;
use portaria::error::Field;
use portaria::support::{Found, FoundAccount, FoundContact, FoundProof, FoundSignup};
use server::services::support::{Audited, KeptOut, Unlocked};
use std::fmt::Write as _;
use text::Texts;
use text::moment::Moment;

/// In characters: as wide as the longest label.
const LABELS: usize = 13;

pub fn found(texts: &Texts, found: &Found) -> String {
    let accounts = found.accounts.iter().map(|it| account(texts, it));
    accounts.chain(found.signups.iter().map(|it| signup(texts, it))).collect::<Vec<_>>().join("\n")
}

/// The audit as a table.
pub fn audited(texts: &Texts, audited: &Audited) -> String {
    let words = &texts.support;
    if audited.rows.is_empty() {
        return words.audit_nothing(audited.id);
    }
    let row = |[when, what, outcome, address, device]: [&str; 5]| {
        format!("{when:16}  {what:38}  {outcome:24}  {address:15}  {device}").trim_end().to_owned() + "\n"
    };
    let mut text = row([words.audit_when, words.audit_what, words.audit_outcome, words.audit_address, words.audit_device]);
    for it in &audited.rows {
        // The words that the owner reads; an event that this version does not know keeps its name.
        let what = Event::parse(&it.event).map_or(it.event.as_str(), |event| texts.event(Some(event)));
        let what = if it.times > 1 { format!("{what} ({})", words.audit_times(it.times)) } else { what.to_owned() };
        let outcome = if it.outcome == "ok" { words.audit_done } else { &it.outcome };
        text += &row([&at(Some(it.at)).unwrap_or_default(), &what, outcome, &it.address, &it.device]);
    }
    text
}

/// What unlocking did, and what still keeps the owner out.
pub fn unlocked(texts: &Texts, unlocked: &Unlocked) -> String {
    let support = &texts.support;
    let Unlocked { id, cleared, .. } = *unlocked;
    match unlocked.still {
        None => support.unlocked(id, cleared),
        Some(KeptOut::Blocked) => support.still_blocked(id, cleared),
        Some(KeptOut::Deletion { deletes_at }) => support.still_deleted(id, cleared, at(Some(deletes_at)).unwrap_or_default()),
        Some(KeptOut::Unproved) => support.still_unproved(id, cleared),
    }
}

fn account(texts: &Texts, account: &FoundAccount) -> String {
    let support = &texts.support;
    let contact = |contact: &Option<FoundContact>| contact.as_ref().map(|it| format!("{} ({})", it.masked, texts.contact_state(it.state)));
    let missing: Vec<_> = account.missing.iter().map(|field| texts.field_name(*field)).collect();
    let sign_in = match (account.locked_for, account.failed_sign_ins) {
        (Some(seconds), _) => support.sign_in_locked(texts.duration.wait(seconds)),
        (None, 0) => support.sign_in_free.to_owned(),
        (None, failed) => support.sign_in_failed(failed),
    };
    let password = if account.has_password { support.has_password } else { support.no_password };
    let rows = [
        (support.name, Some(account.name.clone())),
        (texts.label(account.kind, Field::SocialName), account.social_name.clone()),
        (support.username, account.username.clone()),
        (support.email, contact(&account.email)),
        (support.phone, contact(&account.phone)),
        (texts.field_name(Field::Cpf), account.cpf.clone()),
        (texts.field_name(Field::Cnpj), account.cnpj.clone()),
        (support.password, Some(password.to_owned())),
        (support.missing, Some(missing.join(", ")).filter(|missing| !missing.is_empty())),
        (support.created, at(Some(account.created_at))),
        (support.last_sign_in, at(account.last_sign_in_at).or_else(|| Some(support.never.to_owned()))),
        (support.sign_in, Some(sign_in)),
        (support.blocked, at(account.blocked_at).map(|at| support.blocked_since(at))),
        (support.deletion, at(account.deletes_at).map(|at| support.deletion_at(at))),
        (support.sessions, Some(account.sessions.to_string())),
        (support.proof, account.proof.as_ref().map(|it| proof(texts, it))),
    ];
    lines(&support.account(account.id, account.kind.as_str()), rows)
}

fn signup(texts: &Texts, signup: &FoundSignup) -> String {
    let support = &texts.support;
    let rows = [
        (support.phone, Some(signup.phone.clone())),
        (support.begun, at(Some(signup.begun_at))),
        (support.proof, signup.proof.as_ref().map(|it| proof(texts, it))),
    ];
    lines(&support.signup(signup.kind.as_str()), rows)
}

fn proof(texts: &Texts, proof: &FoundProof) -> String {
    let asked = at(Some(proof.asked_at)).unwrap_or_default();
    texts.support.proof_line(&proof.destination, texts.channel(proof.channel), texts.delivery(proof.delivery), asked)
}

fn at(seconds: Option<i64>) -> Option<String> {
    Moment::of_unix(seconds?).map(|at| format!("{} {}", at.date(), at.time()))
}

fn lines<const N: usize>(head: &str, rows: [(&str, Option<String>); N]) -> String {
    let mut text = format!("{head}\n");
    for (label, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "  {label:LABELS$}  {value}");
        }
    }
    text
}
