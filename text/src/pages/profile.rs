//! What an account has, for its owner.

use crate::Texts;
use portaria::value::Gender;

catalogue! {
    /// What an account still lacks.
    pub struct CompleteTexts {
        title: "Complete seu perfil" | "Complete your profile";
        phone_lead: "Falta confirmar o seu celular com um código." | "Your phone has yet to be confirmed with a code.";
        phone_submit: "Receber código" | "Get code";
        other_phone: "Usar outro número" | "Use another number";
        cnpj_lead: "Falta o CNPJ da empresa. Depois de salvo, ele não pode ser alterado aqui."
            | "The company's CNPJ is missing. Once saved, it cannot be changed here.";
        cnpj_submit: "Salvar CNPJ" | "Save CNPJ";
        form_lead: "Faltam alguns dados. Confira bem o CPF: depois de salvo, ele não pode ser alterado aqui."
            | "Some details are still missing. Check the CPF well: once saved, it cannot be changed here.";
        phone_label: "Telefone" | "Phone";
        male: "Masculino" | "Male";
        female: "Feminino" | "Female";
        other_gender: "Outro" | "Other";
        choose_state: "Escolha o estado" | "Choose the state";
        form_submit: "Concluir cadastro" | "Finish signing up";
        later: "Agora não" | "Not now";
        done: "Seu perfil está completo." | "Your profile is complete.";
    }

    /// Meu Perfil (003).
    pub struct ProfileTexts {
        title: "Meu Perfil" | "My profile";
        data: "Seus dados" | "Your data";
        email_fixed: "O e-mail não pode ser alterado." | "The email cannot be changed.";
        fixed: "Não pode ser alterado aqui." | "Cannot be changed here.";
        remove_photo: "Remover a foto atual" | "Remove the present photo";
        save: "Salvar alterações" | "Save changes";
        contact: "Celular e documentos" | "Mobile phone and documents";
        none: "Não informado" | "Not given";
        change_phone: "Trocar celular" | "Change mobile phone";
        add_phone: "Adicionar celular" | "Add a mobile phone";
        phone_lead: "Enviamos um código ao novo número. O celular só muda depois que você confirmar."
            | "We send a code to the new number. The phone changes only once you have confirmed it.";
        add_cpf: "Adicionar CPF" | "Add CPF";
        cpf_lead: "Com o CPF você recupera a senha por código. Depois de salvo, ele não pode ser alterado aqui."
            | "With the CPF you recover your password by code. Once saved, it cannot be changed here.";
        add_cnpj: "Adicionar CNPJ" | "Add CNPJ";
        document_submit: "Salvar CPF" | "Save CPF";
        access: "Acesso e segurança" | "Access and security";
        password_set: "Definida." | "Set.";
        password_unset: "Ainda não definida." | "Not set yet.";
        change_password: "Alterar Senha" | "Change password";
        /// The heading of its page.
        change_password_title: "Alterar senha" | "Change password";
        password_lead: "Você continua conectado aqui e precisará entrar de novo nos outros aparelhos."
            | "You stay signed in here, and have to sign in again on other devices.";
        password_submit: "Alterar senha" | "Change password";
        no_password: "Sua conta não tem senha: você entra com um código enviado ao seu celular."
            | "Your account has no password: you come in with a code sent to your mobile.";
        products_name: "Serviços com acesso" | "Services with access";
        one_product: "Um serviço de terceiros tem acesso à sua conta." | "One third-party service has access to your account.";
        products(n): "{n} serviços de terceiros têm acesso à sua conta." | "{n} third-party services have access to your account.";
        see_products: "Ver serviços" | "See services";
        own_data: "Baixe uma cópia de tudo ou exclua a conta." | "Download a copy of it all, or delete the account.";
        see_own_data: "Ver meus dados" | "See my data";
        sessions: "Aparelhos" | "Devices";
        sessions_lead: "Aparelhos conectados à sua conta. Não reconhece algum? Encerre a sessão e altere a senha."
            | "Devices connected to your account. You do not know one? End its session and change the password.";
        this_session: "Esta sessão" | "This session";
        last_used(date, time): "Último uso em {date}, às {time}" | "Last used on {date}, at {time}";
        since(date, time): "Aberta em {date}, às {time}" | "Open since {date}, at {time}";
        address(address): "Endereço IP {address}" | "IP address {address}";
        local_address(address): "Endereço IP {address}, na rede local" | "IP address {address}, on the local network";
        api_session: "Aplicativo" | "Application";
        end: "Encerrar sessão" | "End session";
        end_of(device, address): "Encerrar a sessão em {device}, {address}" | "End the session on {device}, {address}";
        end_others: "Encerrar todas as outras" | "End all others";
        only_session: "Nenhuma outra sessão está aberta." | "No other session is open.";
        back: "Voltar ao perfil" | "Back to the profile";
    }

    /// The dashboard.
    pub struct DashboardTexts {
        title: "Início" | "Home";
        greeting(name): "Olá, {name}" | "Hello, {name}";
        data: "Seus dados" | "Your data";
        kind: "Conta" | "Account";
        proved: "Confirmado" | "Confirmed";
        not_proved: "Não confirmado" | "Not confirmed";
        /// The same of a point of the check-up: which contact it is stands among the data.
        contact_proved: "Confirmado." | "Confirmed.";
        contact_unproved: "Não confirmado." | "Not confirmed.";
        at(date, time): "{date}, às {time} (horário de Brasília)" | "{date}, {time} (Brasília time)";
        masked_note: "Escondemos parte dos dados para proteger sua privacidade." | "We hide parts of your data to protect your privacy.";
        signed_out: "Entre na sua conta para ver esta página." | "Sign in to see this page.";
        incomplete: "Falta pouco para completar o seu perfil." | "Your profile is almost complete.";
        /// Of what it lacks, the fields.
        lacks(fields): "Falta: {fields}." | "Missing: {fields}.";
        complete: "Completar perfil" | "Complete profile";
        only_phone: "Hoje sua conta depende só do seu celular. Com um e-mail confirmado, você entra e recupera a senha mesmo sem ele."
            | "Today your account hangs on your mobile phone alone. With a confirmed email you sign in and recover your password even without it.";
        only_email: "Hoje sua conta depende só do seu e-mail. Com um celular confirmado, você entra e recupera a senha mesmo sem ele."
            | "Today your account hangs on your email alone. With a confirmed mobile you sign in and recover your password even without it.";
        no_email: "Nenhum e-mail na conta." | "No email on the account.";
        no_phone: "Nenhum celular na conta." | "No mobile on the account.";
        add_second_email: "Adicionar um e-mail" | "Add an email";
        add_second_phone: "Adicionar um celular" | "Add a mobile";
        confirm_email: "Confirmar e-mail" | "Confirm the email";
        confirm_phone: "Confirmar celular" | "Confirm the mobile";
        no_password: "Uma senha ajuda se o código demorar." | "A password helps when a code is late.";
        add_password: "Criar senha" | "Set a password";
        password: "Senha" | "Password";
        has_password: "A conta tem uma senha." | "The account has a password.";
        security: "Segurança da conta" | "Account security";
        all_good: "Está tudo em ordem." | "All is in order.";
        one_point: "Um ponto pede atenção." | "One point needs attention.";
        points(n): "{n} pontos pedem atenção." | "{n} points need attention.";
        /// Before a point, for who does not see its mark.
        good: "Em ordem:" | "In order:";
        attention: "Atenção:" | "Attention:";
        sessions: "Aparelhos" | "Devices";
        only_here: "A conta está aberta só neste aparelho." | "The account is open on this device alone.";
        open_on(n): "A conta está aberta em {n} aparelhos." | "The account is open on {n} devices.";
        see_sessions: "Ver aparelhos" | "See devices";
        previous: "Acesso anterior" | "Previous sign-in";
        first_sign_in: "Este é o seu primeiro acesso." | "This is your first visit.";
        /// The audit has forgotten it.
        none_kept: "Nenhum outro acesso nos últimos seis meses." | "No other sign-in in the last six months.";
        same_place(device): "{device}, na mesma rede de agora" | "{device}, on the same network as now";
        other_place(device, address): "{device}, de outra rede (endereço IP {address})" | "{device}, from another network (IP address {address})";
        local_place(device, address): "{device}, na rede local (endereço IP {address})" | "{device}, on the local network (IP address {address})";
        one_failure: "Desde então, uma tentativa de entrar não deu certo." | "Since then one attempt to sign in did not succeed.";
        failures(n): "Desde então, {n} tentativas de entrar não deram certo." | "Since then {n} attempts to sign in did not succeed.";
        many_failures(n): "Desde então, {n} ou mais tentativas de entrar não deram certo." | "Since then {n} or more attempts to sign in did not succeed.";
        not_me: "Não foi você?" | "Wasn't you?";
        protect: "Proteja sua conta" | "Protect your account";
        worth: "O que falta no seu perfil" | "What your profile lacks";
        worth_lead: "Nada disto é obrigatório." | "None of this is required.";
        add: "Adicionar" | "Add";
        see_profile: "Ver meu perfil" | "See my profile";
        /// To the product that the account is for.
        go_on(brand): "Continuar para {brand}" | "Go on to {brand}";
    }
}

impl Texts {
    /// On how many devices the account is open.
    pub fn open_on(&self, devices: usize) -> String {
        let texts = &self.pages.dashboard;
        match devices {
            0 | 1 => texts.only_here.to_owned(),
            n => texts.open_on(n),
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
}
