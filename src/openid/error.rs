//! What may be wrong with a request, and who is told.

use serde::{Deserialize, Serialize};

/// Why nobody is sent anywhere: the address that a person would be sent to is not known to belong to the product. The page says
/// it to whoever builds the product, and tells a stranger nothing of the clients that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongClient {
    /// `client_id` is missing, empty, there twice, or no client's.
    Client,
    /// `redirect_uri` is missing, empty, there twice, or none of the client's.
    RedirectUri,
}

/// An error of the protocol (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OpenID Connect Core §3.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The client's secret is wrong, or there is no such client.
    InvalidClient,
    /// The code or refresh token is wrong, spent, lapsed, or another client's.
    InvalidGrant,
    /// A scope may not be asked for.
    InvalidScope,
    /// Only codes and refresh tokens are exchanged.
    UnsupportedGrantType,
    /// Only `code` is answered.
    UnsupportedResponseType,
    /// The person, or the operator, said no.
    AccessDenied,
    /// `prompt=none`, and nobody is signed in.
    LoginRequired,
    /// `prompt=none`, and the person has something to do first.
    InteractionRequired,
    /// `prompt=none`, and the person was never asked.
    ConsentRequired,
    /// `request` is not understood.
    RequestNotSupported,
    /// `request_uri` is not understood.
    RequestUriNotSupported,
    /// `registration` is not understood.
    RegistrationNotSupported,
    /// The access token is wrong, lapsed, or not in force any more.
    InvalidToken,
    /// The access token was not given for this.
    InsufficientScope,
    /// Something does not work on our side.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// As it is told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The status of an answer with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// An error, with a sentence for whoever builds the product: plain ASCII, in English, without anything that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// What to look at.
    pub description: &'static str,
}

impl Error {
    /// An error with its sentence.
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        Self { code, description }
    }

    /// A parameter is wrong.
    pub const fn request(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }
}

/// A request that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejected {
    /// A page says so; nobody is sent anywhere.
    Page(WrongClient),
    /// The product is told, at this address, with this state.
    Back {
        /// Where: one of the client's addresses.
        redirect_uri: String,
        /// What the request said of itself, if it said it once.
        state: Option<String>,
        /// Why.
        error: Error,
    },
}
