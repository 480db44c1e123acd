//! What people are told of who answers for their data, for how long it is kept, and where there is help.

use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, RESPONSIBLE};
use portaria::journey::Kind;
use portaria::kinds::Kinds;
use portaria::retention::Kept;
use text::Language;

const HELP: &str = "mailto:ajuda@portaria.example";

#[tokio::test]
async fn the_terms_in_force_say_who_answers_which_data_it_is_and_for_how_long_it_is_kept() {
    let app = TestApp::start_with_file(RESPONSIBLE).await;
    for (tag, language) in [("pt-BR", Language::PtBr), ("en", Language::En)] {
        let terms = app.anonymous().header("cookie", &format!("portaria_language={tag}")).get("/terms").await.expect(200).text;
        for told in ["Portaria Ltda.", "Bia Reis", "href=\"mailto:dados@portaria.example\"", &format!("href=\"{HELP}\"")] {
            assert!(terms.contains(told), "{told}: {terms}");
        }
        let texts = language.texts();
        for kind in Kind::OFFERED {
            for field in Kinds::default().collected(kind) {
                let name = texts.label(kind, field);
                assert!(terms.contains(name), "{kind:?} is asked for {name}: {terms}");
            }
        }
        let of_people = Kept::ALL.iter().filter(|rule| texts.kept(**rule).is_some());
        for rule in of_people.chain([&Kept::Deletions, &Kept::UnprovedAccounts, &Kept::DecidedContests]) {
            let time = texts.own_data.kept_for(texts.duration.span(rule.facts().kept));
            assert!(terms.contains(&time), "{rule:?} is kept {time}: {terms}");
        }
    }
}

#[tokio::test]
async fn a_privacy_text_of_the_operators_own_leaves_the_facts() {
    let folder = std::env::temp_dir().join(format!("portaria-privacy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("privacidade.txt"), "# Privacidade da casa\nNão contamos nada a ninguém.").expect("a file");
    let file = format!("{RESPONSIBLE}privacy = \"{}\"", folder.join("privacidade.txt").display());
    let app = TestApp::start_with_file(&file).await;
    let terms = app.get("/terms").await.expect(200).text;
    std::fs::remove_dir_all(&folder).expect("removed");
    for told in ["Não contamos nada a ninguém.", "Portaria Ltda.", "Por quanto tempo guardamos", "183 dias"] {
        assert!(terms.contains(told), "{told}: {terms}");
    }
    assert!(!terms.contains("com que base legal") && !terms.contains("Com quem compartilhamos"), "their words stand for ours: {terms}");
}

#[tokio::test]
async fn development_says_what_is_not_filled_in() {
    let app = TestApp::start().await;
    let terms = app.get("/terms").await.expect(200).text;
    for setting in ["controller", "officer", "officer_contact", "help"] {
        assert!(terms.contains(&format!("Ainda não preenchido: {setting}, em [brand]")), "{setting}: {terms}");
    }
    assert!(app.get("/accessibility").await.expect(200).text.contains("Ainda não preenchido: help"));
}

#[tokio::test]
async fn help_and_the_statement_are_at_the_foot_of_every_page() {
    let app = TestApp::start_with_file(RESPONSIBLE).await;
    app.proved_teacher(EMAIL).await;
    app.ignore_messages();
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let foreign = app.anonymous().header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    let pages = [
        app.get("/").await,
        app.get("/login").await,
        app.anonymous().header("accept", "text/html").get("/nao-existe").await,
        browser.get("/dashboard").await,
        browser.get("/profile/products").await,
        // An unknown product, and another site's form.
        app.get("/oauth/authorize?client_id=nobody").await,
        foreign.post_raw("/login", "application/x-www-form-urlencoded", "_form=sign_in").await,
    ];
    for page in pages {
        let foot = page.text.split_once("<footer").expect("a foot").1;
        for address in [HELP, "/terms", "/accessibility"] {
            assert!(foot.contains(&format!("href=\"{address}\"")), "{address}: {}", page.text);
        }
    }
    let statement = app.get("/accessibility").await.expect(200).text;
    assert!(statement.contains("WCAG 2.2") && statement.contains(HELP), "{statement}");
}
