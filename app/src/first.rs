//! The data of a page. It is fetched before rendering, so that rendering does not wait.

use crate::door::Door;
use crate::paths;
use crate::server_fns::Known;
use portaria::brand::Brand;
use portaria::check_up::{Accesses, Openings};
use portaria::error::Refusal;
use portaria::openid::Asked;
use portaria::own_data::{OwnOverview, Place};
use portaria::purpose::{CodeFor, NoticeLinkFor};
use portaria::recovery::ResetLink;
use portaria::session::Token;
use portaria::terms::{OWN_TERMS, TermsView};
use portaria::value::PasswordPolicy;
use portaria::view::{CodeState, LinkView, SessionView};
use text::Language;

#[derive(Debug, Clone, Default)]
pub struct First {
    /// `None`: the server could not find out.
    pub known: Option<Known>,
    /// What this page needs besides; `None` for most pages.
    pub answer: Option<Answer>,
    /// What a product asked for that waits for the person.
    pub asked: Option<Asked>,
}

/// The data of one page, named after its path.
#[derive(Debug, Clone)]
pub enum Answer {
    /// `/verify`: the account that the link is about, or why the link is refused.
    Link(Result<LinkView, Refusal>),
    /// `/reset-password`: what the link is about, or why it is refused.
    ResetLink(Result<ResetLink, Refusal>),
    /// `/not-me`: of what the link is, or why it is refused.
    NotMe(Result<NoticeLinkFor, Refusal>),
    /// `/document-mine`: why the link is refused; `None`: the link is good.
    DocumentMine(Option<Refusal>),
    /// `/continue`: why the link is refused; `None`: the link is good.
    HandOff(Option<Refusal>),
    /// `/undo-deletion`: when the account will be erased (`None`: it is undone already), or why the link is refused.
    UndoDeletion(Result<Option<i64>, Refusal>),
    /// `/profile`: to whom the account is open; `None`: the server could not find out.
    Openings(Option<Openings>),
    /// `/dashboard`: who is and was in the account; `None`: the server could not find out.
    Accesses(Option<Accesses>),
    /// The pages where a code of one's own is entered: how it stands.
    OwnCode(Option<CodeState>),
    /// `/profile/data`: what is kept of the account, and its sessions; `None`: the server could not find out.
    OwnData(Option<(OwnOverview, Vec<SessionView>)>),
    /// `/terms`, `/terms/accept`: a version of the terms, or why there is none.
    Terms(Result<TermsView, Refusal>),
}

impl First {
    /// Fetches the data for the page at this address. Without a door (in a test) links are good and nobody is signed in.
    pub async fn ask(door: Option<&Door>, uri: &http::Uri) -> Self {
        let query = |asked: &str| {
            let mut query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
            query.find(|(name, _)| name == asked).map(|(_, value)| value.into_owned())
        };
        let token = || Token::new(query("token").unwrap_or_default());
        let answer = match (uri.path(), door) {
            (paths::VERIFY | paths::API_VERIFY_EMAIL, Some(door)) => Some(Answer::Link(door.look_at_link(&token()).await)),
            (paths::VERIFY | paths::API_VERIFY_EMAIL, None) => Some(Answer::Link(Ok(LinkView {
                email: "a***@exemplo.com.br".to_owned(),
                kind: portaria::journey::Kind::Professor,
                phone: None,
                has_password: true,
                asked_at: 0,
                used: false,
            }))),
            ("/reset-password", Some(door)) => Some(Answer::ResetLink(door.look_at_reset_link(&token()).await)),
            ("/reset-password", None) => {
                Some(Answer::ResetLink(Ok(ResetLink { policy: PasswordPolicy::Strict, email: "ana@exemplo.com.br".to_owned() })))
            }
            ("/not-me", Some(door)) => Some(Answer::NotMe(door.look_at_not_me(&token()).await)),
            ("/not-me", None) => Some(Answer::NotMe(Ok(NoticeLinkFor::NotMe))),
            ("/document-mine", Some(door)) => Some(Answer::DocumentMine(door.look_at_document_mine(&token()).await)),
            ("/document-mine", None) => Some(Answer::DocumentMine(None)),
            // Without a token it is no link, and its page says so.
            (paths::HAND_OFF, Some(door)) if query("token").is_some_and(|token| !token.is_empty()) => {
                Some(Answer::HandOff(door.look_at_hand_off(&token()).await))
            }
            ("/undo-deletion", Some(door)) => Some(Answer::UndoDeletion(door.accounts.look_at_undo(&door.who, &token()).await)),
            (paths::PROFILE_DATA, Some(door)) => {
                let after = query("after").as_deref().and_then(Place::read);
                Some(Answer::OwnData(door.own_data(after).await.ok()))
            }
            (paths::PROFILE_PHONE | paths::COMPLETE_PROFILE, Some(door)) => {
                Some(Answer::OwnCode(door.own_code(CodeFor::PhoneChange).await))
            }
            (paths::PROFILE_EMAIL, Some(door)) => Some(Answer::OwnCode(door.own_code(CodeFor::EmailChange).await)),
            (paths::DASHBOARD, Some(door)) => Some(Answer::Accesses(door.accesses().await)),
            (paths::PROFILE, Some(door)) => Some(Answer::Openings(door.openings().await.ok())),
            (paths::TERMS, Some(door)) => Some(Answer::Terms(door.terms(query("version").as_deref()).await)),
            (paths::TERMS_ACCEPT, Some(door)) if door.who.session.is_some() => Some(Answer::Terms(door.terms(None).await)),
            (paths::TERMS | paths::TERMS_ACCEPT, None) => Some(Answer::Terms(Ok(TermsView {
                version: OWN_TERMS.to_owned(),
                in_force: true,
                sections: Language::default().texts().terms_sections(&Brand::default()),
                accepted: Vec::new(),
            }))),
            _ => None,
        };
        let known = match door {
            Some(door) => door.known().await.ok(),
            None => Some(Known::default()),
        };
        Self { known, answer, asked: None }
    }

    /// Returns why the link that the page was opened by is refused. The page is answered with the status of that refusal (SPEC §11).
    pub const fn refusal(&self) -> Option<&Refusal> {
        match &self.answer {
            Some(
                Answer::Link(Err(refusal))
                | Answer::NotMe(Err(refusal))
                | Answer::DocumentMine(Some(refusal))
                | Answer::HandOff(Some(refusal))
                | Answer::ResetLink(Err(refusal))
                | Answer::UndoDeletion(Err(refusal))
                | Answer::Terms(Err(refusal)),
            ) => Some(refusal),
            _ => None,
        }
    }
}
