//! `portaria client`: the block of a product for `portaria.toml`. It writes no file, and keeps no secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Subcommand;
use portaria::openid::{ClientId, RedirectUri, Scope, Scopes};
use server::config::Config;
use server::entropy;
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Subcommand)]
pub enum Client {
    /// Prints the block of a new product and, last, its secret, which is kept nowhere.
    New {
        /// Its name in the protocol (`client_id`).
        #[arg(long, value_parser = id)]
        id: ClientId,
        /// What people are told that it is called.
        #[arg(long)]
        name: String,
        /// Where people are sent back to; once for each address.
        #[arg(long, required = true, value_name = "URI", value_parser = redirect_uri)]
        redirect_uri: Vec<RedirectUri>,
        /// A file with its logo, from the folder of `portaria.toml`.
        #[arg(long, value_name = "FILE")]
        logo: Option<String>,
        /// What it may ask for besides `openid`; once for each.
        #[arg(long, value_parser = scope)]
        scope: Vec<Scope>,
        /// It is our own product: nobody is asked whether it may.
        #[arg(long)]
        trusted: bool,
        /// It can keep no secret: an app, or a page.
        #[arg(long)]
        public: bool,
    },
    /// Lists the products of `portaria.toml`: id, name, whether it has a secret and is our own, what it may ask for, its addresses.
    List,
    /// Prints a new secret for a product, and the line that takes the place of the old one.
    Rotate {
        /// Its id.
        id: String,
    },
}

fn id(text: &str) -> Result<ClientId, &'static str> {
    ClientId::parse(text).ok_or("1 to 100 letters, digits, `-`, `.` and `_`")
}

fn redirect_uri(text: &str) -> Result<RedirectUri, &'static str> {
    if text.contains(',') {
        return Err("an address without a comma");
    }
    RedirectUri::parse(text).map_err(|_| "an https URL without user and fragment, http:// to this machine, or an app's own scheme")
}

fn scope(text: &str) -> Result<Scope, String> {
    let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    Scope::parse(text).ok_or_else(|| format!("allowed: {}", names.join(", ")))
}

/// A text as TOML has it: JSON's strings are TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A new secret, and the line with its hash.
fn secret() -> (String, String) {
    let secret = entropy::token();
    let line = format!("secret_hash = \"sha256:{}\"\n", URL_SAFE_NO_PAD.encode(Sha256::digest(&secret)));
    (secret, line)
}

/// The command, if it needs no settings.
pub fn without_settings(command: &Client) -> Option<Result<(), Failure>> {
    let Client::New { id, name, redirect_uri, logo, scope, trusted, public } = command else { return None };
    if name.trim().is_empty() || name.chars().any(char::is_control) || name.chars().count() > 60 {
        return Some(Err("--name: 1 to 60 characters, on one line".into()));
    }
    let mut block = format!("[[clients]]\nid = {}\nname = {}\n", quoted(id.as_str()), quoted(name.trim()));
    let _ = writeln!(block, "redirect_uris = {}", list(redirect_uri.iter().map(RedirectUri::as_str)));
    if let Some(logo) = logo {
        let _ = writeln!(block, "logo = {}", quoted(logo));
    }
    if !scope.is_empty() {
        let scopes = Scopes::of(scope.iter().copied().chain([Scope::Openid]));
        let scopes: Vec<_> = scopes.iter().collect();
        let _ = writeln!(block, "scopes = {}", list(scopes.iter().map(|scope| scope.as_str())));
    }
    if *trusted {
        block += "trusted = true\n";
    }
    if !public {
        let (secret, line) = secret();
        let _ = write!(block, "{line}\nclient_secret = \"{secret}\"\n");
    }
    print(&block);
    Some(Ok(()))
}

pub fn run(config: &Config, command: &Client) -> Result<(), Failure> {
    match command {
        Client::New { .. } => without_settings(command).unwrap_or(Ok(())),
        Client::List => {
            let mut text = String::new();
            for client in config.clients.iter() {
                let secret = if client.secret_hash.is_some() { "secret" } else { "public" };
                let own = if client.trusted { "trusted" } else { "asks" };
                let uris: Vec<_> = client.redirect_uris.iter().map(RedirectUri::as_str).collect();
                let _ = writeln!(text, "{}\t{}\t{secret}\t{own}\t{}\t{}", client.id, client.name, client.scopes, uris.join(" "));
            }
            print(&text);
            Ok(())
        }
        Client::Rotate { id } => {
            let client = config.clients.find(id).ok_or("there is no such client in the settings")?;
            if client.secret_hash.is_none() {
                return Err("it is a public client: it has no secret".into());
            }
            let (secret, line) = secret();
            print(&format!("{line}\nclient_secret = \"{secret}\"\n"));
            Ok(())
        }
    }
}

fn print(text: &str) {
    // If this fails, nobody reads the output.
    let _ = write!(std::io::stdout(), "{text}");
}
