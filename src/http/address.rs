//! Addresses: which may be followed, what names lead to, and text that becomes part of one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use percent_encoding::{AsciiSet, utf8_percent_encode};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::text::URL_PATH;

/// What may stand in a model id that becomes part of a path.
const MODEL: &AsciiSet = &URL_PATH.remove(b'@').remove(b':');

/// A model id as part of a path: `/`, `@` and `:` stay as they are.
pub fn path(id: &str) -> String {
    utf8_percent_encode(id, MODEL).to_string()
}

/// The path of an http(s) address, with its leading slash; the host is dropped.
pub fn path_of(address: &str) -> Option<String> {
    parts_of(address).map(|(_, path)| path)
}

/// Host and path of an http(s) address; `None` for any other text.
pub fn parts_of(address: &str) -> Option<(String, String)> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some((url.host_str()?.to_owned(), url.path().to_owned()))
}

/// Whether the text is an http(s) address.
pub fn is_address(text: &str) -> bool {
    parts_of(text).is_some()
}

/// Whether a stranger's link may be followed: https, and no private address by number or name.
pub(super) fn may_follow(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let public = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => is_public(address),
        Err(_) => !matches!(host.trim_end_matches('.'), "" | "localhost"),
    };
    url.scheme() == "https" && public
}

/// Scheme and host of an address, for a message.
pub(super) fn host(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or("no host"))
}

/// Resolves names; tells a name that does not exist from a resolver that did not answer.
pub(super) struct HostResolver {
    /// Whether names that lead into a private network count as not found.
    pub public_only: bool,
}

/// Whether a resolver's words mean that the name does not exist. The standard library keeps no code
/// for this, and every C library has words of its own. What is not known here counts as a resolver in
/// trouble: that passes, while a host taken for dead costs its models the run.
fn says_no_such_host(words: &str) -> bool {
    const SAID: [&str; 7] = [
        // glibc
        "Name or service not known",
        "No address associated with hostname",
        // musl
        "Name does not resolve",
        "Name has no usable address",
        // macOS and the BSDs
        "nodename nor servname provided",
        "hostname nor servname provided",
        // Windows
        "No such host is known",
    ];
    SAID.iter().any(|said| words.contains(said))
}

/// The name does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0} does not exist")]
pub(super) struct UnknownHost(pub String);

/// The name leads into a private network.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads to a private address")]
pub(super) struct PrivateHost(String);

impl Resolve for HostResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let public_only = self.public_only;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|error| {
                let words = error.to_string();
                if says_no_such_host(&words) {
                    Box::<dyn std::error::Error + Send + Sync>::from(UnknownHost(name.clone()))
                } else {
                    Box::from(words)
                }
            })?;
            let found: Vec<SocketAddr> =
                found.filter(|address| !public_only || is_public(address.ip())).collect();
            if found.is_empty() {
                return Err(PrivateHost(name).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Global unicast is 2000::/3; 6to4 (2002::/16) and Teredo and documentation (2001:0, 2001:db8)
    // can carry private addresses or lead nowhere.
    let [first, second, ..] = address.segments();
    let tunnel = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0xdb8));
    (0x2000..0x4000).contains(&first) && !tunnel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_resolver_that_says_so_makes_a_host_dead() {
        for words in [
            "failed to lookup address information: Name or service not known",
            "failed to lookup address information: No address associated with hostname",
            "failed to lookup address information: Name does not resolve",
            "failed to lookup address information: nodename nor servname provided, or not known",
            "No such host is known. (os error 11001)",
        ] {
            assert!(says_no_such_host(words), "{words}");
        }
        for words in [
            "failed to lookup address information: Temporary failure in name resolution",
            "failed to lookup address information: System error",
            "failed to lookup address information: Non-recoverable failure in name resolution",
            "failed to lookup address information: Try again",
            "This is usually a temporary error during hostname resolution. (os error 11002)",
            "Too many open files (os error 24)",
        ] {
            assert!(!says_no_such_host(words), "{words}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_into_a_private_network_does_not_resolve_for_links() {
        let name = || "localhost".parse::<Name>().unwrap();
        assert!(HostResolver { public_only: false }.resolve(name()).await.is_ok());
        let error = HostResolver { public_only: true }.resolve(name()).await.err().unwrap();
        assert!(error.is::<PrivateHost>(), "{error}");
    }
}
