//! What can only be drawn once the server's first answer is there.

use crate::ui::Ui;
use leptos::prelude::*;

/// Draws its children when it is known who looks and how far the sign-up is. On the server the page waits for it, in the
/// browser the answer came with the page; it is never drawn anew, so that nothing typed is lost.
#[component]
pub fn Loaded(children: ChildrenFn) -> impl IntoView {
    let ui = Ui::get();
    view! {
        <Suspense>
            {Suspend::new(async move {
                ui.load().await;
                children()
            })}
        </Suspense>
    }
}
