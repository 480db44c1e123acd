//! The sign-ups that a browser holds, and which of them a request means.

use super::super::turn::{Caught, Done, Turn};
use crate::db::signups::{self, Held};
use crate::fault::Fault;
use portaria::carried::{Carried, newest, with_room};
use portaria::error::Refusal;
use portaria::field::{Field, Typed};
use portaria::holding::is_corrected;
use portaria::journey::{Journey, Kind};
use portaria::session::Token;
use portaria::value::{Email, Phone};
use portaria::view::SignupView;
use uuid::Uuid;

/// A sign-up that a browser carries, and whether it still waits for its proof.
struct CarriedSignup {
    token: Token,
    held: Held,
    waits: bool,
}

/// What identifies the sign-up of a first form besides the cookie: the form's token, and the contact typed into it.
pub(super) struct FirstForm<'a> {
    journey: &'static Journey,
    token: Option<&'a Token>,
    email: Option<Email>,
    phone: Option<Phone>,
}

impl<'a> FirstForm<'a> {
    pub(super) fn new(journey: &'static Journey, typed: &Typed, token: Option<&'a Token>) -> Self {
        Self {
            journey,
            token,
            email: Email::parse(typed.text(Field::Email)).ok(),
            phone: Phone::parse_mobile(typed.text(Field::Phone)).ok(),
        }
    }

    pub(super) const fn token(&self) -> Option<&'a Token> {
        self.token
    }

    /// Returns whether the browser that sends the form began this sign-up itself, with the same contact.
    fn began(&self, held: &Held) -> bool {
        let draft = &held.signup.kept.draft;
        let same = if self.journey.contact_is_email() { draft.email == self.email } else { draft.phone == self.phone };
        same && held.signup.holding.begun_by == Some(held.browser)
    }
}

impl Turn<'_> {
    /// The sign-up that the request means, locked: the one that it names, or else the newest that waits. A sign-up that
    /// this browser does not hold is treated as missing.
    pub(super) async fn signup_of_requester(&mut self) -> Done<Held> {
        let id = match &self.who.signup {
            Some(named) => Uuid::parse_str(named).ok(),
            None => {
                let all = self.carried_signups().await?;
                newest(&all, |it| it.waits).map(|it| it.held.signup.id)
            }
        };
        let Some(id) = id else { return Err(Refusal::SignupGone.into()) };
        Ok(signups::of_browser(&mut self.tx, self.sealer, self.now, &self.who.carried, id).await?.ok_or(Refusal::SignupGone)?)
    }

    /// The sign-up that a first form belongs to, locked. In this order: the one that the request names; the one that this
    /// form began; one that this browser began with the same contact; and, for a form without a token, the newest of its
    /// kind. A proved sign-up cannot be corrected: the next form begins another.
    pub(super) async fn signup_of_form(&mut self, form: &FirstForm<'_>) -> Result<Option<Held>, Fault> {
        let kind = form.journey.kind;
        if self.who.signup.is_some()
            && let Ok(held) = self.signup_of_requester().await.caught()?
            && self.can_be_corrected(&held, kind).await?
        {
            return Ok(Some(held));
        }
        if let Some(token) = form.token
            && let Some(held) = signups::of_form(&mut self.tx, self.sealer, self.now, token).await?
        {
            return Ok(Some(held).filter(|held| is_corrected(true, held.signup.kind == kind, false)));
        }
        let all = self.carried_signups().await?;
        let any = form.token.is_none() && self.who.signup.is_none();
        let found = all.iter().find(|it| it.waits && it.held.signup.kind == kind && (any || form.began(&it.held)));
        let Some(id) = found.map(|it| it.held.signup.id) else { return Ok(None) };
        let Some(held) = signups::of_browser(&mut self.tx, self.sealer, self.now, &self.who.carried, id).await? else { return Ok(None) };
        // Read again under its lock: it may have been proved elsewhere.
        Ok(self.can_be_corrected(&held, kind).await?.then_some(held))
    }

    async fn can_be_corrected(&mut self, held: &Held, kind: Kind) -> Result<bool, Fault> {
        let proved = self.is_proved(&held.signup).await?;
        Ok(is_corrected(false, held.signup.kind == kind, proved))
    }

    async fn carried_signups(&mut self) -> Result<Vec<CarriedSignup>, Fault> {
        let mut all = Vec::new();
        for (token, held) in signups::carried(&mut self.tx, self.sealer, self.now, &self.who.carried).await? {
            let waits = !self.is_proved(&held.signup).await?;
            all.push(CarriedSignup { token, held, waits });
        }
        Ok(all)
    }

    /// The tokens that this browser carries after it gets another one. Ended sign-ups are left out, and so are those beyond
    /// the limit.
    pub(super) async fn carried_with(&mut self, token: Token) -> Result<Carried, Fault> {
        let others = with_room(self.carried_signups().await?, |it| it.waits);
        Ok(std::iter::once(token).chain(others.into_iter().map(|it| it.token)).collect())
    }

    /// The tokens of the living sign-ups that this browser carries.
    pub(super) async fn carried(&mut self) -> Result<Carried, Fault> {
        let all = signups::carried(&mut self.tx, self.sealer, self.now, &self.who.carried).await?;
        Ok(all.into_iter().map(|(token, _)| token).collect())
    }

    /// The state of this browser's sign-ups, newest first.
    pub(in crate::services) async fn look_at_signups(&mut self) -> Done<Vec<SignupView>> {
        let mut views = Vec::new();
        for (_, held) in signups::carried(&mut self.tx, self.sealer, self.now, &self.who.carried).await? {
            views.push(self.view(&held.signup, Some(held.browser)).await?);
        }
        Ok(views)
    }

    /// Returns whether this browser holds the sign-up of an account.
    pub(in crate::services) async fn holds_signup_of(&mut self, account: i64) -> Result<bool, Fault> {
        let all = signups::carried(&mut self.tx, self.sealer, self.now, &self.who.carried).await?;
        let Some((_, held)) = all.iter().find(|(_, held)| held.signup.account_id == Some(account)) else { return Ok(false) };
        // Read again under its lock: it may have been taken from this browser, or have released the account.
        let held = signups::of_browser(&mut self.tx, self.sealer, self.now, &self.who.carried, held.signup.id).await?;
        Ok(held.is_some_and(|held| held.signup.account_id == Some(account)))
    }
}
