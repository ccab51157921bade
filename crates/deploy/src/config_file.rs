//! `config.json`, what the page reads first: from the stack's outputs, so that nobody edits code for an environment.
//! `--config` goes over an output, for a domain of one's own in front of the API or for an emulator.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

use crate::error::{Error, Result};

/// Its key in the bucket.
pub const KEY: &str = "config.json";

/// The configuration's keys, each with the output that it comes from.
const FIELDS: [(&str, &str); 9] = [
    ("issuer", "IssuerUrl"),
    ("clientId", "ClientId"),
    ("apiUrl", "ApiUrl"),
    ("stsUrl", "StsUrl"),
    ("region", "Region"),
    ("roles.admin", "AdminRoleArn"),
    ("roles.buyer", "BuyerRoleArn"),
    ("socialConnections", "BuyerConnections"),
    ("currency", "PriceCurrency"),
];

/// What `--config` says, after a look at each key and value.
#[derive(Clone, Debug, Default)]
pub struct Overrides(BTreeMap<&'static str, String>);

impl Overrides {
    /// Takes known keys with values of the right shape only.
    pub fn parse(given: &[(String, String)]) -> Result<Self> {
        let mut overrides = BTreeMap::new();
        for (key, value) in given {
            let Some((key, _)) = FIELDS.iter().find(|(known, _)| known == key) else {
                let known: Vec<_> = FIELDS.iter().map(|(key, _)| *key).collect();
                return Err(Error::Config(format!("--config {key} is none of its keys, {}.", known.join(", "))));
            };
            check(key, value).map_err(|fault| Error::Config(format!("--config {key}={value} {fault}.")))?;
            if overrides.insert(*key, value.clone()).is_some() {
                return Err(Error::Config(format!("--config {key} is given twice. Say it once.")));
            }
        }
        Ok(Self(overrides))
    }

    /// The addresses among them, which the page calls in place of the stack's.
    pub fn addresses(&self) -> Vec<(&'static str, &str)> {
        let addresses = self.0.iter().filter(|(key, _)| ["issuer", "apiUrl", "stsUrl"].contains(key));
        addresses.map(|(key, value)| (*key, value.as_str())).collect()
    }
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Its text.
    pub text: String,
    /// Where it says that the API is.
    pub api_url: String,
}

/// The file of a stack with these outputs.
pub fn config(outputs: &BTreeMap<String, String>, overrides: &Overrides) -> Result<Config> {
    let mut values = BTreeMap::new();
    for (key, output) in FIELDS {
        let value = overrides.0.get(key).or_else(|| outputs.get(output)).ok_or_else(|| {
            Error::Config(format!("the stack has no output {output}. Add it to the template, or say --config {key}=…."))
        })?;
        check(key, value).map_err(|fault| Error::Config(format!("the output {output}, {value}, {fault}.")))?;
        values.insert(key, value.as_str());
    }
    let connections: Vec<_> = values["socialConnections"].split(',').map(str::trim).collect();
    let api_url = values["apiUrl"].trim_end_matches('/');
    let config: Value = json!({
        "issuer": values["issuer"],
        "clientId": values["clientId"],
        "apiUrl": api_url,
        "stsUrl": values["stsUrl"],
        "region": values["region"],
        "roles": { "admin": values["roles.admin"], "buyer": values["roles.buyer"] },
        "socialConnections": connections,
        "currency": values["currency"],
    });
    Ok(Config { text: format!("{config:#}\n"), api_url: api_url.to_owned() })
}

/// What is wrong with a value.
fn check(key: &str, value: &str) -> Result<(), &'static str> {
    let is_right = match key {
        "issuer" | "apiUrl" | "stsUrl" => {
            let is_address = |url: Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty();
            Url::parse(value).is_ok_and(is_address)
        }
        "roles.admin" | "roles.buyer" => value.starts_with("arn:") && value.contains(":role/"),
        "socialConnections" => value.split(',').all(|name| !name.trim().is_empty()),
        _ => !value.trim().is_empty(),
    };
    match key {
        _ if is_right => Ok(()),
        "issuer" | "apiUrl" | "stsUrl" => Err("is no address, such as https://api.example.com/test"),
        "roles.admin" | "roles.buyer" => Err("is no role's ARN"),
        _ => Err("is empty"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs() -> BTreeMap<String, String> {
        let pairs = [
            ("IssuerUrl", "https://tenant.eu.auth0.com/"),
            ("ClientId", "abc"),
            ("ApiUrl", "https://x.execute-api.eu-central-1.amazonaws.com/test"),
            ("StsUrl", "https://sts.eu-central-1.amazonaws.com/"),
            ("Region", "eu-central-1"),
            ("AdminRoleArn", "arn:aws:iam::123456789012:role/auth0-api-role"),
            ("BuyerRoleArn", "arn:aws:iam::123456789012:role/auth0-api-social-role"),
            ("BuyerConnections", "amazon,google-oauth2"),
            ("PriceCurrency", "USD"),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn overrides(given: &[(&str, &str)]) -> Result<Overrides> {
        let given: Vec<_> = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Overrides::parse(&given)
    }

    #[test]
    fn every_field_comes_from_its_output() {
        let config: Value = serde_json::from_str(&config(&outputs(), &Overrides::default()).unwrap().text).unwrap();
        let expected = json!({
            "issuer": "https://tenant.eu.auth0.com/", "clientId": "abc",
            "apiUrl": "https://x.execute-api.eu-central-1.amazonaws.com/test",
            "stsUrl": "https://sts.eu-central-1.amazonaws.com/", "region": "eu-central-1",
            "roles": { "admin": "arn:aws:iam::123456789012:role/auth0-api-role",
                       "buyer": "arn:aws:iam::123456789012:role/auth0-api-social-role" },
            "socialConnections": ["amazon", "google-oauth2"], "currency": "USD",
        });
        assert_eq!(config, expected);
    }

    #[test]
    fn an_override_goes_over_an_output_and_stands_in_for_a_missing_one() {
        let mut outputs = outputs();
        outputs.remove("StsUrl");
        let overrides =
            overrides(&[("apiUrl", "https://api.example.com/"), ("stsUrl", "http://127.0.0.1:1/")]).unwrap();
        let file = config(&outputs, &overrides).unwrap();
        let config: Value = serde_json::from_str(&file.text).unwrap();
        assert_eq!(file.api_url, "https://api.example.com");
        assert_eq!(
            (&config["apiUrl"], &config["stsUrl"]),
            (&json!("https://api.example.com"), &json!("http://127.0.0.1:1/"))
        );
        assert_eq!(overrides.addresses(), [("apiUrl", "https://api.example.com/"), ("stsUrl", "http://127.0.0.1:1/")]);
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_refused() {
        for (given, named) in [
            (&[("apiURL", "https://x")][..], "issuer, clientId, apiUrl"),
            (&[("apiUrl", "api.example.com")], "no address"),
            (&[("issuer", "https://u:p@x/")], "no address"),
            (&[("roles.admin", "admin")], "no role's ARN"),
            (&[("socialConnections", "amazon,")], "empty"),
            (&[("currency", "USD"), ("currency", "EUR")], "twice"),
        ] {
            let error = overrides(given).unwrap_err().to_string();
            assert!(error.contains(named), "{given:?}: {error}");
        }
        let mut outputs = outputs();
        outputs.remove("Region");
        let error = config(&outputs, &Overrides::default()).unwrap_err().to_string();
        assert!(error.contains("output Region") && error.contains("--config region="), "{error}");
    }
}
