use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as aws_sign};
use aws_sigv4::sign::v4::SigningParams;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::*;

/// The signature as the specification's four steps make it, written out by hand for one request.
fn by_hand(method: &str, path: &str, query: &str, headers: &[(&str, &str)], body: &str) -> String {
    let canonical_headers: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let hash = hex::encode(Sha256::digest(body));
    let canonical = format!("{method}\n{path}\n{query}\n{canonical_headers}\n{}\n{hash}", names.join(";"));
    let scope = "20270115/eu-west-1/execute-api/aws4_request";
    let to_sign = format!("AWS4-HMAC-SHA256\n20270115T080000Z\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let mut key = b"AWS4secret/+".to_vec();
    for part in ["20270115", "eu-west-1", "execute-api", "aws4_request", &to_sign] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(part.as_bytes());
        key = mac.finalize().into_bytes().to_vec();
    }
    let signature = hex::encode(key);
    format!("AWS4-HMAC-SHA256 Credential=ASIA1/{scope}, SignedHeaders={}, Signature={signature}", names.join(";"))
}

fn signed(method: &'static str, url: &str, headers: &[(&'static str, &str)], body: &str) -> Request {
    let mut request = Request::new(method, url);
    request.body = body.as_bytes().to_vec();
    for (name, value) in headers {
        request.headers.set(name, *value);
    }
    let keys = Credentials::new("ASIA1", "secret/+", Some("token/+=".to_owned()), None, "test");
    sign(&mut request, &keys, &DerivedKey::default(), "eu-west-1", 1_800_000_000_000);
    request
}

#[test]
fn a_signature_is_the_one_of_the_specification() {
    let body = r#"{"petId":1}"#;
    let json = [("content-type", "application/json")];
    let request = signed("POST", "https://api.example/test/pets/purchase", &json, body);
    assert_eq!(request.headers.get("x-amz-date"), Some("20270115T080000Z"));
    let headers = [
        ("content-type", "application/json"),
        ("host", "api.example"),
        ("x-amz-date", "20270115T080000Z"),
        ("x-amz-security-token", "token/+="),
    ];
    let expected = by_hand("POST", "/test/pets/purchase", "", &headers, body);
    assert_eq!(request.headers.get("authorization"), Some(expected.as_str()));
    assert_eq!(request.headers.iter().count(), 4);
}

#[test]
fn the_identity_token_and_the_cursor_are_signed_too() {
    let token = [("x-identity-token", "a.b.c")];
    let request = signed("GET", "http://localhost:9000/test/pets/purchases?cursor=a%2Fb~c", &token, "");
    let headers = [
        ("host", "localhost:9000"),
        ("x-amz-date", "20270115T080000Z"),
        ("x-amz-security-token", "token/+="),
        ("x-identity-token", "a.b.c"),
    ];
    let expected = by_hand("GET", "/test/pets/purchases", "cursor=a%2Fb~c", &headers, "");
    assert_eq!(request.headers.get("authorization"), Some(expected.as_str()));
}

/// The same request, signed by AWS's crate from beginning to end.
fn signed_by_aws(request: &Request, keys: &Credentials, region: &str, now_ms: i64) -> Vec<(String, String)> {
    let mut builder = http::Request::builder().method(request.method).uri(&request.url);
    for (name, value) in request.headers.iter() {
        builder = builder.header(name, value);
    }
    let mut request = builder.body(request.body.clone()).unwrap();

    let identity = keys.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs()))
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let body = SignableBody::Bytes(request.body());
    let signable = SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers, body).unwrap();
    let (instructions, _) = aws_sign(signable, &params).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    by_name(request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())))
}

/// Those of one name stay in their order.
fn by_name<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    headers.sort_by(|(one, _), (other, _)| one.cmp(other));
    headers
}

/// Numbers that are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn text(&mut self, of: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.one(of)).collect()
    }

    fn request(&mut self) -> Request {
        let path = [
            "/", "/", "//", "/./", "/../", "/.", "/..", ".", "..", "a", "pets", "7", "%2F", "%20", "~", "-", "+", "*",
            "(", "@", ":", "=", "ü",
        ];
        let query = [
            "&", "=", "a", "b", "cursor=", "%2F", "%3d", "%20", "+", "~", "*", "!", "'", "%C3%BC", "%FF", "/", "?",
            ":", "B", "a=1&", "A=2&",
        ];
        let value = [" ", "  ", "a", "B", ",", "\t", ";", "\"", "=", "/", "~"];
        let origin = [
            "https://api.example",
            "http://localhost:9000",
            "https://a.example:443",
            "http://[::1]:80",
            "http://a:443",
        ];
        let mut url = format!("{}/{}", self.one(&origin), self.text(&path, 6));
        if self.below(2) == 0 {
            url = format!("{url}?{}", self.text(&query, 8));
        }
        let body = vec![b'{'; self.below(300)];
        let mut request = Request::new(["GET", "POST", "DELETE", "PUT"][self.below(4)], url);
        request.body = body;
        for _ in 0..self.below(5) {
            let name = self.one(&["content-type", "x-identity-token", "accept", "x-amz-meta", "x-amz-date", "a", "zz"]);
            let value = self.text(&value, 5);
            request.headers.append(name, value);
        }
        request
    }
}

#[test]
fn every_request_is_signed_as_awss_own_crate_signs_it() {
    let mut numbers = Numbers(7);
    let secrets = ["secret/+", "another", ""];
    let signers = secrets.map(|secret| {
        let token = (!secret.is_empty()).then(|| "token/+=".to_owned());
        (Credentials::new("ASIA1", secret, token, None, "test"), DerivedKey::default())
    });
    for case in 0..5_000 {
        let request = numbers.request();
        let (keys, derived) = &signers[numbers.below(signers.len())];
        let region = numbers.one(&["eu-west-1", "us-east-1"]);
        // The same day mostly, and its borders.
        let now_ms = [1_800_000_000_000, 1_799_971_199_999, 1_799_971_200_000, 0, 951_782_400_000][numbers.below(5)];
        let mut signed = request.clone();
        sign(&mut signed, keys, derived, region, now_ms);
        let expected = signed_by_aws(&request, keys, region, now_ms);
        assert_eq!(by_name(signed.headers.iter()), expected, "case {case}: {request:?}");
    }
}

#[test]
fn the_key_is_derived_once_for_a_day_and_a_region() {
    let keys = Credentials::new("ASIA1", "secret", None, None, "test");
    let (noon, midnight) = (1_800_014_400_000, 1_800_057_600_000);
    let request = || Request::get("https://api.example/test/pets");
    // A held key that is another can be told by its signatures.
    for (region, now_ms, is_held) in [
        ("eu-west-1", noon, true),
        ("eu-west-1", midnight - 1, true),
        ("eu-west-1", midnight, false),
        ("us-east-1", noon, false),
    ] {
        let other = Zeroizing::new(vec![7; 32]);
        let derived = DerivedKey::new(Some(("20270115/eu-west-1/execute-api/aws4_request".to_owned(), other)));
        let mut first = request();
        sign(&mut first, &keys, &derived, region, now_ms);
        let by_aws = signed_by_aws(&request(), &keys, region, now_ms);
        assert_eq!(by_name(first.headers.iter()) != by_aws, is_held, "{region} {now_ms}");
        // What was derived is held from then on.
        let mut again = request();
        sign(&mut again, &keys, &derived, region, now_ms);
        assert_eq!(again.headers, first.headers);
    }
}

#[test]
fn no_time_is_too_early_or_too_late() {
    for (now_ms, expected) in [(i64::MIN, "19700101T000000Z"), (i64::MAX, "99991231T235959Z")] {
        let mut request = Request::get("https://api.example/");
        let keys = Credentials::new("ASIA1", "secret", None, None, "test");
        sign(&mut request, &keys, &DerivedKey::default(), "eu-west-1", now_ms);
        assert_eq!(request.headers.get("x-amz-date"), Some(expected));
    }
}

#[test]
fn what_is_secret_is_in_no_debug_output() {
    let text = format!("{:?}", signed("GET", "https://api.example/test/pets", &[], ""));
    for (name, value) in [("authorization", "Signature="), ("x-amz-security-token", "token/+=")] {
        assert!(text.contains(name) && !text.contains(value), "{text}");
    }
}
