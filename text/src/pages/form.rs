//! In every form.

use crate::Texts;
use portaria::error::{Field, FieldError};
use portaria::value::Requirement;

catalogue! {
    /// In every form.
    pub struct FormTexts {
        optional: "(opcional)" | "(optional)";
        error_title: "Há um problema" | "There is a problem";
        /// The same where something is wrong with fields.
        field_title: "Confira o campo abaixo" | "Check the field below";
        fields_title: "Confira os campos abaixo" | "Check the fields below";
        /// The same for a refused sign-in.
        no_entry_title: "Não foi possível entrar" | "You could not sign in";
        /// The same where nothing is wrong, but one has to wait.
        wait_title: "Aguarde" | "Please wait";
        /// Before the title of a page with errors, and, for screen readers, before an error.
        error_prefix: "Erro: " | "Error: ";
        working: "Aguarde…" | "Please wait…";
        show_password: "Mostrar senha" | "Show password";
        hide_password: "Ocultar senha" | "Hide password";
        show_confirmation: "Mostrar confirmação da senha" | "Show the password confirmation";
        hide_confirmation: "Ocultar confirmação da senha" | "Hide the password confirmation";
        /// Of the password in force, where another one is set beside it.
        show_current: "Mostrar senha atual" | "Show current password";
        hide_current: "Ocultar senha atual" | "Hide current password";
        /// While somebody types a password.
        caps_lock: "Caps Lock está ligado." | "Caps Lock is on.";
        password_rules: "A senha precisa ter:" | "The password needs:";
        met: "atendido" | "done";
        strength: "Força da senha:" | "Password strength:";
        weak: "fraca" | "weak";
        guessable: "fraca, fácil de adivinhar" | "weak, easy to guess";
        fair: "razoável" | "fair";
        strong: "boa" | "good";
        length: "pelo menos 8 caracteres" | "at least 8 characters";
        lower: "uma letra minúscula" | "a lower-case letter";
        upper: "uma letra maiúscula" | "an upper-case letter";
        digit: "um número" | "a digit";
        special: "um caractere especial, como @, # ou espaço" | "a special character, such as @, # or a space";
        /// Beside "taken": the way in.
        taken_sign_in: "Entrar na minha conta" | "Sign in to my account";
        taken_recover: "Criar nova senha" | "Set a new password";
        /// Beside a taken phone.
        taken_by_code: "Entrar com código" | "Sign in with a code";
        /// Beside a taken e-mail: whoever began and never confirmed.
        taken_resend: "Não confirmou ainda? Receba outro link" | "Not confirmed yet? Get another link";
        look_again: "Ver os dados como estão agora" | "See the data as it is now";
        change_it: "Alterar a senha" | "Change the password";
        begin_again: "Criar conta" | "Create account";
    }

    /// What is wrong with a field, where a page asks for it in another way than the API.
    pub struct FieldWords {
        date_shape: "Informe uma data válida, como 31/12/1990" | "Enter a valid date, such as 31/12/1990";
        gender: "Escolha Masculino, Feminino ou Outro" | "Choose Male, Female or Other";
    }

    /// Hints under labels.
    pub struct HintTexts {
        phone: "Com DDD, como (11) 98765-4321. É nele que você recebe o código."
            | "With area code, as in (11) 98765-4321. The code goes there.";
        email_optional: "Para receber avisos e, se quiser, entrar com ele." | "For notices and, if you like, to sign in with.";
        email_work: "Enviamos um link para confirmar este endereço." | "We send a link to confirm this address.";
        cnpj: "Com ou sem pontuação. O novo CNPJ, com letras, também vale."
            | "With or without punctuation. The new CNPJ with letters works too.";
        username: "De 3 a 30 caracteres: letras sem acento, números, ponto ou sublinhado (_)."
            | "3 to 30 characters: plain letters, digits, dots or underscores (_).";
        social_name: "É por ele que chamamos você, aqui e nas mensagens."
            | "It is how we address you, here and in messages.";
        phone_any: "Com DDD, fixo ou celular, como (11) 98765-4321." | "With area code, fixed line or mobile, as in (11) 98765-4321.";
        cpf: "11 dígitos, com ou sem pontuação." | "11 digits, with or without punctuation.";
        city: "Digite e escolha uma sugestão, ou escreva o nome." | "Type and pick a suggestion, or write the name.";
        password_optional: "Sem senha, você entra com um código enviado ao seu celular."
            | "Without a password you sign in with a code sent to your phone.";
        password_known: "Você já criou uma senha. Preencha só se quiser trocá-la."
            | "You have already created a password. Fill this in only to change it.";
    }

    /// A photo that is sent.
    pub struct PhotoTexts {
        hint: "JPG ou PNG, até 5 MB." | "JPG or PNG, up to 5 MB.";
        choose: "Escolher foto" | "Choose a photo";
        drop: "ou arraste para cá" | "or drop it here";
        again: "Escolha a foto de novo: o navegador não a guarda quando a página volta."
            | "Choose the photo again: the browser does not keep it when the page comes back.";
        current: "Sua foto atual" | "Your photo as it is";
        preview: "Prévia da sua foto" | "Preview of your photo";
        legend: "Enquadre a foto" | "Frame the photo";
        drag: "Arraste a foto ou mova os controles." | "Drag the photo or move the controls.";
        zoom: "Aproximação" | "Zoom";
        across: "Posição horizontal" | "Horizontal position";
        down: "Posição vertical" | "Vertical position";
        remove: "Descartar a foto escolhida" | "Discard the chosen photo";
        sending: "Enviando" | "Sending";
        working: "Recebido. Estamos salvando…" | "Received. Saving…";
        percent(n): "{n} %" | "{n}%";
        cancel: "Cancelar o envio" | "Cancel";
        cancelled: "Envio cancelado. O que você preencheu continua aqui." | "Cancelled. What you filled in is still here.";
    }
}

impl Texts {
    /// What is wrong with a field of a page.
    pub fn page_error(&self, field: Field, error: FieldError) -> String {
        let words = &self.pages.field_words;
        match error {
            FieldError::DateShape => words.date_shape.to_owned(),
            FieldError::GenderUnknown => words.gender.to_owned(),
            _ => self.field_error(field, error),
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
}
