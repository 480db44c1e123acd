//! Every refusal of `[brand]` and `[kinds.…]`, by the settings file.

use crate::config::{Config, FILE};
use portaria::brand::{Brand, Help, Passage};
use portaria::field::Field;
use portaria::journey::Kind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

pub(in crate::config) const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>"#;

/// A folder with a settings file and what it names.
pub(in crate::config) struct Folder(PathBuf);

impl Folder {
    pub(in crate::config) fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("portaria-brand-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.0.join(name), text).expect("a file");
        }
        folder
    }

    pub(in crate::config) fn load(&self, toml: &str) -> Result<Config, String> {
        let path = self.0.join(FILE);
        // A secret, so that none is made and kept.
        let toml = format!("portaria_secret = \"{}\"\n{toml}", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk=");
        std::fs::write(&path, toml).expect("a file");
        Config::load(Some(&path)).map_err(|problems| problems.to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn brand(toml: &str) -> Brand {
    let config = Config::from_parts::<String, String>(toml, []).expect("settings");
    (*config.brand).clone()
}

fn refused(toml: &str) -> String {
    match Config::from_parts::<String, String>(toml, []) {
        Ok(_) => panic!("{toml} was taken"),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn without_settings_everything_is_ours() {
    let config = Config::from_parts::<String, String>("", []).expect("settings");
    assert_eq!(Brand { version: "0".into(), ..(*config.brand).clone() }, Brand::default());
    assert_eq!(*config.rules.kinds, portaria::kinds::Kinds::default());
    assert_eq!(config.rules.terms.as_str(), "2026-12");
}

#[test]
fn a_brand_is_read_whole() {
    let folder = Folder::with(&[("logo.svg", SVG), ("termos.txt", "# Uso\nCom juízo."), ("dados.txt", "Poucos.")]);
    let config = folder
        .load(
            "terms_version = \"2027-01\"\n[brand]\nname = \"Colégio São João\"\narticle = \"o\"\nlogo = \"logo.svg\"\nhelp = \"ajuda@aurora.example\"\n\
             product = \"https://app.aurora.example/inicio?de=entrada\"\nterms = \"termos.txt\"\nprivacy = \"dados.txt\"\n\
             [brand.light]\naccent = \"#5b2a86\"",
        )
        .expect("settings");
    let brand = &config.brand;
    assert_eq!(
        (brand.name.as_str(), brand.name.sms(), brand.name.of().as_str()),
        ("Colégio São João", "Colegio Sao Joao", "do Colégio São João")
    );
    assert!(brand.logo.as_deref().is_some_and(|logo| logo.contains("M0 0h8v8z")));
    assert_eq!(brand.help, Some(Help::Email("ajuda@aurora.example".into())));
    assert_eq!(brand.product.as_deref(), Some("https://app.aurora.example/inicio?de=entrada"));
    let terms = brand.terms.terms.as_ref().expect("terms").passages();
    assert_eq!(terms, [Passage::Heading("Uso".into()), Passage::Paragraph("Com juízo.".into())]);
    assert!(brand.terms.privacy.is_some() && config.rules.terms.as_str() == "2027-01");
    assert!(brand.style_sheet().is_some() && brand.version.len() == 16);
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn the_sender_of_mail_follows_the_name() {
    let of = |toml: &str| Config::from_parts(toml, [("SMTP_URL", "smtp://127.0.0.1:25")]).expect("settings").smtp.expect("mail").from;
    assert_eq!(of("[brand]\nname = \"Aurora, Ltda.\"").name.as_deref(), Some("Aurora, Ltda."));
    assert_eq!(of("").to_string(), "Portaria <nao-responda@localhost>");
}

#[test]
fn the_address_of_colours_and_logo_changes_with_them() {
    let version = |colour: &str| brand(&format!("[brand.light]\naccent = \"{colour}\"")).version;
    assert_eq!(version("#5b2a86"), version("#5B2A86"));
    assert_ne!(version("#5b2a86"), version("#5b2a87"));
}

#[test]
fn what_runs_is_left_out_of_a_logo_and_the_operator_is_told() {
    let folder = Folder::with(&[("logo.svg", &SVG.replace("<path", "<script/><path onclick='x'"))]);
    let config = folder.load("[brand]\nlogo = \"logo.svg\"").expect("settings");
    assert_eq!(config.warnings, ["[brand]: logo: left out, because a logo only draws: <script>, onclick"]);
}

#[test]
fn each_bad_value_stops_the_start_by_its_name_and_says_what_is_allowed() {
    let long = "x".repeat(41);
    for (toml, told) in [
        (
            format!("[brand]\nname = \"{long}\""),
            "[brand]: name = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" (file) has 41 characters\n    allowed: 1 to 40",
        ),
        ("[brand]\nname = \"a\\u202eb\"".into(), "has an invisible character"),
        (
            "[brand]\nname = \"Associação dos Professores\"".into(),
            "[brand]: sms_name is needed beside name: \"Associacao dos Professores\" has 26",
        ),
        ("[brand]\nname = \"名前\"".into(), "[brand]: sms_name is needed beside name"),
        ("[brand]\nsms_name = \"Ação\"".into(), "[brand]: sms_name = \"Ação\" (file) has \"\\u{e7}\" in it\n    allowed: 1 to 20 letters"),
        ("[brand]\narticle = \"os\"".into(), "[brand]: article = \"os\" (file) is no article\n    allowed: a or o"),
        (
            "[brand]\nhelp = \"call me\"".into(),
            "[brand]: help = \"call me\" (file) is neither of the two\n    allowed: an e-mail address, or an https URL",
        ),
        ("[brand]\nhelp = \"http://help.example\"".into(), "does not begin with https://"),
        ("[brand]\nhelp = \"javascript://x\"".into(), "does not begin with https://"),
        (
            "[brand]\nproduct = \"http://app.example\"".into(),
            "[brand]: product = \"http://app.example\" (file) would lead people over a network in clear",
        ),
        ("[brand]\nproduct = \"javascript:alert(1)\"".into(), "does not begin with https://"),
        ("[brand]\nproduct = \"https://a:b@app.example\"".into(), "has a user or password"),
        ("[brand]\nlogo = \"nowhere.svg\"".into(), "[brand]: logo cannot be read"),
        ("[brand]\nlogo = \".\"".into(), "[brand]: logo is no file"),
        ("[brand]\nterms = \"nowhere.txt\"".into(), "[brand]: terms cannot be read"),
        ("terms_version = \"a b\"".into(), "is no version\n    allowed: 1 to 32 letters"),
        ("[brand]\nterms_version = \"1\"".into(), "[brand]: terms_version (file) is no setting"),
        ("[brand]\ncolour = \"#fff\"".into(), "[brand]: colour (file) is no setting; did you mean logo?"),
        (
            "[brand.light]\naccent = \"red\"".into(),
            "[brand.light]: accent = \"red\" (file) is no colour of six digits\n    allowed: a colour such as #5b2a86",
        ),
        ("[brand.dark]\nacent = \"#ffffff\"".into(), "[brand.dark]: acent (file) is no setting; did you mean accent?"),
        ("[brand.ligth]\naccent = \"#ffffff\"".into(), "[brand]: ligth (file) is no setting"),
        ("[kinds.motorista]\nopen = false".into(), "kinds.motorista (file) is no setting; did you mean"),
        ("[kinds.cliente]\nopen = \"não\"".into(), "[kinds.cliente]: open = \"não\" (file) is neither true nor false"),
        ("[kinds.cliente]\nlabel_en = \"Guest\"".into(), "[kinds.cliente]: label is missing beside label_en"),
        (
            "[kinds.cliente]\nask = [\"name\", \"phone\", \"shoe\"]".into(),
            "has \"shoe\" in it, which is no field\n    allowed: names of fields",
        ),
        ("[kinds.cliente]\nneed = [\"email\", \"email\"]".into(), "has \"email\" in it twice"),
        (
            "[kinds.cliente]\nask = []".into(),
            "[kinds.cliente]: ask = \"\" (file) leaves out name, which the document or the proof of this kind needs\n    allowed: name, phone, which are always asked for, and email, password, social_name, institution, field_of_work",
        ),
        ("[kinds.empresa]\nask = [\"name\", \"email\", \"password\", \"terms\"]".into(), "leaves out cnpj"),
        (
            "[kinds.professor]\nneed = [\"cpf\"]".into(),
            "[kinds.professor]: need = \"cpf\" (file) has \"cpf\" in it, which the form of this kind cannot ask for",
        ),
        ("[kinds.cliente]\nneed = [\"institution\"]".into(), "has \"institution\" in it, which is not asked for"),
    ] {
        let problems = refused(&toml);
        assert!(problems.contains(told), "{toml}\n{problems}");
    }
}

#[test]
fn terms_of_ones_own_have_something_to_read() {
    let folder = Folder::with(&[("t.txt", "# \n\n")]);
    let problems = folder.load("[brand]\nterms = \"t.txt\"\nprivacy = \"nowhere.txt\"").expect_err("refused");
    assert!(
        problems.contains("[brand]: terms has nothing to read in it") && problems.contains("[brand]: privacy cannot be read"),
        "{problems}"
    );
}

#[test]
fn one_setting_says_which_terms_are_in_force_and_without_it_their_words_do() {
    let version = |terms: &str, file: &str| {
        let folder = Folder::with(&[("t.txt", terms)]);
        folder.load(file).expect("settings").rules.terms.as_str().to_owned()
    };
    let own = |terms: &str| version(terms, "[brand]\nterms = \"t.txt\"");
    let made = own("# Uso\nCom muito juízo.");
    assert_eq!(made.len(), 12, "{made}");
    assert_eq!(own("\u{feff}#  Uso\r\n\r\nCom muito\njuízo.\n"), made, "the same words");
    assert_ne!(own("# Uso\nCom pouco juízo."), made);
    assert_ne!(version("# Uso\nCom muito juízo.", "[brand]\nprivacy = \"t.txt\""), made);
    assert_eq!(version("Com juízo.", "terms_version = \"7\"\n[brand]\nterms = \"t.txt\""), "7");
    assert_eq!(version("Com juízo.", "terms_version = \"7\""), "7", "of our own text, too");
}

#[test]
fn a_contrast_that_is_too_low_is_told_at_the_setting_that_makes_it_so() {
    for (toml, told) in [
        (
            "[brand.light]\naccent = \"#ffcc00\"",
            "[brand.light]: accent = \"#ffcc00\" (file) has a contrast of 1.43:1 against paper (#fbf9f4)\n    allowed: a contrast of 4.5:1 or more",
        ),
        ("[brand.dark]\npaper = \"#888888\"", "[brand.dark]: paper = \"#888888\" (file) leaves ink a contrast of"),
        (
            "[brand.light]\nedge = \"#dddddd\"",
            "[brand.light]: edge = \"#dddddd\" (file) has a contrast of 1.29:1 against paper (#fbf9f4)\n    allowed: a contrast of 3:1 or more",
        ),
        ("[brand.light]\naccent = \"#5b2a86\"\non_accent = \"#6b3a96\"", "[brand.light]: on_accent = \"#6b3a96\" (file) has a contrast of"),
    ] {
        let problems = refused(toml);
        assert!(problems.contains(told), "{toml}\n{problems}");
    }
}

#[test]
fn kinds_are_closed_named_and_asked_as_the_file_says() {
    let toml = "[kinds.empresa]\nopen = false\n[kinds.professor]\nlabel = \"Mestre\"\nlabel_en = \"Master\"\nlead = \"Quem ensina.\"\n\
                ask = [\"name\", \"email\", \"password\", \"terms\", \"institution\"]\nneed = [\"institution\"]";
    let kinds = Config::from_parts::<String, String>(toml, []).expect("settings").rules.kinds;
    assert!(!kinds.of(Kind::Empresa).open && kinds.of(Kind::Cliente).open);
    let label = kinds.of(Kind::Professor).label.as_ref().expect("a label");
    assert_eq!((label.portuguese.as_str(), label.english.as_deref()), ("Mestre", Some("Master")));
    let asked: Vec<_> = kinds.details(Kind::Professor.journey()).iter().filter(|ask| !ask.optional).map(|ask| ask.field).collect();
    assert!(
        asked.contains(&Field::Institution) && !kinds.details(Kind::Professor.journey()).iter().any(|ask| ask.field == Field::FieldOfWork)
    );
}
