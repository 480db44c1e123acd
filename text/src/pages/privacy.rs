//! What is done with personal data (LGPD, art. 9), and how the pages may be used by everybody. What is a fact of the product (which data,
//! how long) is printed from the tables of the domain; these are the words around it.

catalogue! {
    /// Below the terms.
    pub struct PrivacyTexts {
        title: "Privacidade" | "Privacy";
        who: "Quem responde pelos seus dados" | "Who answers for your data";
        controller: "Controlador" | "Controller";
        officer: "Encarregado pelos dados (LGPD, art. 41)" | "Data protection officer (LGPD, art. 41)";
        help: "Ajuda com a conta" | "Help with the account";
        /// Only where nobody but the operator looks: such a production does not start.
        unfilled(setting): "Ainda não preenchido: {setting}, em [brand]" | "Not filled in yet: {setting}, in [brand]";
        data: "Que dados tratamos" | "Which data we process";
        data_lead: "Conforme o tipo de conta. O que é opcional só guardamos se você informar."
            | "Depending on the kind of account. What is optional we only keep if you give it.";
        of_all: "De toda conta" | "Of every account";
        of_all_data: "A senha, só como um resumo que não pode ser revertido; os termos que você aceitou; e, de cada acesso e de cada mudança, a data, o endereço IP e o navegador."
            | "The password, only as a digest that cannot be reversed; the terms that you accepted; and, of each access and change, the date, the IP address and the browser.";
        why: "Para quê, e com que base legal" | "What for, and on which legal ground";
        purposes: [
            (
                "Criar a conta, confirmar seu contato, deixar você entrar e recuperar o acesso"
                    | "To create the account, confirm your contact, let you in and recover access",
                "Execução do contrato com você (LGPD, art. 7º, V)." | "Performance of the contract with you (LGPD, art. 7, V)."
            ),
            (
                "Reconhecer acessos que não são seus, avisar você e impedir fraudes e abusos"
                    | "To recognise accesses that are not yours, to tell you, and to prevent fraud and abuse",
                "Legítimo interesse, seu e nosso (LGPD, art. 7º, IX)." | "Legitimate interest, yours and ours (LGPD, art. 7, IX)."
            ),
            (
                "Guardar os registros de acesso por seis meses" | "To keep the records of access for six months",
                "Obrigação legal (LGPD, art. 7º, II; Marco Civil da Internet, art. 15)."
                    | "Legal obligation (LGPD, art. 7, II; Marco Civil da Internet, art. 15)."
            ),
            (
                "Contar a outro produto quem você é, quando você entra nele por aqui" | "To tell another product who you are, when you enter it from here",
                "Seu consentimento, que você retira quando quiser em Meu Perfil (LGPD, art. 7º, I)."
                    | "Your consent, which you take back whenever you like in My profile (LGPD, art. 7, I)."
            ),
        ];
        never: "Não vendemos dados, não fazemos publicidade com eles e nenhuma decisão é tomada só por máquina além de bloquear tentativas em excesso."
            | "We do not sell data or advertise with it, and no decision is left to a machine alone but that of blocking excessive attempts.";
        shared: "Com quem compartilhamos" | "Whom we share it with";
        shared_text:
            "Com as empresas que levam nossos e-mails, SMS e mensagens de WhatsApp, só o endereço e a mensagem. Com os produtos que você autorizou, só o que você permitiu. Com autoridades, só o que a lei obriga."
            | "With the companies that carry our emails, SMS and WhatsApp messages, only the address and the message. With the products that you allowed, only what you permitted. With authorities, only what the law demands.";
        kept: "Por quanto tempo guardamos" | "How long we keep it";
        kept_account: "A conta: cadastro, foto e termos aceitos" | "The account: profile, photo and accepted terms";
        kept_account_time: "Enquanto a conta existir." | "As long as the account exists.";
        kept_deleted: "Uma conta que você pediu para excluir, para você poder desistir"
            | "An account whose deletion you asked for, so that you may change your mind";
        kept_unproved: "Um cadastro que ninguém confirmou, depois que a confirmação venceu"
            | "A sign-up that nobody confirmed, after its confirmation lapsed";
        kept_contest: "Uma contestação de CPF ou CNPJ, depois de decidida" | "A contest of a CPF or CNPJ, once decided";
        cookies: "Cookies" | "Cookies";
        cookies_text:
            "Só os necessários: o que mantém você dentro, o que guarda um cadastro pela metade, o que reconhece este navegador e o que lembra o idioma. Nenhum de publicidade ou de medição."
            | "Only those that are needed: the one that keeps you signed in, the one that keeps a half-finished sign-up, the one that recognises this browser and the one that remembers the language. None for advertising or measurement.";
        rights: "Como exercer seus direitos" | "How to exercise your rights";
        rights_text:
            "Ver, baixar e excluir: em Meus dados, a qualquer hora. Corrigir: em Meu Perfil. Para todo o resto, escreva ao encarregado. Se não ficar satisfeito, você pode reclamar à ANPD (Autoridade Nacional de Proteção de Dados)."
            | "See, download and delete: in My data, at any time. Correct: in My profile. For all else write to the data protection officer. If you are not satisfied you may complain to the ANPD (Autoridade Nacional de Proteção de Dados).";
    }

    /// `/accessibility`.
    pub struct AccessibilityTexts {
        title: "Acessibilidade" | "Accessibility";
        heading: "Declaração de acessibilidade" | "Accessibility statement";
        lead(of_brand): "Queremos que todas as pessoas consigam usar as páginas {of_brand} com qualquer navegador, leitor de tela ou teclado."
            | "We want everybody to be able to use the pages of {of_brand} with any browser, screen reader or keyboard.";
        sections: [
            (
                "O que seguimos" | "What we follow",
                "As páginas são feitas e testadas segundo as WCAG 2.2, níveis A e AA, que também atendem à Lei Brasileira de Inclusão (Lei 13.146/2015, art. 63)."
                    | "The pages are built and tested by WCAG 2.2, levels A and AA, which also meets the Brazilian inclusion law (Lei 13.146/2015, art. 63)."
            ),
            (
                "O que você pode esperar" | "What you can expect",
                "Tudo funciona só com o teclado e sem JavaScript, em telas de 320 pixels, com o texto em dobro, no escuro e com as cores do seu sistema. Erros são explicados em palavras, no campo e no alto da página. Códigos podem ser colados, e nada se perde quando um deles vence."
                    | "Everything works by keyboard alone and without JavaScript, on screens of 320 pixels, with text twice as large, in the dark and with the colours of your system. Errors are explained in words, at the field and at the top of the page. Codes may be pasted, and nothing is lost when one lapses."
            ),
            (
                "Como verificamos" | "How we check it",
                "Cada página e cada estado passa por testes automáticos a cada mudança, com o axe e com o teclado. Pessoas que usam leitores de tela ainda não as avaliaram para nós: se algo não funcionar com o seu, o erro é nosso e queremos saber."
                    | "Each page and each state passes automatic tests with every change, by axe and by keyboard. People who use screen readers have not reviewed them for us yet: if something does not work with yours, the fault is ours and we want to know."
            ),
        ];
        contact: "Encontrou uma barreira?" | "Did you meet a barrier?";
        contact_lead: "Conte em que página foi, o que você tentou fazer e com que programa. Respondemos e, enquanto isso, ajudamos você por outro caminho."
            | "Tell us on which page it was, what you tried to do and with which program. We answer, and meanwhile help you another way.";
    }
}
