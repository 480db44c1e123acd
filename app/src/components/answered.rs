//! Content that depends on data from the server.

use leptos::prelude::*;
use std::future::Future;

/// Renders data from the server: at once if it came with the page (`first`), otherwise after fetching it with `ask`. During server
/// rendering nothing is fetched, because one thread renders the page in one go.
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
