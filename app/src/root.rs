//! The routes.

use crate::pages::{
    AcceptTermsPage, Accessibility, CompleteProfile, Contest, Continue, Dashboard, DocumentMine, ForgotPassword, Home, Login, NotFound,
    NotMe, Profile, ProfileData, ProfileDocument, ProfileEmail, ProfilePassword, ProfilePhone, RecoverPassword, Register,
    ResendVerification, ResetPassword, SignInHelp, Terms, UndoDeletionPage, Verify, VerifyEmail, Wizard,
};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The page at the address of the [`Router`] around it. What it needs to know is there before it is drawn (`first.rs`).
#[component]
pub fn Main() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/register") view=Register />
            <Route path=path!("/register/:slug") view=Wizard />
            <Route path=path!("/verify-email") view=VerifyEmail />
            <Route path=path!("/verify") view=Verify />
            <Route path=path!("/api/auth/verify-email") view=Verify />
            <Route path=path!("/resend-verification") view=ResendVerification />
            <Route path=path!("/continue") view=Continue />
            <Route path=path!("/login") view=Login />
            <Route path=path!("/sign-in-help") view=SignInHelp />
            <Route path=path!("/recover-password") view=RecoverPassword />
            <Route path=path!("/forgot-password") view=ForgotPassword />
            <Route path=path!("/reset-password") view=ResetPassword />
            <Route path=path!("/not-me") view=NotMe />
            <Route path=path!("/undo-deletion") view=UndoDeletionPage />
            <Route path=path!("/contest") view=Contest />
            <Route path=path!("/document-mine") view=DocumentMine />
            <Route path=path!("/profile") view=Profile />
            <Route path=path!("/profile/password") view=ProfilePassword />
            <Route path=path!("/profile/phone") view=ProfilePhone />
            <Route path=path!("/profile/email") view=ProfileEmail />
            <Route path=path!("/profile/data") view=ProfileData />
            <Route path=path!("/profile/document") view=ProfileDocument />
            <Route path=path!("/complete-profile") view=CompleteProfile />
            <Route path=path!("/dashboard") view=Dashboard />
            <Route path=path!("/terms") view=Terms />
            <Route path=path!("/terms/accept") view=AcceptTermsPage />
            <Route path=path!("/accessibility") view=Accessibility />
        </FlatRoutes>
    }
}

/// The routes without a document around them, for whoever lists them.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Main />
        </Router>
    }
}
