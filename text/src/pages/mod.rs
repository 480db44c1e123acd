//! What stands on the pages.

pub mod components;
pub mod form;
pub mod frame;
pub mod home;
pub mod links;
pub mod privacy;
pub mod profile;
pub mod sign_in;
pub mod wizard;

use crate::Texts;
use components::ComponentsTexts;
use form::{FieldWords, FormTexts, HintTexts, PhotoTexts};
use frame::{FrameTexts, NotFoundTexts, NoticeTexts, RefusedTexts};
use home::{HomeTexts, TermsTexts};
use links::{LinkPageTexts, NotMeTexts};
use portaria::error::Field;
use portaria::journey::Kind;
use portaria::message::Channel;
use privacy::{AccessibilityTexts, PrivacyTexts};
use profile::{CompleteTexts, DashboardTexts, ProfileTexts};
use sign_in::{LoginTexts, RecoveryTexts, SignInHelpTexts};
use wizard::{CheckEmailTexts, CodeTexts, DoneTexts, RegisterTexts, SideTexts, WizardTexts};

catalogue! {
    /// Every page.
    pub struct Pages {
        frame: FrameTexts;
        form: FormTexts;
        field_words: FieldWords;
        hints: HintTexts;
        cliente: KindTexts {
            name: "Cliente" | "Client";
            card: "Para uso pessoal. Você só precisa do seu celular." | "For personal use. All you need is your mobile phone.";
            title: "Criar conta de cliente" | "Create a client account";
            lead: "Você confirma seu celular com um código. Sua conta é criada depois dessa confirmação."
                | "You confirm your phone with a code. Your account is created after that.";
            name_label: "Nome completo" | "Full name";
            email_label: "E-mail" | "Email";
            created: "Perfil criado com sucesso" | "Profile created successfully";
        };
        professor: KindTexts {
            name: "Professor" | "Teacher";
            card: "Para quem dá aulas ou palestras. Enviamos um link para confirmar seu e-mail."
                | "For those who teach or give talks. We send a link to confirm your email.";
            title: "Registrar como Professor" | "Register as a Teacher";
            lead: "Para quem dá aulas ou palestras. Enviamos um link para confirmar seu e-mail."
                | "For those who teach or give talks. We send a link to confirm your email.";
            name_label: "Nome completo" | "Full name";
            email_label: "E-mail institucional ou profissional" | "Institutional or professional email";
            created: "E-mail confirmado" | "Email confirmed";
        };
        caronista: KindTexts {
            name: "Caronista" | "Rider";
            card: "Para quem viaja com a Via Carona. Você confirma o e-mail com um código e completa o perfil."
                | "For those who travel with Via Carona. You confirm your email with a code and complete your profile.";
            title: "Criar conta de caronista" | "Create a rider account";
            lead: "Para quem viaja com a Via Carona. Você confirma seu e-mail com um código e completa seu perfil."
                | "For those who travel with Via Carona. You confirm your email with a code and complete your profile.";
            name_label: "Nome completo" | "Full name";
            email_label: "E-mail" | "Email";
            created: "Cadastro completo com sucesso" | "Your sign-up is complete";
        };
        empresa: KindTexts {
            name: "Empresa" | "Company";
            card: "Para quem representa uma empresa. Tenha o CNPJ à mão." | "For those who represent a company. Have the CNPJ at hand.";
            title: "Criar conta de empresa" | "Create a company account";
            lead: "Tenha o CNPJ à mão. Você confirma o e-mail da empresa por um link."
                | "Have the CNPJ at hand. You confirm the company's email by a link.";
            name_label: "Nome da empresa" | "Company name";
            email_label: "E-mail da empresa" | "Company email";
            created: "E-mail confirmado" | "Email confirmed";
        };
        sms: "SMS" | "SMS";
        whatsapp: "WhatsApp" | "WhatsApp";
        email: "e-mail" | "email";
        home: HomeTexts;
        register: RegisterTexts;
        wizard: WizardTexts;
        side: SideTexts;
        code: CodeTexts;
        check_email: CheckEmailTexts;
        done: DoneTexts;
        links: LinkPageTexts;
        login: LoginTexts;
        recovery: RecoveryTexts;
        sign_in_help: SignInHelpTexts;
        photo: PhotoTexts;
        complete: CompleteTexts;
        profile: ProfileTexts;
        not_me: NotMeTexts;
        dashboard: DashboardTexts;
        terms: TermsTexts;
        privacy: PrivacyTexts;
        accessibility: AccessibilityTexts;
        notices: NoticeTexts;
        not_found: NotFoundTexts;
        refused: RefusedTexts;
        components: ComponentsTexts;
    }

    /// What a kind of account is called and asked.
    pub shape KindTexts {
        name;
        /// On the card that chooses it.
        card;
        title;
        lead;
        name_label;
        email_label;
        created;
    }
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
            Field::SocialName if matches!(kind, Kind::Empresa) => self.refusals.names.trade_name,
            // Given in the form that completes the profile. No code is sent to it, so a fixed line is allowed (004).
            Field::Phone if kind.journey().completes_by_form() => self.pages.complete.phone_label,
            _ => self.field_name(field),
        }
    }

    /// By which channel a code went, and to which contact.
    pub fn code_went(&self, channel: Channel, destination: &str) -> String {
        self.pages.code.went(self.channel(channel), destination)
    }

    /// A channel, as it is named in a sentence: "por {channel}".
    pub const fn channel(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Email => self.pages.email,
            Channel::Sms => self.pages.sms,
            Channel::WhatsApp => self.pages.whatsapp,
        }
    }
}
