//! What all pages share: the language, who looks, the sign-ups of this browser, a form that was posted without WASM.

use crate::first::{Answer, First};
use crate::forms::{PostedForm, Secret};
use crate::server_fns::{Known, known};
use leptos::prelude::*;
use portaria::message::Channel;
use portaria::view::{AccountView, SignupView};
use text::{BRAND, Language, Texts};

/// Shared by context. Everything in it belongs to the root, so that it outlives every page.
#[derive(Clone, Copy)]
pub struct Ui {
    /// The catalogue.
    pub texts: &'static Texts,
    /// What the product is called.
    pub brand: &'static str,
    /// Who looks.
    pub me: RwSignal<Option<AccountView>>,
    /// The sign-ups of this browser, the newest first. Which of them a page is about: `pages/wizard/current.rs`.
    pub signups: RwSignal<Vec<SignupView>>,
    /// The page is alive. Set after hydration: until then both sides render the same.
    pub hydrated: RwSignal<bool>,
    /// A form on this page was refused: its title says so first.
    pub refused: RwSignal<bool>,
    /// The server could not tell who looks, and at which sign-up.
    pub untold: RwSignal<bool>,
    /// The token of the next sign-up form.
    pub form: RwSignal<Secret>,
    channels: StoredValue<Vec<Channel>>,
    posted: StoredValue<Option<PostedForm>>,
    answer: StoredValue<Option<Answer>>,
}

impl Ui {
    /// At the root, once.
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

    /// The shared one.
    pub fn get() -> Self {
        expect_context()
    }

    /// Takes up what the server said.
    pub fn take(self, state: Known) {
        self.untold.set(false);
        self.me.set(state.me);
        self.signups.set(state.signups);
        self.form.set(state.form);
        self.channels.set_value(state.channels);
    }

    /// Takes up how one of the sign-ups stands; `None`: this browser does not hold it any more. Nothing is drawn anew but what changed.
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

    /// What the server answered this page before it drew it. Only for the first drawing of the first page.
    pub fn answer(self) -> Option<Answer> {
        if self.hydrated.get_untracked() { None } else { self.answer.get_value() }
    }

    /// The form of that name as it was posted without WASM. Only for the first drawing of the first page.
    pub fn posted(self, form: &str) -> Option<PostedForm> {
        if self.hydrated.get_untracked() {
            return None;
        }
        self.posted.with_value(|posted| posted.clone().filter(|posted| posted.form == form))
    }
}
