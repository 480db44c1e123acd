//! What is answered to a request, by what is known of the browser that brings it.

use super::client::Client;
use super::error::{Error, ErrorCode};
use super::request::AuthorizationRequest;
use super::scope::Scopes;
use crate::journey::Kind;
use time::OffsetDateTime;

/// What is known of the browser and its person.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The account that is signed in.
    pub person: Option<Person>,
    /// What the person agreed to give to this client before.
    pub agreed: Scopes,
    /// Whether the person agreed to this very request.
    pub agreed_now: bool,
    /// When it is.
    pub now: OffsetDateTime,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a session or its account")]
pub struct Person {
    /// The number of the account.
    pub account: i64,
    /// As what.
    pub kind: Kind,
    /// When they last showed who they are.
    pub authenticated_at: OffsetDateTime,
    /// Whether they did so since this request came.
    pub since_the_request: bool,
    /// Whether the account may sign in, now.
    pub admitted: bool,
    /// Whether the profile has all that its kind needs.
    pub complete: bool,
    /// Whether the terms in force are accepted.
    pub terms_accepted: bool,
}

/// What the person has to do first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Sign in.
    SignIn,
    /// Sign up, or sign in.
    SignUp,
    /// Complete the profile.
    Complete,
    /// Accept the terms in force.
    Terms,
    /// Agree to what is given.
    Consent,
    /// Nothing helps: this product is for others.
    OtherKind,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A code.
    Grant,
    /// The person is asked.
    Ask(Ask),
    /// The product is told.
    Refuse(Error),
}

/// Decides what is answered to a request.
pub fn decide(request: &AuthorizationRequest, client: &Client, situation: &Situation) -> Next {
    // Whoever signed in for this request, and is somebody else, has been asked already.
    let another = situation.person.as_ref().is_some_and(|person| person.admitted && !request.may_mean(person.account));
    if another && situation.person.as_ref().is_some_and(|person| request.prompt.none || person.since_the_request) {
        return Next::Refuse(Error::new(ErrorCode::LoginRequired, "it is not who id_token_hint names that is signed in"));
    }
    let Some(ask) = asked(request, client, situation) else { return Next::Grant };
    if !request.prompt.none {
        return Next::Ask(ask);
    }
    let (code, why) = match ask {
        Ask::SignIn | Ask::SignUp => (ErrorCode::LoginRequired, "nobody is signed in, or not recently enough"),
        Ask::Complete | Ask::Terms => (ErrorCode::InteractionRequired, "the person has something to complete or to accept first"),
        Ask::Consent => (ErrorCode::ConsentRequired, "the person has not agreed yet"),
        Ask::OtherKind => (ErrorCode::AccessDenied, "the client does not let in this kind of account"),
    };
    Next::Refuse(Error::new(code, why))
}

fn asked(request: &AuthorizationRequest, client: &Client, situation: &Situation) -> Option<Ask> {
    let sign_in = if request.prompt.create { Ask::SignUp } else { Ask::SignIn };
    let Some(person) = situation.person.as_ref().filter(|person| person.admitted) else { return Some(sign_in) };
    if !person.since_the_request {
        let too_old = request.oldest_sign_in().is_some_and(|oldest| situation.now - person.authenticated_at > oldest);
        // At once means now, not within the second.
        if request.prompt.login || request.prompt.create || too_old || request.max_age == Some(0) || !request.may_mean(person.account) {
            return Some(sign_in);
        }
    }
    if !client.kinds.contains(&person.kind) {
        return Some(Ask::OtherKind);
    }
    if !person.terms_accepted {
        return Some(Ask::Terms);
    }
    if !person.complete {
        return Some(Ask::Complete);
    }
    let agreed = client.trusted || situation.agreed.hold(&request.scopes);
    let again = request.prompt.consent || !agreed;
    (again && !situation.agreed_now).then_some(Ask::Consent)
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::{client, read};
    use super::super::wish::Meant;
    use super::*;
    use time::Duration;

    fn person() -> Person {
        Person {
            account: 7,
            kind: Kind::Professor,
            authenticated_at: OffsetDateTime::UNIX_EPOCH,
            since_the_request: false,
            admitted: true,
            complete: true,
            terms_accepted: true,
        }
    }

    fn next(more: &[(&str, &str)], client: &Client, person: Option<Person>) -> Next {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::minutes(1);
        let situation = Situation { person, agreed: Scopes::known("openid"), agreed_now: false, now };
        decide(&read(more).unwrap(), client, &situation)
    }

    #[test]
    fn whoever_is_signed_in_goes_on_at_once_and_whoever_is_not_is_asked() {
        let client = client();
        assert_eq!(next(&[], &client, Some(person())), Next::Grant);
        assert_eq!(next(&[], &client, None), Next::Ask(Ask::SignIn));
        assert_eq!(next(&[("prompt", "create")], &client, None), Next::Ask(Ask::SignUp));
        for prompt in ["login", "create"] {
            let back = Person { since_the_request: true, ..person() };
            assert_ne!(next(&[("prompt", prompt)], &client, Some(person())), Next::Grant);
            assert_eq!(next(&[("prompt", prompt)], &client, Some(back)), Next::Grant, "once is enough");
        }
        assert_eq!(next(&[("max_age", "59")], &client, Some(person())), Next::Ask(Ask::SignIn));
        assert_eq!(next(&[("max_age", "60")], &client, Some(person())), Next::Grant);
        assert_eq!(next(&[("max_age", "0")], &client, Some(Person { since_the_request: true, ..person() })), Next::Grant);
    }

    #[test]
    fn what_stands_before_a_product_is_asked_one_by_one() {
        let client = client();
        for (person, ask) in [
            (Person { admitted: false, ..person() }, Ask::SignIn),
            (Person { terms_accepted: false, complete: false, ..person() }, Ask::Terms),
            (Person { complete: false, ..person() }, Ask::Complete),
        ] {
            assert_eq!(next(&[], &client, Some(person)), Next::Ask(ask));
        }
        let teachers = Client { kinds: vec![Kind::Cliente], ..client.clone() };
        assert_eq!(next(&[], &teachers, Some(person())), Next::Ask(Ask::OtherKind));
        let of_others = Client { trusted: false, ..client.clone() };
        assert_eq!(next(&[], &of_others, Some(person())), Next::Grant, "agreed before");
        assert_eq!(next(&[("scope", "openid profile")], &of_others, Some(person())), Next::Ask(Ask::Consent));
        assert_eq!(next(&[("prompt", "consent")], &client, Some(person())), Next::Ask(Ask::Consent));
    }

    #[test]
    fn whom_the_product_does_not_mean_is_asked_once_and_then_it_is_told() {
        let client = client();
        let next = |more: &[(&str, &str)], meant, person| {
            let request = AuthorizationRequest { meant: Some(meant), ..read(more).unwrap() };
            let situation =
                Situation { person: Some(person), agreed: Scopes::known("openid"), agreed_now: false, now: OffsetDateTime::UNIX_EPOCH };
            decide(&request, &client, &situation)
        };
        let back = Person { since_the_request: true, ..person() };
        assert_eq!(next(&[], Meant::Account(7), person()), Next::Grant);
        assert_eq!(next(&[], Meant::Account(8), person()), Next::Ask(Ask::SignIn));
        assert_eq!(next(&[("prompt", "login")], Meant::Account(7), back.clone()), Next::Grant);
        assert_eq!(next(&[], Meant::Nobody, person()), Next::Grant);
        for (more, meant, person) in [
            (vec![], Meant::Account(8), back),
            (vec![("prompt", "none")], Meant::Account(8), person()),
            (vec![("prompt", "none")], Meant::Nobody, person()),
        ] {
            let Next::Refuse(error) = next(&more, meant, person) else { panic!("{more:?}") };
            assert_eq!(error.code, ErrorCode::LoginRequired);
        }
    }

    #[test]
    fn with_prompt_none_nothing_is_shown_and_the_product_learns_why() {
        let of_others = Client { trusted: false, kinds: vec![Kind::Professor], ..client() };
        let code = |person, scope| match next(&[("prompt", "none"), ("scope", scope)], &of_others, person) {
            Next::Refuse(error) => error.code.as_str(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(None, "openid"), "login_required");
        assert_eq!(code(Some(Person { complete: false, ..person() }), "openid"), "interaction_required");
        assert_eq!(code(Some(person()), "openid profile"), "consent_required");
        assert_eq!(code(Some(Person { kind: Kind::Cliente, ..person() }), "openid"), "access_denied");
        assert_eq!(next(&[("prompt", "none")], &of_others, Some(person())), Next::Grant);
    }
}
