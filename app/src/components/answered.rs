//! What hangs on an answer of the server.

use leptos::prelude::*;
use std::future::Future;

/// Draws the server's answer: at once where it came with the page (`first`), else when it has been asked for. The server itself
/// never asks here: a page is drawn in one go, by one thread.
pub fn answered<T, Fut>(
    first: Option<T>,
    ask: impl Fn() -> Fut + Send + Sync + 'static,
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    if let Some(answer) = first {
        return draw(answer);
    }
    if cfg!(feature = "ssr") {
        return ().into_any();
    }
    let asked = Resource::new(|| (), move |()| ask());
    view! {
        <Suspense>
            {
                let draw = draw.clone();
                Suspend::new(async move { draw(asked.await) })
            }
        </Suspense>
    }
    .into_any()
}
