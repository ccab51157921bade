//! What a deployment decides, from the environment that the template gives the function and Lambda adds to. Read once,
//! when the process starts, and as a whole: every variable that is missing or wrong is named with what it should be.
//! Values are in no message, since one of them is a secret.

use std::{env, fmt, sync::Arc};

use http::{HeaderValue, Uri, uri::Authority};
use service::{BuyerIdentity, HttpKeySource, RouterSettings, TokenVerifier, VerifierSettings};

use crate::dynamodb::Aws;

/// What a function needs to know.
pub(crate) struct Settings {
    pub(crate) table: String,
    pub(crate) router: RouterSettings,
    pub(crate) aws: Aws,
}

/// Every variable that is missing or wrong.
#[derive(Debug, thiserror::Error)]
#[error("the function's environment can't be used: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub(crate) struct Faults(Vec<Fault>);

#[derive(Debug)]
struct Fault {
    variable: &'static str,
    is_missing: bool,
    remedy: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_missing { "is missing" } else { "is wrong" };
        write!(f, "{} {what}: {}", self.variable, self.remedy)
    }
}

const TABLE_NAME: &str = "set it to the table's name, 3 to 255 letters, digits, '-', '_' and '.'";
const ISSUER: &str = "set it to the exact issuer of the ID tokens, an https URL; Auth0's ends in a slash";
const CLIENT_ID: &str = "set it to the client id of the single-page application, as the ID tokens' audience says it";
const BUYER_IDENTITY: &str = "set it to verified, or to claimed for a console test";
const ALLOWED_ORIGIN: &str = "set it to the page's origin such as https://pets.example.com, without a slash, or to *";
const SOCIAL_CONNECTIONS: &str =
    "set it to the Social Connections with commas between, such as amazon,google-oauth2, and never auth0";
const BY_LAMBDA: &str = "Lambda sets it for every function; to run this elsewhere, set it too";
const ENDPOINT: &str = "set it to a URL such as http://127.0.0.1:8000, or leave it out for the region's own";

impl Settings {
    pub(crate) fn from_env() -> Result<Self, Faults> {
        Self::read(|name| env::var_os(name).map(|value| value.into_string().unwrap_or_default()))
    }

    fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut env = Reader { lookup, faults: Vec::new() };
        let session_token = env.optional("AWS_SESSION_TOKEN", BY_LAMBDA, visible);
        // As the SDKs read them: the service's own goes before that of all services.
        let of_all = env.optional("AWS_ENDPOINT_URL", ENDPOINT, url);
        let endpoint = env.optional("AWS_ENDPOINT_URL_DYNAMODB", ENDPOINT, url).or(of_all);
        let (
            Some(table),
            Some((issuer, keys)),
            Some(client_id),
            Some(is_verified),
            Some(allowed_origin),
            Some(social_connections),
            Some(_),
            Some(region),
            Some(access_key_id),
            Some(secret_access_key),
            [],
        ) = (
            env.required("TABLE_NAME", TABLE_NAME, table_name),
            env.required("ISSUER", ISSUER, |text| Some((text.to_owned(), HttpKeySource::new(text).ok()?))),
            env.required("CLIENT_ID", CLIENT_ID, visible),
            env.required("BUYER_IDENTITY", BUYER_IDENTITY, is_verified),
            env.required("ALLOWED_ORIGIN", ALLOWED_ORIGIN, origin),
            env.required("SOCIAL_CONNECTIONS", SOCIAL_CONNECTIONS, connections),
            env.required("AWS_LAMBDA_RUNTIME_API", BY_LAMBDA, visible),
            env.required("AWS_REGION", BY_LAMBDA, visible),
            env.required("AWS_ACCESS_KEY_ID", BY_LAMBDA, visible),
            env.required("AWS_SECRET_ACCESS_KEY", BY_LAMBDA, visible),
            env.faults.as_slice(),
        )
        else {
            return Err(Faults(env.faults));
        };
        let verifier = VerifierSettings { issuer, audiences: vec![client_id] };
        let buyer_identity = match is_verified {
            true => BuyerIdentity::Verified(TokenVerifier::new(verifier, Arc::new(keys))),
            false => BuyerIdentity::Claimed,
        };
        let router = RouterSettings { allowed_origin, buyer_identity, social_connections };
        Ok(Self { table, router, aws: Aws { region, access_key_id, secret_access_key, session_token, endpoint } })
    }
}

/// Reads variables and remembers every one that is missing or wrong.
struct Reader<L> {
    lookup: L,
    faults: Vec<Fault>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn required<T>(
        &mut self,
        variable: &'static str,
        remedy: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = (self.lookup)(variable);
        let value = text.as_deref().and_then(parse);
        if value.is_none() {
            self.faults.push(Fault { variable, is_missing: text.is_none(), remedy });
        }
        value
    }

    /// One that is empty counts as left out.
    fn optional<T>(
        &mut self,
        variable: &'static str,
        remedy: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let is_there = (self.lookup)(variable).is_some_and(|text| !text.is_empty());
        if is_there { self.required(variable, remedy, parse) } else { None }
    }
}

/// The characters and the length of a table's name: "Naming rules" in the DynamoDB developer guide.
fn table_name(text: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    ((3..=255).contains(&text.len()) && text.chars().all(is_allowed)).then(|| text.to_owned())
}

fn visible(text: &str) -> Option<String> {
    (!text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())).then(|| text.to_owned())
}

fn is_verified(text: &str) -> Option<bool> {
    match text {
        "verified" => Some(true),
        "claimed" => Some(false),
        _ => None,
    }
}

/// An origin as a browser writes it into `Origin`, or `*`.
fn origin(text: &str) -> Option<HeaderValue> {
    let is_origin = || {
        let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let parsed: Authority = authority.parse().ok()?;
        (!parsed.host().is_empty() && !authority.contains('@') && authority == authority.to_ascii_lowercase())
            .then_some(())
    };
    (text == "*" || is_origin().is_some()).then(|| HeaderValue::from_str(text).ok())?
}

/// The prefixes of `sub` that make a buyer. Database Connections, whose people are admins, have `auth0`.
fn connections(text: &str) -> Option<Vec<String>> {
    let is_connection = |name: &str| {
        !name.is_empty() && name != "auth0" && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    text.split(',').map(str::trim).map(|name| is_connection(name).then(|| name.to_owned())).collect()
}

fn url(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 10] = [
        ("TABLE_NAME", "Pets"),
        ("ISSUER", "https://pets.example.auth0.com/"),
        ("CLIENT_ID", "pets-spa"),
        ("BUYER_IDENTITY", "verified"),
        ("ALLOWED_ORIGIN", "https://pets.example.com"),
        ("SOCIAL_CONNECTIONS", "amazon,google-oauth2"),
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"),
    ];

    /// The settings of a good environment but for one variable.
    fn read(changed: &str, value: Option<&str>) -> Result<Settings, String> {
        let lookup = |name: &str| match name == changed {
            true => value.map(str::to_owned),
            false => GOOD.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        };
        Settings::read(lookup).map_err(|faults| faults.to_string())
    }

    #[test]
    fn a_good_environment_is_read_as_a_whole() {
        let settings = read("", None).ok().unwrap();
        assert_eq!(settings.table, "Pets");
        assert_eq!(settings.router.allowed_origin, "https://pets.example.com");
        assert_eq!(settings.router.social_connections, ["amazon", "google-oauth2"]);
        assert!(matches!(settings.router.buyer_identity, BuyerIdentity::Verified(_)));
        assert_eq!((settings.aws.region.as_str(), settings.aws.endpoint), ("eu-west-1", None));
    }

    #[test]
    fn every_variable_that_is_missing_is_named_with_what_to_do() {
        for (name, _) in GOOD {
            let message = read(name, None).err().unwrap();
            assert!(message.contains(&format!("{name} is missing: ")), "{message}");
        }
        let all = Settings::read(|_| None).err().unwrap().to_string();
        assert!(GOOD.iter().all(|(name, _)| all.contains(&format!("{name} is missing"))), "{all}");
    }

    #[test]
    fn a_wrong_value_is_named_and_not_repeated() {
        for (name, value) in [
            ("TABLE_NAME", "no table"),
            ("TABLE_NAME", "$1"),
            ("ISSUER", "http://pets.example.auth0.com/"),
            ("ISSUER", "pets.example.auth0.com"),
            ("CLIENT_ID", "two words"),
            ("BUYER_IDENTITY", "Verified"),
            ("ALLOWED_ORIGIN", "https://shop.example.org/"),
            ("ALLOWED_ORIGIN", "shop.example.org"),
            ("ALLOWED_ORIGIN", "https://Shop.example.org"),
            ("ALLOWED_ORIGIN", "https://user@shop.example.org"),
            ("ALLOWED_ORIGIN", "file:///"),
            ("SOCIAL_CONNECTIONS", "amazon,auth0"),
            ("SOCIAL_CONNECTIONS", "amazon,,apple"),
            ("AWS_REGION", "eu west"),
            ("AWS_SECRET_ACCESS_KEY", "new\nline"),
            ("AWS_ENDPOINT_URL", "localhost:8000"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "/dynamodb"),
        ] {
            let message = read(name, Some(value)).err().unwrap();
            assert!(message.contains(&format!("{name} is wrong: ")) && !message.contains(value), "{value}: {message}");
        }
        for (name, _) in GOOD {
            assert!(read(name, Some("")).err().unwrap().contains(&format!("{name} is wrong")), "{name}");
        }
    }

    #[test]
    fn several_values_are_good() {
        let origin = |text| read("ALLOWED_ORIGIN", Some(text)).ok().unwrap().router.allowed_origin;
        for text in ["*", "http://localhost:8080", "https://d111111abcdef8.cloudfront.net", "http://[::1]:8080"] {
            assert_eq!(origin(text), text);
        }
        assert!(read("ISSUER", Some("http://127.0.0.1:9000/idp/")).is_ok());
        let claimed = read("BUYER_IDENTITY", Some("claimed")).ok().unwrap();
        assert!(matches!(claimed.router.buyer_identity, BuyerIdentity::Claimed));
    }

    #[test]
    fn the_endpoint_of_the_service_goes_before_that_of_all() {
        let endpoint = |of_service: Option<&str>, of_all: Option<&str>| {
            let lookup = |name: &str| match name {
                "AWS_ENDPOINT_URL_DYNAMODB" => of_service.map(str::to_owned),
                "AWS_ENDPOINT_URL" => of_all.map(str::to_owned),
                _ => GOOD.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
            };
            Settings::read(lookup).ok().unwrap().aws.endpoint
        };
        let (one, other) = ("http://127.0.0.1:1", "https://127.0.0.1:2");
        assert_eq!(endpoint(Some(one), Some(other)).as_deref(), Some(one));
        assert_eq!(endpoint(None, Some(other)).as_deref(), Some(other));
        assert_eq!(endpoint(Some(""), None), None);
    }
}
