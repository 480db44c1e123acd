//! The words of the OpenAPI document and of the page that shows it.
//!
//! They are no part of [`Texts`](crate::Texts): nothing that travels to the browser shows them.

use crate::Language;

static PT_BR: ApiDocs = ApiDocs::of(Language::PtBr);
static EN: ApiDocs = ApiDocs::of(Language::En);

/// The words in a language.
pub const fn texts(language: Language) -> &'static ApiDocs {
    match language {
        Language::PtBr => &PT_BR,
        Language::En => &EN,
    }
}

catalogue! {
    /// Everything that is said of the API.
    pub struct ApiDocs {
        /// Which language this is.
        language: Language;
        title(of_brand): "API {of_brand}" | "The {of_brand} API";
        about: "Cadastro, confirmação de contato, entrada, recuperação e perfil. Os textos das respostas são em português, qualquer que seja o idioma das páginas. Campos desconhecidos são ignorados; onde um valor é opcional, `null` vale como ausente."
            | "Sign-up, proof of contact, sign-in, recovery and profile. Answers speak Portuguese, whatever the language of the pages. Unknown fields are ignored; where a value is optional, `null` counts as absent.";
        tags: TagWords;
        operations: OperationWords;
        members: MemberWords;
        headers: HeaderWords;
        securities: SecurityWords;
        statuses: StatusWords;
        page: PageWords;
    }

    /// The headings, and a sentence to each.
    pub struct TagWords {
        teacher: "003 · Professores e acesso" | "003 · Teachers and access";
        teacher_about: "Cadastro de professores, entrada com senha, tokens e redefinição por link." | "Teachers' sign-up, sign-in by password, tokens and reset by a link.";
        client: "000 · Clientes por telefone" | "000 · Clients by phone";
        client_about: "Cadastro com código enviado ao telefone, e entrada por código." | "Sign-up by a code sent to the phone, and sign-in by code.";
        recovery: "002 · Recuperação por CPF ou CNPJ" | "002 · Recovery by CPF or CNPJ";
        recovery_about: "Senha nova por um código enviado aos contatos confirmados." | "A new password by a code sent to the confirmed contacts.";
        registration: "001 · Registro com link por e-mail" | "001 · Registration by an email link";
        registration_about: "Registro de qualquer tipo de conta; os erros trazem `error` e `campos`." | "Registration of any kind of account; errors have `error` and `campos`.";
        carona: "004 · Via Carona" | "004 · Via Carona";
        carona_about: "Cadastro em três etapas; toda resposta traz `success` e `message`." | "Sign-up in three steps; every answer has `success` and `message`.";
        profile: "Meu perfil" | "My profile";
        profile_about: "Dados, contatos, senha e sessões de quem entrou." | "Data, contacts, password and sessions of who signed in.";
        contest: "Contestação de documento" | "Contesting a document";
        contest_about: "Quando um CPF ou CNPJ seu está em outra conta. Nenhuma resposta diz se alguém o tem." | "When a CPF or CNPJ of yours is in another account. No answer tells whether anybody has it.";
        public: "Público" | "Public";
        public_about: "O que outros produtos consultam." | "What other products look up.";
    }

    /// What each route does.
    pub struct OperationWords {
        register_teacher: "Registra um professor e envia o link de confirmação" | "Registers a teacher and sends the confirmation link";
        register_client: "Começa o cadastro de um cliente e envia um código ao telefone" | "Begins a client's sign-up and sends a code to the phone";
        verify_phone: "Confirma o telefone pelo código e cria a conta" | "Proves the phone by its code and creates the account";
        resend_phone: "Envia de novo o código do cadastro" | "Sends the code of a sign-up again";
        open_link: "Confirma o e-mail pelo token do link" | "Proves the email by the token of the link";
        post_link: "Confirma o e-mail pelo token do link, sem navegar" | "Proves the email by the token of the link, without navigating";
        login: "Entra com e-mail, usuário, telefone, CPF ou CNPJ e senha" | "Signs in with email, user name, phone, CPF or CNPJ, and password";
        ask_login_code: "Pede um código de entrada por telefone" | "Asks for a sign-in code by phone";
        login_by_code: "Entra com o código recebido no telefone" | "Signs in with the code that the phone received";
        logout: "Encerra a sessão" | "Ends the session";
        refresh: "Troca o token de renovação por tokens novos" | "Exchanges the refresh token for new tokens";
        jwks: "Chaves públicas dos tokens de acesso" | "Public keys of the access tokens";
        ask_recovery: "Pede um código de recuperação pelo CPF ou CNPJ" | "Asks for a recovery code by CPF or CNPJ";
        verify_recovery: "Troca o código de recuperação pelo direito a uma senha nova" | "Exchanges the recovery code for the right to a new password";
        reset_by_document: "Define a senha nova da recuperação por documento" | "Sets the new password of a recovery by document";
        forgot_password: "Pede um link para redefinir a senha" | "Asks for a link to set a new password";
        reset_password: "Define a senha nova com o token do link" | "Sets the new password with the token of the link";
        change_password: "Troca a senha de quem entrou" | "Changes the password of who signed in";
        register: "Registra uma conta de qualquer tipo e envia o link" | "Registers an account of any kind and sends the link";
        resend_link: "Envia de novo o link de confirmação" | "Sends the confirmation link again";
        carona_register: "Etapa 1: registro inicial" | "Step 1: registration";
        carona_verify: "Etapa 2: verificação do e-mail" | "Step 2: proof of the email";
        carona_resend: "Etapa 2: reenvia o código" | "Step 2: sends the code again";
        carona_complete: "Etapa 3: completa o perfil de quem confirmou este e-mail" | "Step 3: completes the profile of who proved this email";
        carona_login: "Entra e recebe um token de duas horas" | "Signs in and receives a token of two hours";
        show_profile: "Mostra o perfil de quem entrou" | "Shows the profile of who signed in";
        update_profile: "Altera o perfil; o que não vem fica como está" | "Changes the profile; what is absent stays";
        ask_own_phone: "Pede um código para um telefone novo" | "Asks for a code to a new phone";
        verify_own_phone: "Confirma o telefone novo" | "Proves the new phone";
        ask_own_email: "Pede um código para um e-mail novo" | "Asks for a code to a new email";
        verify_own_email: "Confirma o e-mail novo" | "Proves the new email";
        reauthenticate: "Confirma quem está na sessão; sem senha nem código, envia um código" | "Re-authenticates the session; with neither password nor code, sends a code";
        first_password: "Cria a primeira senha de uma conta sem senha" | "Sets the first password of an account without one";
        export_data: "Baixa tudo o que a conta guarda, por inteiro" | "Downloads all that is kept of the account, whole";
        accept_terms: "Aceita os termos de serviço em vigor" | "Accepts the terms of service in force";
        block: "Bloqueia a conta: só uma recuperação entra" | "Blocks the account: only a recovery leads in";
        ask_deletion: "Pede a exclusão da conta, que pode ser desfeita por 14 dias" | "Asks for the deletion of the account, which can be undone for 14 days";
        list_sessions: "Lista onde a conta está aberta" | "Lists where the account is open";
        end_sessions: "Encerra todas as outras sessões" | "Ends all other sessions";
        end_session: "Encerra uma sessão" | "Ends one session";
        photo: "Foto de perfil, por um endereço que não se adivinha" | "A profile photo, by an address that cannot be guessed";
        ask_contest: "Contesta um documento e envia um código ao contato informado" | "Contests a document and sends a code to the contact given";
        verify_contest: "Confirma o contato da contestação" | "Proves the contact of the contest";
        keep_document: "Responde, pelo link, que o documento é de quem o tem" | "Answers, by the link, that the document is its holder's";
    }

    /// What the members of answers mean.
    pub struct MemberWords {
        access_token: "JWT de acesso (EdDSA), para `Authorization: Bearer`" | "JWT access token (EdDSA), for `Authorization: Bearer`";
        refresh_token: "Token de renovação, trocado a cada uso" | "Refresh token, replaced at each use";
        expires_in: "Segundos de validade" | "Seconds until it expires";
        resend_in: "Segundos até poder pedir de novo" | "Seconds until it may be asked for again";
        destination: "Para onde foi, mascarado" | "Where it went, masked";
        masked: "Mascarado" | "Masked";
        terms_pending: "Versão dos termos por aceitar, ou nula" | "Version of the terms yet to be accepted, or null";
        photo_url: "Endereço da foto" | "Address of the photo";
        version: "Versão do perfil; devolvida em uma alteração, impede sobrescrever a de outra pessoa"
            | "Version of the profile; sent back with a change, it keeps another's change from being overwritten";
        instant: "Segundos desde 1970 (UTC)" | "Seconds since 1970 (UTC)";
        signup_token: "Permite completar este cadastro por 30 minutos, como `Authorization: Bearer`"
            | "Allows completing this profile for 30 minutes, as `Authorization: Bearer`";
        reset_token: "Permite definir uma senha nova, uma vez" | "Allows setting a new password, once";
        user_id: "Identifica a conta; não diz quantas existem" | "Identifies the account; does not tell how many there are";
        problem_type: "`urn:portaria:problem:` e o código da recusa" | "`urn:portaria:problem:` and the code of the refusal";
        errors: "Os textos de erro de cada campo" | "The error texts of each field";
        sentence: "Um texto para a pessoa" | "A text for the person";
        code: "Código de erro" | "Error code";
    }

    /// Headers of answers.
    pub struct HeaderWords {
        retry_after: "Segundos até a próxima tentativa" | "Seconds until the next attempt";
        www_authenticate: "`Bearer`" | "`Bearer`";
        clear_site_data: "Limpa o que o navegador guardou" | "Clears what the browser kept";
        cache_control: "Por quanto tempo pode ser guardado" | "How long it may be kept";
        attachment: "Nome do arquivo" | "Name of the file";
        location: "Para onde o navegador segue" | "Where the browser goes on";
        proof_cookie: "O cookie que permite completar este cadastro" | "The cookie that allows completing this profile";
        proof_cookie_cleared: "Apaga o cookie que permitia completar o cadastro" | "Clears the cookie that allowed completing the profile";
    }

    /// How a requester shows who it is.
    pub struct SecurityWords {
        bearer: "O `accessToken` de uma entrada" | "The `accessToken` of a sign-in";
        session: "O cookie de sessão do navegador" | "The browser's session cookie";
        signup: "O `signupToken` da verificação do e-mail (004)" | "The `signupToken` of the email's verification (004)";
        proof: "O cookie que a verificação do e-mail deixou (004)" | "The cookie that the email's verification left (004)";
    }

    /// What a status means.
    pub struct StatusWords {
        ok: "Feito" | "Done";
        created: "Criado" | "Created";
        accepted: "Aceito; a mensagem está a caminho" | "Accepted; the message is on its way";
        see_other: "O navegador segue para a página de entrada" | "The browser goes on to the sign-in page";
        bad_request: "Campos errados ou corpo ilegível" | "Wrong fields or an unreadable body";
        unauthorized: "Sem entrada válida" | "No valid sign-in";
        forbidden: "Sem direito a isto" | "No right to this";
        not_found: "Não existe" | "Does not exist";
        conflict: "Já existe em outra conta, ou mudou no meio tempo" | "Another account has it, or it changed meanwhile";
        gone: "Expirou" | "Has expired";
        too_large: "Grande demais" | "Too large";
        unsupported: "Tipo de conteúdo não aceito" | "Media type not accepted";
        too_many: "Tentativas demais; tente mais tarde" | "Too many attempts; try later";
        unavailable: "Indisponível no momento" | "Unavailable at the moment";
    }

    /// The page.
    pub struct PageWords {
        title(brand): "Documentação da API · {brand}" | "API documentation · {brand}";
        skip: "Ir para o conteúdo" | "Skip to content";
        document: "Documento OpenAPI 3.1 (JSON)" | "OpenAPI 3.1 document (JSON)";
        contents: "Assuntos" | "Subjects";
        access_anyone: "Aberta" | "Open";
        access_session: "Pede sessão" | "Needs a session";
        access_refresh: "Pede o token de renovação, no corpo" | "Needs the refresh token, in the body";
        access_completion: "Pede a confirmação deste e-mail" | "Needs the proof of this email";
        parameters: "Parâmetros" | "Parameters";
        body(media): "Corpo ({media})" | "Body ({media})";
        required: "obrigatório" | "required";
        optional: "opcional" | "optional";
        answers: "Respostas" | "Answers";
        members: "Campos da resposta" | "Fields of the answer";
        example: "Exemplo" | "Example";
        own_example: "exemplo" | "example";
        of_document(number): "do documento {number}" | "of document {number}";
        token: "Token de acesso" | "Access token";
        token_hint: "Cole aqui o accessToken de uma entrada: ele acompanha os pedidos feitos nesta página e some quando ela é fechada."
            | "Paste the accessToken of a sign-in here: it goes along with the requests made on this page, and is gone when it is closed.";
        try_it: "Experimentar" | "Try it";
        without_script: "Sem JavaScript, esta página serve para ler; os pedidos podem ser feitos com o curl."
            | "Without JavaScript this page is for reading; requests can be made with curl.";
        warning: "Os pedidos são de verdade: criam contas e enviam mensagens." | "The requests are real: they create accounts and send messages.";
        send: "Enviar pedido" | "Send request";
        sending: "Enviando…" | "Sending…";
        failed: "O pedido não chegou ao servidor. Confira sua conexão" | "The request did not reach the server. Check your connection";
        answer: "Resposta" | "Answer";
        no_body: "sem corpo" | "no body";
        at_most(max): "até {max} caracteres" | "at most {max} characters";
        at_least(min): "pelo menos {min} caracteres" | "at least {min} characters";
        one_of(values): "um de {values}" | "one of {values}";
        nullable: "pode ser nulo" | "may be null";
    }
}
