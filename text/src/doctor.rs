//! What `portaria doctor` prints: what it looked at, what it found, and what to do.

catalogue! {
    /// The sentences. What ends in `_advice` says what to do.
    pub struct DoctorTexts {
        well: "bem" | "well";
        warning: "atenção" | "warning";
        broken: "quebrado" | "broken";
        unchecked: "não visto" | "unchecked";
        to_do(advice): "Faça: {advice}" | "To do: {advice}";
        all_well: "Tudo bem." | "All is well.";
        some_warnings: "Funciona, com ressalvas." | "It works, with reservations.";
        some_broken: "Há o que consertar." | "There is something to repair.";

        database: "Banco de dados" | "Database";
        schema: "Esquema" | "Schema";
        clock: "Relógio" | "Clock";
        keys: "Chaves" | "Keys";
        email: "E-mail" | "Email";
        sms: "SMS" | "SMS";
        whatsapp: "WhatsApp" | "WhatsApp";
        address: "Endereço" | "Address";
        told: "Quem responde" | "Who answers";

        database_well(version): "PostgreSQL {version}" | "PostgreSQL {version}";
        database_unreachable(error): "não responde: {error}" | "does not answer: {error}";
        database_unreachable_advice:
            "confira DATABASE_URL, se o Postgres está no ar e se esta máquina o alcança"
            | "check DATABASE_URL, that Postgres is up, and that this machine reaches it";
        database_old(version): "PostgreSQL {version} é antigo demais" | "PostgreSQL {version} is too old";
        database_old_advice: "use o PostgreSQL 15 ou mais novo" | "use PostgreSQL 15 or newer";
        database_private(version): "PostgreSQL {version}, particular desta máquina" | "PostgreSQL {version}, private to this machine";
        database_private_advice: "em produção, defina DATABASE_URL: só esta máquina tem os dados"
            | "in production, set DATABASE_URL: only this machine has the data";
        database_in_clear(version): "PostgreSQL {version}, pela rede sem criptografia" | "PostgreSQL {version}, over a network in the clear";
        database_in_clear_advice: "acrescente ?sslmode=verify-full a DATABASE_URL" | "add ?sslmode=verify-full to DATABASE_URL";

        schema_well(n): "em dia, {n} migrações" | "up to date, {n} migrations";
        schema_by_itself(n): "faltam {n} migrações, que `portaria serve` aplica por si em desenvolvimento"
            | "{n} migrations are missing, which `portaria serve` applies by itself in development";
        schema_old(names): "faltam migrações: {names}" | "migrations are missing: {names}";
        schema_old_advice: "rode `portaria migrate`, e depois reinicie os nós" | "run `portaria migrate`, then restart the nodes";
        schema_newer(names): "mais novo que este programa: {names}" | "newer than this program: {names}";
        schema_newer_advice: "durante uma atualização é o esperado; depois, atualize este programa"
            | "while upgrading this is expected; afterwards, upgrade this program";
        schema_foreign(names): "migrações aplicadas com outro conteúdo: {names}" | "migrations were applied with other contents: {names}";
        schema_foreign_advice: "este programa não é o que fez este banco: use o mesmo, ou volte a um backup"
            | "this program is not the one that made this database: use that one, or go back to a backup";

        clock_well: "de acordo com o do banco" | "agrees with the database's";
        clock_off(seconds): "difere do relógio do banco em {seconds} s" | "differs from the database's by {seconds} s";
        clock_off_advice: "acerte os relógios das máquinas por NTP (chrony ou systemd-timesyncd)"
            | "set the clocks of the machines by NTP (chrony or systemd-timesyncd)";

        keys_well(n): "PORTARIA_SECRET abre as {n} chaves" | "PORTARIA_SECRET opens the {n} keys";
        keys_none: "ainda não há: são feitas na primeira partida" | "there are none yet: the first start makes them";
        keys_half: "uma troca de chave não terminou" | "the rotation of a key is not done";
        keys_half_advice: "se nenhuma está em curso, rode `portaria keys rotate` (com --index, se `portaria keys list` mostra uma chave index pela metade): ela continua de onde parou"
            | "if none is at work, run `portaria keys rotate` (with --index if `portaria keys list` shows an index key half done): it goes on where it was";
        keys_old: "as chaves ainda são do PORTARIA_SECRET_OLD" | "the keys are still those of PORTARIA_SECRET_OLD";
        keys_old_advice: "a próxima partida de um nó, com os dois, as passa para o PORTARIA_SECRET"
            | "the next start of a node, with both, wraps them with PORTARIA_SECRET";
        keys_wrong: "PORTARIA_SECRET não abre as chaves deste banco" | "PORTARIA_SECRET does not open the keys of this database";
        keys_wrong_advice: "use o PORTARIA_SECRET com que o banco foi feito; sem ele, o que está selado não se abre mais"
            | "use the PORTARIA_SECRET with which the database was made; without it nothing that is sealed opens any more";

        carrier_well: "a operadora aceita nossas credenciais" | "the carrier takes our credentials";
        carrier_captured: "sem operadora: as mensagens aparecem em /dev/outbox" | "no carrier: messages appear at /dev/outbox";
        carrier_unset(names): "sem operadora: ninguém recebe nada. Não definidos: {names}"
            | "no carrier: nobody receives any. Not set: {names}";
        carrier_unset_advice: "defina-os, ou aceite que este canal não é oferecido" | "set them, or accept that this channel is not offered";
        carrier_no_prefixes: "PORTARIA_ALLOWED_PREFIXES está vazio: nada é enviado a telefones"
            | "PORTARIA_ALLOWED_PREFIXES is empty: nothing is sent to phones";
        carrier_no_prefixes_advice: "defina os prefixos a que se envia, como +55" | "set the prefixes that are sent to, such as +55";
        carrier_unusable(error): "não pode ser usada: {error}" | "cannot be used: {error}";
        carrier_unreachable(code): "a operadora não responde ({code})" | "the carrier does not answer ({code})";
        carrier_unreachable_advice(names): "confira {names}, o DNS e se esta máquina sai para a rede"
            | "check {names}, DNS, and that this machine reaches the network";
        carrier_credentials(code): "a operadora recusa nossas credenciais ({code})" | "the carrier refuses our credentials ({code})";
        carrier_credentials_advice(names): "confira {names} no painel da operadora" | "check {names} in the carrier's console";
        carrier_tls(code): "a conexão não se protege por TLS ({code})" | "the connection is not protected by TLS ({code})";
        carrier_tls_advice(names): "confira o esquema, a porta e o certificado em {names}: smtps:// para 465, ?tls=required para 587"
            | "check the scheme, the port and the certificate in {names}: smtps:// for 465, ?tls=required for 587";
        carrier_other(code): "a operadora não nos atende ({code})" | "the carrier does not serve us ({code})";
        carrier_other_advice(names): "confira {names} e a situação da conta na operadora"
            | "check {names} and the state of the account at the carrier";

        address_well(url): "{url} responde, e é esta instalação" | "{url} answers, and is this installation";
        address_loopback(url): "{url} só se alcança desta máquina" | "{url} is reached from this machine alone";
        address_loopback_advice: "em produção, defina PUBLIC_URL com o endereço https:// que as pessoas digitam"
            | "in production, set PUBLIC_URL to the https:// address that people type";
        address_unresolved(host): "o nome {host} não leva a endereço nenhum" | "the name {host} leads to no address";
        address_unresolved_advice: "confira PUBLIC_URL e o registro A ou AAAA no DNS" | "check PUBLIC_URL and the A or AAAA record in DNS";
        address_silent(url, error): "{url} não responde ({error})" | "{url} does not answer ({error})";
        address_silent_advice: "confira se `portaria serve` e o proxy estão no ar, o certificado e o firewall"
            | "check that `portaria serve` and the proxy are up, the certificate and the firewall";
        address_status(url, status): "{url}/readyz responde {status}" | "{url}/readyz answers {status}";
        address_status_advice: "veja o log do nó e do proxy: o nó não está pronto, ou o proxy leva a outro lugar"
            | "see the logs of the node and the proxy: the node is not ready, or the proxy leads elsewhere";
        address_foreign(url): "em {url} responde outra instalação, ou outro produto" | "at {url} another installation answers, or another product";
        address_foreign_advice: "confira PUBLIC_URL, DATABASE_URL e para onde o proxy leva"
            | "check PUBLIC_URL, DATABASE_URL and where the proxy leads";

        told_unset(names): "não preenchidos em [brand]: {names}" | "not filled in, in [brand]: {names}";
        told_unset_advice: "preencha-os: as pessoas leem em /terms quem responde pelos dados delas, e onde há ajuda"
            | "fill them in: people read at /terms who answers for their data, and where there is help";
    }
}
