//! Tells CloudFront which addresses changed. This is one call of a service whose SDK is the largest of all that a deploy
//! would need, so it's signed and sent here, with the signer that the SDKs use. What CloudFront answers from is at most a
//! second old anyway where it says `no-cache` (the cache policy's shortest time), so nobody waits for the end of it.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use crate::{
    cloud::Cloud,
    error::{Error, Result},
    site::hex,
};

/// What stays as it is in an address (RFC 3986, section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const DOING: &str = "tell CloudFront what changed";

/// The addresses that a changed key has: the page answers at `/` as well.
pub fn paths(key: &str) -> Vec<String> {
    let segments = key.split('/').map(encoded);
    let path = segments.fold(String::new(), |path, segment| path + "/" + &segment);
    if key == crate::site::INDEX { vec!["/".into(), path] } else { vec![path] }
}

/// Invalidates the addresses; CloudFront takes three thousand at once, and above that it's all of them.
pub async fn invalidate(cloud: &Cloud, distribution: &str, paths: &BTreeSet<String>, now: u64) -> Result<()> {
    let whole = BTreeSet::from(["/*".to_owned()]);
    let paths = if paths.len() > 3000 { &whole } else { paths };
    let body = body(paths, now);
    let endpoint = endpoint(cloud);
    let url = format!("{endpoint}/2020-05-31/distribution/{}/invalidation", encoded(distribution));
    for attempt in 1..=4 {
        let request = signed(cloud, &url, &body).await?;
        let answer = tokio::task::spawn_blocking(move || send(request)).await.expect("sending doesn't panic");
        let (reason, is_final) = match answer {
            Ok((200..=299, _)) => return Ok(()),
            Ok((status, code)) => {
                let refusal = Error::Call {
                    doing: DOING.into(),
                    code: if code.is_empty() { format!("HTTP {status}") } else { code },
                    message: "The page itself is in place.".into(),
                    remedy: "\nGive whoever deploys cloudfront:CreateInvalidation, then run it again.".into(),
                };
                (refusal, status < 500 && status != 429)
            }
            Err(reason) => (Error::NoAnswer { doing: DOING.into(), reason }, false),
        };
        if is_final || attempt == 4 {
            return Err(reason);
        }
        tokio::time::sleep(Duration::from_millis(500 << attempt)).await;
    }
    unreachable!("the last attempt returns")
}

fn endpoint(cloud: &Cloud) -> String {
    let own = std::env::var("AWS_ENDPOINT_URL_CLOUDFRONT").ok().or_else(|| cloud.endpoint.clone());
    let aws = if cloud.region.starts_with("cn-") {
        "https://cloudfront.cn-northwest-1.amazonaws.com.cn"
    } else {
        "https://cloudfront.amazonaws.com"
    };
    own.as_deref().unwrap_or(aws).trim_end_matches('/').to_owned()
}

/// <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html>
fn body(paths: &BTreeSet<String>, now: u64) -> String {
    // The same addresses at the same time are the same call; others are another one.
    let digest = hex(&Sha256::digest(paths.iter().cloned().collect::<String>()));
    let items: String = paths.iter().map(|path| format!("<Path>{}</Path>", escaped(path))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
         <CallerReference>pets-{now}-{}</CallerReference><Paths><Items>{items}</Items><Quantity>{}</Quantity></Paths>\
         </InvalidationBatch>",
        &digest[..16],
        paths.len()
    )
}

async fn signed(cloud: &Cloud, url: &str, body: &str) -> Result<http::Request<String>> {
    let unsigned = |reason: String| Error::NoAnswer { doing: DOING.into(), reason };
    let credentials = cloud.credentials.provide_credentials().await.map_err(|error| unsigned(error.to_string()))?;
    let identity = credentials.into();
    let region = if cloud.region.starts_with("cn-") { "cn-northwest-1" } else { "us-east-1" };
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("cloudfront")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build();
    let parameters = parameters.map_err(|error| unsigned(error.to_string()))?.into();
    let headers = [("content-type", "application/xml")];
    let signable = SignableRequest::new("POST", url, headers.into_iter(), SignableBody::Bytes(body.as_bytes()));
    let signable = signable.map_err(|error| unsigned(error.to_string()))?;
    let signed = sign(signable, &parameters).map_err(|error| unsigned(error.to_string()))?;
    let request = http::Request::post(url).header("content-type", "application/xml").body(body.to_owned());
    let mut request = request.map_err(|error| unsigned(error.to_string()))?;
    signed.into_parts().0.apply_to_request_http1x(&mut request);
    Ok(request)
}

/// The status, and the code of a refusal.
fn send(request: http::Request<String>) -> Result<(u16, String), String> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent();
    let mut answer = agent.run(request).map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(64 * 1024).read_to_string().unwrap_or_default();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code);
    Ok((status, code.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect()))
}

fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_invalidated_by_every_address_that_it_has() {
        assert_eq!(paths("index.html"), ["/", "/index.html"]);
        assert_eq!(paths("pictures/große katze.svg"), ["/pictures/gro%C3%9Fe%20katze.svg"]);
        assert_eq!(paths(".well-known/x.txt"), ["/.well-known/x.txt"]);
    }

    #[test]
    fn the_body_counts_its_paths() {
        let body = body(&["/a&b".to_owned(), "/c".to_owned()].into(), 5);
        assert!(body.contains("<Items><Path>/a&amp;b</Path><Path>/c</Path></Items><Quantity>2</Quantity>"), "{body}");
    }
}
