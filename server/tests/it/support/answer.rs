use reqwest::header;
use serde_json::Value;

/// An HTTP response whose body has been read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    /// Returns a text field of the JSON body, such as a token.
    #[track_caller]
    pub fn token(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("no {field}: {}", self.text)).to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Where a redirect leads, and the name of what the page there says: `/login, verified`.
    pub fn goes(&self) -> String {
        let said = self.cookies().iter().find_map(|cookie| {
            let (name, rest) = cookie.split_once('=')?;
            let said = rest.split(';').next().filter(|said| !said.is_empty())?;
            name.ends_with("portaria_notice").then(|| said.to_owned())
        });
        let said = said.unwrap_or_else(|| "nothing".to_owned());
        format!("{}, {said}", self.location())
    }

    pub fn cookies(&self) -> Vec<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }

    pub fn cookie(&self, name: &str) -> String {
        let cookies = self.cookies();
        let prefix = format!("{name}=");
        cookies.iter().find(|cookie| cookie.starts_with(&prefix)).unwrap_or_else(|| panic!("no {name} in {cookies:?}")).clone()
    }

    /// Expects the status; a failure shows the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Returns the keys of the JSON object, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.json().as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
        keys.sort();
        keys
    }

    /// Expects a problem (RFC 9457) with this status.
    #[track_caller]
    pub fn expect_problem(self, status: u16) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
        let body = answer.json();
        assert_eq!(body["status"], status, "{body}");
        for member in ["type", "title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
        }
        answer
    }

    /// Returns the error messages at one field of a problem.
    pub fn errors(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let list = body["errors"][field].as_array().or_else(|| body["campos"][field].as_array()).cloned().unwrap_or_default();
        list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }
}
