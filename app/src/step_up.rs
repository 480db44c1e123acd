//! Showing again who one is, in place: the same form is sent once more with the password, or a code, beside what was typed.

use crate::forms::{Reply, StepUp, Submitted};
use portaria::accounts::{Accounts, Answer};
use portaria::error::Refusal;
use portaria::fresh::Evidence;
use portaria::session::{Requester, Token};

/// What a form brought for it; both empty: nothing.
pub struct Brought {
    /// The password, as typed.
    pub password: Token,
    /// The code, as typed.
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

/// Shows who one is, if the form brought something for it, then does what it asks; or the page stays and says what it needs.
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

/// The page stays. Without a password a code is sent: again only where it was not sent just now.
async fn needed(accounts: &dyn Accounts, who: &Requester, refusal: Refusal) -> Submitted {
    let has_password = accounts.me(who).await.is_ok_and(|account| account.has_password);
    let step_up = if has_password {
        StepUp::Password
    } else if matches!(refusal, Refusal::ReauthenticationRequired) {
        StepUp::Code(accounts.ask_reauthentication(who).await.ok().map(|sent| sent.destination))
    } else {
        StepUp::Code(None)
    };
    Submitted::Stay(Reply { refusal: Some(refusal), step_up: Some(step_up), ..Reply::default() })
}
