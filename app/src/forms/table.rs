//! The forms that server functions take. A page names a form by its server function, so a misspelt one does not compile; its name, in
//! `_form` and before the ids of its fields, is the function's endpoint.

use super::STEP_CODE;
use crate::server_fns::{
    Abandon, AcceptTerms, AddDocument, AskCode, AskContest, AskDeletion, AskEmail, AskPhone, AskRecovery, Block, ChangePassword,
    ChooseLanguage, ConfirmOwner, Disown, DisownLink, EndSession, Enter, ForgotPassword, HandOff, KeepAccount, KeepDocument, ProveCode,
    ProveContest, ProveEmail, ProveLink, ProveOwnEmail, ProveOwnPhone, ProveRecovery, Resend, ResendLink, ResetByGrant, ResetByLink,
    SetPassword, SignIn, SignInByCode, SignOut, SignUp, StepUpAgain, TakeOver, UndoDeletion,
};
use server_fn::ServerFn;

/// Where all server functions are.
const PREFIX: &str = "/sf/";

/// A server function that a form is posted to.
pub trait Form: ServerFn {
    /// Fields whose values are never written back into a page.
    const SECRETS: &'static [&'static str];
    const ROUTE: FormRoute = FormRoute { name: Self::PATH.split_at(PREFIX.len()).1, endpoint: Self::PATH, secrets: Self::SECRETS };
}

/// Of no form: buttons of several call it.
impl Form for StepUpAgain {
    const SECRETS: &'static [&'static str] = &[];
}

/// What the buttons named [`STEP_AGAIN`](super::STEP_AGAIN) call, whatever form they stand in.
pub const STEP_UP_AGAIN: FormRoute = StepUpAgain::ROUTE;

/// A form, as the server finds it: the body's `_form` is `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormRoute {
    pub name: &'static str,
    pub endpoint: &'static str,
    pub secrets: &'static [&'static str],
}

macro_rules! forms {
    ($($(#[doc = $about:literal])* $function:ident [$($secret:expr),*];)*) => {
        $(
            $(#[doc = $about])*
            impl Form for $function {
                const SECRETS: &'static [&'static str] = &[$($secret),*];
            }
        )*

        pub const FORMS: &[FormRoute] = &[$($function::ROUTE),*];
    };
}

forms! {
    SignUp ["password", "password_confirmation"];
    Resend [];
    ProveCode ["code"];
    ProveEmail ["code"];
    Enter [];
    Abandon [];
    HandOff [];
    TakeOver ["token"];
    ProveLink ["token"];
    DisownLink ["token"];
    ResendLink ["token"];
    SignIn ["password"];
    AskCode [];
    SignInByCode ["code"];
    AskRecovery [];
    /// The document is written back, so that a refused code can be tried again.
    ProveRecovery ["code"];
    /// The grant is written back, so that a refused password can be tried again.
    ResetByGrant ["new_password", "password_confirmation"];
    ForgotPassword [];
    ResetByLink ["token", "password", "password_confirmation"];
    AddDocument ["current_password", STEP_CODE];
    AskPhone ["current_password", STEP_CODE];
    ProveOwnPhone ["code", "current_password", STEP_CODE];
    AskEmail ["current_password", STEP_CODE];
    ProveOwnEmail ["code", "current_password", STEP_CODE];
    SetPassword ["new_password", "password_confirmation", "current_password", STEP_CODE];
    ChangePassword ["current_password", "new_password", "password_confirmation"];
    EndSession [];
    Block [];
    AskDeletion ["current_password", STEP_CODE];
    KeepAccount ["grant"];
    UndoDeletion ["token"];
    ConfirmOwner ["current_password", STEP_CODE];
    Disown ["token"];
    AskContest [];
    /// The document and the contact are written back, so that a refused code can be tried again.
    ProveContest ["code"];
    KeepDocument ["token"];
    AcceptTerms [];
    SignOut [];
    ChooseLanguage [];
}
