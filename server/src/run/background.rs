//! What runs beside the listener until the stop signal: messages, sweeps and keys.

use crate::clock::Clock;
use crate::delivery::lanes::{self, Bells, Lanes};
use crate::janitor::Janitor;
use crate::openid_tokens::OpenIdTokens;
use crate::services::keys::{KeyRing, RELOAD_EVERY};
use crate::tokens::Tokens;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// One in this many reloads of the keys, which is every ten minutes, looks whether a signing key is due.
const KEYS_LOOKED_AT: u32 = 300;

pub(super) fn spawn_worker(lanes: Lanes, clock: Clock, bells: Arc<Bells>, janitor: Janitor, stop: Arc<Notify>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(lanes::run(lanes, clock, bells, stop.notified()), janitor.run(stop.notified()));
    })
}

pub(super) fn spawn_keys(keys: KeyRing, tokens: Tokens, openid: OpenIdTokens, clock: Clock, stop: Arc<Notify>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let stopped = stop.notified();
        tokio::pin!(stopped);
        keys.begin();
        for round in 1_u32.. {
            tokio::select! {
                () = &mut stopped => return,
                () = tokio::time::sleep(RELOAD_EVERY) => {}
            }
            if let Err(fault) = keys.reload().await {
                tracing::error!(%fault, "the keys could not be read again: those of before stay");
            }
            let now = clock.now();
            let due = round % KEYS_LOOKED_AT == 0;
            let looked_at = if due { tokens.rotate(now).await } else { tokens.reload(now).await };
            if let Err(fault) = looked_at {
                tracing::error!(%fault, "the signing keys could not be looked at");
            }
            if due && let Err(fault) = openid.rotate(now).await {
                tracing::error!(%fault, "the keys of products could not be looked at");
            }
        }
    })
}

/// Waits for Ctrl-C or the service manager's stop signal.
pub(super) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
