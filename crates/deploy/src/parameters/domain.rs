//! The issuer's domain, however it was copied: the dashboard shows it bare, the discovery document as an address.

/// The domain, and what was left out of what was given.
pub fn normal(given: &str) -> Result<(String, Option<String>), String> {
    const REMEDY: &str = "Write the tenant's domain only, such as tenant.eu.auth0.com.";
    let trimmed = given.trim();
    if trimmed.to_ascii_lowercase().starts_with("http://") {
        return Err(format!("{trimmed} isn't https, and IAM takes no other issuer. {REMEDY}"));
    }
    let bare = match trimmed.get(..8) {
        Some(scheme) if scheme.eq_ignore_ascii_case("https://") => &trimmed[8..],
        _ => trimmed,
    };
    let bare = bare.trim_end_matches('/');
    let (host, path) = bare.split_once('/').map_or((bare, ""), |(host, path)| (host, path));
    let host = host.to_ascii_lowercase();
    if path.starts_with("authorize") || path.starts_with(".well-known") || path.starts_with("oauth") {
        return Err(format!("{trimmed} is an address at the issuer, not its domain. {REMEDY}"));
    }
    let (name, port) = host.split_once(':').map_or((host.as_str(), None), |(name, port)| (name, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_host = name.split('.').all(is_label) && (name.contains('.') || name == "localhost");
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let is_path = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte));
    if !is_host || !is_port || !is_path {
        let shown = if trimmed.is_empty() { "an empty value" } else { trimmed };
        return Err(format!("{shown} is no domain. {REMEDY}"));
    }
    let domain = if path.is_empty() { host } else { format!("{host}/{path}") };
    let note = (domain != given).then(|| format!("Auth0Domain {given} is taken as {domain}."));
    Ok((domain, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_the_same_with_and_without_scheme_and_slash() {
        for given in [
            "https://tenant.eu.auth0.com/",
            "https://tenant.eu.auth0.com",
            "tenant.eu.auth0.com/",
            " HTTPS://Tenant.EU.auth0.com// ",
        ] {
            let (domain, note) = normal(given).unwrap();
            assert_eq!(domain, "tenant.eu.auth0.com", "{given}");
            assert!(note.unwrap().contains("tenant.eu.auth0.com"));
        }
        assert_eq!(normal("tenant.eu.auth0.com"), Ok(("tenant.eu.auth0.com".into(), None)));
        assert_eq!(normal("localhost:9000/idp").unwrap().0, "localhost:9000/idp");
    }

    #[test]
    fn what_is_no_domain_is_refused_with_the_remedy() {
        for given in [
            "",
            "http://tenant.eu.auth0.com",
            "tenant",
            "tenant..com",
            "-a.com",
            "a b.com",
            "https://",
            "https://https://tenant.auth0.com",
            "user:secret@tenant.auth0.com",
            "tenant.auth0.com:99999",
            "tenant.auth0.com/?x=1",
            "https://tenant.auth0.com/.well-known/openid-configuration",
            "tenant.auth0.com\"}",
            "ténant.com",
        ] {
            assert!(normal(given).unwrap_err().contains("tenant.eu.auth0.com"), "{given}");
        }
    }
}
