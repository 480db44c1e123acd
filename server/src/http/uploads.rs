//! Limits how many uploads are read at once. Each is held whole in memory until it is processed, and may take minutes to arrive.
//! So an upload takes a slot once its requester is known and before a byte of it is read, and each address has a share of the
//! slots. A refused upload costs no buffer.

use crate::client::Client;
use crate::http::body::is_small;
use axum::http::HeaderMap;
use portaria::accounts::{Accounts, Answer};
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::session::Requester;
use portaria::view::AccountView;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Uploads at once: some 12 MB each, in base64 and decoded.
const AT_ONCE: usize = 24;
/// Uploads at once of one client address.
const PER_CLIENT: usize = AT_ONCE / 4;
/// In seconds: about as long as a photo takes over a slow line.
const RETRY_AFTER: u32 = 10;

/// How many uploads of each client are being read.
#[derive(Debug, Clone, Default)]
pub struct UploadSlots(Arc<Mutex<HashMap<Client, usize>>>);

impl UploadSlots {
    fn held(&self) -> MutexGuard<'_, HashMap<Client, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The requester's account, and a slot for the upload. A body that is too small to be an upload needs no slot and meets no limit.
    ///
    /// # Errors
    /// Those of [`Sessions::me`](portaria::accounts::Sessions::me); [`Refusal::TooMany`] and [`Refusal::Busy`] for an upload.
    pub async fn account_of(
        &self,
        accounts: &dyn Accounts,
        who: &Requester,
        headers: &HeaderMap,
    ) -> Answer<(AccountView, Option<UploadSlot>)> {
        if is_small(headers) {
            return Ok((accounts.me(who).await?, None));
        }
        Ok((accounts.may_upload(who).await?, self.admit(who.client_ip, headers)?))
    }

    /// Takes a slot for this address; `None` if the body is too small to be an upload.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when no slot is free.
    pub fn admit(&self, address: IpAddr, headers: &HeaderMap) -> Answer<Option<UploadSlot>> {
        if is_small(headers) { Ok(None) } else { self.slot(address).map(Some) }
    }

    fn slot(&self, address: IpAddr) -> Answer<UploadSlot> {
        let client = Client::of(address);
        let mut held = self.held();
        let (all, own) = (held.values().sum::<usize>(), held.get(&client).copied().unwrap_or_default());
        if all >= AT_ONCE || own >= PER_CLIENT {
            tracing::warn!(event = Event::OverLimit.as_str(), uploads = all, of_this_address = own, "there is no room for an upload");
            return Err(Refusal::Busy { retry_after: RETRY_AFTER });
        }
        *held.entry(client).or_default() += 1;
        Ok(UploadSlot { uploads: self.clone(), client })
    }
}

/// The slot of one upload. Dropping it frees the slot.
#[derive(Debug)]
pub struct UploadSlot {
    uploads: UploadSlots,
    client: Client,
}

impl Drop for UploadSlot {
    fn drop(&mut self) {
        let mut held = self.uploads.held();
        if let Some(count) = held.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_has_a_quarter_and_all_together_the_whole() {
        let uploads = UploadSlots::default();
        let own: Vec<_> = (0..PER_CLIENT).map(|n| uploads.slot(address(&format!("2001:db8::{n}"))).expect("room")).collect();
        assert!(uploads.slot(address("2001:db8::ffff")).is_err(), "one subscriber");
        let others: Vec<_> = (0..AT_ONCE - PER_CLIENT).map(|n| uploads.slot(address(&format!("10.0.0.{n}"))).expect("room")).collect();
        assert_eq!(uploads.slot(address("10.0.1.1")).map(|_| ()), Err(Refusal::Busy { retry_after: RETRY_AFTER }));
        drop(own);
        uploads.slot(address("2001:db8::1")).expect("room again");
        drop(others);
        assert!(uploads.held().is_empty());
    }
}
