//! Reauthentication within a form: the same form is sent again, with the password or a code added.

use crate::forms::{Reply, StepUp, Submitted};
use portaria::accounts::{Accounts, Answer};
use portaria::error::Refusal;
use portaria::fresh::Evidence;
use portaria::session::{Requester, Token};

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
        let code = self.code.trim().to_owned();
        (!code.is_empty()).then_some(Evidence::Code(code))
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

/// Returns the reply that asks for the password. An account without one gets a code; after a refused code no second one is sent.
async fn needed(accounts: &dyn Accounts, who: &Requester, refusal: Refusal) -> Submitted {
    let has_password = accounts.me(who).await.is_ok_and(|account| account.has_password);
    let step_up = if has_password {
        StepUp::Password
    } else if matches!(refusal, Refusal::ReauthenticationRequired) {
        StepUp::Code(accounts.ask_reauthentication(who).await.ok().map(|sent| sent.destination))
    } else {
        StepUp::Code(None)
    };
    Submitted::stay(Reply { refusal: Some(refusal), step_up: Some(step_up), ..Reply::default() })
}
