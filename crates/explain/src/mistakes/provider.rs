//! A token whose issuer or client the OIDC providers don't know.

use domain::{Advice, Place};
use template::{Provider, View};

use crate::question::Person;

pub(super) fn advice(documents: View<'_>, person: &Person, provider: Option<&Provider>) -> Vec<Advice> {
    let at = |provider: &Provider| Some(Place { file: documents.file.to_owned(), line: provider.line });
    if let Some(provider) = provider.filter(|provider| provider.client_ids.contains(&person.audience)) {
        return vec![Advice {
            says: "The token's sub is empty, too long, or has other than visible ASCII characters.".to_owned(),
            remedy: "Let the issuer give a sub of 1 to 255 of them, such as amazon|fred.".to_owned(),
            at: at(provider),
        }];
    }
    if let Some(provider) = provider {
        return vec![Advice {
            says: format!(
                "The token is for the client {}, and the provider's ClientIdList has {}.",
                person.audience,
                provider.client_ids.join(", ")
            ),
            remedy: format!("Add {} to ClientIdList, if that client is meant to have rights here.", person.audience),
            at: at(provider),
        }];
    }
    let issuer = person.issuer.split_once("://").map_or(person.issuer.as_str(), |(_, rest)| rest);
    let near = documents.providers.iter().find_map(|provider| {
        let (says, remedy) = near(&provider.key_prefix, issuer)?;
        Some(Advice { says, remedy, at: at(provider) })
    });
    vec![near.unwrap_or_else(|| {
        let known: Vec<_> = documents.providers.iter().map(|provider| url(&provider.key_prefix)).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Advice {
            says: format!("The token's iss is {}; {} declares {known}.", person.issuer, documents.file),
            remedy: format!("Declare an AWS::IAM::OIDCProvider with Url: {}", url(issuer)),
            at: documents.providers.first().and_then(at),
        }
    })]
}

/// An issuer that isn't the provider's by a hair: what is wrong, and what to write.
fn near(declared: &str, issuer: &str) -> Option<(String, String)> {
    let write = format!("Write Url: {}, to the letter as iss has it.", url(issuer));
    if declared.strip_suffix('/') == Some(issuer) {
        return Some((
            "The trailing slash is missing in the token's iss: the provider's Url has one.".to_owned(),
            format!("Give the issuer to the letter: {}", url(declared)),
        ));
    }
    if issuer.strip_suffix('/') == Some(declared) {
        return Some((
            "The trailing slash is missing in the provider's Url: the token's iss has one.".to_owned(),
            write,
        ));
    }
    let same = declared.eq_ignore_ascii_case(issuer);
    same.then(|| ("The provider's Url and the token's iss differ in upper and lower case.".to_owned(), write))
}

fn url(issuer: &str) -> String {
    format!("https://{issuer}")
}
