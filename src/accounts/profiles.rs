//! The profile of the signed-in account, and how it is completed and kept up.

use super::{Answer, SignedIn};
use crate::field::Typed;
use crate::profile::ProfileForm;
use crate::purpose::CodeFor;
use crate::session::{ApiTokens, Requester};
use crate::terms::TermsView;
use crate::value::Crop;
use crate::view::{AccountView, CodeSent, CodeState};
use async_trait::async_trait;
use std::fmt;

/// A stored photo. The server encodes it anew; the uploaded bytes are never served.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({} bytes)", self.bytes.len())
    }
}

/// An uploaded photo, not validated yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The content of the file.
    pub bytes: Vec<u8>,
    /// The square to keep; `None`: the whole picture.
    pub crop: Option<Crop>,
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, crop: None }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} bytes)", self.bytes.len())
    }
}

/// What a profile update does to the photo.
#[derive(Debug, Default)]
pub enum PhotoChange {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Delete it.
    Remove,
    /// Replace it by this upload.
    Replace(Upload),
}

/// What an account has: its profile, photo, contacts and accepted terms.
#[async_trait]
pub trait Profiles: Send + Sync {
    /// Changes the profile and the photo of the signed-in account.
    async fn update_profile(&self, who: &Requester, form: ProfileForm, photo: PhotoChange) -> Answer<AccountView>;

    /// Returns a photo by the id in its URL.
    async fn photo(&self, id: &str) -> Answer<Photo>;

    /// API (004): checks that the requester may complete the profile of this address. Called before the body is read.
    async fn may_complete(&self, who: &Requester, email: &str) -> Answer<()>;

    /// API (004): completes the profile, including the photo, and signs in.
    async fn register_complete(&self, who: &Requester, email: &str, typed: Typed, photo: Option<Upload>) -> Answer<SignedIn<ApiTokens>>;

    /// Completes the profile of the session's account (004, step 3), including the photo.
    async fn complete_profile(&self, who: &Requester, typed: Typed, photo: Option<Upload>) -> Answer<AccountView>;

    /// Returns the text of a version of the terms; `None`: of the one in force. `language` is a tag.
    /// [`Refusal::NotFound`](crate::error::Refusal::NotFound): no text of that version was kept.
    async fn terms(&self, who: &Requester, version: Option<&str>, language: &str) -> Answer<TermsView>;

    /// Accepts the terms in force for the signed-in account. Any other version is an error of its field.
    async fn accept_terms(&self, who: &Requester, version: &str) -> Answer<AccountView>;

    /// Returns how the newest code for this purpose stands that the signed-in account asked for; `None`: there is none that lives.
    async fn own_code(&self, who: &Requester, purpose: CodeFor) -> Answer<Option<CodeState>>;

    /// Sends a code to the new address of the signed-in account. The answer is the same when another account has the address.
    async fn ask_email(&self, who: &Requester, email: &str) -> Answer<CodeSent>;

    /// Sets the new address after its code was entered.
    async fn prove_own_email(&self, who: &Requester, code: &str) -> Answer<AccountView>;

    /// Sends a code to the new phone of the signed-in account.
    async fn ask_phone(&self, who: &Requester, phone: &str, channel: &str) -> Answer<CodeSent>;

    /// Sets the new phone after its code was entered.
    async fn prove_own_phone(&self, who: &Requester, phone: &str, code: &str) -> Answer<AccountView>;
}
