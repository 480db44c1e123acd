//! The page that shows the document. It is drawn whole by the server; a script of its own sends requests from it.

use super::document::media_type;
use crate::html;
use crate::http::operations::Tag;
use crate::http::routes::{Access, Route, routes};
use askama::Template;
use portaria::brand::Brand;
use serde_json::Value;
use std::collections::BTreeMap;
use text::api_docs::{ApiDocs, PageWords};
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};
use utoipa::openapi::{Content, OpenApi, PathItem, RefOr, Required};

#[derive(Template)]
#[template(path = "api_docs.html")]
struct Page<'a> {
    lang: &'a str,
    version: &'a str,
    icon: String,
    /// The style sheet of the brand.
    colours: Option<String>,
    words: &'a PageWords,
    title: String,
    heading: String,
    about: String,
    groups: Vec<Group>,
}

/// The routes under a heading.
struct Group {
    id: String,
    name: &'static str,
    about: String,
    operations: Vec<Described>,
}

struct Described {
    id: String,
    method: String,
    path: &'static str,
    summary: String,
    access: &'static str,
    parameters: Vec<Row>,
    body: Option<Body>,
    answers: Vec<Answer>,
}

/// A parameter or a field.
struct Row {
    name: String,
    kind: &'static str,
    required: bool,
    about: String,
    /// What the value must be beyond its type.
    limits: Vec<String>,
    /// Where a parameter stands: `path` or `query`.
    place: &'static str,
    is_file: bool,
    example: String,
}

struct Body {
    heading: String,
    is_form: bool,
    rows: Vec<Row>,
    samples: Vec<Sample>,
}

struct Sample {
    name: String,
    json: String,
}

struct Answer {
    status: String,
    about: String,
    headers: Vec<(String, String)>,
    /// What a success answers; the shape of a refusal is that of its examples.
    rows: Vec<Row>,
    samples: Vec<Sample>,
}

/// Draws the page of a document.
pub fn draw(words: &'static ApiDocs, brand: &Brand, document: &OpenApi, version: &str) -> String {
    let groups = Tag::ALL.into_iter().map(|tag| group(words, document, tag)).filter(|group| !group.operations.is_empty()).collect();
    html::page(&Page {
        lang: words.language.tag(),
        version,
        words: &words.page,
        icon: brand.icon(),
        colours: brand.style_sheet(),
        title: words.page.title(&brand.name),
        heading: words.title(words.language.texts().of_brand(&brand.name)),
        about: plain(words.about),
        groups,
    })
}

fn group(words: &'static ApiDocs, document: &OpenApi, tag: Tag) -> Group {
    let (name, about) = tag.words(&words.tags);
    let operations = routes().iter().filter_map(|route| {
        let operation = of_route(document.paths.paths.get(route.path)?, route)?;
        operation.tags.iter().flatten().any(|it| it == name).then(|| described(words, document, route, operation))
    });
    Group { id: format!("{tag:?}").to_lowercase(), name, about: plain(about), operations: operations.collect() }
}

fn of_route<'a>(item: &'a PathItem, route: &Route) -> Option<&'a Operation> {
    match route.method.as_str() {
        "POST" => item.post.as_ref(),
        "PATCH" => item.patch.as_ref(),
        "DELETE" => item.delete.as_ref(),
        _ => item.get.as_ref(),
    }
}

fn described(words: &'static ApiDocs, document: &OpenApi, route: &Route, operation: &Operation) -> Described {
    let texts = &words.page;
    let parameters = operation.parameters.iter().flatten().map(|parameter| {
        let place = if matches!(parameter.parameter_in, ParameterIn::Path) { "path" } else { "query" };
        let required = matches!(parameter.required, Required::True);
        Row { place, ..row(texts, &parameter.name, parameter.schema.as_ref(), required) }
    });
    let body = operation.request_body.as_ref().and_then(|body| {
        let (media, is_form) = media_type(route.reads)?;
        let content = body.content.get(media)?;
        Some(Body { heading: texts.body(media), is_form, rows: rows(texts, content), samples: samples(content) })
    });
    let answers = operation.responses.responses.iter().filter_map(|(status, response)| {
        let RefOr::T(response) = response else { return None };
        let headers =
            response.headers.iter().map(|(name, header)| (name.clone(), plain(header.description.as_deref().unwrap_or_default())));
        Some(Answer {
            status: status.clone(),
            about: response.description.clone(),
            headers: headers.collect(),
            rows: response
                .content
                .values()
                .next()
                .filter(|_| status.starts_with('2'))
                .map(|it| members(texts, document, it))
                .unwrap_or_default(),
            samples: response.content.values().next().map(samples).unwrap_or_default(),
        })
    });
    Described {
        id: operation.operation_id.clone().unwrap_or_default(),
        method: route.method.to_string(),
        path: route.path,
        summary: operation.summary.clone().unwrap_or_default(),
        access: match route.access {
            Access::Anyone => texts.access_anyone,
            Access::Session => texts.access_session,
            Access::RefreshToken => texts.access_refresh,
            Access::CompletionGrant => texts.access_completion,
        },
        parameters: parameters.collect(),
        body,
        answers: answers.collect(),
    }
}

fn rows(words: &PageWords, content: &Content) -> Vec<Row> {
    let Some(RefOr::T(Schema::Object(body))) = &content.schema else { return Vec::new() };
    body.properties.iter().map(|(name, schema)| row(words, name, Some(schema), body.required.contains(name))).collect()
}

/// The members of an answer; those of an envelope's `data` by their way.
fn members(words: &PageWords, document: &OpenApi, content: &Content) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, schema) in content.schema.iter().flat_map(|schema| properties(document, schema)) {
        let inner = properties(document, schema).filter(|_| name == "data");
        let inner: Vec<_> = inner.map(|(member, schema)| row(words, &format!("{name}.{member}"), Some(schema), true)).collect();
        if inner.is_empty() {
            rows.push(row(words, name, Some(schema), true));
        }
        rows.extend(inner);
    }
    rows
}

fn properties<'a>(document: &'a OpenApi, schema: &'a RefOr<Schema>) -> impl Iterator<Item = (&'a String, &'a RefOr<Schema>)> {
    let schema = match schema {
        RefOr::Ref(named) => {
            let name = named.ref_location.rsplit('/').next().unwrap_or_default();
            document.components.as_ref().and_then(|components| components.schemas.get(name))
        }
        RefOr::T(_) => Some(schema),
    };
    let object = schema.and_then(|schema| if let RefOr::T(Schema::Object(object)) = schema { Some(object) } else { None });
    object.into_iter().flat_map(|object| &object.properties)
}

fn row(words: &PageWords, name: &str, schema: Option<&RefOr<Schema>>, required: bool) -> Row {
    let row = Row {
        name: name.to_owned(),
        kind: "string",
        required,
        about: String::new(),
        limits: Vec::new(),
        place: "",
        is_file: false,
        example: String::new(),
    };
    let object = match schema {
        Some(RefOr::T(Schema::Object(object))) => object,
        Some(RefOr::T(Schema::Array(array))) => return Row { kind: "array", about: array.description.clone().unwrap_or_default(), ..row },
        Some(_) => return Row { kind: "object", ..row },
        None => return row,
    };
    Row {
        kind: kind(&object.schema_type),
        about: object.description.clone().unwrap_or_default(),
        limits: limits(words, object),
        is_file: !object.content_media_type.is_empty(),
        example: object.examples.first().and_then(Value::as_str).unwrap_or_default().to_owned(),
        ..row
    }
}

fn kind(kind: &SchemaType) -> &'static str {
    let first = match kind {
        SchemaType::Type(single) => Some(single),
        SchemaType::Array(several) => several.first(),
        SchemaType::AnyValue => None,
    };
    match first {
        Some(Type::Boolean) => "boolean",
        Some(Type::Integer) => "integer",
        Some(Type::Array) => "array",
        Some(Type::Object) => "object",
        _ => "string",
    }
}

fn limits(words: &PageWords, object: &Object) -> Vec<String> {
    let values = object.enum_values.as_ref().map(|values| {
        let values: Vec<_> = values
            .iter()
            .filter(|value| !value.is_null())
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect();
        words.one_of(values.join(", "))
    });
    let nullable = matches!(&object.schema_type, SchemaType::Array(kinds) if kinds.contains(&Type::Null));
    [
        values,
        object.min_length.filter(|min| *min > 1).map(|min| words.at_least(min)),
        object.max_length.map(|max| words.at_most(max)),
        object.pattern.clone(),
        nullable.then(|| words.nullable.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The examples of a body, by name.
fn samples(content: &Content) -> Vec<Sample> {
    let examples: BTreeMap<_, _> = content
        .examples
        .iter()
        .filter_map(|(name, example)| match example {
            RefOr::T(example) => Some((name.clone(), example.value.clone()?)),
            RefOr::Ref(_) => None,
        })
        .collect();
    examples.into_iter().map(|(name, value)| Sample { name, json: serde_json::to_string_pretty(&value).unwrap_or_default() }).collect()
}

/// A text without the marks of code.
fn plain(text: &str) -> String {
    text.replace('`', "")
}
