//! The root component: context that pages share, and the routes.

use crate::components::{Footer, Header};
use crate::door::Door;
use crate::forms::Posted;
use crate::pages::{
    CompleteProfile, Contest, Continue, Dashboard, DocumentMine, ForgotPassword, Home, Login, NotFound, NotMe, Profile, ProfileDocument,
    ProfileEmail, ProfilePassword, ProfilePhone, RecoverPassword, Register, ResendVerification, ResetPassword, Terms, Verify, VerifyEmail,
    Wizard,
};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::SsrMode;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The root component. It also runs without a request, when the list of routes is made.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let language = use_context::<Door>().map(|door| door.language).unwrap_or_default();
    let Posted(posted) = use_context().unwrap_or_default();
    // The navigator (`live`) tells a page that answers a form from one that the form led on to.
    let answers = posted.as_ref().map(|posted| posted.form.clone());
    provide_context(Ui::new(language, use_context().unwrap_or_default(), posted));
    // `Async` leaves nothing to stream: what a page needs is there before it is rendered.
    view! {
        <Router>
            <Header />
            <main id="main" class="main" tabindex="-1" data-answers=answers>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Home ssr=SsrMode::Async />
                    <Route path=path!("/register") view=Register ssr=SsrMode::Async />
                    <Route path=path!("/register/:slug") view=Wizard ssr=SsrMode::Async />
                    <Route path=path!("/verify-email") view=VerifyEmail ssr=SsrMode::Async />
                    <Route path=path!("/verify") view=Verify ssr=SsrMode::Async />
                    <Route path=path!("/api/auth/verify-email") view=Verify ssr=SsrMode::Async />
                    <Route path=path!("/resend-verification") view=ResendVerification ssr=SsrMode::Async />
                    <Route path=path!("/continue") view=Continue ssr=SsrMode::Async />
                    <Route path=path!("/login") view=Login ssr=SsrMode::Async />
                    <Route path=path!("/recover-password") view=RecoverPassword ssr=SsrMode::Async />
                    <Route path=path!("/forgot-password") view=ForgotPassword ssr=SsrMode::Async />
                    <Route path=path!("/reset-password") view=ResetPassword ssr=SsrMode::Async />
                    <Route path=path!("/not-me") view=NotMe ssr=SsrMode::Async />
                    <Route path=path!("/contest") view=Contest ssr=SsrMode::Async />
                    <Route path=path!("/document-mine") view=DocumentMine ssr=SsrMode::Async />
                    <Route path=path!("/profile") view=Profile ssr=SsrMode::Async />
                    <Route path=path!("/profile/password") view=ProfilePassword ssr=SsrMode::Async />
                    <Route path=path!("/profile/phone") view=ProfilePhone ssr=SsrMode::Async />
                    <Route path=path!("/profile/email") view=ProfileEmail ssr=SsrMode::Async />
                    <Route path=path!("/profile/document") view=ProfileDocument ssr=SsrMode::Async />
                    <Route path=path!("/complete-profile") view=CompleteProfile ssr=SsrMode::Async />
                    <Route path=path!("/dashboard") view=Dashboard ssr=SsrMode::Async />
                    <Route path=path!("/terms") view=Terms ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}
