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

/// Returns whether `Accept-Encoding` allows a content coding by its name (RFC 9110 §12.5.3); a weight of 0 forbids it.
pub fn accepts_coding(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight != Some(0.0)
    })
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
    fn a_coding_is_allowed_by_its_name_unless_it_weighs_nothing() {
        let accepts = |list: &'static str, coding| {
            accepts_coding(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(list))]), coding)
        };
        for list in ["br", "gzip, br", "BR;q=0.5", "gzip;q=1.0, br;q=0.1"] {
            assert!(accepts(list, "br"), "{list}");
        }
        for list in ["", "gzip", "br;q=0", "br; q=0.000", "brotli", "*"] {
            assert!(!accepts(list, "br"), "{list}");
        }
        assert!(!accepts_coding(&HeaderMap::new(), "br"));
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
