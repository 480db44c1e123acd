//! Which addresses a webhook may be sent to (docs/threats.md T24): those of the public internet, and those of networks that the
//! operator allows. A URL is the operator's, but the name in it is resolved by somebody else, who could point it at this machine
//! or its neighbours.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), prefix)
}

/// What is not public of IPv4 (IANA IPv4 Special-Purpose Address Registry, and multicast).
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];
/// The only part of IPv6 that is given out (RFC 4291).
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);
/// What is not public of it: protocol assignments with Teredo, documentation, 6to4, documentation again.
const SPECIAL_V6: [Ipv6Net; 4] = [v6(0x2001, 0, 23), v6(0x2001, 0xdb8, 32), v6(0x2002, 0, 16), v6(0x3fff, 0, 20)];
/// An IPv4 address as a network without IPv4 writes it (RFC 6052).
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 96);

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => SPECIAL_V4.iter().all(|network| !network.contains(&address)),
        IpAddr::V6(address) if NAT64.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            is_public(Ipv4Addr::new(a, b, c, d).into())
        }
        IpAddr::V6(address) => GLOBAL_V6.contains(&address) && SPECIAL_V6.iter().all(|network| !network.contains(&address)),
    }
}

/// Whether an address may be connected to: it is public, or of one of these networks.
pub fn is_allowed(address: IpAddr, networks: &[IpNet]) -> bool {
    is_public(address) || networks.iter().any(|network| network.contains(&address.to_canonical()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_near_is_not_public_however_it_is_written() {
        for text in [
            "127.0.0.1",
            "127.255.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "198.19.0.1",
            "192.0.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "fec0::1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn what_is_public_may_be_connected_to() {
        for text in
            ["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "200.160.2.3", "2606:4700::1111", "2804::1", "64:ff9b::1.1.1.1"]
        {
            assert!(is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn a_network_that_is_allowed_is_so_for_mapped_addresses_too_and_opens_no_other() {
        let networks = ["10.1.0.0/16".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for text in ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"] {
            assert!(is_allowed(address(text), &networks), "{text}");
        }
        for text in ["10.2.0.1", "127.0.0.1", "fe80::1"] {
            assert!(!is_allowed(address(text), &networks), "{text}");
        }
    }
}
