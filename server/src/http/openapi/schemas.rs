//! Schemas: of the fields that requests take, by the limits of the domain, and of the shapes of refusals.
//!
//! A schema says no more than what is refused for sure. The parsers of the domain read values as people type them, so a phone or a
//! document has no pattern here: its example shows the form, and its check digits are nothing that a pattern could tell.

use crate::http::api::bodies::Profile;
use crate::http::contract::{Contract, problem_type};
use crate::http::operations::Takes;
use portaria::error::Refusal;
use portaria::field::Field;
use portaria::journey::Kind;
use portaria::kinds::Kinds;
use portaria::message::Channel;
use portaria::terms::OWN_TERMS;
use portaria::value::{City, Email, Gender, Name, Password, ShortText, State, Username};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use text::api_docs::{ApiDocs, MemberWords};
use utoipa::PartialSchema;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};

/// The largest whole number that clients read exactly.
const MOST: u64 = 1 << 53;

/// The body of a request with these fields, as a contract names them.
pub fn body(words: &ApiDocs, contract: Contract, takes: &[Takes], is_form: bool) -> Object {
    let body = takes.iter().fold(ObjectBuilder::new(), |body, taken| {
        let name = contract.field_name(taken.field);
        let body = body.property(name, field(words, taken, is_form));
        if taken.required { body.required(name) } else { body }
    });
    body.build()
}

/// The kinds that people may register as; all of them, if none is open: an empty list is no schema.
pub fn only_open(kind: &mut Object, kinds: &Kinds) {
    let open: Vec<_> = kinds.open().map(Kind::as_str).collect();
    if open.len() < Kind::ALL.len() && !open.is_empty() {
        kind.enum_values = Some(open.into_iter().map(Into::into).collect());
    }
}

/// The value of a field. In JSON, null counts as absent where it may be.
pub fn field(words: &ApiDocs, taken: &Takes, is_form: bool) -> Object {
    let field = taken.field;
    let mut schema = match field {
        Field::Remember | Field::CancelDeletion => ObjectBuilder::new().schema_type(Type::Boolean).build(),
        // The terms are accepted or the form is refused.
        Field::Terms => ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).build(),
        Field::Version => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(MOST)).build(),
        Field::Kind => one_of(Kind::ALL.iter().map(|kind| kind.as_str())),
        Field::Channel => one_of(taken.channels.iter().map(|channel| channel.as_str())),
        Field::Gender => one_of(Gender::ALL.iter().map(|gender| gender.as_str())),
        Field::State => one_of(State::ALL.iter().map(|state| state.code())),
        Field::Photo if is_form => text().content_media_type("image/*").build(),
        Field::Photo => text().content_encoding("base64").build(),
        Field::Name => text().max_length(Some(Name::LONGEST.into())).build(),
        Field::SocialName | Field::Institution | Field::FieldOfWork => text().max_length(Some(ShortText::LONGEST.into())).build(),
        Field::City => text().min_length(Some(City::SHORTEST.into())).max_length(Some(City::LONGEST.into())).build(),
        Field::Username => text().pattern(Some(username_pattern())).build(),
        Field::Email => {
            let format = SchemaFormat::KnownFormat(KnownFormat::Email);
            // An optional one may be empty, which counts as absent.
            text().format(taken.required.then_some(format)).max_length(Some(Email::LONGEST.into())).build()
        }
        Field::BirthDate => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).build(),
        Field::Password | Field::NewPassword => password(taken.chosen && taken.required),
        Field::PasswordConfirmation | Field::CurrentPassword => password(false),
        Field::Phone
        | Field::Document
        | Field::Cpf
        | Field::Cnpj
        | Field::Identifier
        | Field::Code
        | Field::Token
        | Field::RefreshToken
        | Field::ResetToken
        | Field::TermsVersion => text().build(),
    };
    let is_text = matches!(schema.schema_type, SchemaType::Type(Type::String));
    if taken.required && is_text && schema.enum_values.is_none() && schema.pattern.is_none() {
        schema.min_length = schema.min_length.or(Some(1));
    }
    if !taken.required && !is_form {
        if let SchemaType::Type(single) = &schema.schema_type {
            schema.schema_type = [single.clone(), Type::Null].into_iter().collect();
        }
        if let Some(values) = &mut schema.enum_values {
            values.push(Value::Null);
        }
    }
    schema.description = Some(words.language.texts().field_name(field).to_owned());
    schema.examples = example(field).into_iter().collect();
    schema
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn one_of(values: impl IntoIterator<Item = &'static str>) -> Object {
    text().enum_values(Some(values)).build()
}

fn password(chosen: bool) -> Object {
    let password = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Password))).max_length(Some(Password::LONGEST.into()));
    if chosen { password.min_length(Some(Password::SHORTEST.into())).build() } else { password.build() }
}

fn username_pattern() -> String {
    format!("^[A-Za-z0-9._]{{{},{}}}$", Username::LENGTHS.start(), Username::LENGTHS.end())
}

/// A value as it may be sent. Phone, date and state are those of document 004.
pub fn example(field: Field) -> Option<Value> {
    Some(match field {
        Field::Kind => json!(Kind::Cliente.as_str()),
        Field::Name => json!("Maria Souza"),
        Field::SocialName => json!("Maria Flor"),
        Field::Institution => json!("Escola Livre"),
        Field::FieldOfWork => json!("Matemática"),
        Field::Username => json!("rianlucas"),
        Field::Email | Field::Identifier => json!("maria@escola.example"),
        Field::Phone => json!("11987654321"),
        Field::Channel => json!(Channel::WhatsApp.as_str()),
        Field::BirthDate => json!("2000-01-15"),
        Field::Gender => json!("F"),
        Field::Document | Field::Cpf => json!("529.982.247-25"),
        Field::Cnpj => json!("12.ABC.345/01DE-35"),
        Field::State => json!("SP"),
        Field::City => json!("São Paulo"),
        Field::Password | Field::NewPassword | Field::PasswordConfirmation => json!("Ipê-amarelo-em-flor-7"),
        Field::CurrentPassword => json!("Ipê-roxo-em-flor-6"),
        Field::Code => json!("123456"),
        Field::Remember | Field::CancelDeletion | Field::Terms => json!(true),
        Field::Version => json!(3),
        Field::TermsVersion => json!(OWN_TERMS),
        Field::Photo | Field::Token | Field::RefreshToken | Field::ResetToken => return None,
    })
}

/// The error texts of each field.
fn errors() -> ObjectBuilder {
    let texts = ArrayBuilder::new().items(text()).min_items(Some(1)).build();
    ObjectBuilder::new().additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(Schema::Array(texts)))))
}

/// Every type of problem. A client can tell them apart, and a misspelled one does not compile there.
fn problem_types() -> BTreeSet<String> {
    Refusal::codes().iter().map(|code| problem_type(code)).collect()
}

/// The name and the schema of a contract's refusals.
pub fn refusal(contract: Contract) -> (&'static str, Object) {
    match contract {
        Contract::Problem => {
            let problem = ObjectBuilder::new()
                .property("type", text().enum_values(Some(problem_types())))
                .property("title", text())
                .property("status", ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(400)).maximum(Some(599)))
                .property("detail", text())
                .property("deletesAt", ObjectBuilder::new().schema_type(Type::Integer))
                .property("errors", errors())
                .property("channels", ArrayBuilder::new().items(one_of(Channel::ALL.iter().map(|channel| channel.as_str()))));
            ("Problem", ["type", "title", "status", "detail"].into_iter().fold(problem, ObjectBuilder::required).build())
        }
        Contract::Registration => {
            ("Erro", ObjectBuilder::new().property("error", text()).property("campos", errors()).required("error").build())
        }
        Contract::Carona => {
            let error = ObjectBuilder::new()
                .property("code", text().pattern(Some("^[A-Z]+_([0-9]{3}|ERROR)$")))
                .property("fields", errors())
                .property("deletesAt", ObjectBuilder::new().schema_type(Type::Integer));
            let refusal = ObjectBuilder::new()
                .property("success", ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([false])))
                .property("message", text())
                .property("error", error.required("code"));
            ("CaronaError", ["success", "message", "error"].into_iter().fold(refusal, ObjectBuilder::required).build())
        }
    }
}

/// What a member of an answer means; `None`: its name says it.
fn member(words: &MemberWords, name: &str) -> Option<&'static str> {
    Some(match name {
        "accessToken" | "token" => words.access_token,
        "refreshToken" => words.refresh_token,
        "expiresIn" => words.expires_in,
        "resendIn" => words.resend_in,
        "destination" | "destinations" => words.destination,
        "phone" | "cpf" | "cnpj" | "birthDate" => words.masked,
        "profilePicture" => words.photo_url,
        "version" => words.version,
        "termsPending" => words.terms_pending,
        "freshUntil" | "deletesAt" | "createdAt" | "lastUsedAt" => words.instant,
        "signupToken" => words.signup_token,
        "resetToken" => words.reset_token,
        "user_id" => words.user_id,
        "type" => words.problem_type,
        "errors" | "campos" | "fields" => words.errors,
        "message" | "mensagem" | "detail" | "error" => words.sentence,
        "code" => words.code,
        _ => return None,
    })
}

/// Says what the members of an answer mean, in the words of the catalogue instead of those of the code.
pub fn explain(words: &ApiDocs, name: &str, schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    object.description = None;
    let is_whole = name == "ExportedAccount";
    if is_whole && let RefOr::T(Schema::Object(profile)) = Profile::schema() {
        object.properties.extend(profile.properties);
    }
    if is_whole || name == "Profile" {
        for field in Field::free_texts() {
            let kept = ObjectBuilder::new().schema_type([Type::String, Type::Null].into_iter().collect::<SchemaType>());
            object.properties.insert(Contract::Problem.field_name(field).to_owned(), kept.build().into());
        }
        // What is absent is null.
        object.required = object.properties.keys().cloned().collect();
    }
    let name_of = name;
    for (name, property) in &mut object.properties {
        let about = member(&words.members, name)
            // The file says values whole and instants in words.
            .filter(|about| !name_of.starts_with("Export") || ![words.members.masked, words.members.instant].contains(about));
        match property {
            RefOr::T(Schema::Object(property)) => {
                property.description = about.map(str::to_owned);
                if name == "kind" && name_of != "ExportedMessage" {
                    property.enum_values = Some(Kind::ALL.iter().map(|kind| kind.as_str().into()).collect());
                }
            }
            RefOr::T(Schema::Array(property)) => property.description = about.map(str::to_owned),
            _ => {}
        }
    }
}
