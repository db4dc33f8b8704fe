//! E-mail addresses as the mailer reads them: what is accepted can be sent to.

use idna::AsciiDenyList;
use lettre::Address;

const LIMIT: usize = 254;

/// Reads an address to which mails can be sent, its domain in ASCII; `None` for one that no mail
/// server takes.
///
/// The part before the `@` is ASCII: few servers take any other.
pub fn address_of(email: &str) -> Option<Address> {
    let (user, domain) = email.rsplit_once('@')?;
    let domain = idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::STD3).ok()?;
    let top = domain.rsplit_once('.').map(|(_, top)| top)?;
    let is_name = !top.is_empty() && !top.bytes().all(|byte| byte.is_ascii_digit());
    let address = Address::new(user, &domain).ok()?;
    (user.is_ascii() && is_name && AsRef::<str>::as_ref(&address).len() <= LIMIT).then_some(address)
}

/// Writes the domain of a sender in ASCII, `None` where that is impossible. Its server may be
/// any on the local network.
pub fn in_ascii(address: &Address) -> Option<Address> {
    let domain = idna::domain_to_ascii_cow(address.domain().as_bytes(), AsciiDenyList::EMPTY).ok()?;
    Address::new(address.user(), &domain).ok().filter(|address| AsRef::<str>::as_ref(address).is_ascii())
}

/// Returns `true` for an address that mails can be sent to, and for none at all.
pub fn is_deliverable(email: &str) -> bool {
    email.is_empty() || address_of(email).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_sent_in_ascii() {
        let sent = |email: &str| address_of(email).map(|address| address.to_string());

        assert_eq!(sent("zhou@例子.测试").as_deref(), Some("zhou@xn--fsqu00a.xn--0zwm56d"));
        assert_eq!(sent("zhou@Bücher.example").as_deref(), Some("zhou@xn--bcher-kva.example"));
        assert_eq!(sent("Zhou+desk@example.edu").as_deref(), Some("Zhou+desk@example.edu"));
    }

    #[test]
    fn what_no_server_takes_is_no_address() {
        let long = format!("{}@example.edu", "x".repeat(65));
        let longer = format!("a@{}.example", "x.".repeat(130));
        for bad in [
            "",
            "@",
            "a",
            "a@b",
            "a@b.",
            "a@.b",
            "a..b@c.example",
            ".a@c.example",
            "a.@c.example",
            "a@b..c",
            "a b@c.example",
            "a@b c.example",
            "周@example.edu",
            "a@1.1.1.1",
            "a@[1.1.1.1]",
            "a@b_c.example",
            "a@例子。",
            "a@b@c.",
            "a\r\nBcc: b@c.example",
            "a@c.example\r\n",
            "<a@c.example>",
            &long,
            &longer,
        ] {
            assert_eq!(address_of(bad), None, "{bad:?}");
        }
        assert!(is_deliverable("") && !is_deliverable("a@b."));
    }
}
