//! `/dev/components`, which shows a developer what pages are made of.

catalogue! {
    /// The page. What stands in the components is what they say elsewhere.
    pub struct ComponentsTexts {
        title: "Componentes" | "Components";
        intro: "Tudo de que as páginas são feitas, em cada estado. Esta página não existe em produção."
            | "All that pages are made of, in every state. This page does not exist in production.";
        how: "Claro ou escuro segue o seu aparelho. Cores forçadas: o alto contraste do sistema, ou “forced-colors” nas ferramentas do navegador. Texto a 200 %: o tamanho da fonte, nas configurações do navegador."
            | "Light or dark follows your device. Forced colours: the high contrast of the system, or “forced-colors” in the tools of the browser. Text at 200%: the size of the font, in the settings of the browser.";
        both: "Claro e escuro lado a lado" | "Light and dark side by side";
        light: "Claro" | "Light";
        dark: "Escuro" | "Dark";
        colours: "Cores" | "Colours";
        /// How well a colour is read.
        on_paper(ratio): "{ratio} sobre o papel" | "{ratio} on the paper";
        measures: "Medidas e letras" | "Measures and type";
        icons: "Ícones" | "Icons";
        drawings: "Desenhos" | "Drawings";
        buttons: "Botões" | "Buttons";
        primary: "A ação principal" | "The main action";
        secondary: "Outra ação" | "Another action";
        danger: "Tira alguma coisa" | "Takes something away";
        quiet: "Discreta" | "Quiet";
        link: "Um link como botão" | "A link as a button";
        waits: "Em espera" | "Waiting";
        fields: "Campos" | "Fields";
        empty: "Vazio, com dica" | "Empty, with a hint";
        filled: "Preenchido" | "Filled in";
        wrong: "Com erro" | "With an error";
        fixed: "Que não muda" | "That does not change";
        choices: "Escolhas" | "Choices";
        passwords: "Senhas" | "Passwords";
        photo: "Foto" | "Photo";
        code: "Código" | "Code";
        again: "Quem é você, de novo" | "Who are you, once more";
        messages: "Mensagens" | "Messages";
        cards: "Cartões" | "Cards";
        steps: "Passos e o que está ao lado" | "Steps, and what stands beside them";
        lists: "Listas" | "Lists";
        folded: "Dobrado" | "Folded";
        transfer: "Para outro aparelho" | "To another device";
        /// A name and a sentence, where any would do.
        somebody: "Ana Souza" | "Ana Souza";
        sentence: "Enviamos um link para confirmar este endereço." | "We send a link to confirm this address.";
    }
}
