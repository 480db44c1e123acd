//! Media types, as `Content-Type` declares them.

use axum::http::{HeaderMap, header};
use mime::Mime;

/// The declared media type, without its parameters: an unreadable parameter, such as a boundary, does not matter.
fn content_type(headers: &HeaderMap) -> Option<Mime> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    text.split(';').next()?.trim().parse().ok()
}

fn is(headers: &HeaderMap, media: &Mime) -> bool {
    content_type(headers).is_some_and(|it| it.essence_str() == media.essence_str())
}

/// Returns whether the body is JSON, or of a type based on JSON (`application/…+json`).
pub fn is_json(headers: &HeaderMap) -> bool {
    content_type(headers)
        .is_some_and(|it| it.type_() == mime::APPLICATION && (it.subtype() == mime::JSON || it.suffix() == Some(mime::JSON)))
}

/// Returns whether the body is a form that cannot contain files.
pub fn is_form(headers: &HeaderMap) -> bool {
    is(headers, &mime::APPLICATION_WWW_FORM_URLENCODED)
}

/// Returns whether the body is a form that may contain files.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    is(headers, &mime::MULTIPART_FORM_DATA)
}

pub fn is_html(headers: &HeaderMap) -> bool {
    is(headers, &mime::TEXT_HTML)
}

/// The `charset` parameter of a media type.
pub fn charset(media: &str) -> Option<String> {
    media.parse::<Mime>().ok()?.get_param(mime::CHARSET).map(|name| name.as_str().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(media: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(media))])
    }

    #[test]
    fn parameters_and_capitals_make_no_difference() {
        for json in
            ["application/json", "Application/JSON; charset=utf-8", "application/json;", "application/problem+json", " application/json ;x"]
        {
            assert!(is_json(&headers(json)), "{json}");
        }
        for form in ["application/x-www-form-urlencoded", "APPLICATION/X-WWW-FORM-URLENCODED;charset=UTF-8"] {
            assert!(is_form(&headers(form)), "{form}");
        }
        for multipart in
            ["multipart/form-data; boundary=x", "Multipart/Form-Data", "multipart/form-data; boundary=a b; \"", "multipart/form-data;;"]
        {
            assert!(is_multipart(&headers(multipart)), "{multipart}");
        }
        assert!(is_html(&headers("text/html; charset=utf-8")));
    }

    #[test]
    fn what_is_something_else_is_not_taken_for_it() {
        for other in ["", "json", "jsonx", "text/json", "application/jsonx", "application", "application/json/x", "text/plain"] {
            assert!(!is_json(&headers(other)), "{other}");
            assert!(!is_form(&headers(other)) && !is_multipart(&headers(other)) && !is_html(&headers(other)), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
