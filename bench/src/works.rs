//! The requests that are measured, of the product and of the bare server.

use crate::Outcome;
use crate::client::{Asked, get, post_form, post_json};
use crate::load::{Codes, Work};
use crate::openid;
use crate::people::{PASSWORD, PEOPLE, Person, phone, registration};
use hyper::StatusCode;
use serde_json::json;
use std::sync::Arc;

pub type People = Arc<Vec<Person>>;
/// Values of `Authorization`, each with an access token of a product.
pub type Tokens = Arc<Vec<String>>;

fn sign_in(path: &'static str) -> Work {
    Work::new(StatusCode::OK, move |n| {
        post_json(path, &json!({"email": phone(n % PEOPLE), "phone": phone(n % PEOPLE), "password": PASSWORD}))
    })
}

fn sign_up(path: &'static str, from: u64) -> Work {
    Work::new(StatusCode::ACCEPTED, move |n| post_json(path, &registration(&phone(from + n))))
}

fn userinfo(path: &'static str, tokens: &Tokens) -> Work {
    let tokens = tokens.clone();
    Work::new(StatusCode::OK, move |n| get(path, &[("authorization", &tokens[usize::try_from(n)? % tokens.len()])]))
}

fn of_a_person(expected: StatusCode, people: &People, request: impl Fn(&Person) -> Outcome<Asked> + Send + Sync + 'static) -> Work {
    let people = people.clone();
    Work::new(expected, move |n| {
        let person = usize::try_from(n)? % people.len();
        request(&people[person])
    })
}

pub mod product {
    use super::{Codes, People, StatusCode, Tokens, Work, get, of_a_person, openid};

    pub fn sign_in() -> Work {
        super::sign_in("/api/auth/login")
    }

    pub fn sign_up() -> Work {
        super::sign_up("/api/auth/register/client", 1_000_000)
    }

    pub fn check_by_bearer(people: &People) -> Work {
        of_a_person(StatusCode::OK, people, |person| get("/api/auth/profile", &[("authorization", &person.bearer)]))
    }

    pub fn check_by_cookie(people: &People) -> Work {
        of_a_person(StatusCode::OK, people, |person| get("/api/auth/profile", &[("cookie", &person.cookie)]))
    }

    /// A browser that a product sent here, and that is signed in.
    pub fn authorize(people: &People) -> Work {
        of_a_person(StatusCode::SEE_OTHER, people, |person| openid::authorize(&person.cookie))
    }

    pub fn exchange(codes: &Codes) -> Work {
        Work::spending(codes, StatusCode::OK, openid::exchange)
    }

    pub fn userinfo(tokens: &Tokens) -> Work {
        super::userinfo(openid::USERINFO, tokens)
    }

    pub fn page(path: &'static str) -> Work {
        Work::new(StatusCode::OK, move |_| get(path, &[]))
    }

    /// As browsers ask, so that the page is compressed.
    pub fn compressed_page(path: &'static str) -> Work {
        Work::new(StatusCode::OK, move |_| get(path, &[("accept-encoding", "gzip, deflate, br, zstd")]))
    }

    pub fn own_page(path: &'static str, people: &People) -> Work {
        of_a_person(StatusCode::OK, people, move |person| get(path, &[("cookie", &person.cookie)]))
    }
}

pub mod bare {
    use super::{Codes, PEOPLE, StatusCode, Tokens, Work, get, post_form};

    pub fn sign_in() -> Work {
        super::sign_in("/sign-in")
    }

    pub fn sign_in_by_rustcrypto() -> Work {
        super::sign_in("/rustcrypto/sign-in")
    }

    pub fn sign_up() -> Work {
        super::sign_up("/sign-up", 1_000_000)
    }

    pub fn sign_up_by_rustcrypto() -> Work {
        super::sign_up("/rustcrypto/sign-up", 20_000_000)
    }

    /// Accounts of the bare server are numbered from 1.
    fn bearer(n: u64) -> String {
        format!("Bearer {}", n % PEOPLE + 1)
    }

    pub fn check() -> Work {
        Work::new(StatusCode::OK, |n| get("/profile", &[("authorization", &bearer(n))]))
    }

    pub fn authorize() -> Work {
        Work::new(StatusCode::SEE_OTHER, |n| get("/authorize", &[("authorization", &bearer(n))]))
    }

    pub fn exchange(codes: &Codes) -> Work {
        Work::spending(codes, StatusCode::OK, |code| post_form("/token", &[("code", code)]))
    }

    pub fn userinfo(tokens: &Tokens) -> Work {
        super::userinfo("/userinfo", tokens)
    }

    pub fn page(bytes: usize) -> Work {
        Work::new(StatusCode::OK, move |_| get(&format!("/page/{bytes}"), &[]))
    }
}
