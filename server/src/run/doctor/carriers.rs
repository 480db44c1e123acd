//! The carriers of e-mail, SMS and `WhatsApp`.

use super::{Check, Part};
use crate::config::Config;
use crate::delivery::{CarrierSettings, CarrierTimeouts, Carriers, Failure};
use portaria::message::Channel;
use text::doctor::DoctorTexts;

const MAIL: &str = "SMTP_URL";
const TWILIO: &str = "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM";
const META: &str = "WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_TEMPLATE";

const ALL: [(Channel, Part, &str); 3] =
    [(Channel::Email, Part::Email, MAIL), (Channel::Sms, Part::Sms, TWILIO), (Channel::WhatsApp, Part::WhatsApp, META)];

pub(super) async fn examine(config: &Config, timeouts: CarrierTimeouts, says: &DoctorTexts) -> Vec<Check> {
    let settings = CarrierSettings {
        smtp: config.smtp.clone(),
        twilio: config.twilio.clone(),
        whatsapp: config.whatsapp.clone(),
        twilio_reports: None,
        capture: false,
        timeouts,
    };
    let carriers = match Carriers::new(settings) {
        Ok(carriers) => carriers,
        Err(error) => {
            let unusable = |(_, part, names)| Check::broken(part, says.carrier_unusable(error), says.carrier_other_advice(names));
            return ALL.map(unusable).into();
        }
    };
    let asked = ALL.map(|(channel, ..)| carriers.try_out(channel));
    let [email, sms, whatsapp] = asked;
    let (email, sms, whatsapp) = tokio::join!(email, sms, whatsapp);
    ALL.into_iter().zip([email, sms, whatsapp]).map(|((_, part, names), tried)| judged(config, part, names, tried.as_ref(), says)).collect()
}

fn judged(config: &Config, part: Part, names: &str, tried: Option<&Result<(), Failure>>, says: &DoctorTexts) -> Check {
    match tried {
        None if config.environment.is_production() => Check::warning(part, says.carrier_unset(names), says.carrier_unset_advice),
        None => Check::well(part, says.carrier_captured),
        Some(Ok(())) if part != Part::Email && config.rules.allowed_prefixes.is_empty() => {
            Check::warning(part, says.carrier_no_prefixes, says.carrier_no_prefixes_advice)
        }
        Some(Ok(())) => Check::well(part, says.carrier_well),
        Some(Err(failure)) => refused(part, names, failure.code(), says),
    }
}

/// A carrier's code of ours, in words.
fn refused(part: Part, names: &str, code: &str, says: &DoctorTexts) -> Check {
    let (found, advice) = match code {
        "unreachable" | "timeout" | "network" | "smtp-left" => (says.carrier_unreachable(code), says.carrier_unreachable_advice(names)),
        "smtp-530" | "smtp-534" | "smtp-535" | "smtp-538" | "twilio-20003" | "twilio-http-401" | "twilio-http-403" | "meta-0"
        | "meta-190" | "meta-http-401" | "meta-http-403" => (says.carrier_credentials(code), says.carrier_credentials_advice(names)),
        "smtp-tls" | "smtp-client" => (says.carrier_tls(code), says.carrier_tls_advice(names)),
        _ => (says.carrier_other(code), says.carrier_other_advice(names)),
    };
    Check::broken(part, found, advice)
}
