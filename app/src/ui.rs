//! What all pages share: language, account, sign-ups of this browser, the form that was posted.

use crate::door::Site;
use crate::first::{Answer, First};
use crate::forms::{Form, PostedForm, Told};
use crate::server_fns::Known;
use leptos::prelude::*;
use portaria::brand::Brand;
use portaria::error::Refusal;
use portaria::journey::Kind;
use portaria::kinds::Kinds;
use portaria::message::Channel;
use portaria::openid::Asked;
use portaria::view::{AccountView, SignupView};
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use text::{Language, PageNotice, Texts};

/// Provided as context.
#[derive(Clone)]
pub struct Ui {
    pub texts: &'static Texts,
    site: Site,
    shared: Arc<Shared>,
}

struct Shared {
    known: Option<Known>,
    answer: Option<Answer>,
    asked: Option<Asked>,
    posted: Option<PostedForm>,
    told: Option<PageNotice>,
    /// What the page that is being drawn says.
    title: Mutex<String>,
    /// Whether it is none of ours.
    missing: AtomicBool,
    /// Whether it has a form with fields.
    has_form: AtomicBool,
}

/// What a kind is called, and what is said of it.
pub struct KindWords<'a> {
    pub name: &'a str,
    /// On the card that chooses it.
    pub card: &'a str,
    /// Of its form.
    pub title: Cow<'a, str>,
    /// Above its form.
    pub lead: &'a str,
}

impl Ui {
    /// Called once, at the root.
    pub fn new(language: Language, site: Site, first: First, posted: Option<PostedForm>) -> Self {
        let First { known, answer, asked } = first;
        let Told(told) = use_context().unwrap_or_default();
        Self {
            texts: language.texts(),
            site,
            shared: Arc::new(Shared {
                known,
                answer,
                asked,
                posted,
                told,
                title: Mutex::default(),
                missing: AtomicBool::new(false),
                has_form: AtomicBool::new(false),
            }),
        }
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// The same where a form was answered, within a page that has its main form.
    pub fn answering(&self, posted: PostedForm) -> Self {
        let ui = Self::new(self.texts.language, self.site.clone(), self.first(), Some(posted));
        ui.claim_main_form();
        ui
    }

    /// The same where this is known besides.
    pub fn told_of(&self, answer: Answer) -> Self {
        Self::new(self.texts.language, self.site.clone(), First { answer: Some(answer), ..self.first() }, None)
    }

    fn first(&self) -> First {
        let Shared { known, answer, asked, .. } = &*self.shared;
        First { known: known.clone(), answer: answer.clone(), asked: asked.clone() }
    }

    /// Returns whose product this is.
    pub fn brand(&self) -> &Brand {
        &self.site.brand
    }

    /// Returns as what people may sign up, and what they are asked.
    pub fn kinds(&self) -> &Kinds {
        &self.site.kinds
    }

    /// Returns what a kind is called, and what is said of it: in the operator's words where there are any.
    pub fn kind(&self, kind: Kind) -> KindWords<'_> {
        let (ours, decided) = (self.texts.kind(kind), self.kinds().of(kind));
        let label = decided.label.as_ref().map(|said| self.texts.said(said));
        let lead = decided.lead.as_ref().map(|said| self.texts.said(said));
        KindWords {
            name: label.unwrap_or(ours.name),
            card: lead.unwrap_or(ours.card),
            title: label.map_or(Cow::Borrowed(ours.title), |label| self.texts.pages.register.create(label).into()),
            lead: lead.unwrap_or(ours.lead),
        }
    }

    /// Returns whether the server could not find out which account is signed in and which sign-ups there are.
    pub fn is_untold(&self) -> bool {
        self.shared.known.is_none()
    }

    /// Returns the account that is signed in.
    pub fn me(&self) -> Option<&AccountView> {
        self.shared.known.as_ref()?.me.as_ref()
    }

    /// Returns whether a product waits for the person of this browser.
    pub fn is_awaited(&self) -> bool {
        self.shared.known.as_ref().is_some_and(|known| known.awaited)
    }

    /// Returns how long the link that proves an e-mail is good for, in words.
    pub fn email_link_lasts(&self) -> String {
        self.texts.duration.span(self.site.email_link)
    }

    /// Returns how long the link to a new password is good for, in words.
    pub fn reset_link_lasts(&self) -> String {
        self.texts.duration.span(self.site.reset_link)
    }

    /// Returns the sign-ups of this browser, newest first. `pages/wizard/current.rs` finds the one that a page is about.
    pub fn signups(&self) -> &[SignupView] {
        self.shared.known.as_ref().map(|known| known.signups.as_slice()).unwrap_or_default()
    }

    /// Returns the token of the next sign-up form.
    pub fn form_token(&self) -> &str {
        self.shared.known.as_ref().map(|known| known.form.0.as_str()).unwrap_or_default()
    }

    /// Returns the offered channels that are configured, the system's choice first. If none is, returns all of them: the refusal then says what is wrong.
    pub fn set_up(&self, offered: &[Channel]) -> Vec<Channel> {
        let here = self.shared.known.as_ref().map(|known| known.channels.as_slice()).unwrap_or_default();
        let set_up: Vec<_> = here.iter().filter(|channel| offered.contains(channel)).copied().collect();
        if set_up.is_empty() { offered.to_vec() } else { set_up }
    }

    /// Returns the data of this page.
    pub fn answer(&self) -> Option<&Answer> {
        self.shared.answer.as_ref()
    }

    /// Returns the kinds that people can choose from here: those that are open, and that a product lets in which waits for them.
    pub fn offered(&self) -> Vec<Kind> {
        match &self.shared.asked {
            Some(asked) => asked.kinds.clone(),
            None => self.kinds().open().collect(),
        }
    }

    /// Returns whom a product expects that waits.
    pub fn login_hint(&self) -> Option<&str> {
        self.shared.asked.as_ref()?.login_hint.as_deref()
    }

    /// Returns the form with this name, if it was posted to this page.
    pub fn posted_form(&self, name: &str) -> Option<&PostedForm> {
        self.shared.posted.as_ref().filter(|posted| posted.form == name)
    }

    /// Returns the form of this server function, if it was posted to this page.
    pub fn posted<F: Form>(&self) -> Option<&PostedForm> {
        self.posted_form(F::ROUTE.name)
    }

    /// Returns what was typed into a field of a form that was posted to this page.
    pub fn posted_value<F: Form>(&self, field: &str) -> Option<String> {
        self.posted::<F>()?.value(field)
    }

    /// Returns why the form of this server function was refused, if it was posted to this page and refused.
    pub fn refusal_of<F: Form>(&self) -> Option<&Refusal> {
        self.posted::<F>()?.reply.refusal.as_ref()
    }

    /// Returns the name of the form that this page answers.
    pub fn answers(&self) -> Option<String> {
        self.shared.posted.as_ref().filter(|posted| !posted.reply.kept).map(|posted| posted.form.clone())
    }

    /// Returns what the page says, above its content, of what was just done.
    pub fn told(&self) -> Option<PageNotice> {
        self.shared.told.filter(|notice| !notice.replaces_the_form())
    }

    /// Returns whether this was just done, and the page says so instead of its form.
    pub fn has_done(&self, what: PageNotice) -> bool {
        what.replaces_the_form() && self.shared.told == Some(what)
    }

    /// Says that there is no such page.
    pub fn set_missing(&self) {
        self.shared.missing.store(true, Ordering::Relaxed);
    }

    /// Returns whether the page has said that there is no such page.
    pub fn is_missing(&self) -> bool {
        self.shared.missing.load(Ordering::Relaxed)
    }

    /// Says that the page has a form with fields. Returns whether it is the first.
    pub fn claim_main_form(&self) -> bool {
        !self.shared.has_form.swap(true, Ordering::Relaxed)
    }

    /// Returns whether a form with fields was drawn.
    pub fn has_form(&self) -> bool {
        self.shared.has_form.load(Ordering::Relaxed)
    }

    pub fn set_title(&self, title: String) {
        *self.shared.title.lock().unwrap_or_else(PoisonError::into_inner) = title;
    }

    /// Returns the title that the page has said so far.
    pub fn title(&self) -> String {
        self.shared.title.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whether what a form was answered takes the focus: a refusal, what was asked for, or who one is.
    pub fn is_focused_elsewhere(&self) -> bool {
        let reply = self.shared.posted.as_ref().map(|posted| &posted.reply);
        reply.is_some_and(|reply| reply.refusal.is_some() || reply.hand_off.is_some() || reply.ended.is_some() || reply.step_up.is_some())
    }

    /// Returns whether a form on this page was refused. The title of the document then begins with "Erro".
    pub fn is_refused(&self) -> bool {
        let refusal = self.shared.posted.as_ref().and_then(|posted| posted.reply.refusal.as_ref());
        // Whoever is asked who they are did nothing wrong.
        refusal.is_some_and(|refusal| !matches!(refusal, Refusal::ReauthenticationRequired))
    }
}
