//! What all pages share: the language, who looks, the sign-up of this browser, a form that was posted without WASM.

use crate::forms::{AppError, PostedForm};
use crate::server_fns::{Known, known};
use leptos::prelude::*;
use portaria::message::Channel;
use portaria::text::{Language, Texts};
use portaria::view::{AccountView, SignupView};

/// Shared by context. Everything in it belongs to the root, so that it outlives every page.
#[derive(Clone, Copy)]
pub struct Ui {
    /// The catalogue.
    pub texts: &'static Texts,
    /// Who looks.
    pub me: RwSignal<Option<AccountView>>,
    /// The sign-up of this browser.
    pub signup: RwSignal<Option<SignupView>>,
    /// The page is alive. Set after hydration: until then both sides render the same.
    pub hydrated: RwSignal<bool>,
    /// A form on this page was refused: its title says so first.
    pub refused: RwSignal<bool>,
    first: Resource<Result<Known, AppError>>,
    loaded: RwSignal<bool>,
    channels: StoredValue<Vec<Channel>>,
    posted: StoredValue<Option<PostedForm>>,
}

impl Ui {
    /// At the root, once.
    pub fn new(language: Language, posted: Option<PostedForm>) -> Self {
        let refused = posted.as_ref().is_some_and(|form| form.reply.refusal.is_some());
        Self {
            texts: language.texts(),
            me: RwSignal::new(None),
            signup: RwSignal::new(None),
            hydrated: RwSignal::new(false),
            refused: RwSignal::new(refused),
            first: Resource::new(|| (), |()| known()),
            loaded: RwSignal::new(false),
            channels: StoredValue::new(Vec::new()),
            posted: StoredValue::new(posted),
        }
    }

    /// The shared one.
    pub fn get() -> Self {
        expect_context()
    }

    /// Waits for what the server knew when it rendered. From then on the signals are asked anew by [`Ui::refresh`]; the
    /// resource is never fetched again, so that nothing under a `Suspense` is drawn anew while somebody types.
    pub async fn load(self) {
        let state = self.first.await;
        if !self.loaded.get_untracked() {
            self.loaded.set(true);
            if let Ok(state) = state {
                self.take(state);
            }
        }
    }

    /// Takes up what the server said.
    pub fn take(self, state: Known) {
        self.me.set(state.me);
        self.signup.set(state.signup);
        self.channels.set_value(state.channels);
    }

    /// Those of `offered` that are set up here; all of them where none is, so that the refusal says it.
    pub fn set_up(self, offered: &[Channel]) -> Vec<Channel> {
        let here = |channel: &&Channel| self.channels.with_value(|channels| channels.contains(channel));
        let set_up: Vec<_> = offered.iter().filter(here).copied().collect();
        if set_up.is_empty() { offered.to_vec() } else { set_up }
    }

    /// Asks the server anew.
    pub async fn refresh(self) {
        if let Ok(state) = known().await {
            self.take(state);
        }
    }

    /// The form of that name as it was posted without WASM. Only for the first drawing of the first page.
    pub fn posted(self, form: &str) -> Option<PostedForm> {
        if self.hydrated.get_untracked() {
            return None;
        }
        self.posted.with_value(|posted| posted.clone().filter(|posted| posted.form == form))
    }
}
