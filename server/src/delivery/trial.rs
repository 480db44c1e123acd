//! Whether a carrier would take our messages, for `portaria doctor`: it is connected to and asked something harmless with our
//! credentials. No message leaves.

use super::{Carrier, Carriers, Failure};
use portaria::message::Channel;

impl Carriers {
    /// Asks the carrier of a channel. `None`: it has none.
    pub async fn try_out(&self, channel: Channel) -> Option<Result<(), Failure>> {
        match self.carrier(channel)? {
            Carrier::Smtp(smtp) => Some(smtp.try_out().await),
            Carrier::Twilio(sms) => Some(sms.try_out().await),
            Carrier::Meta(whatsapp) => Some(whatsapp.try_out().await),
            Carrier::Capture => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{Answer, Carrier as Stub, nobody};
    use super::super::{CarrierSettings, CarrierTimeouts};
    use super::*;
    use crate::config::{Secret, Twilio, WhatsApp};
    use serde_json::json;
    use std::time::Duration;
    use url::Url;

    const TIMEOUTS: CarrierTimeouts = CarrierTimeouts { connect: Duration::from_millis(500), overall: Duration::from_millis(500) };

    fn carriers(base_url: &Url) -> Carriers {
        let twilio = Twilio {
            account_sid: "AC1".into(),
            auth_token: Secret::new("a-token".into()),
            from: "+15005550006".into(),
            base_url: base_url.clone(),
        };
        let whatsapp = WhatsApp {
            token: Secret::new("a-token".into()),
            phone_number_id: "1065".into(),
            template: "codigo".into(),
            base_url: base_url.clone(),
        };
        let settings = CarrierSettings { twilio: Some(twilio), whatsapp: Some(whatsapp), timeouts: TIMEOUTS, ..CarrierSettings::default() };
        Carriers::new(settings).expect("carriers")
    }

    async fn heard(status: u16, body: serde_json::Value) -> [Option<Result<(), String>>; 2] {
        let carrier = Stub::always(Answer::json(status, body)).await;
        let carriers = carriers(&carrier.url);
        let code = |tried: Option<Result<(), Failure>>| tried.map(|it| it.map_err(|failure| failure.code().to_owned()));
        let heard = [code(carriers.try_out(Channel::Sms).await), code(carriers.try_out(Channel::WhatsApp).await)];
        let asked: Vec<_> = carrier.requests().iter().map(|it| (it.method.clone(), it.path.clone())).collect();
        let get = axum::http::Method::GET;
        assert_eq!(asked, [(get.clone(), "/2010-04-01/Accounts/AC1.json".to_owned()), (get, "/1065".to_owned())], "nothing else");
        heard
    }

    #[tokio::test]
    async fn a_carrier_is_asked_for_our_own_account_and_nothing_is_sent() {
        assert_eq!(heard(200, json!({ "sid": "AC1", "status": "active", "id": "1065" })).await, [Some(Ok(())), Some(Ok(()))]);
        let wrong = |code: &str| Some(Err(code.to_owned()));
        assert_eq!(heard(401, json!({ "code": 20_003 })).await, [wrong("twilio-20003"), wrong("meta-http-401")]);
        assert_eq!(heard(400, json!({ "error": { "code": 190 } })).await, [wrong("twilio-http-400"), wrong("meta-190")]);
        // An account that is closed for want of money, and a page of somebody else.
        assert_eq!(heard(200, json!({ "sid": "AC1", "status": "suspended" })).await, [wrong("twilio-suspended"), wrong("meta-foreign")]);
        assert_eq!(heard(200, json!("Welcome")).await, [wrong("twilio-foreign"), wrong("meta-foreign")]);
    }

    #[tokio::test]
    async fn nobody_there_is_told_and_a_channel_without_a_carrier_is_not_asked() {
        let carriers = carriers(&nobody());
        let failure = carriers.try_out(Channel::Sms).await.expect("a carrier").expect_err("nobody");
        assert_eq!(failure.code(), "unreachable");
        assert_eq!(carriers.try_out(Channel::Email).await, None);
    }
}
