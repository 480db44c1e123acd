//! The home page, and the terms.

use crate::Texts;
use portaria::brand::{Brand, Prose};

catalogue! {
    /// The home page.
    pub struct HomeTexts {
        title: "Sua conta, em boas mãos" | "Your account, in good hands";
        heading: "Uma conta segura para os serviços que você usa" | "One safe account for the services you use";
        lead: "Crie sua conta em poucos passos, confirme seu celular ou e-mail e entre com segurança."
            | "Create your account in a few steps, confirm your phone or email, and sign in safely.";
        /// Instead of it, for whoever is signed in.
        signed_in(name): "Você entrou como {name}." | "You are signed in as {name}.";
        to_dashboard: "Ir para o início da conta" | "Go to my account";
        create: "Criar conta" | "Create account";
        teacher: "Registrar como Professor" | "Register as a Teacher";
        sign_in: "Entrar" | "Sign in";
        go_on: "Continuar meu cadastro" | "Continue my sign-up";
        trust_title: "Como cuidamos de você" | "How we look after you";
        trust: [
            (
                "Só o necessário" | "Only what is needed",
                "Pedimos o que cada conta precisa, e nada além. O que for opcional vem indicado."
                    | "We ask what each account needs and nothing more. What is optional says so."
            ),
            (
                "Dados cifrados" | "Encrypted data",
                "CPF, CNPJ e telefone ficam cifrados e aparecem mascarados na sua conta."
                    | "CPF, CNPJ and phone are encrypted and shown masked in your account."
            ),
            (
                "Nunca pedimos seu código" | "We never ask for your code",
                "Ninguém da nossa equipe pede seu código ou sua senha por telefone, mensagem ou e-mail."
                    | "Nobody on our team will ask for your code or password by phone, message or email."
            ),
        ];
    }

    /// The terms of service.
    pub struct TermsTexts {
        title: "Termos de serviço e privacidade" | "Terms of service and privacy";
        version(version): "Versão {version}, em vigor." | "Version {version}, in force.";
        old_version(version): "Versão {version}. Já não está em vigor." | "Version {version}. No longer in force.";
        to_current: "Ler a versão em vigor" | "Read the version in force";
        unknown: "Não encontramos essa versão dos termos." | "We did not find that version of the terms.";
        accepted_title: "O que você aceitou" | "What you accepted";
        accepted(version, date, time): "Versão {version}, em {date}, às {time}" | "Version {version}, on {date}, at {time}";
        accept_title: "Termos de serviço" | "Terms of service";
        accept_heading: "Leia e aceite os termos" | "Read and accept the terms";
        accept_lead(version): "Os termos de serviço têm uma versão que você ainda não aceitou ({version}). Ela vale a partir de agora."
            | "There is a version of the terms of service that you have not accepted yet ({version}). It applies from now on.";
        accept_submit: "Aceitar e continuar" | "Accept and continue";
        accept_refuse: "Se você não aceita, não precisa continuar: seus dados estão em" | "If you do not accept, you need not go on: your data is in";
        accept_nothing: "Você já aceitou os termos em vigor." | "You have already accepted the terms in force.";
        accept_go_on: "Continuar" | "Continue";
        /// Before the link that stands below every page, too.
        by_going_on: "Ao continuar, você aceita os" | "By going on, you accept our";
        service_title(brand_within): "O que {brand_within} faz" | "What {brand_within} does";
        service(brand):
            "{brand} cria e protege a sua conta: cadastro, confirmação de contato, acesso e recuperação. Usar a conta é gratuito."
            | "{brand} creates and protects your account: sign-up, confirmation of contact, sign-in and recovery. The account is free.";
        /// The others: title and text.
        sections: [
            (
                "O que você se compromete a fazer" | "What you commit to",
                "Informar dados verdadeiros, usar um contato que seja seu, guardar sua senha e seus códigos e não tentar entrar na conta de outra pessoa."
                    | "To give true data, to use a contact that is yours, to keep your password and codes safe, and not to try to enter the account of another person."
            ),
            (
                "Para quê" | "What for",
                "Para criar a conta, confirmar que o contato é seu, impedir fraudes e cumprir a lei. Não vendemos dados nem os usamos para publicidade."
                    | "To create the account, to confirm that the contact is yours, to prevent fraud and to comply with the law. We do not sell data or use it for advertising."
            ),
            (
                "Como protegemos" | "How we protect it",
                "Senhas são guardadas apenas como resumos que não podem ser revertidos. CPF, CNPJ, telefone e data de nascimento ficam cifrados e aparecem mascarados."
                    | "Passwords are only kept as digests that cannot be reversed. CPF, CNPJ, phone and date of birth are encrypted and shown masked."
            ),
            (
                "Seus direitos" | "Your rights",
                "A Lei Geral de Proteção de Dados (Lei 13.709/2018) garante que você confirme, acesse, corrija, leve e apague seus dados, e retire seu consentimento."
                    | "The Brazilian data protection law (Lei 13.709/2018) lets you confirm, access, correct, take along and erase your data, and withdraw consent."
            ),
        ];
    }
}

impl Texts {
    /// Title and text of each section of the terms: the operator's own, where there are any. Paragraphs are parted by an empty line.
    pub fn terms_sections(&self, brand: &Brand) -> Vec<(String, String)> {
        let terms = &self.pages.terms;
        let ours = || {
            let service = (terms.service_title(self.brand_within(&brand.name)), terms.service(self.brand(&brand.name)));
            let others = terms.sections.iter().map(|(title, text)| ((*title).to_owned(), (*text).to_owned()));
            [service].into_iter().chain(others).collect()
        };
        let mut sections = brand.terms.terms.as_ref().map_or_else(ours, Prose::sections);
        sections.extend(brand.terms.privacy.as_ref().map(Prose::sections).unwrap_or_default());
        sections
    }
}
