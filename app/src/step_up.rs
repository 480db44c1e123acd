//! Reauthentication within a form: the same form is sent again, with the password or a code added.

use crate::forms::{Reply, StepUp, Submitted};
use portaria::accounts::{Accounts, Answer};
use portaria::error::Refusal;
use portaria::fresh::Evidence;
use portaria::session::{Requester, Token};
use portaria::value::is_blank;
use portaria::view::OwnerCode;

/// The evidence in a form. Both fields are empty if there is none.
pub struct Brought {
    pub password: Token,
    pub code: String,
}

impl Brought {
    fn evidence(self) -> Option<Evidence> {
        if !self.password.expose().is_empty() {
            return Some(Evidence::Password(self.password));
        }
        (!is_blank(&self.code)).then_some(Evidence::Code(self.code))
    }
}

/// Reauthenticates if the form contains evidence, then runs `act`. If reauthentication is missing or refused, returns the reply that
/// asks for it.
pub async fn as_owner<T>(
    accounts: &dyn Accounts,
    who: &Requester,
    brought: Brought,
    act: impl Future<Output = Answer<T>>,
) -> Result<Answer<T>, Box<Submitted>> {
    if let Some(evidence) = brought.evidence()
        && let Err(refusal) = accounts.reauthenticate(who, evidence).await
    {
        return match refusal {
            Refusal::NotSignedIn => Ok(Err(refusal)),
            refusal => Err(Box::new(needed(accounts, who, refusal).await)),
        };
    }
    match act.await {
        Err(refusal @ Refusal::ReauthenticationRequired) => Err(Box::new(needed(accounts, who, refusal).await)),
        answer => Ok(answer),
    }
}

/// Sends the code again by a channel, for the page of a form that asks for it.
pub async fn again(accounts: &dyn Accounts, who: &Requester, channel: &str) -> Submitted {
    let refusal = accounts.ask_reauthentication(who, channel).await.err();
    let step_up = Some(StepUp::Code(waiting(accounts, who).await));
    Submitted::stay(Reply { refusal, step_up, ..Reply::default() })
}

async fn waiting(accounts: &dyn Accounts, who: &Requester) -> Option<OwnerCode> {
    accounts.reauthentication_code(who).await.ok().flatten()
}

/// Returns the reply that asks for the password. An account without one gets a code, unless one waits already; after a refused code none is
/// sent but by a button.
async fn needed(accounts: &dyn Accounts, who: &Requester, refusal: Refusal) -> Submitted {
    let has_password = accounts.me(who).await.is_ok_and(|account| account.has_password);
    if has_password {
        return Submitted::stay(Reply { refusal: Some(refusal), step_up: Some(StepUp::Password), ..Reply::default() });
    }
    let mut code = waiting(accounts, who).await;
    let mut refusal = refusal;
    if matches!(refusal, Refusal::ReauthenticationRequired) && !code.as_ref().is_some_and(OwnerCode::can_be_entered) {
        match accounts.ask_reauthentication(who, "").await {
            Ok(_) => code = waiting(accounts, who).await,
            // It says why there is no code to enter.
            Err(of_sending) => refusal = of_sending,
        }
    }
    Submitted::stay(Reply { refusal: Some(refusal), step_up: Some(StepUp::Code(code)), ..Reply::default() })
}
