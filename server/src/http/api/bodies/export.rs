//! The file of a person's own data (SPEC §13 "Export"). Instants are written as in RFC 3339, because a person reads them.

use super::Profile;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portaria::accounts::Photo;
use portaria::openid::Agreed;
use portaria::own_data::{Consent, KnownDevice, OwnData, OwnRecord, Recorded, ReplacedContact};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

/// An instant as the file has it, in UTC. Those of the product can all be written so.
pub fn written_at(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

/// The whole file. It is written in pieces (`http/api/own_data.rs`); this says what they make together.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Export)]
pub struct Export {
    pub schema: String,
    pub exported_at: String,
    pub account: ExportedAccount,
    pub photo: Option<ExportedPhoto>,
    pub consents: Vec<ExportConsent>,
    pub sessions: Vec<ExportedSession>,
    pub messages: Vec<ExportedMessage>,
    pub events: Vec<ExportedEvent>,
}

/// The account: its fields as in the profile, but whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedAccount {
    // `http/openapi/schemas.rs` tells its members.
    #[serde(flatten)]
    #[schema(ignore)]
    profile: Profile,
    created_at: String,
    last_login_at: Option<String>,
    email_verified_at: Option<String>,
    phone_verified_at: Option<String>,
    requested_email: Option<String>,
    external_id: Option<String>,
    imported_at: Option<String>,
    devices: Vec<ExportedDevice>,
    replaced_contacts: Vec<ExportedContact>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedDevice {
    name: String,
    first_seen_at: String,
    last_seen_at: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedContact {
    contact: String,
    verified_at: String,
    replaced_at: String,
}

impl ExportedAccount {
    pub fn of(public_url: &str, data: &OwnData) -> Self {
        let beside = &data.beside;
        let device = |it: &KnownDevice| ExportedDevice {
            name: it.name.clone(),
            first_seen_at: written_at(it.first_seen_at),
            last_seen_at: written_at(it.last_seen_at),
        };
        let replaced = |it: &ReplacedContact| ExportedContact {
            contact: it.contact.address().to_owned(),
            verified_at: written_at(it.proved_at),
            replaced_at: written_at(it.replaced_at),
        };
        let last = data.account.last_sign_in.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        Self {
            profile: Profile::of(public_url, &data.account),
            created_at: written_at(data.created_at),
            last_login_at: last.map(written_at),
            email_verified_at: data.email_proved_at.map(written_at),
            phone_verified_at: data.phone_proved_at.map(written_at),
            requested_email: beside.wanted_email.clone(),
            external_id: beside.external_id.clone(),
            imported_at: beside.imported_at.map(written_at),
            devices: beside.devices.iter().map(device).collect(),
            replaced_contacts: beside.replaced.iter().map(replaced).collect(),
        }
    }

    /// The same of an example.
    pub fn sample(profile: Profile) -> Self {
        let [created_at, last_login_at, email_verified_at] = ["2026-11-03T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-03T12:04:00Z"];
        Self {
            profile,
            created_at: created_at.to_owned(),
            last_login_at: Some(last_login_at.to_owned()),
            email_verified_at: Some(email_verified_at.to_owned()),
            phone_verified_at: None,
            requested_email: None,
            external_id: None,
            imported_at: None,
            devices: vec![ExportedDevice {
                name: "Firefox, Windows".to_owned(),
                first_seen_at: created_at.to_owned(),
                last_seen_at: last_login_at.to_owned(),
            }],
            replaced_contacts: Vec::new(),
        }
    }
}

/// The photo in base64: a text, so that a reader needs to know nothing else.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
pub struct ExportedPhoto(String);

impl ExportedPhoto {
    pub fn of(photo: &Photo) -> Self {
        Self(STANDARD.encode(&photo.bytes))
    }
}

#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExportedConsent)]
pub struct ExportConsent {
    /// `terms`, or `product`: what a product may know of the account.
    pub document: String,
    pub given_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

impl ExportConsent {
    pub fn of(consent: &Consent) -> Self {
        Self {
            document: consent.document.clone(),
            given_at: written_at(consent.at),
            version: Some(consent.version.clone()),
            address: Some(consent.address.clone()),
            ..Self::default()
        }
    }

    /// The same of a product.
    pub fn to_product(agreed: &Agreed) -> Self {
        Self {
            document: "product".to_owned(),
            given_at: OffsetDateTime::from_unix_timestamp(agreed.given_at).map(written_at).unwrap_or_default(),
            product: Some(agreed.product.name.clone()),
            scopes: Some(agreed.scopes.iter().map(|scope| scope.as_str().to_owned()).collect()),
            ..Self::default()
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedSession {
    client: String,
    created_at: String,
    last_used_at: String,
    expires_at: String,
    ended_at: Option<String>,
    address: String,
    user_agent: String,
}

impl ExportedSession {
    /// `None`: the record is no session.
    pub fn of(record: &OwnRecord) -> Option<Self> {
        let Recorded::Session { client, last_used_at, expires_at, ended_at, address, user_agent } = &record.what else { return None };
        Some(Self {
            client: client.clone(),
            created_at: written_at(record.place.at),
            last_used_at: written_at(*last_used_at),
            expires_at: written_at(*expires_at),
            ended_at: ended_at.map(written_at),
            address: address.clone(),
            user_agent: user_agent.clone(),
        })
    }
}

#[derive(Serialize, ToSchema)]
pub struct ExportedMessage {
    pub at: String,
    pub channel: String,
    pub kind: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedEvent {
    pub at: String,
    pub event: String,
    pub outcome: String,
    pub address: String,
    pub user_agent: String,
}
