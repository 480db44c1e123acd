//! `[[clients]]`: where they are told that a session ended.

use super::*;

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
