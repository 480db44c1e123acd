use super::current::{Current, Which};
use crate::components::{Finished, PageTitle, PostForm, Ready, SubmitButton};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::Enter;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::contact::ContactKind;
use portaria::journey::Journey;

#[component]
pub fn Done(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.done;
    let current = Current::get();
    let by_link = journey.proof_purpose.digits().is_none();
    let enters = current.signup.as_ref().is_some_and(|signup| signup.enters);
    // An optional address is proved by a link, which goes out once the account is there.
    let to_confirm = ui.me().filter(|_| current.signup.is_some()).and_then(|account| account.to_confirm(ContactKind::Email));
    let link_sent = to_confirm.map(|email| view! { <p>{texts.link_sent(email)}</p> });
    let onward = if ui.me().is_some() {
        view! {
            <Ready />
            {link_sent}
            <p>
                <a class="button" href=paths::DASHBOARD>
                    {texts.to_dashboard}
                </a>
            </p>
        }
        .into_any()
    } else if by_link || !enters {
        view! {
            <p class="lead">{if by_link { texts.email_lead } else { texts.sign_in_lead }}</p>
            <p>
                <a class="button" href=["/login?signup=", &current.id()].concat()>
                    {texts.sign_in}
                </a>
            </p>
        }
        .into_any()
    } else {
        view! { <EnterHere /> }.into_any()
    };
    view! {
        <PageTitle text=texts.title />
        <Finished heading=ui.texts.kind(journey.kind).created>{onward}</Finished>
    }
}

/// Lets the browser in that holds the sign-up, after the proof was given elsewhere.
#[component]
pub fn EnterHere() -> impl IntoView {
    let texts = &Ui::get().texts.pages.done;
    view! {
        <p class="lead">{texts.enter_lead}</p>
        <PostForm form=Enter::ROUTE>
            <Which />
            <SubmitButton text=texts.enter />
        </PostForm>
    }
}
