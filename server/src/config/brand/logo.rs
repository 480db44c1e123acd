//! Cleans a logo: a new SVG is written with what draws and nothing else. Elements and attributes stand in lists; a value may name no
//! function but those of colours and shapes, and refer to nothing outside the file. So there is no script, no event, no foreign object
//! and nothing that loads, whatever the file holds, and it may be opened by itself too.

use roxmltree::{Document, Node};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
/// Deeper than any logo, and shallow enough to be walked.
const DEEPEST: usize = 50;

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "text",
    "tspan",
];
/// The elements whose text counts.
const OF_TEXT: &[&str] = &["title", "desc", "style", "text", "tspan"];
const ATTRIBUTES: &[&str] = &[
    "id",
    "class",
    "style",
    "transform",
    "viewBox",
    "preserveAspectRatio",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "dx",
    "dy",
    "width",
    "height",
    "d",
    "points",
    "pathLength",
    "href",
    "offset",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "clipPathUnits",
    "maskUnits",
    "maskContentUnits",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "color",
    "stop-color",
    "stop-opacity",
    "clip-path",
    "clip-rule",
    "mask",
    "display",
    "visibility",
    "overflow",
    "vector-effect",
    "paint-order",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "letter-spacing",
    "text-anchor",
    "dominant-baseline",
];
/// What may stand before a bracket: colours, shapes, media and selectors. `url` refers to a part of the file.
const FUNCTIONS: &[&str] = &[
    "",
    "and",
    "not",
    "or",
    "is",
    "where",
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "matrix",
    "translate",
    "translatex",
    "translatey",
    "scale",
    "scalex",
    "scaley",
    "rotate",
    "skewx",
    "skewy",
    "calc",
    "url",
];

/// A clean logo, and the names of what was left out of the file.
pub(in crate::config) struct Cleaned {
    pub svg: String,
    pub left_out: Vec<String>,
}

impl Cleaned {
    /// What the operator is told of it.
    pub fn warning(&self) -> Option<String> {
        let left_out = || format!("logo: left out, because a logo only draws: {}", self.left_out.join(", "));
        (!self.left_out.is_empty()).then(left_out)
    }
}

/// # Errors
/// What is wrong with a file that is no logo.
pub(super) fn clean(text: &str) -> Result<Cleaned, String> {
    let document = Document::parse(text).map_err(|error| format!("is no SVG: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return Err(format!("is no SVG: its root is <{}> and not <svg xmlns=\"{SVG}\">", root.tag_name().name()));
    }
    let sides: Vec<f32> = root.attribute("viewBox").unwrap_or_default().split([' ', ',']).filter_map(|side| side.parse().ok()).collect();
    if !matches!(sides[..], [_, _, width, height] if width > 0.0 && height > 0.0) {
        return Err("has no viewBox of four numbers, so that nobody knows its size".to_owned());
    }
    let mut cleaning = Cleaning::default();
    cleaning.element(root, 0);
    if !cleaning.draws {
        return Err("draws nothing that a logo may draw".to_owned());
    }
    Ok(Cleaned { svg: cleaning.svg, left_out: cleaning.left_out.into_iter().collect() })
}

#[derive(Default)]
struct Cleaning {
    svg: String,
    left_out: BTreeSet<String>,
    draws: bool,
}

impl Cleaning {
    fn element(&mut self, node: Node<'_, '_>, depth: usize) {
        let name = node.tag_name().name();
        let css = || node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect::<String>();
        let known = node.tag_name().namespace() == Some(SVG) && ELEMENTS.contains(&name) && (name != "svg" || depth == 0);
        if !known || depth > DEEPEST || (name == "style" && !is_harmless_css(&css())) {
            self.left_out.insert(format!("<{name}>"));
            return;
        }
        self.draws |= matches!(name, "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" | "text");
        let _ = write!(self.svg, "<{name}");
        if depth == 0 {
            let _ = write!(self.svg, " xmlns=\"{SVG}\"");
        }
        for attribute in node.attributes() {
            let of_svg = attribute.namespace().is_none() || (attribute.namespace() == Some(XLINK) && attribute.name() == "href");
            if of_svg && ATTRIBUTES.contains(&attribute.name()) && is_harmless(attribute.name(), attribute.value()) {
                let _ = write!(self.svg, " {}=\"{}\"", attribute.name(), escaped(attribute.value()));
            } else {
                self.left_out.insert(attribute.name().to_owned());
            }
        }
        self.svg.push('>');
        for child in node.children() {
            match child.text() {
                Some(text) if child.is_text() && OF_TEXT.contains(&name) => self.svg.push_str(&escaped(text)),
                _ if child.is_element() => self.element(child, depth + 1),
                _ => {}
            }
        }
        let _ = write!(self.svg, "</{name}>");
    }
}

fn is_harmless(name: &str, value: &str) -> bool {
    match name {
        "href" => value.starts_with('#'),
        "style" => is_harmless_css(value),
        _ => names_no_other_function(value),
    }
}

/// No escapes, no rule but `@media`, no function that loads.
fn is_harmless_css(css: &str) -> bool {
    !css.contains(['\\', '<']) && css.split('@').skip(1).all(|rule| rule.starts_with("media")) && names_no_other_function(css)
}

fn names_no_other_function(value: &str) -> bool {
    value.match_indices('(').all(|(at, _)| {
        let before = &value[..at];
        let from = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii())).map_or(0, |at| at + 1);
        let name = before[from..].to_ascii_lowercase();
        // Between `url` and its bracket nothing may stand, not even a space.
        FUNCTIONS.contains(&name.as_str()) && (name != "url" || value[at + 1..].starts_with('#')) && !value.contains('\\')
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(r#"<?xml version="1.0"?><svg xmlns="{SVG}" xmlns:xlink="{XLINK}" viewBox="0 0 8 8">{inside}</svg>"#)
    }

    const PATH: &str = r#"<path d="M0 0h8v8z" fill="rgb(1, 2, 3)"></path>"#;

    #[test]
    fn what_draws_stays_as_it_is() {
        let drawn = r##"<title>A &amp; B</title><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"></stop></linearGradient></defs>
            <style>.a{fill:url(#g)}@media (prefers-color-scheme:dark){.a:not(.b){fill:#fff}}</style>
            <g transform="translate(1 2) rotate(45)"><path class="a" style="stroke:#123456" d="M0 0h8v8z"></path></g><use href="#g"></use>"##;
        let cleaned = clean(&svg(drawn)).expect("a logo");
        assert_eq!(cleaned.left_out, Vec::<String>::new(), "{}", cleaned.svg);
        assert!(cleaned.svg.contains("translate(1 2) rotate(45)") && cleaned.svg.contains("A &amp; B"), "{}", cleaned.svg);
        let again = clean(&cleaned.svg).expect("a logo");
        assert_eq!(again.svg, cleaned.svg);
    }

    #[test]
    fn what_runs_or_loads_is_left_out_and_named() {
        for (bad, named) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<SCRIPT>alert(1)</SCRIPT>", "<SCRIPT>"),
            (r#"<g onload="alert(1)"/>"#, "onload"),
            (r#"<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>"#, "<script>"),
            (r#"<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>"#, "<foreignObject>"),
            (r#"<image href="https://evil.example/x.png"/>"#, "<image>"),
            (r#"<a href="javascript:alert(1)"><path d="M0 0"/></a>"#, "<a>"),
            (r#"<use href="https://evil.example/x.svg#a"/>"#, "href"),
            (r#"<use xlink:href="data:image/svg+xml,x"/>"#, "href"),
            (r#"<animate attributeName="href" to="javascript:alert(1)"/>"#, "<animate>"),
            (r#"<set attributeName="onload" to="alert(1)"/>"#, "<set>"),
            (r#"<path d="M0 0" fill="url(https://evil.example/)"/>"#, "fill"),
            (r#"<path d="M0 0" fill="url( '#a')"/>"#, "fill"),
            (r#"<path d="M0 0" style="fill:image-set('https://evil.example/')"/>"#, "style"),
            (r#"<path d="M0 0" style="fill:u\72l(https://evil.example/)"/>"#, "style"),
            ("<style>@import 'https://evil.example/x.css';</style>", "<style>"),
            ("<style>@font-face{src:url(https://evil.example/x)}</style>", "<style>"),
            ("<style>.a{fill:URL(//evil.example/)}</style>", "<style>"),
            ("<style><![CDATA[</style><script>alert(1)</script>]]></style>", "<style>"),
            ("<svg><script/></svg>", "<svg>"),
            ("<filter><feImage href='https://evil.example/'/></filter>", "<filter>"),
        ] {
            let cleaned = clean(&svg(&format!("{bad}{PATH}"))).expect("a logo");
            assert!(cleaned.left_out.iter().any(|it| it == named), "{bad}: {:?}", cleaned.left_out);
            for part in ["evil", "alert", "script", "javascript", "<p ", "data:", "onload", "@"] {
                assert!(!cleaned.svg.contains(part), "{bad}: {}", cleaned.svg);
            }
            assert!(cleaned.svg.contains(PATH), "{}", cleaned.svg);
        }
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let deep = format!("{}{}", "<g>".repeat(400), "</g>".repeat(400));
        for (bad, told) in [
            (String::new(), "is no SVG"),
            ("<html/>".to_owned(), "its root is <html>"),
            ("<svg viewBox='0 0 1 1'><path/></svg>".to_owned(), "its root is <svg> and not"),
            (svg(PATH).replace("viewBox", "width"), "has no viewBox"),
            (svg(PATH).replace("0 0 8 8", "0 0 8 -8"), "has no viewBox"),
            (svg("<script/>"), "draws nothing"),
            (svg(&deep), "draws nothing"),
            (format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", svg("&a;").replace("<?xml version=\"1.0\"?>", "")), "is no SVG"),
            (svg("<path>"), "is no SVG"),
        ] {
            let wrong = clean(&bad).err().expect("no logo");
            assert!(wrong.contains(told), "{bad}: {wrong}");
        }
    }
}
