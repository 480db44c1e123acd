//! What limits, queues and the audit count as one client.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An IPv4 address, or the whole /64 that an IPv6 subscriber gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    V4([u8; 4]),
    V6([u8; 8]),
}

/// The /48 around a /64. Many subscribers get a whole /48, so a limit per /64 alone would give them 65 536 limits. A
/// network has a wider limit than a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network([u8; 6]);

impl Client {
    /// The client behind an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4.octets()),
            IpAddr::V6(v6) => {
                let [subscriber @ .., _, _, _, _, _, _, _, _] = v6.octets();
                Self::V6(subscriber)
            }
        }
    }

    /// The key of its tallies.
    pub fn key(&self) -> &[u8] {
        match self {
            Self::V4(octets) => octets,
            Self::V6(octets) => octets,
        }
    }

    /// The network around it, if a client may own more than one address range; `None` for IPv4.
    pub fn network(&self) -> Option<Network> {
        match self {
            Self::V4(_) => None,
            Self::V6(octets) => octets.first_chunk().copied().map(Network),
        }
    }
}

impl Network {
    /// The key of its tallies.
    pub fn key(&self) -> &[u8] {
        &self.0
    }
}

/// The name in the log and the audit: `203.0.113.7`, `2001:db8:1:2::/64`.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(octets) => Ipv4Addr::from(*octets).fmt(f),
            Self::V6(half) => {
                let mut octets = [0; 16];
                octets[..8].copy_from_slice(half);
                write!(f, "{}/64", Ipv6Addr::from(octets))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        Client::of(address.parse().expect("an address"))
    }

    #[test]
    fn an_ipv6_subscriber_is_one_client_and_a_mapped_address_is_the_ipv4_that_it_is() {
        assert_eq!(client("2001:db8:1:2::7"), client("2001:db8:1:2:ffff::1"));
        assert_ne!(client("2001:db8:1:2::7"), client("2001:db8:1:3::7"));
        assert_eq!(client("2001:db8:1:2::7").network(), client("2001:db8:1:3::7").network());
        assert_eq!(client("::ffff:203.0.113.7"), client("203.0.113.7"));
        assert_eq!(client("203.0.113.7").network(), None);
    }

    #[test]
    fn it_is_named_as_operators_write_it() {
        assert_eq!(client("203.0.113.7").to_string(), "203.0.113.7");
        assert_eq!(client("2001:db8:1:2::7").to_string(), "2001:db8:1:2::/64");
    }
}
