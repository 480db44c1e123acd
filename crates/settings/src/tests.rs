use super::*;

fn count(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "is no whole number".to_owned())
}

fn text(text: &str) -> Result<String, String> {
    if text.contains('!') { Err("has a ! in it".to_owned()) } else { Ok(text.to_owned()) }
}

settings! {
    /// A till of a kiosk.
    TILL in "kiosk.toml", ours "KIOSK_";
    PLACE: String = text, Nothing("needed"), "anything without !", "where it stands";
    PIN: String = text, Secret("needed"), "anything without !", "opens it";
}

const TILLS: List = List { name: "tills", entry: &TILL, help: "a till" };

fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "is neither true nor false".to_owned())
}

settings! {
    /// What is put into a window.
    WINDOW in "kiosk.toml", ours "KIOSK_";
    LIT: bool = switch, Default("true"), "true or false", "whether there is light";
    GOODS: String = text, NothingOrEmpty("all"), "anything without !", "what lies there";
}

const WINDOWS: Section = Section { names: &["window", "window.left", "back.window"], entry: &WINDOW, help: "what a window shows" };

settings! {
    /// The settings of a kiosk.
    TABLE in "kiosk.toml", ours "KIOSK_", lists [TILLS], sections [WINDOWS];
    KIOSK_DOORS: u32 = count, Default("2"), "a whole number", "how many doors are open";
    KIOSK_KEY: String = text, Secret("none"), "anything without !", "opens the till";
    SIGN: String = text, DefaultOrEmpty("open"), "anything without !", "what stands on the sign";
    OWNER: String = text, Nothing("nobody"), "anything without !", "who is called";
}

fn given(toml: &str, environment: &[(&str, &str)]) -> Given {
    TABLE.collect(toml, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn told(given: Given) -> String {
    given.into_problems().to_string()
}

#[test]
fn the_environment_stands_above_the_file_and_the_file_above_the_default() {
    let given = given("kiosk_doors = 3\nsign = \"closed\"\nowner = [\"a\", \"b\"]", &[("KIOSK_DOORS", "4"), ("OTHER", "x")]);
    assert!(given.is_clean());
    assert_eq!((given.get(&KIOSK_DOORS), given.get(&SIGN).as_deref()), (Some(4), Some("closed")));
    assert_eq!((given.get(&OWNER).as_deref(), given.get(&KIOSK_KEY)), (Some("a,b"), None));
    assert_eq!((KIOSK_DOORS.default(), KIOSK_DOORS.default_text(), OWNER.default()), (Some(2), Some("2"), None));
    assert!(given.has(&SIGN) && !given.has(&KIOSK_KEY));
}

#[test]
fn an_empty_value_is_none_except_where_it_says_something() {
    let given = given("", &[("KIOSK_DOORS", " "), ("SIGN", ""), ("OWNER", "")]);
    assert_eq!((given.get(&KIOSK_DOORS), given.get(&SIGN).as_deref(), given.get(&OWNER)), (Some(2), Some(""), None));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_whether_or_not_anybody_asks_for_it() {
    let mut given = given("kiosk_doors = true\nsing = \"x\"", &[("KIOSK_DOOR", "1"), ("KIOSK_KEY", "hunter2!"), ("OWNER", "a!")]);
    given.together(&[KIOSK_KEY.line, SIGN.line]);
    given.refuse(&OWNER, "is not in".to_owned(), "somebody else");
    assert!(!given.is_clean());
    let told = told(given);
    for part in [
        "kiosk_doors is of the wrong type (boolean)\n    allowed: a whole number",
        "sing (file) is no setting; did you mean sign?",
        "KIOSK_DOOR (env) is no setting; did you mean KIOSK_DOORS?\n    allowed: KIOSK_DOORS, KIOSK_KEY",
        "KIOSK_KEY (env) has a ! in it",
        "OWNER = \"a!\" (env) has a ! in it\n    allowed: anything without !",
        "SIGN is missing beside KIOSK_KEY",
        "OWNER = \"a!\" (env) is not in\n    allowed: somebody else",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_line_alone() {
    let told = told(given("sign = \"x\"\nkiosk_key = \"hunter2", &[]));
    assert!(told.contains("kiosk.toml cannot be read: line 2") && !told.contains("hunter2"), "{told}");
}

#[test]
fn an_operator_sees_every_value_but_no_secret() {
    let given = given("sign = \"\"", &[("KIOSK_KEY", "hunter2")]);
    assert_eq!(
        given.shown(&[(&OWNER.line, "the baker".to_owned())]),
        "\
KIOSK_DOORS  2          default
    how many doors are open
    allowed: a whole number
KIOSK_KEY    (set)      env
    opens the till
    allowed: anything without !
SIGN         (empty)    file
    what stands on the sign
    allowed: anything without !
OWNER        the baker  default
    who is called
    allowed: anything without !
"
    );
}

#[test]
fn a_document_has_a_line_for_each() {
    let table = TABLE.markdown();
    assert!(table.starts_with("| name | what | allowed | unless set |\n|---|---|---|---|\n| `KIOSK_DOORS` |"), "{table}");
    assert!(table.contains("| `OWNER` | who is called | anything without ! | nobody |\n"), "{table}");
    let list = "\n`[[tills]]`, in the file alone, once for each: a till.\n\n| name | what | allowed | unless set |\n|---|---|---|---|\n\
         | `place` | where it stands | anything without ! | needed |\n| `pin` | opens it | anything without ! | needed |\n";
    assert!(table.contains(list), "{table}");
    let windows = "\n`[window]`, `[window.left]`, `[back.window]`, in the file alone: what a window shows.\n\n\
         | name | what | allowed | unless set |\n|---|---|---|---|\n| `lit` | whether there is light | true or false | `true` |\n\
         | `goods` | what lies there | anything without ! | all |\n";
    assert!(table.ends_with(windows), "{table}");
}

#[test]
fn a_section_has_settings_of_its_own() {
    let given = given("[window]\ngoods = []\n[window.left]\nlit = false\ngoods = [\"a\", \"b\"]", &[("LIT", "false")]);
    assert!(given.is_clean());
    let of = |name: &str| given.section(name).map(|window| (window.get(&LIT), window.get(&GOODS)));
    assert_eq!(of("window"), Some((Some(true), Some(String::new()))));
    assert_eq!(of("window.left"), Some((Some(false), Some("a,b".to_owned()))));
    assert_eq!((of("back.window"), of("back")), (Some((Some(true), None)), None));
    let shown = given.shown(&[]);
    assert!(shown.contains("[window.left]: lit    false") && !shown.contains("[back.window]"), "{shown}");
}

#[test]
fn what_is_wrong_with_a_section_names_it() {
    let mut wrong = given("back = 3\n[window]\nlit = \"yes\"\ngoods = true\n[window.left]\nlight = true\n[windows]\nlit = true", &[]);
    wrong.section_mut("window.left").expect("one").refuse(&LIT, "is broken".into(), "another");
    assert!(!wrong.is_clean());
    let told = told(wrong);
    for part in [
        "back is of the wrong type (integer)\n    allowed: [back.…]",
        "[window]: goods is of the wrong type (boolean)",
        "[window]: lit = \"yes\" (file) is neither true nor false\n    allowed: true or false",
        "[window.left]: light (file) is no setting; did you mean lit?\n    allowed: lit, goods",
        "[window.left]: lit = \"true\" (default) is broken\n    allowed: another",
        "windows (file) is no setting; did you mean window?",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let within = given("[back]\nlit = true\n[back.window]\nlit = 3", &[]).into_problems().to_string();
    assert!(within.contains("back.lit (file) is no setting; did you mean back.window?"), "{within}");
    assert!(within.contains("[back.window]: lit = \"3\" (file) is neither"), "{within}");
}

#[test]
fn an_entry_of_a_list_has_settings_of_its_own() {
    let tills = given("[[tills]]\nplace = \"door\"\npin = \"hunter2\"\n[[tills]]\nplace = \"window\"", &[("PLACE", "x")]);
    assert!(tills.is_clean());
    let places: Vec<_> = tills.entries(&TILLS).iter().map(|till| till.get(&PLACE)).collect();
    assert_eq!(places, [Some("door".to_owned()), Some("window".to_owned())]);
    let shown = tills.shown(&[]);
    assert!(shown.contains("[[tills]] 1: place  door       file\n    where it stands\n"), "{shown}");
    assert!(shown.contains("[[tills]] 1: pin    (set)      file\n") && !shown.contains("hunter2"), "{shown}");
    assert!(given("", &[]).entries(&TILLS).is_empty());
}

#[test]
fn what_is_wrong_with_an_entry_names_the_entry_and_the_setting() {
    let mut given =
        given("[[tills]]\nplace = \"a\"\npin = \"b\"\n[[tills]]\nplase = \"x\"\npin = \"hunter2!\"\n[[tills]]\nplace = true", &[]);
    for till in given.entries_mut(&TILLS) {
        till.needed(&[PLACE.line, PIN.line]);
    }
    assert!(!given.is_clean());
    let told = told(given);
    for part in [
        "[[tills]] 2: plase (file) is no setting; did you mean place?\n    allowed: place, pin",
        "[[tills]] 2: pin (file) has a ! in it\n    allowed: anything without !",
        "[[tills]] 2: place is missing",
        "[[tills]] 3: place is of the wrong type (boolean)",
        "[[tills]] 3: pin is missing",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains("hunter2") && !told.contains("[[tills]] 1") && told.matches("allowed:").count() == 5, "{told}");
}

#[test]
fn a_list_that_is_none_is_told_with_how_it_is_written() {
    for toml in ["[tills]\nplace = \"x\"", "tills = 3", "tills = [\"x\"]"] {
        let told = told(given(toml, &[]));
        assert!(
            told.contains("tills is of the wrong type") && told.contains("allowed: [[tills]], once for each, with place, pin"),
            "{told}"
        );
    }
}
