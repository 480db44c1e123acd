//! What stands on the pages.

#![expect(missing_docs, reason = "the sentence itself says what it is for")]

use crate::{Texts, fill};
use portaria::error::Field;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::value::{Gender, Requirement};

/// Around every page.
#[derive(Debug)]
pub struct FrameTexts {
    pub profile: &'static str,
    pub skip: &'static str,
    pub tagline: &'static str,
    pub nav: &'static str,
    pub sign_in: &'static str,
    pub dashboard: &'static str,
    pub sign_out: &'static str,
    pub privacy: &'static str,
    pub terms: &'static str,
    pub language: &'static str,
    pub offline: &'static str,
    pub failed: &'static str,
}

/// In every form.
#[derive(Debug)]
pub struct FormTexts {
    pub optional: &'static str,
    pub error_title: &'static str,
    /// Before the title of a page with errors, and, for screen readers, before an error.
    pub error_prefix: &'static str,
    pub working: &'static str,
    pub show_password: &'static str,
    pub hide_password: &'static str,
    pub show_confirmation: &'static str,
    pub hide_confirmation: &'static str,
    pub password_rules: &'static str,
    pub met: &'static str,
    pub strength: &'static str,
    pub weak: &'static str,
    pub fair: &'static str,
    pub strong: &'static str,
    pub length: &'static str,
    pub lower: &'static str,
    pub upper: &'static str,
    pub digit: &'static str,
    pub special: &'static str,
    /// Beside "taken": the way in.
    pub taken_sign_in: &'static str,
    pub taken_recover: &'static str,
    pub look_again: &'static str,
}

/// Hints under labels.
#[derive(Debug)]
pub struct HintTexts {
    pub phone: &'static str,
    pub email_optional: &'static str,
    pub email_work: &'static str,
    pub cnpj: &'static str,
    pub username: &'static str,
    pub phone_any: &'static str,
    pub cpf: &'static str,
    pub city: &'static str,
    pub password_optional: &'static str,
    pub password_known: &'static str,
    pub code: &'static str,
}

/// What a kind of account is called and asked.
#[derive(Debug)]
pub struct KindTexts {
    pub name: &'static str,
    /// On the card that chooses it.
    pub card: &'static str,
    pub title: &'static str,
    pub lead: &'static str,
    pub name_label: &'static str,
    pub email_label: &'static str,
    pub created: &'static str,
}

#[derive(Debug)]
pub struct HomeTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub create: &'static str,
    pub teacher: &'static str,
    pub sign_in: &'static str,
    pub go_on: &'static str,
    pub trust: [(&'static str, &'static str); 3],
    pub trust_title: &'static str,
}

#[derive(Debug)]
pub struct RegisterTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub have_account: &'static str,
    pub pending_title: &'static str,
    /// The same where several wait.
    pub pending_title_several: &'static str,
    /// `{kind}`.
    pub pending: &'static str,
    /// `{date}`, `{time}`.
    pub begun: &'static str,
    pub go_on: &'static str,
    pub start_over: &'static str,
}

#[derive(Debug)]
pub struct WizardTexts {
    /// `{k}`, `{n}`.
    pub step: &'static str,
    pub submit_code: &'static str,
    pub submit_link: &'static str,
    pub save: &'static str,
    pub back_to_kinds: &'static str,
    pub back_to_proof: &'static str,
    pub terms: &'static str,
    pub read_terms: &'static str,
    pub opens_new_tab: &'static str,
}

#[derive(Debug)]
pub struct CodeTexts {
    pub title: &'static str,
    /// `{digits}`, `{channel}`, `{destination}`.
    pub lead: &'static str,
    pub on_its_way: &'static str,
    /// `{time}`.
    pub lapses_in: &'static str,
    pub lapsed: &'static str,
    pub last_minute: &'static str,
    pub dead: &'static str,
    /// The same while entries are not looked at.
    pub dead_blocked: &'static str,
    /// `{channel}`.
    pub failed: &'static str,
    /// `{wait}`.
    pub blocked: &'static str,
    pub submit: &'static str,
    pub correct_phone: &'static str,
    pub correct_email: &'static str,
    pub resend_title: &'static str,
    /// `{channel}`.
    pub resend_by: &'static str,
    /// `{wait}`.
    pub resend_in: &'static str,
    pub resend_now: &'static str,
    pub by_email_title: &'static str,
    pub by_email_lead: &'static str,
    pub by_email_hint: &'static str,
    pub send_another: &'static str,
    pub hand_off_title: &'static str,
    pub hand_off: &'static str,
    pub hand_off_submit: &'static str,
    pub hand_off_link: &'static str,
    pub start_over: &'static str,
}

#[derive(Debug)]
pub struct CheckEmailTexts {
    pub title: &'static str,
    /// 001, word for word.
    pub heading: &'static str,
    /// `{destination}`.
    pub lead: &'static str,
    pub next: &'static str,
    pub spam: &'static str,
    pub failed: &'static str,
    pub lapsed: &'static str,
    pub resend: &'static str,
    pub correct: &'static str,
    pub waits_here: &'static str,
    pub no_signup: &'static str,
    pub ask_again: &'static str,
}

#[derive(Debug)]
pub struct DoneTexts {
    pub title: &'static str,
    pub email_confirmed: &'static str,
    pub email_lead: &'static str,
    pub to_dashboard: &'static str,
    pub enter: &'static str,
    pub enter_lead: &'static str,
    /// A proof that was given elsewhere lets this browser no further.
    pub sign_in_lead: &'static str,
    pub complete_lead: &'static str,
    pub sign_in: &'static str,
    pub another: &'static str,
}

#[derive(Debug)]
pub struct LinkPageTexts {
    pub verify_title: &'static str,
    pub verify_heading: &'static str,
    /// `{email}`, masked, and `{kind}`.
    pub verify_about: &'static str,
    /// The same with `{phone}`, masked.
    pub verify_about_phone: &'static str,
    pub verify_has_password: &'static str,
    pub verify_submit: &'static str,
    pub verify_new_password: &'static str,
    /// Above the new password: the address is proved, the old password is out of force.
    pub verify_new_password_lead: &'static str,
    pub verify_not_me_title: &'static str,
    pub verify_not_me_lead: &'static str,
    pub verify_not_me_submit: &'static str,
    pub unknown_heading: &'static str,
    pub lapsed_heading: &'static str,
    pub ask_another: &'static str,
    pub resend_title: &'static str,
    pub resend_heading: &'static str,
    pub resend_lead: &'static str,
    pub resend_submit: &'static str,
    pub continue_title: &'static str,
    pub continue_heading: &'static str,
    pub continue_lead: &'static str,
    pub continue_submit: &'static str,
    pub continue_missing: &'static str,
    pub begin_anew: &'static str,
}

#[derive(Debug)]
pub struct LoginTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub remember: &'static str,
    pub submit: &'static str,
    pub by_code: &'static str,
    pub by_password: &'static str,
    pub code_heading: &'static str,
    pub code_lead: &'static str,
    pub code_submit: &'static str,
    /// `{destination}`; the same whether or not there is an account.
    pub code_sent: &'static str,
    pub code_entry: &'static str,
    pub other_phone: &'static str,
    pub resend: &'static str,
    pub no_account: &'static str,
    pub create: &'static str,
    pub resend_verification: &'static str,
    pub already: &'static str,
    /// 003, word for word.
    pub forgot: &'static str,
    /// 002, word for word.
    pub recover: &'static str,
}

/// A new password: 002 and 003.
#[derive(Debug)]
pub struct RecoveryTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub document_hint: &'static str,
    pub submit: &'static str,
    pub code_heading: &'static str,
    /// `{destinations}`.
    pub code_sent: &'static str,
    pub code_entry: &'static str,
    /// 002, word for word.
    pub code_label: &'static str,
    pub code_submit: &'static str,
    pub other_document: &'static str,
    /// Between two contacts.
    pub and: &'static str,
    pub channel_legend: &'static str,
    pub channel_any: &'static str,
    pub channel_email: &'static str,
    pub channel_whatsapp: &'static str,
    pub new_heading: &'static str,
    pub new_lead: &'static str,
    /// 002, word for word.
    pub new_label: &'static str,
    /// 002, word for word.
    pub confirmation_label: &'static str,
    pub new_submit: &'static str,
    pub start_over: &'static str,
    pub by_email: &'static str,
    pub by_document: &'static str,
    pub forgot_title: &'static str,
    pub forgot_lead: &'static str,
    pub forgot_submit: &'static str,
    pub ask_another: &'static str,
    pub to_sign_in: &'static str,
}

/// A photo that is sent.
#[derive(Debug)]
pub struct PhotoTexts {
    pub hint: &'static str,
    pub again: &'static str,
    pub current: &'static str,
    pub preview: &'static str,
    pub legend: &'static str,
    pub drag: &'static str,
    pub zoom: &'static str,
    pub across: &'static str,
    pub down: &'static str,
    pub remove: &'static str,
    pub sending: &'static str,
    pub working: &'static str,
    /// `{n}`.
    pub percent: &'static str,
    pub cancel: &'static str,
    pub cancelled: &'static str,
}

/// What an account still lacks.
#[derive(Debug)]
pub struct CompleteTexts {
    pub title: &'static str,
    pub phone_lead: &'static str,
    pub phone_submit: &'static str,
    /// `{destination}`.
    pub code_sent: &'static str,
    pub code_entry: &'static str,
    pub other_phone: &'static str,
    pub cnpj_lead: &'static str,
    pub cnpj_submit: &'static str,
    pub rider_lead: &'static str,
    pub phone_label: &'static str,
    pub male: &'static str,
    pub female: &'static str,
    pub other_gender: &'static str,
    pub choose_state: &'static str,
    pub rider_submit: &'static str,
    pub later: &'static str,
    pub done: &'static str,
}

/// Meu Perfil (003).
#[derive(Debug)]
pub struct ProfileTexts {
    pub title: &'static str,
    pub data: &'static str,
    pub email_fixed: &'static str,
    pub remove_photo: &'static str,
    pub save: &'static str,
    pub contact: &'static str,
    pub none: &'static str,
    pub change_phone: &'static str,
    pub add_phone: &'static str,
    pub phone_lead: &'static str,
    pub add_cpf: &'static str,
    pub cpf_lead: &'static str,
    pub add_cnpj: &'static str,
    pub document_submit: &'static str,
    pub access: &'static str,
    pub change_password: &'static str,
    pub password_lead: &'static str,
    pub password_submit: &'static str,
    pub no_password: &'static str,
    pub sessions: &'static str,
    pub sessions_lead: &'static str,
    pub this_session: &'static str,
    /// `{date}`, `{time}`.
    pub last_used: &'static str,
    /// `{date}`, `{time}`.
    pub since: &'static str,
    /// `{address}`.
    pub address: &'static str,
    /// `{address}`.
    pub local_address: &'static str,
    pub api_session: &'static str,
    pub end: &'static str,
    /// `{device}`, `{address}`.
    pub end_of: &'static str,
    pub end_others: &'static str,
    pub only_session: &'static str,
    pub back: &'static str,
}

/// "Não fui eu".
#[derive(Debug)]
pub struct NotMeTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub submit: &'static str,
    pub done: &'static str,
}

#[derive(Debug)]
pub struct DashboardTexts {
    pub title: &'static str,
    /// `{name}`.
    pub greeting: &'static str,
    pub data: &'static str,
    pub kind: &'static str,
    pub proved: &'static str,
    pub not_proved: &'static str,
    pub last_sign_in: &'static str,
    pub first_sign_in: &'static str,
    /// `{date}`, `{time}`.
    pub at: &'static str,
    pub masked_note: &'static str,
    pub signed_out: &'static str,
    pub incomplete: &'static str,
    pub complete: &'static str,
}

#[derive(Debug)]
pub struct TermsTexts {
    pub title: &'static str,
    /// `{version}`.
    pub version: &'static str,
    pub sections: [(&'static str, &'static str); 6],
}

#[derive(Debug)]
pub struct NoticeTexts {
    pub verified: &'static str,
    pub signed_out: &'static str,
    pub resent: &'static str,
    pub link_sent: &'static str,
    pub ended: &'static str,
    pub profile_saved: &'static str,
    pub phone_proved: &'static str,
    pub document_saved: &'static str,
    pub profile_complete: &'static str,
    pub email_disowned: &'static str,
}

#[derive(Debug)]
pub struct NotFoundTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub home: &'static str,
}

/// The page that says why a request was refused before any page was asked.
#[derive(Debug)]
pub struct RefusedTexts {
    pub title: &'static str,
    pub heading: &'static str,
    pub again: &'static str,
    pub home: &'static str,
}

/// Every page.
#[derive(Debug)]
pub struct Pages {
    pub frame: FrameTexts,
    pub form: FormTexts,
    pub hints: HintTexts,
    pub cliente: KindTexts,
    pub professor: KindTexts,
    pub caronista: KindTexts,
    pub empresa: KindTexts,
    pub sms: &'static str,
    pub whatsapp: &'static str,
    pub email: &'static str,
    pub home: HomeTexts,
    pub register: RegisterTexts,
    pub wizard: WizardTexts,
    pub code: CodeTexts,
    pub check_email: CheckEmailTexts,
    pub done: DoneTexts,
    pub links: LinkPageTexts,
    pub login: LoginTexts,
    pub recovery: RecoveryTexts,
    pub photo: PhotoTexts,
    pub complete: CompleteTexts,
    pub profile: ProfileTexts,
    pub not_me: NotMeTexts,
    pub dashboard: DashboardTexts,
    pub terms: TermsTexts,
    pub notices: NoticeTexts,
    pub not_found: NotFoundTexts,
    pub refused: RefusedTexts,
}

impl Texts {
    /// What a kind of account is called and asked.
    pub const fn kind(&self, kind: Kind) -> &KindTexts {
        match kind {
            Kind::Cliente => &self.pages.cliente,
            Kind::Professor => &self.pages.professor,
            Kind::Caronista => &self.pages.caronista,
            Kind::Empresa => &self.pages.empresa,
        }
    }

    /// The label of a field in the form of a kind.
    pub const fn label(&self, kind: Kind, field: Field) -> &'static str {
        match field {
            Field::Name => self.kind(kind).name_label,
            Field::Email => self.kind(kind).email_label,
            // no code goes to it, so that a fixed line will do (004)
            Field::Phone if matches!(kind, Kind::Caronista) => self.pages.complete.phone_label,
            _ => self.field_name(field),
        }
    }

    /// A gender.
    pub const fn gender(&self, gender: Gender) -> &'static str {
        let texts = &self.pages.complete;
        match gender {
            Gender::Male => texts.male,
            Gender::Female => texts.female,
            Gender::Other => texts.other_gender,
        }
    }

    /// A channel, as it is named in a sentence: "por {channel}".
    pub const fn channel(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Email => self.pages.email,
            Channel::Sms => self.pages.sms,
            Channel::WhatsApp => self.pages.whatsapp,
        }
    }

    /// A demand on a password.
    pub const fn requirement(&self, requirement: Requirement) -> &'static str {
        let form = &self.pages.form;
        match requirement {
            Requirement::Length => form.length,
            Requirement::Lower => form.lower,
            Requirement::Upper => form.upper,
            Requirement::Digit => form.digit,
            Requirement::Special => form.special,
        }
    }

    /// "Step k of n".
    pub fn step(&self, (k, n): (usize, usize)) -> String {
        fill(self.pages.wizard.step, &[("k", &k.to_string()), ("n", &n.to_string())])
    }

    /// What a page says when a URL carries this code: nothing a stranger could write into it.
    pub fn notice(&self, code: &str) -> Option<&'static str> {
        let notices = &self.pages.notices;
        match code {
            "verified" => Some(notices.verified),
            "signed_out" => Some(notices.signed_out),
            "resent" => Some(notices.resent),
            "link_sent" => Some(notices.link_sent),
            "ended" => Some(notices.ended),
            "profile_saved" => Some(notices.profile_saved),
            "phone_proved" => Some(notices.phone_proved),
            "document_saved" => Some(notices.document_saved),
            "email_proved" => Some(self.access.email_proved),
            "password_set" => Some(self.api.password_set),
            "profile_complete" => Some(notices.profile_complete),
            "email_disowned" => Some(notices.email_disowned),
            // 002 message 1; 003.
            "password_changed" => Some(self.api.password_changed),
            "reset_link_sent" => Some(self.api.reset_link_sent),
            "contest_begun" => Some(self.contest.begun),
            "document_kept" => Some(self.contest.mine_done),
            _ => None,
        }
    }
}
