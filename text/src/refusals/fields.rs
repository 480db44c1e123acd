//! The names of fields, and what is wrong with what stands in them.

use crate::Texts;
use portaria::error::{Field, FieldError};

catalogue! {
    /// The sentences of [`FieldError`].
    pub struct FieldRefusals {
        required: RequiredTexts;
        too_long(max): "Use no máximo {max} caracteres" | "Use at most {max} characters";
        too_short(min): "Use pelo menos {min} caracteres" | "Use at least {min} characters";
        password_too_short(min): "A senha deve ter pelo menos {min} caracteres" | "The password must have at least {min} characters";
        unprintable: "Há caracteres aqui que não podem ser exibidos. Digite de novo, sem colar"
            | "There are characters here that cannot be shown. Type it again instead of pasting";
        kind_unknown: "Este tipo de conta não existe" | "There is no such kind of account";
        username_shape: "Use de 3 a 30 letras sem acento, números, ponto ou sublinhado"
            | "Use 3 to 30 plain letters, digits, dots or underscores";
        email_shape: "Informe um e-mail válido, como nome@exemplo.com.br" | "Enter a valid email address, such as name@example.com";
        /// 000, 3a.
        phone_invalid: "Número de telefone inválido. Confira o DDD e o número, como em (11) 98765-4321"
            | "Invalid phone number. Check the area code and the number, as in (11) 98765-4321";
        phone_not_mobile: "Este é um telefone fixo. Informe um celular, que possa receber o código"
            | "This is a landline. Enter a mobile number that can receive the code";
        channel_unavailable: "Não enviamos por este meio. Escolha outro" | "We do not send this way. Choose another";
        cpf_invalid: "CPF inválido. Confira os dígitos" | "Invalid CPF. Check the digits";
        cnpj_invalid: "CNPJ inválido. Confira os dígitos e as letras" | "Invalid CNPJ. Check the digits and letters";
        /// Where a document is contested.
        document_invalid: "CPF ou CNPJ inválido. Confira os dígitos" | "Invalid CPF or CNPJ. Check the digits";
        /// 003, word for word.
        password_classes: "A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais"
            | "The password must contain upper-case letters, lower-case letters, digits and special characters";
        /// 002, by its own rules.
        password_classes_recovery: "A senha deve conter letras maiúsculas, números e caracteres especiais"
            | "The password must contain upper-case letters, digits and special characters";
        password_guessable: "Esta senha é fácil de adivinhar. Escolha outra, mais longa ou menos comum"
            | "This password is easy to guess. Choose one that is longer or less common";
        password_mismatch: "As senhas não coincidem" | "The passwords do not match";
        password_wrong: "A senha atual está incorreta" | "The current password is not right";
        password_unchanged: "A nova senha deve ser diferente da atual" | "The new password must differ from the current one";
        /// 003, word for word.
        terms_not_in_force: "Esta versão dos termos não é a que está em vigor. Leia a atual" | "This version of the terms is not in force. Read the present one";
        terms_required: "Você deve aceitar os termos de serviço" | "You must accept the terms of service";
        contact_required: "Informe um e-mail ou celular seu" | "Enter an email or a mobile number of yours";
        code_shape(digits): "O código tem {digits} dígitos" | "The code has {digits} digits";
        code_wrong: "Código incorreto. Confira os dígitos ou peça outro código" | "Wrong code. Check the digits or ask for another code";
        code_expired: "Este código expirou. Peça outro" | "This code has expired. Ask for another";
        date_shape: "Informe uma data que exista, como 1990-12-31" | "Enter a date that exists, such as 1990-12-31";
        date_not_past: "A data de nascimento deve estar no passado" | "The date of birth must be in the past";
        gender_unknown: "Escolha M (Masculino), F (Feminino) ou O (Outro)" | "Choose M (Male), F (Female) or O (Other)";
        state_unknown: "Escolha um dos 26 estados ou o Distrito Federal" | "Choose one of the 26 states or the Federal District";
        taken: TakenTexts;
        fixed: "Este dado já foi informado e não pode ser alterado aqui" | "This was given before and cannot be changed here";
        photo_unreadable: "Não conseguimos abrir a foto. Envie um arquivo JPG ou PNG"
            | "We could not open the photo. Send a JPG or PNG file";
        photo_too_large: "A foto é grande demais. Envie uma de até 5 MB" | "The photo is too large. Send one of up to 5 MB";
        photo_too_many_pixels(megapixels, side):
            "A foto tem pixels demais. Envie uma de até {megapixels} megapixels, com no máximo {side} pixels no lado maior"
            | "The photo has too many pixels. Send one of up to {megapixels} megapixels, at most {side} pixels on its longer side";
        photo_interrupted: "O envio não chegou inteiro. Escolha a foto e envie de novo"
            | "What you sent did not arrive whole. Choose the photo and send it again";
        wrong_type: "O valor não é do tipo esperado" | "The value is not of the expected type";
    }

    /// "Nothing was given", by field: what is to be given.
    pub struct RequiredTexts {
        kind: "Escolha o tipo de conta" | "Choose the kind of account";
        name: "Informe o nome" | "Enter the name";
        username: "Informe o nome de usuário" | "Enter the user name";
        email: "Informe o e-mail" | "Enter the email address";
        phone: "Informe o número de telefone" | "Enter the phone number";
        channel: "Escolha como quer receber o código" | "Choose how you want to receive the code";
        document: "Informe o CPF ou o CNPJ" | "Enter the CPF or CNPJ";
        cpf: "Informe o CPF" | "Enter the CPF";
        cnpj: "Informe o CNPJ" | "Enter the CNPJ";
        identifier: "Informe seu e-mail, usuário, celular, CPF ou CNPJ" | "Enter your email, user name, mobile phone, CPF or CNPJ";
        password: "Informe a senha" | "Enter the password";
        password_confirmation: "Digite a senha de novo" | "Enter the password again";
        current_password: "Informe a senha atual" | "Enter your current password";
        new_password: "Informe a nova senha" | "Enter the new password";
        code: "Digite o código" | "Enter the code";
        token: "Falta o código do link" | "The link's code is missing";
        refresh_token: "Falta o token de renovação" | "The refresh token is missing";
        reset_token: "Falta o token da recuperação" | "The recovery token is missing";
        birth_date: "Informe a data de nascimento" | "Enter your date of birth";
        gender: "Escolha o gênero" | "Choose the gender";
        state: "Escolha o estado" | "Choose the state";
        city: "Informe a cidade" | "Enter the city";
        photo: "Escolha uma foto" | "Choose a photo";
        other: "Preencha este campo" | "Fill in this field";
    }

    /// "Another account has it", by field.
    pub struct TakenTexts {
        /// 001, word for word.
        email: "Email já cadastrado" | "Email already registered";
        username: "Este nome de usuário já está em uso" | "This user name is taken";
        phone: "Telefone já cadastrado" | "Phone already registered";
        cpf: "CPF já cadastrado" | "CPF already registered";
        cnpj: "CNPJ já cadastrado" | "CNPJ already registered";
        other: "Já cadastrado em outra conta" | "Already registered in another account";
    }

    /// The names of fields, as their labels have them.
    pub struct FieldNames {
        kind: "Tipo de conta" | "Kind of account";
        name: "Nome completo" | "Full name";
        social_name: "Nome social" | "Social name";
        trade_name: "Nome fantasia" | "Trade name";
        username: "Nome de usuário" | "User name";
        email: "E-mail" | "Email";
        phone: "Celular" | "Mobile phone";
        channel: "Como você quer receber o código?" | "How do you want to get the code?";
        document: "CPF ou CNPJ" | "CPF or CNPJ";
        cpf: "CPF" | "CPF";
        cnpj: "CNPJ" | "CNPJ";
        identifier: "E-mail, usuário, celular, CPF ou CNPJ" | "Email, user name, mobile phone, CPF or CNPJ";
        password: "Senha" | "Password";
        password_confirmation: "Confirme a senha" | "Confirm the password";
        current_password: "Senha atual" | "Current password";
        new_password: "Nova senha" | "New password";
        code: "Código" | "Code";
        token: "Link" | "Link";
        refresh_token: "Token de renovação" | "Refresh token";
        reset_token: "Token da recuperação" | "Recovery token";
        remember: "Lembrar-me" | "Remember me";
        institution: "Instituição ou organização" | "Institution or organisation";
        field_of_work: "Área de atuação" | "Field of work";
        terms: "Termos de serviço" | "Terms of service";
        birth_date: "Data de nascimento" | "Date of birth";
        gender: "Gênero" | "Gender";
        state: "Estado" | "State";
        city: "Cidade" | "City";
        photo: "Foto" | "Photo";
        version: "Versão" | "Version";
        terms_version: "Versão dos termos" | "Version of the terms";
        cancel_deletion: "Desfazer a exclusão pendente" | "Undo the pending deletion";
    }
}

impl Texts {
    /// The name of a field, as its label has it.
    pub const fn field_name(&self, field: Field) -> &'static str {
        let names = &self.refusals.names;
        match field {
            Field::Kind => names.kind,
            Field::Name => names.name,
            Field::SocialName => names.social_name,
            Field::Username => names.username,
            Field::Email => names.email,
            Field::Phone => names.phone,
            Field::Channel => names.channel,
            Field::Document => names.document,
            Field::Cpf => names.cpf,
            Field::Cnpj => names.cnpj,
            Field::Identifier => names.identifier,
            Field::Password => names.password,
            Field::PasswordConfirmation => names.password_confirmation,
            Field::CurrentPassword => names.current_password,
            Field::NewPassword => names.new_password,
            Field::Code => names.code,
            Field::Token => names.token,
            Field::RefreshToken => names.refresh_token,
            Field::ResetToken => names.reset_token,
            Field::Remember => names.remember,
            Field::Institution => names.institution,
            Field::FieldOfWork => names.field_of_work,
            Field::Terms => names.terms,
            Field::BirthDate => names.birth_date,
            Field::Gender => names.gender,
            Field::State => names.state,
            Field::City => names.city,
            Field::Photo => names.photo,
            Field::Version => names.version,
            Field::TermsVersion => names.terms_version,
            Field::CancelDeletion => names.cancel_deletion,
        }
    }

    pub(super) const fn required(&self, field: Field) -> &'static str {
        let texts = &self.refusals.field.required;
        match field {
            Field::Kind => texts.kind,
            Field::Name => texts.name,
            Field::Username => texts.username,
            Field::Email => texts.email,
            Field::Phone => texts.phone,
            Field::Channel => texts.channel,
            Field::Document => texts.document,
            Field::Cpf => texts.cpf,
            Field::Cnpj => texts.cnpj,
            Field::Identifier => texts.identifier,
            Field::Password => texts.password,
            Field::PasswordConfirmation => texts.password_confirmation,
            Field::CurrentPassword => texts.current_password,
            Field::NewPassword => texts.new_password,
            Field::Code => texts.code,
            Field::Token => texts.token,
            Field::RefreshToken => texts.refresh_token,
            Field::ResetToken => texts.reset_token,
            Field::Terms => self.refusals.field.terms_required,
            Field::BirthDate => texts.birth_date,
            Field::Gender => texts.gender,
            Field::State => texts.state,
            Field::City => texts.city,
            Field::Photo => texts.photo,
            _ => texts.other,
        }
    }

    pub(super) const fn taken(&self, field: Field) -> &'static str {
        let texts = &self.refusals.field.taken;
        match field {
            Field::Email => texts.email,
            Field::Username => texts.username,
            Field::Phone => texts.phone,
            Field::Cpf => texts.cpf,
            Field::Cnpj => texts.cnpj,
            _ => texts.other,
        }
    }

    /// What is wrong with a field, in a sentence.
    pub fn field_error(&self, field: Field, error: FieldError) -> String {
        let texts = &self.refusals.field;
        let plain = match error {
            FieldError::TooLong { max } => return texts.too_long(max),
            FieldError::TooShort { min } => {
                return match field {
                    Field::Password | Field::NewPassword | Field::CurrentPassword => texts.password_too_short(min),
                    _ => texts.too_short(min),
                };
            }
            FieldError::CodeShape { digits } => return texts.code_shape(digits),
            FieldError::PhotoTooManyPixels { megapixels, side } => return texts.photo_too_many_pixels(megapixels, side),
            FieldError::Required => self.required(field),
            FieldError::Taken => self.taken(field),
            FieldError::Unprintable => texts.unprintable,
            FieldError::KindUnknown => texts.kind_unknown,
            FieldError::UsernameShape => texts.username_shape,
            FieldError::EmailShape => texts.email_shape,
            FieldError::PhoneInvalid => texts.phone_invalid,
            FieldError::PhoneNotMobile => texts.phone_not_mobile,
            FieldError::ChannelUnavailable => texts.channel_unavailable,
            FieldError::CpfInvalid => texts.cpf_invalid,
            FieldError::CnpjInvalid => texts.cnpj_invalid,
            FieldError::DocumentInvalid => self.refusals.document_unknown,
            FieldError::PasswordClasses => texts.password_classes,
            FieldError::PasswordClassesRecovery => texts.password_classes_recovery,
            FieldError::PasswordGuessable => texts.password_guessable,
            FieldError::PasswordMismatch => texts.password_mismatch,
            FieldError::PasswordWrong => texts.password_wrong,
            FieldError::PasswordUnchanged => texts.password_unchanged,
            FieldError::TermsRequired => texts.terms_required,
            FieldError::TermsNotInForce => texts.terms_not_in_force,
            FieldError::ContactRequired => texts.contact_required,
            FieldError::CodeWrong => texts.code_wrong,
            FieldError::CodeExpired => texts.code_expired,
            FieldError::DateShape => texts.date_shape,
            FieldError::DateNotPast => texts.date_not_past,
            FieldError::GenderUnknown => texts.gender_unknown,
            FieldError::StateUnknown => texts.state_unknown,
            FieldError::Fixed => texts.fixed,
            FieldError::PhotoUnreadable => texts.photo_unreadable,
            FieldError::PhotoTooLarge => texts.photo_too_large,
            FieldError::PhotoInterrupted => texts.photo_interrupted,
            FieldError::WrongType => texts.wrong_type,
        };
        plain.to_owned()
    }
}
