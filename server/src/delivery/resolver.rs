//! Names of webhooks to addresses that may be connected to. The client connects to the very addresses that were judged here, so that a
//! name which answers differently the second time gains nothing.

use super::Failure;
use crate::public_address::is_allowed;
use futures::future::BoxFuture;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// No address of a name may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no address that may be connected to")]
pub(super) struct NotPublic;

type Found = Result<Vec<SocketAddr>, std::io::Error>;
type LookUp = Arc<dyn Fn(String) -> BoxFuture<'static, Found> + Send + Sync>;

pub(super) struct PublicResolver {
    /// Addresses that are not public and may be connected to.
    networks: Arc<[IpNet]>,
    look_up: LookUp,
}

impl PublicResolver {
    /// Asks the system.
    pub(super) fn new(networks: Vec<IpNet>) -> Self {
        let look_up = |name: String| -> BoxFuture<'static, Found> {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        };
        Self { networks: networks.into(), look_up: Arc::new(look_up) }
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (networks, look_up) = (Arc::clone(&self.networks), Arc::clone(&self.look_up));
        Box::pin(async move {
            let found = look_up(name.as_str().to_owned()).await?;
            // `localhost` is this machine by its very name: whoever wrote it meant so.
            let is_local = name.as_str().eq_ignore_ascii_case("localhost");
            let may = |address: IpAddr| if is_local { address.to_canonical().is_loopback() } else { is_allowed(address, &networks) };
            let allowed: Vec<SocketAddr> = found.into_iter().filter(|address| may(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The failure, if an error comes from this resolver's refusal. It is tried again: the operator may mend the name, or allow the network.
pub(super) fn refused(error: &reqwest::Error) -> Option<Failure> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return Some(Failure::retry("not-public").loud());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::stub::{Answer, Carrier};
    use super::super::{CarrierTimeouts, web};
    use super::*;
    use serde_json::json;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use url::Url;

    /// Answers each name with these addresses.
    fn answering(addresses: &[&str], networks: &[&str]) -> PublicResolver {
        let addresses: Vec<SocketAddr> = addresses.iter().map(|it| SocketAddr::new(it.parse().expect("an address"), 0)).collect();
        let look_up = move |_| -> BoxFuture<'static, Found> { Box::pin(std::future::ready(Ok(addresses.clone()))) };
        PublicResolver { networks: networks.iter().map(|it| it.parse().expect("a network")).collect(), look_up: Arc::new(look_up) }
    }

    async fn resolved(resolver: &PublicResolver, name: &str) -> Option<Vec<String>> {
        let found = resolver.resolve(name.parse().expect("a name")).await;
        found.ok().map(|found| found.map(|address| address.ip().to_string()).collect())
    }

    fn at(host: &str, like: &Url) -> Url {
        let mut url = like.clone();
        url.set_host(Some(host)).expect("a host");
        url
    }

    async fn post(resolver: PublicResolver, url: Url) -> Result<(), Failure> {
        let client = web::build(web::client_builder(CarrierTimeouts::USUAL).dns_resolver(resolver)).expect("a client");
        let sent = client.post(url).send().await;
        sent.map(drop).map_err(|error| refused(&error).unwrap_or_else(|| web::lost(error)))
    }

    #[tokio::test]
    async fn a_name_that_leads_here_is_not_connected_to() {
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254"] {
            let receiver = Carrier::always(Answer::json(200, json!({}))).await;
            let posted = post(answering(&[address], &[]), at("receiver.example", &receiver.url)).await;
            assert_eq!(posted, Err(Failure::retry("not-public")), "{address}");
            assert!(receiver.requests().is_empty(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_of_a_network_that_is_allowed_is_connected_to() {
        let receiver = Carrier::always(Answer::json(200, json!({}))).await;
        assert_eq!(post(answering(&["127.0.0.1"], &["127.0.0.0/8"]), at("receiver.example", &receiver.url)).await, Ok(()));
        assert_eq!(receiver.only_request().header("host"), format!("receiver.example:{}", receiver.url.port().expect("a port")));
    }

    #[tokio::test]
    async fn of_several_addresses_only_those_that_are_public_are_left() {
        let mixed = answering(&["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"], &[]);
        assert_eq!(resolved(&mixed, "receiver.example").await.expect("some"), ["1.1.1.1", "2606:4700::1111"]);
    }

    #[tokio::test]
    async fn localhost_is_this_machine_and_nothing_else() {
        let here = answering(&["127.0.0.1", "1.1.1.1"], &[]);
        assert_eq!(resolved(&here, "localhost").await.expect("one"), ["127.0.0.1"]);
        assert_eq!(resolved(&answering(&["10.0.0.1"], &[]), "localhost").await, None);
    }

    #[tokio::test]
    async fn a_name_is_resolved_once_and_its_second_answer_is_never_asked_for() {
        let receiver = Carrier::always(Answer::json(200, json!({}))).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        // The first answer is allowed, every later one would be another machine.
        let look_up = move |_| -> BoxFuture<'static, Found> {
            let host = if count.fetch_add(1, Ordering::SeqCst) == 0 { [127, 0, 0, 1] } else { [127, 0, 0, 2] };
            Box::pin(std::future::ready(Ok(vec![SocketAddr::from((host, 0))])))
        };
        let resolver = PublicResolver { networks: ["127.0.0.1/32".parse().expect("a network")].into(), look_up: Arc::new(look_up) };
        assert_eq!(post(resolver, at("receiver.example", &receiver.url)).await, Ok(()));
        assert_eq!((asked.load(Ordering::SeqCst), receiver.requests().len()), (1, 1));
    }

    #[tokio::test]
    async fn a_name_that_nobody_knows_is_tried_again() {
        let look_up = |_| -> BoxFuture<'static, Found> { Box::pin(std::future::ready(Err(std::io::Error::other("no such name")))) };
        let resolver = PublicResolver { networks: Arc::default(), look_up: Arc::new(look_up) };
        let url = Url::parse("http://receiver.example/").expect("a URL");
        assert_eq!(post(resolver, url).await, Err(Failure::retry("unreachable")));
    }
}
