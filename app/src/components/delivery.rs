//! What became of a message with a code or link, wherever somebody waits for it.

use super::alert::{Alert, Tone};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::message::Channel;
use portaria::view::Delivery;

/// Says how far the message has come. The children look again where no WASM does.
#[component]
pub fn DeliveryLine(delivery: Delivery, channel: Channel, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let all = Ui::get().texts;
    let is_email = channel == Channel::Email;
    let (texts, channel) = (&all.pages.code, all.channel(channel));
    let (state, words) = match delivery {
        Delivery::OnItsWay if is_email => ("queued", texts.queued_email.to_owned()),
        Delivery::OnItsWay => ("queued", texts.queued(channel)),
        Delivery::Sent => ("sent", texts.sent(channel)),
        Delivery::Delivered => ("delivered", texts.delivered(channel)),
        Delivery::Late => ("late", texts.late(channel)),
        Delivery::Failed => ("failed", texts.not_delivered(channel)),
        Delivery::Lapsed | Delivery::Dead => return None,
    };
    Some(view! {
        <p class="delivery" data-state=state>
            {words} " " {children.map(|children| children())}
        </p>
    })
}

/// Says what is wrong with the delivery, if anything.
#[component]
pub fn DeliveryAlert(delivery: Delivery, failed: String, lapsed: &'static str, dead: &'static str) -> impl IntoView {
    let text = match delivery {
        Delivery::Failed => failed,
        Delivery::Lapsed => lapsed.to_owned(),
        Delivery::Dead => dead.to_owned(),
        Delivery::OnItsWay | Delivery::Sent | Delivery::Delivered | Delivery::Late => return None,
    };
    Some(view! { <Alert tone=Tone::Warning>{text}</Alert> })
}
