use super::current::{Current, Which};
use super::waiting::GiveUp;
use crate::components::{Heading, PageTitle, PostForm, SubmitButton};
use crate::server_fns::Enter;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Journey;

#[component]
pub fn Done(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.done;
    let current = Current::get();
    let action = ServerAction::<Enter>::new();
    let signed_in = Memo::new(move |_| ui.me.with(Option::is_some));
    let by_link = journey.proof_purpose.digits().is_none();
    let enters = current.watch(|signup| signup.enters);
    view! {
        <PageTitle text=texts.title />
        <div class="done">
            <Heading text=ui.texts.kind(journey.kind).created.to_owned() />
            {move || {
                if signed_in.get() {
                    view! {
                        <p>
                            <a class="button" href="/dashboard">
                                {texts.to_dashboard}
                            </a>
                        </p>
                    }
                        .into_any()
                } else if by_link || enters.get() != Some(true) {
                    view! {
                        <p class="lead">{if by_link { texts.email_lead } else { texts.sign_in_lead }}</p>
                        <p>
                            <a class="button" href=move || ["/login?signup=", &current.id.get()].concat()>
                                {texts.sign_in}
                            </a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="lead">{texts.enter_lead}</p>
                        <PostForm name="enter" action>
                            <Which />
                            <SubmitButton text=texts.enter />
                        </PostForm>
                    }
                        .into_any()
                }
            }}
        </div>
        <GiveUp text=texts.another />
    }
}
