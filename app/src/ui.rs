//! The state that all pages share: language, account, sign-ups of this browser, the form that was posted without WASM.

use crate::first::{Answer, First};
use crate::forms::{PostedForm, Secret};
use crate::server_fns::{Known, known};
use leptos::prelude::*;
use portaria::message::Channel;
use portaria::view::{AccountView, SignupView};
use text::{BRAND, Language, Texts};

/// Provided as context. The root owns all its signals, so that they outlive every page.
#[derive(Clone, Copy)]
pub struct Ui {
    pub texts: &'static Texts,
    pub brand: &'static str,
    /// The account that is signed in.
    pub me: RwSignal<Option<AccountView>>,
    /// The sign-ups of this browser, newest first. `pages/wizard/current.rs` finds the one that a page is about.
    pub signups: RwSignal<Vec<SignupView>>,
    /// Set after hydration. Until then server and browser render the same.
    pub hydrated: RwSignal<bool>,
    /// A form on this page was refused. The title of the document begins with "Erro".
    pub refused: RwSignal<bool>,
    /// The server could not find out which account is signed in and which sign-ups there are.
    pub untold: RwSignal<bool>,
    pub form: RwSignal<Secret>,
    channels: StoredValue<Vec<Channel>>,
    posted: StoredValue<Option<PostedForm>>,
    answer: StoredValue<Option<Answer>>,
}

impl Ui {
    /// Called once, at the root.
    pub fn new(language: Language, first: First, posted: Option<PostedForm>) -> Self {
        let refused = posted.as_ref().is_some_and(|form| form.reply.refusal.is_some());
        let untold = first.known.is_none();
        let known = first.known.unwrap_or_default();
        Self {
            texts: language.texts(),
            brand: BRAND,
            me: RwSignal::new(known.me),
            signups: RwSignal::new(known.signups),
            hydrated: RwSignal::new(false),
            refused: RwSignal::new(refused),
            untold: RwSignal::new(untold),
            form: RwSignal::new(known.form),
            channels: StoredValue::new(known.channels),
            posted: StoredValue::new(posted),
            answer: StoredValue::new(first.answer),
        }
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Stores a fresh state from the server.
    pub fn take(self, state: Known) {
        self.untold.set(false);
        self.me.set(state.me);
        self.signups.set(state.signups);
        self.form.set(state.form);
        self.channels.set_value(state.channels);
    }

    /// Stores the state of one sign-up. `None`: this browser no longer holds it. Without a change no signal is notified.
    pub fn take_signup(self, id: &str, view: Option<SignupView>) {
        let before = self.signups.with_untracked(|signups| signups.iter().find(|it| it.id == id).cloned());
        if before == view {
            return;
        }
        self.signups.update(|signups| match (signups.iter_mut().find(|it| it.id == id), view) {
            (Some(known), Some(view)) => *known = view,
            _ => signups.retain(|it| it.id != id),
        });
    }

    /// Returns the offered channels that are configured. If none is, returns all of them: the refusal then says what is wrong.
    pub fn set_up(self, offered: &[Channel]) -> Vec<Channel> {
        let here = |channel: &&Channel| self.channels.with_value(|channels| channels.contains(channel));
        let set_up: Vec<_> = offered.iter().filter(here).copied().collect();
        if set_up.is_empty() { offered.to_vec() } else { set_up }
    }

    /// Fetches the state from the server again; keeps the old one if that fails.
    pub async fn refresh(self) {
        if let Ok(state) = known().await {
            self.take(state);
        }
    }

    /// Returns the data that the server sent with the page. Only for the first rendering of the first page.
    pub fn answer(self) -> Option<Answer> {
        if self.hydrated.get_untracked() { None } else { self.answer.get_value() }
    }

    /// Returns the form with this name if it was posted without WASM. Only for the first rendering of the first page.
    pub fn posted(self, form: &str) -> Option<PostedForm> {
        if self.hydrated.get_untracked() {
            return None;
        }
        self.posted.with_value(|posted| posted.clone().filter(|posted| posted.form == form))
    }
}
