//! Addresses: which may be followed, what names lead to, and text that becomes part of one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What may stand in one segment of a path: the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What may stand in a model id that becomes part of a path.
const PATH: &AsciiSet = &SEGMENT.remove(b'/').remove(b'@').remove(b':');

/// Text as one segment of a path or one value of a query.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A model id as part of a path: `/`, `@` and `:` stay as they are.
pub fn path(id: &str) -> String {
    utf8_percent_encode(id, PATH).to_string()
}

/// The path of an http(s) address, with its leading slash; the host is dropped.
pub fn path_of(address: &str) -> Option<String> {
    Url::parse(address).ok().filter(Url::has_host).map(|url| url.path().to_owned())
}

/// Whether the text is an http(s) address.
pub fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
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
pub(super) struct Lookup {
    /// Whether names that lead into a private network count as not found.
    pub public_only: bool,
}

/// The name does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0} does not exist")]
pub(super) struct DeadHost(pub String);

/// The name leads into a private network.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads to a private address")]
pub(super) struct PrivateHost(String);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let public_only = self.public_only;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|error| {
                // The standard library keeps no code for this; the words are getaddrinfo's own.
                // "Temporary failure" is a resolver that is down, anything else a name that is not there.
                let text = error.to_string();
                let temporary = text.contains("Temporary failure") || text.contains("System error");
                if temporary {
                    Box::from(text)
                } else {
                    Box::<dyn std::error::Error + Send + Sync>::from(DeadHost(name.clone()))
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

    #[tokio::test]
    async fn a_name_that_leads_into_a_private_network_does_not_resolve_for_links() {
        let name = || "localhost".parse::<Name>().unwrap();
        assert!(Lookup { public_only: false }.resolve(name()).await.is_ok());
        let error = Lookup { public_only: true }.resolve(name()).await.err().unwrap();
        assert!(error.is::<PrivateHost>(), "{error}");
    }
}
