//! `[[clients]]`: their logos, and where they are told that a session ended.

use super::*;
use crate::config::brand::tests::{Folder, SVG};
use portaria::openid::Logo;

const SCHOOL: &str = "[[clients]]\nid = \"escola\"\nname = \"Escola\"\nredirect_uris = [\"https://escola.example/cb\"]\n";

/// The school with a logo in a folder that has this file.
fn with_logo(file: (&str, &str), logo: &str) -> Result<Config, String> {
    Folder::with(&[file]).load(&format!("{SCHOOL}logo = \"{logo}\""))
}

fn logo_of(config: &Config) -> Logo {
    config.clients.find("escola").and_then(|client| client.logo.clone()).expect("a logo")
}

#[test]
fn a_logo_is_read_as_that_of_the_brand_and_lies_where_nobody_guesses() {
    let config = with_logo(("escola.svg", SVG), "escola.svg").expect("settings");
    let Logo { svg, address } = logo_of(&config);
    assert!(svg.contains("M0 0h8v8z"), "{svg}");
    let name = address.strip_prefix("/logos/").and_then(|file| file.strip_suffix(".svg"));
    assert_eq!(name.map(str::len), Some(22), "{address}");
    assert_eq!(config.clients.logo_at(&address).map(|logo| &logo.svg), Some(&svg));
    assert!(config.clients.logo_at("/logos/escola.svg").is_none());
    assert_eq!(config.warnings, Vec::<String>::new());
    // It is the same on each node, and another one with another drawing.
    assert_eq!(logo_of(&with_logo(("a.svg", SVG), "a.svg").expect("settings")).address, address);
    let other = SVG.replace("h8", "h7");
    assert_ne!(logo_of(&with_logo(("a.svg", &other), "a.svg").expect("settings")).address, address);
    let none = Folder::with(&[]).load(SCHOOL).expect("settings");
    assert!(none.clients.find("escola").is_some_and(|client| client.logo.is_none()));
}

#[test]
fn the_address_of_a_logo_is_not_made_of_the_logo_alone() {
    let file = format!("{SCHOOL}logo = \"{}/../examples/brand/logo.svg\"", env!("CARGO_MANIFEST_DIR"));
    let address = |secret: &str| logo_of(&Config::from_parts(&file, [("PORTARIA_SECRET", secret)]).expect("settings")).address;
    let other = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk=";
    assert_ne!(KEY, other);
    assert_eq!(address(KEY), address(KEY));
    assert_ne!(address(KEY), address(other), "two operators, one logo");
}

#[test]
fn what_runs_is_left_out_of_a_logo_and_the_operator_is_told_whose() {
    let running = SVG.replace("<path", "<script/><path onclick='x'");
    let config = with_logo(("escola.svg", &running), "escola.svg").expect("settings");
    assert!(!logo_of(&config).svg.contains("script"));
    assert_eq!(config.warnings, ["[[clients]] escola: logo: left out, because a logo only draws: <script>, onclick"]);
}

#[test]
fn a_logo_that_is_none_stops_the_start_and_says_whose_it_is() {
    let long = format!("{SVG}{}", " ".repeat(64 * 1024));
    for (text, logo, wrong) in [
        (SVG, "fora.svg", "cannot be read"),
        (SVG, ".", "is no file"),
        ("\u{89}PNG", "logo.svg", "is no SVG"),
        ("<html/>", "logo.svg", "is no SVG: its root is <html>"),
        (long.as_str(), "logo.svg", "is longer than 65536 bytes"),
    ] {
        let told = with_logo(("logo.svg", text), logo).expect_err(logo);
        assert!(told.contains(&format!("[[clients]] 1: logo of escola {wrong}")), "{told}");
        assert!(told.contains("allowed: an SVG file of at most 64 KiB"), "{told}");
    }
}

fn told_at(more: &str) -> Result<Config, Problems> {
    file(&format!(
        "[[clients]]\nid = \"escola\"\nname = \"Escola\"\nredirect_uris = [\"https://escola.example/cb\"]\nid_token_alg = \"EdDSA\"\n{more}"
    ))
}

#[test]
fn a_client_is_told_of_the_ends_of_sessions_if_it_says_where() {
    assert!(told_at("").unwrap().logout_receivers.is_empty());
    let config =
        told_at("backchannel_logout_uri = \"https://escola.example/fim?x=1\"\nbackchannel_logout_session_required = true").unwrap();
    let [receiver] = config.logout_receivers.as_slice() else { panic!("one") };
    assert_eq!((receiver.client_id.as_str(), receiver.algorithm.as_str()), ("escola", "EdDSA"));
    assert_eq!(receiver.url.as_str(), "https://escola.example/fim?x=1");
    assert!(told_at("backchannel_logout_uri = \"http://127.0.0.1:3000/fim\"").is_ok());
}

#[test]
fn it_is_told_at_a_public_address_and_by_https() {
    for (uri, wrong) in [
        ("http://escola.example/fim", "would send in clear over a network"),
        ("https://escola.example/fim#x", "has a fragment"),
        ("https://u:p@escola.example/fim", "has a user or password in it"),
        ("com.example.escola:/fim", "does not begin with https://"),
        ("https://10.0.0.1/fim", "leads to an address that is not public"),
        ("https://169.254.169.254/", "leads to an address that is not public"),
    ] {
        let told = problem(told_at(&format!("backchannel_logout_uri = \"{uri}\"")));
        assert!(told.contains("[[clients]] 1: backchannel_logout_uri") && told.contains(wrong), "{told}");
    }
    let told = problem(told_at("backchannel_logout_session_required = true"));
    assert!(told.contains("says how it is told, and not where"), "{told}");
}
