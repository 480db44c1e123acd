//! The OpenAPI 3.1 document, made from the table of routes.

use super::schemas;
use crate::http::contract::Contract;
use crate::http::operations::{Answer, Operation, Refused, Sample, Tag};
use crate::http::routes::{Access, Reads, Route, routes};
use app::Site;
use axum::http::Method;
use portaria::error::{Field, FieldError, Refusal};
use portaria::session::Cookie;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use text::api_docs::{ApiDocs, StatusWords};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, Response,
    ResponseBuilder, ResponsesBuilder, Schema, Server,
};

const BEARER: &str = "accessToken";
const SESSION: &str = "session";
const SIGNUP: &str = "signupToken";
const PROOF: &str = "proof";

/// The document of this product at its public address. `secure`: the address is https.
pub fn document(words: &'static ApiDocs, site: &Site, public_url: &str, secure: bool) -> OpenApi {
    let mut components = components(words, secure);
    let mut api = OpenApiBuilder::new().build();
    for route in routes() {
        let operation = (route.told)().as_decided(&site.kinds);
        for (name, schema) in operation.answers.iter().flat_map(|answer| answer.components.iter().cloned()) {
            components.schemas.entry(name).or_insert(schema);
        }
        let item = PathItem::new(method(&route.method), described(words, site, route, &operation));
        api.paths.paths.entry(route.path.to_owned()).or_default().merge_operations(item);
    }
    for (name, schema) in &mut components.schemas {
        schemas::explain(words, name, schema);
    }
    let licence = LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build();
    api.info = InfoBuilder::new()
        .title(words.title(words.language.texts().of_brand(&site.brand.name)))
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(words.about))
        .license(Some(licence))
        .build();
    api.servers = Some(vec![Server::new(public_url)]);
    api.tags = Some(
        Tag::ALL
            .map(|tag| tag.words(&words.tags))
            .map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build())
            .to_vec(),
    );
    api.components = Some(components);
    api
}

fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn components(words: &ApiDocs, secure: bool) -> Components {
    let mut components = Components::new();
    for contract in [Contract::Problem, Contract::Registration, Contract::Carona] {
        let (name, schema) = schemas::refusal(contract);
        components.schemas.insert(name.to_owned(), schema.into());
    }
    let bearer = |about: &str| HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
    let cookie = |cookie: Cookie, about: &str| ApiKey::Cookie(ApiKeyValue::with_description(cookie.name(secure), about.to_owned()));
    components.add_security_schemes_from_iter([
        (BEARER, SecurityScheme::Http(bearer(words.securities.bearer))),
        (SESSION, SecurityScheme::ApiKey(cookie(Cookie::Session, words.securities.session))),
        (SIGNUP, SecurityScheme::Http(bearer(words.securities.signup))),
        (PROOF, SecurityScheme::ApiKey(cookie(Cookie::CompletionGrant, words.securities.proof))),
    ]);
    components
}

/// Any one of these is enough.
fn securities(access: Access) -> Vec<SecurityRequirement> {
    let names: &[&str] = match access {
        Access::Anyone | Access::RefreshToken => &[],
        Access::Session => &[BEARER, SESSION],
        Access::CompletionGrant => &[SIGNUP, PROOF, BEARER, SESSION],
    };
    names.iter().map(|name| SecurityRequirement::new(*name, [] as [&str; 0])).collect()
}

fn described(words: &'static ApiDocs, site: &Site, route: &Route, operation: &Operation) -> utoipa::openapi::path::Operation {
    let (tag, _) = operation.tag.words(&words.tags);
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(tag)
        .summary(Some((operation.summary)(&words.operations)))
        .securities(Some(securities(route.access)))
        .responses(responses(words, route, operation).build());
    for name in path_parameters(route.path) {
        let text = ObjectBuilder::new().schema_type(Type::String);
        described = described
            .parameter(ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True).schema(Some(text)));
    }
    for taken in &operation.query {
        let required = if taken.required { Required::True } else { Required::False };
        let schema = schemas::field(words, taken, true);
        let parameter = ParameterBuilder::new().name(route.contract.field_name(taken.field)).parameter_in(ParameterIn::Query);
        described = described.parameter(parameter.required(required).description(schema.description.clone()).schema(Some(schema)));
    }
    if let Some((media, is_form)) = media_type(route.reads) {
        let mut body = schemas::body(words, route.contract, &operation.takes, is_form);
        if let Some(RefOr::T(Schema::Object(kind))) = body.properties.get_mut(route.contract.field_name(Field::Kind)) {
            schemas::only_open(kind, &site.kinds);
        }
        let content = samples(words, ContentBuilder::new().schema(Some(body)), &request_samples(route, operation)).build();
        described = described.request_body(Some(RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).build()));
    }
    described.build()
}

/// The media type of a body, and whether it is a form.
pub const fn media_type(reads: Reads) -> Option<(&'static str, bool)> {
    match reads {
        Reads::Nothing | Reads::Form => None,
        Reads::Json | Reads::PhotoInJson => Some(("application/json", false)),
        Reads::PhotoInForm => Some(("multipart/form-data", true)),
    }
}

/// The names in braces.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The examples of a request: of a document where it has one, else of the required fields, or of all where none is.
fn request_samples(route: &Route, operation: &Operation) -> Vec<Sample> {
    if !operation.samples.is_empty() {
        return operation.samples.clone();
    }
    let any_required = operation.takes.iter().any(|taken| taken.required);
    let mut value = Map::new();
    for taken in operation.takes.iter().filter(|taken| taken.required || !any_required) {
        let example = schemas::example(taken.field).or_else(|| taken.required.then(|| crate::http::operations::TOKEN.into()));
        if let Some(example) = example {
            value.insert(route.contract.field_name(taken.field).to_owned(), example);
        }
    }
    vec![Sample { name: "exemplo", of: None, value: Value::Object(value) }]
}

fn samples(words: &ApiDocs, content: ContentBuilder, samples: &[Sample]) -> ContentBuilder {
    let examples = samples.iter().map(|sample| {
        let about = sample.of.map_or_else(|| words.page.own_example.to_owned(), |number| words.page.of_document(number));
        (sample.name, RefOr::T(ExampleBuilder::new().summary(about).value(Some(sample.value.clone())).build()))
    });
    content.examples_from_iter(examples)
}

fn responses(words: &ApiDocs, route: &Route, operation: &Operation) -> ResponsesBuilder {
    let mut all: BTreeMap<u16, Response> = BTreeMap::new();
    for answer in &operation.answers {
        all.insert(answer.status.as_u16(), success(words, answer));
    }
    let refused = refusals(route, operation);
    let statuses: BTreeSet<u16> = refused.iter().map(|refused| refused.refusal.status()).collect();
    for status in statuses {
        let of_status: Vec<_> = refused.iter().filter(|refused| refused.refusal.status() == status).collect();
        all.insert(status, refusal(words, route, operation, status, &of_status));
    }
    all.into_iter().fold(ResponsesBuilder::new(), |responses, (status, response)| responses.response(status.to_string(), response))
}

fn success(words: &ApiDocs, answer: &Answer) -> Response {
    let mut response = ResponseBuilder::new().description(status_words(&words.statuses, answer.status.as_u16()));
    for (media, schema) in &answer.bodies {
        let mut schema = schema.clone();
        schemas::explain(words, "", &mut schema);
        let content = ContentBuilder::new().schema(Some(schema));
        let content = if *media == "application/json" { samples(words, content, &answer.samples) } else { content };
        response = response.content(*media, content.build());
    }
    for (name, about) in &answer.headers {
        let header = HeaderBuilder::new().schema(ObjectBuilder::new().schema_type(Type::String)).description(Some(about(&words.headers)));
        response = response.header(*name, header.build());
    }
    response.build()
}

/// A status with every refusal that has it, each as an example in the shape of the contract.
fn refusal(words: &ApiDocs, route: &Route, operation: &Operation, status: u16, refused: &[&Refused]) -> Response {
    let contract = route.contract;
    let (schema, _) = schemas::refusal(contract);
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema)));
    let examples = refused.iter().map(|refused| {
        let sentence = || refused.sentence.clone().unwrap_or_else(|| contract.sentence(&refused.refusal));
        let body = refused.body.clone().unwrap_or_else(|| contract.body(&refused.refusal, &sentence()));
        (example_name(&refused.refusal), RefOr::T(ExampleBuilder::new().value(Some(body)).build()))
    });
    content = content.examples_from_iter(examples);
    let mut response =
        ResponseBuilder::new().description(status_words(&words.statuses, status)).content(contract.media_type(), content.build());
    if operation.pages {
        let page: RefOr<Schema> = ObjectBuilder::new().schema_type(Type::String).build().into();
        response = response.content("text/html", ContentBuilder::new().schema(Some(page)).build());
    }
    if refused.iter().any(|refused| refused.refusal.retry_after().is_some()) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        response =
            response.header("Retry-After", HeaderBuilder::new().schema(seconds).description(Some(words.headers.retry_after)).build());
    }
    if refused.iter().any(|refused| refused.refusal == Refusal::NotSignedIn) {
        let scheme = ObjectBuilder::new().schema_type(Type::String);
        response = response
            .header("WWW-Authenticate", HeaderBuilder::new().schema(scheme).description(Some(words.headers.www_authenticate)).build());
    }
    response.build()
}

/// The code of a refusal, and the field that is taken or wrong.
fn example_name(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Taken(field) => format!("{}-{}", refusal.code(), field.name()),
        Refusal::Invalid(errors) => {
            errors.iter().next().map_or_else(|| refusal.code().to_owned(), |(field, _)| format!("{}-{}", refusal.code(), field.name()))
        }
        _ => refusal.code().to_owned(),
    }
}

/// The refusals of a route: those that follow from its row, and its own.
fn refusals(route: &Route, operation: &Operation) -> Vec<Refused> {
    let mut from_row = Vec::new();
    if let Some((_, is_form)) = media_type(route.reads) {
        from_row.extend([Refusal::Malformed, Refusal::UnsupportedMediaType, Refusal::TooLarge]);
        if let Some(taken) = operation.takes.first().filter(|_| !is_form) {
            from_row.push(Refusal::field(taken.field, FieldError::WrongType));
        }
        if let Some(taken) = operation.takes.iter().find(|taken| taken.required) {
            from_row.push(Refusal::field(taken.field, FieldError::Required));
        }
    } else if !route.method.is_safe() {
        from_row.push(Refusal::TooLarge);
    }
    if !route.method.is_safe() {
        from_row.push(Refusal::CrossSite);
    }
    match route.access {
        Access::Anyone => {}
        Access::Session | Access::RefreshToken => from_row.push(Refusal::NotSignedIn),
        Access::CompletionGrant => from_row.extend([Refusal::NotYours, Refusal::NotSignedIn, Refusal::ReauthenticationRequired]),
    }
    // The keys are in memory, everything else asks the database.
    if route.path != "/.well-known/jwks.json" {
        from_row.push(Refusal::Unavailable);
    }
    let mut all = operation.refusals.clone();
    for refusal in from_row {
        let same = |known: &Refused| example_name(&known.refusal) == example_name(&refusal);
        if !all.iter().any(same) {
            all.push(refusal.into());
        }
    }
    all
}

fn status_words(words: &StatusWords, status: u16) -> &'static str {
    match status {
        201 => words.created,
        202 => words.accepted,
        303 => words.see_other,
        400 => words.bad_request,
        401 => words.unauthorized,
        403 => words.forbidden,
        404 => words.not_found,
        409 => words.conflict,
        410 => words.gone,
        413 => words.too_large,
        415 => words.unsupported,
        429 => words.too_many,
        503 => words.unavailable,
        _ => words.ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_id_of_its_own() {
        let ids: BTreeSet<_> = routes().iter().map(|route| (route.told)().id).collect();
        assert_eq!(ids.len(), routes().len());
    }

    #[test]
    fn the_fields_of_a_body_have_names_of_their_own() {
        for route in routes() {
            let operation = (route.told)();
            let names: BTreeSet<_> = operation.takes.iter().map(|taken| route.contract.field_name(taken.field)).collect();
            assert_eq!(names.len(), operation.takes.len(), "{}", route.path);
            assert_eq!(media_type(route.reads).is_some(), !operation.takes.is_empty(), "{}", route.path);
            assert!(operation.answers.iter().all(|answer| answer.status.as_u16() < 400), "{}", route.path);
        }
    }
}
