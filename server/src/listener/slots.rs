//! Limits connections, in all and per address. If no slot is free, a new connection evicts one that is not needed. It is taken from
//! its own address if that has used up its share, otherwise from the address that has the most. So silent connections cost only
//! those who opened them. A connection whose client waits for a response is never evicted.

use super::Settings;
use super::watch::{Idleness, Watch};
use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How often the lack of room is logged.
const LOGGED_EVERY: Duration = Duration::from_mins(1);

/// The connections of one holder, oldest first.
type ByAge = BTreeMap<u64, Arc<Watch>>;

/// Whose connections are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    /// An IPv4 address, or the /64 of an IPv6 one, which is what one client is given.
    Address(IpAddr),
    /// A trusted proxy. It stands for many clients, so it has no limit per address.
    Proxy(IpAddr),
}

#[derive(Default)]
struct TakenSlots {
    lines: HashMap<Holder, ByAge>,
    total: usize,
    count: u64,
    logged_at: Option<Instant>,
    /// Since `logged_at`: connections evicted, connections refused.
    evicted: u64,
    refused: u64,
}

/// All slots for connections.
pub(super) struct ConnectionSlots {
    connections: usize,
    share: usize,
    proxies: Arc<[IpNet]>,
    taken: Mutex<TakenSlots>,
}

impl ConnectionSlots {
    pub fn new(settings: &Settings) -> Self {
        let proxies = settings.trusted_proxies.clone();
        Self { connections: settings.connections, share: settings.share, proxies, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, TakenSlots> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn holder(&self, peer: IpAddr) -> Holder {
        let address = peer.to_canonical();
        if self.proxies.iter().any(|net| net.contains(&address) || net.contains(&peer)) {
            return Holder::Proxy(address);
        }
        Holder::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(whole) => IpAddr::V6(Ipv6Addr::from_bits(whole.to_bits() & !u128::from(u64::MAX))),
        })
    }

    /// Takes a slot for a new connection; `None` if none is free and none can be freed.
    pub fn take(self: &Arc<Self>, peer: IpAddr, watch: &Arc<Watch>) -> Option<ConnectionSlot> {
        let holder = self.holder(peer);
        let mut taken = self.taken();
        let own = taken.lines.get(&holder).map_or(0, ByAge::len);
        let room = if matches!(holder, Holder::Address(_)) && own >= self.share {
            taken.evict_of(holder)
        } else {
            taken.total < self.connections || taken.evict_any()
        };
        taken.log_lack_of_room(room);
        if !room {
            return None;
        }
        taken.count += 1;
        taken.total += 1;
        let id = taken.count;
        taken.lines.entry(holder).or_default().insert(id, watch.clone());
        Some(ConnectionSlot { slots: self.clone(), holder, id })
    }
}

impl TakenSlots {
    fn remove(&mut self, holder: Holder, id: u64) {
        let Some(line) = self.lines.get_mut(&holder) else { return };
        if line.remove(&id).is_some() {
            self.total -= 1;
        }
        if line.is_empty() {
            self.lines.remove(&holder);
        }
    }

    /// Evicts one connection of a holder. It no longer counts, although its task needs a moment to end.
    fn evict_of(&mut self, holder: Holder) -> bool {
        let Some(id) = self.lines.get(&holder).and_then(most_dispensable) else { return false };
        if let Some(watch) = self.lines.get(&holder).and_then(|line| line.get(&id)) {
            watch.evict();
        }
        self.remove(holder, id);
        self.evicted += 1;
        true
    }

    /// Evicts a connection of the holder that has the most. A proxy loses one only if no address has one to lose.
    fn evict_any(&mut self) -> bool {
        let mut holders: Vec<_> = self.lines.iter().map(|(holder, line)| (*holder, line.len())).collect();
        holders.sort_unstable_by_key(|(holder, held)| (matches!(holder, Holder::Proxy(_)), usize::MAX - held));
        holders.into_iter().any(|(holder, _)| self.evict_of(holder))
    }

    /// Counts a refusal, and logs the lack of room, at most once per `LOGGED_EVERY`.
    fn log_lack_of_room(&mut self, room: bool) {
        self.refused += u64::from(!room);
        if self.evicted + self.refused == 0 || self.logged_at.is_some_and(|logged_at| logged_at.elapsed() < LOGGED_EVERY) {
            return;
        }
        tracing::warn!(connections = self.total, evicted = self.evicted, refused = self.refused, "there is no room for more connections");
        self.logged_at = Some(Instant::now());
        (self.evicted, self.refused) = (0, 0);
    }
}

/// The connection to evict first; the oldest among equals.
fn most_dispensable(line: &ByAge) -> Option<u64> {
    let mut best: Option<(Idleness, u64)> = None;
    for (id, watch) in line {
        match watch.idleness() {
            Some(Idleness::Silent) => return Some(*id),
            Some(idleness) if best.is_none_or(|(known, _)| idleness < known) => best = Some((idleness, *id)),
            _ => {}
        }
    }
    best.map(|(_, id)| id)
}

/// The slot of one connection. Dropping it frees the slot.
pub(super) struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    holder: Holder,
    id: u64,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.slots.taken().remove(self.holder, self.id);
    }
}
