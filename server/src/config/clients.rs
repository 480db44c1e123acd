//! `[[clients]]`: the products that sign people in by us (SPEC §15).

use super::brand::{self, Cleaned, FILE_OF_LOGO};
use super::rules::Rules;
use super::table::WEBHOOK_PRIVATE_NETWORKS;
use super::{FILE, parse, webhooks};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use portaria::journey::Kind;
use portaria::openid::{Algorithm, Client, ClientId, Clients, Logo, RedirectUri, RedirectUriError, Scope, Scopes};
use settings::{Given, List, settings};
use sha2::Sha256;
use std::path::{Path, PathBuf};
use time::Duration;
use url::Url;

type Parsed<T> = Result<T, String>;

/// What the API's own access tokens are for: a product's token must not pass for one.
const OWN_AUDIENCE: &str = "portaria";
/// The longest name of a client, in characters.
const LONGEST_NAME: usize = 60;
const KINDS_ALLOWED: &str = "a list of cliente, professor, caronista, empresa, each once";

settings! {
    /// What each `[[clients]]` sets.
    pub(super) CLIENT in FILE, ours "PORTARIA_";

    ID: ClientId = id, Nothing("needed"), "1 to 100 letters, digits, `-`, `.` and `_`", "the product's name in the protocol (`client_id`)";
    NAME: String = name, Nothing("needed"), "1 to 60 characters, on one line", "what people are told that it is called";
    LOGO: PathBuf = parse::folder, Nothing("the first letter of its name"), FILE_OF_LOGO, "stands beside the name; what runs or loads is left out of it";
    REDIRECT_URIS: Vec<RedirectUri> = redirect_uris, Nothing("needed"), "a list of https URLs without user and fragment, http:// only to 127.0.0.1, [::1] or localhost, or an app's own scheme such as com.example.app:/cb", "where people are sent back to, compared as it is written";
    POST_LOGOUT_REDIRECT_URIS: Vec<RedirectUri> = redirect_uris, Nothing("none"), "a list of addresses such as those of `redirect_uris`", "where people may be sent to after they signed out";
    BACKCHANNEL_LOGOUT_URI: Url = webhooks::url, Nothing("none"), "an https URL without user and fragment; http:// only to 127.0.0.1, [::1] or localhost", "where it is told that a session ended in which it got tokens";
    BACKCHANNEL_LOGOUT_SESSION_REQUIRED: bool = switch, Default("false"), "true or false", "as products register it: it is always told which session it was (`sid`)";
    SECRET_HASH: [u8; 32] = secret_hash, Nothing("none: a public client, such as an app or a page"), "`sha256:` and 43 characters of base64url", "the hash of its secret";
    SCOPES: Scopes = scopes, Default("openid"), "a list of openid, profile, email, phone, cpf, cnpj, offline_access", "what it may ask for";
    TRUSTED: bool = switch, Default("false"), "true or false", "whether it is the operator's own, so that nobody is asked whether it may";
    KINDS: Vec<Kind> = kinds, Nothing("all"), KINDS_ALLOWED, "who is let in";
    ID_TOKEN_ALG: Algorithm = algorithm, Default("RS256"), "RS256 or EdDSA", "what signs its tokens";
    AUDIENCE: String = audience, Nothing("the `id`"), "printable ASCII without spaces, not portaria", "whom its access tokens are for (`aud`)";
    TOKEN_LIFETIME: Duration = parse::duration, Nothing("`ACCESS_TOKEN_LIFETIME`"), "a whole number and its unit, s, m, h or d, such as 30s, 5m, 24h; at most 3650d", "how long its access tokens live";
}

/// Products that sign people in by us.
pub(super) const CLIENTS: List = List { name: "clients", entry: &CLIENT, help: "products that sign people in by OpenID Connect" };

fn id(text: &str) -> Parsed<ClientId> {
    ClientId::parse(text).ok_or_else(|| "is no id".to_owned())
}

fn name(text: &str) -> Parsed<String> {
    let name = text.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("is no name on one line".into());
    }
    if name.chars().count() > LONGEST_NAME { Err(format!("is longer than {LONGEST_NAME} characters")) } else { Ok(name.to_owned()) }
}

fn redirect_uris(text: &str) -> Parsed<Vec<RedirectUri>> {
    let mut uris = Vec::new();
    for item in parse::items(text) {
        let uri = RedirectUri::parse(item).map_err(|error| {
            let wrong = match error {
                RedirectUriError::Shape => "is no address",
                RedirectUriError::Fragment => "has a fragment",
                RedirectUriError::User => "has a user or password in it",
                RedirectUriError::Scheme => "is neither https, nor of this machine, nor of an app's own scheme",
            };
            format!("has one in it that {wrong}")
        })?;
        if uris.contains(&uri) {
            return Err("has one in it twice".into());
        }
        uris.push(uri);
    }
    if uris.is_empty() { Err("names none".into()) } else { Ok(uris) }
}

fn secret_hash(text: &str) -> Parsed<[u8; 32]> {
    let encoded = text.strip_prefix("sha256:").ok_or("does not begin with sha256:")?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| "is not base64url after sha256:")?;
    bytes.try_into().map_err(|_| "does not hold 32 bytes".to_owned())
}

fn scopes(text: &str) -> Parsed<Scopes> {
    let mut scopes = Vec::new();
    for item in parse::items(text).flat_map(str::split_whitespace) {
        scopes.push(Scope::parse(item).ok_or_else(|| format!("has \"{item}\" in it, which is no scope"))?);
    }
    let scopes = Scopes::of(scopes);
    if scopes.has(Scope::Openid) { Ok(scopes) } else { Err("lacks openid".into()) }
}

fn switch(text: &str) -> Parsed<bool> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("is neither true nor false".into()),
    }
}

fn kinds(text: &str) -> Parsed<Vec<Kind>> {
    let mut kinds = Vec::new();
    for item in parse::items(text) {
        let kind = Kind::parse(item).map_err(|_| format!("has \"{item}\" in it, which is no kind"))?;
        if kinds.contains(&kind) {
            return Err(format!("has \"{item}\" in it twice"));
        }
        kinds.push(kind);
    }
    if kinds.is_empty() { Err("names none".into()) } else { Ok(kinds) }
}

fn algorithm(text: &str) -> Parsed<Algorithm> {
    Algorithm::parse(text).ok_or_else(|| "is no algorithm".to_owned())
}

fn audience(text: &str) -> Parsed<String> {
    match parse::word(text)? {
        word if word == OWN_AUDIENCE => Err("is that of our own API".into()),
        word => Ok(word),
    }
}

/// All of them. What is wrong is added as a problem. `folder` holds the settings file.
pub(super) fn read(given: &mut Given, folder: &Path) -> Vec<Entry> {
    let allowed = given.get(&WEBHOOK_PRIVATE_NETWORKS).unwrap_or_default();
    let (mut entries, mut before) = (Vec::new(), Vec::<ClientId>::new());
    for entry in given.entries_mut(&CLIENTS) {
        entry.needed(&[ID.line, NAME.line, REDIRECT_URIS.line]);
        let Some(id) = entry.get(&ID) else { continue };
        if before.contains(&id) {
            entry.refuse(&ID, "stands in another [[clients]] too".into(), "each id once");
        }
        before.push(id.clone());
        if id.as_str() == OWN_AUDIENCE && !entry.has(&AUDIENCE) {
            entry.refuse(&ID, "is what our own API's tokens are for".into(), "another id, or an `audience` of its own");
        }
        let logo = brand::logo(entry, folder, &LOGO).transpose().unwrap_or_else(|wrong| {
            entry.problem(&LOGO, format!("of {id} {wrong}"));
            None
        });
        let warning = logo.as_ref().and_then(Cleaned::warning).map(|warning| format!("[[clients]] {id}: {warning}"));
        let (Some(name), Some(redirect_uris)) = (entry.get(&NAME), entry.get(&REDIRECT_URIS)) else { continue };
        let (Some(scopes), Some(trusted), Some(algorithm)) = (entry.get(&SCOPES), entry.get(&TRUSTED), entry.get(&ID_TOKEN_ALG)) else {
            continue;
        };
        let client = Client {
            audience: entry.get(&AUDIENCE).unwrap_or_else(|| id.as_str().to_owned()),
            id,
            name,
            logo: None,
            secret_hash: entry.get(&SECRET_HASH),
            redirect_uris,
            post_logout_redirect_uris: entry.get(&POST_LOGOUT_REDIRECT_URIS).unwrap_or_default(),
            scopes,
            trusted,
            kinds: entry.get(&KINDS).unwrap_or_else(|| Kind::ALL.to_vec()),
            algorithm,
            token_lifetime: Duration::ZERO,
        };
        let backchannel_logout_uri = entry.get(&BACKCHANNEL_LOGOUT_URI);
        if backchannel_logout_uri.as_ref().is_some_and(|uri| !webhooks::may_be_connected(uri, &allowed)) {
            let instead = "a public address or a name; or add its network to WEBHOOK_PRIVATE_NETWORKS";
            entry.refuse(&BACKCHANNEL_LOGOUT_URI, "leads to an address that is not public".into(), instead);
        }
        if entry.get(&BACKCHANNEL_LOGOUT_SESSION_REQUIRED) == Some(true) && backchannel_logout_uri.is_none() {
            entry.refuse(&BACKCHANNEL_LOGOUT_SESSION_REQUIRED, "says how it is told, and not where".into(), "a `backchannel_logout_uri`");
        }
        let (logo, token_lifetime) = (logo.map(|logo| logo.svg), entry.get(&TOKEN_LIFETIME));
        entries.push(Entry { client, logo, warning, token_lifetime, backchannel_logout_uri });
    }
    entries
}

/// A client whose lifetimes are not settled yet, nor where its logo is.
pub(super) struct Entry {
    client: Client,
    logo: Option<String>,
    /// What the operator is told of the logo.
    pub warning: Option<String>,
    token_lifetime: Option<Duration>,
    backchannel_logout_uri: Option<Url>,
}

/// A client that is told that a session ended (OpenID Connect Back-Channel Logout 1.0). Its URL is https, or leads to this machine; if it
/// names an address, that address may be connected to.
#[derive(Debug, Clone)]
pub struct LogoutReceiver {
    pub client_id: ClientId,
    /// What signs what it is told.
    pub algorithm: Algorithm,
    pub url: Url,
}

/// A logo at its address. Whoever knows the logo of a product does not know where it would be, so that nobody tries which products there
/// are: the address comes of the secret. It is the same on each node.
#[expect(clippy::expect_used, reason = "HKDF gives 16 bytes; only more than 8160 would be refused")]
fn placed(svg: String, secret: &[u8; 32]) -> Logo {
    let mut name = [0; 16];
    let of = [b"portaria/logo/1".as_slice(), svg.as_bytes()];
    Hkdf::<Sha256>::new(None, secret).expand_multi_info(&of, &mut name).expect("16 bytes");
    Logo { address: [Logo::FOLDER, &URL_SAFE_NO_PAD.encode(name), ".svg"].concat(), svg }
}

/// The clients under these rules, and those of them that are told that a session ended.
pub(super) fn under(rules: &Rules, secret: &[u8; 32], entries: Vec<Entry>) -> (Clients, Vec<LogoutReceiver>) {
    let (mut clients, mut receivers) = (Vec::new(), Vec::new());
    for Entry { client, logo, token_lifetime, backchannel_logout_uri, .. } in entries {
        receivers.extend(backchannel_logout_uri.map(|url| LogoutReceiver {
            client_id: client.id.clone(),
            algorithm: client.algorithm,
            url,
        }));
        let logo = logo.map(|svg| placed(svg, secret));
        clients.push(Client { logo, token_lifetime: token_lifetime.unwrap_or(rules.access_token), ..client });
    }
    (Clients::new(clients), receivers)
}
