//! Whether a product waits for the person of a browser (`http/openid/`), for the pages that lead on to it.

use super::state::AppState;
use portaria::session::Requester;

/// Every way through our pages leads on to here, if a product waits.
pub const CONTINUE: &str = "/oauth/continue";

/// Whether this browser carries a product's request, or its account signed up for one elsewhere.
pub async fn is_awaited(state: &AppState, who: &Requester) -> bool {
    who.awaited.is_some() || state.openid.awaits(who).await.unwrap_or(false)
}
