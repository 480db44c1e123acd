//! The root component: context that pages share, and the routes.

use crate::components::{Footer, Header};
use crate::first::First;
use crate::forms::PostedForm;
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
use serde::{Deserialize, Serialize};
use text::Language;

/// Everything that the server's rendering depended on, so that the browser renders the same.
#[derive(Clone, Default, Serialize, Deserialize)]
struct FromServer {
    language: Language,
    first: First,
    posted: Option<PostedForm>,
}

#[cfg(feature = "ssr")]
fn from_server() -> FromServer {
    FromServer {
        language: use_context::<crate::door::Door>().map(|door| door.language).unwrap_or_default(),
        first: use_context().unwrap_or_default(),
        posted: use_context::<crate::forms::Posted>().unwrap_or_default().0,
    }
}

#[cfg(not(feature = "ssr"))]
fn from_server() -> FromServer {
    FromServer::default()
}

/// The root component. It also runs without a request, when the list of routes is made.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let FromServer { language, first, posted } = SharedValue::new(from_server).into_inner();
    let ui = Ui::new(language, first, posted);
    provide_context(ui);
    Effect::new(move |_| {
        if let Some(body) = document().body() {
            let _ = body.set_attribute("data-hydrated", "true");
        }
        ui.hydrated.set(true);
    });
    // `Async` leaves nothing to stream: what a page needs is there before it is rendered.
    view! {
        <Router>
            <Header />
            <main id="main" class="main" tabindex="-1">
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
