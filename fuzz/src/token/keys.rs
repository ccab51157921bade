//! Who signs: `rsa` and `ec`, the issuer; `rsa-512` and `rsa-pss`, the issuer with an algorithm that wasn't agreed
//! upon; `other-rsa` and `other-ec`, a stranger; `hmac`, who takes the RSA key's public half for a secret; and
//! `ec-twin`, who turns the issuer's signature around. The keys are the same in every run.

use std::sync::{Arc, LazyLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use rand::{SeedableRng, rngs::StdRng};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, traits::PublicKeyParts};
use serde_json::{Value, json};
use service::{FetchKeys, Jwks, KeySource, TokenVerifier, VerifierSettings};
use sha2::{Digest, Sha256};

/// The issuer that is trusted.
pub const ISSUER: &str = "https://pets.example.com/";
/// The clients whose tokens count.
pub const CLIENTS: [&str; 2] = ["pets-spa", "pets-app"];

/// One who signs.
pub struct Signer {
    name: &'static str,
    how: How,
}

/// RSA and elliptic keys are at hand as such: jsonwebtoken reads and checks a key anew for each signature.
enum How {
    Rsa(Box<RsaPrivateKey>),
    Ec(SigningKey),
    Twin(SigningKey),
    Other(Algorithm, EncodingKey),
    Hmac(Vec<u8>),
}

static RSA: LazyLock<RsaPrivateKey> = LazyLock::new(|| rsa_key(1));
static EC: LazyLock<SigningKey> = LazyLock::new(|| ec_key(2));

static SIGNERS: LazyLock<Vec<Signer>> = LazyLock::new(|| {
    let der = RSA.to_pkcs1_der().expect("a key can be written");
    let rsa = EncodingKey::from_rsa_der(der.as_bytes());
    let signer = |name, how| Signer { name, how };
    vec![
        signer("rsa", How::Rsa(Box::new(RSA.clone()))),
        signer("ec", How::Ec(EC.clone())),
        signer("ec-twin", How::Twin(EC.clone())),
        signer("other-rsa", How::Rsa(Box::new(rsa_key(3)))),
        signer("other-ec", How::Ec(ec_key(4))),
        signer("rsa-512", How::Other(Algorithm::RS512, rsa.clone())),
        signer("rsa-pss", How::Other(Algorithm::PS256, rsa)),
        signer("hmac", How::Hmac(RSA.n().to_bytes_be())),
    ]
});

/// The signer of this name.
pub fn signer(name: &str) -> Option<&'static Signer> {
    SIGNERS.iter().find(|signer| signer.name == name)
}

/// A verifier of the issuer's tokens.
pub fn verifier() -> TokenVerifier {
    let audiences = CLIENTS.map(str::to_owned).to_vec();
    TokenVerifier::new(VerifierSettings { issuer: ISSUER.to_owned(), audiences }, Arc::new(Source))
}

struct Source;

impl KeySource for Source {
    fn fetch(&self) -> FetchKeys<'_> {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (n, e) = (number(&RSA.n().to_bytes_be()), number(&RSA.e().to_bytes_be()));
        let point = EC.verifying_key().to_encoded_point(false);
        let (x, y) = (point.x().expect("a public key has an x"), point.y().expect("an uncompressed point has a y"));
        let keys = json!({"keys": [
            {"kty": "RSA", "kid": "rsa", "n": n, "e": e},
            {"kty": "EC", "crv": "P-256", "kid": "ec", "x": number(x), "y": number(y)},
        ]});
        Box::pin(async move { Jwks::from_json(keys.to_string().as_bytes()) })
    }
}

fn rsa_key(seed: u64) -> RsaPrivateKey {
    RsaPrivateKey::new(&mut StdRng::seed_from_u64(seed), 2048).expect("2048 bits make a key")
}

fn ec_key(seed: u64) -> SigningKey {
    SigningKey::random(&mut StdRng::seed_from_u64(seed))
}

impl Signer {
    /// Whether this is the issuer, with the algorithm that is agreed upon.
    pub fn is_trusted(&self) -> bool {
        ["rsa", "ec", "ec-twin"].contains(&self.name)
    }

    /// The algorithm of what was really signed.
    pub fn algorithm(&self) -> Algorithm {
        match &self.how {
            How::Rsa(_) => Algorithm::RS256,
            How::Ec(_) | How::Twin(_) => Algorithm::ES256,
            How::Other(algorithm, _) => *algorithm,
            How::Hmac(_) => Algorithm::HS256,
        }
    }

    /// A token of this header and these claims, valid or not.
    pub fn token(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        // Nobody looks at the signature then, and making one takes most of the time.
        if !serde_json::from_str::<Value>(header).is_ok_and(|header| header.is_object()) {
            return format!("{message}.AAAA");
        }
        let elliptic = |key: &SigningKey| -> Signature { key.sign(message.as_bytes()) };
        let signature = match &self.how {
            How::Rsa(key) => {
                let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&message));
                URL_SAFE_NO_PAD.encode(signature.expect("the key is longer than the digest"))
            }
            How::Ec(key) => URL_SAFE_NO_PAD.encode(elliptic(key).to_bytes()),
            How::Twin(key) => URL_SAFE_NO_PAD.encode(super::twin(&elliptic(key)).to_bytes()),
            How::Other(algorithm, key) => {
                crypto::sign(message.as_bytes(), key, *algorithm).expect("the key is of the algorithm")
            }
            How::Hmac(secret) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
                mac.update(message.as_bytes());
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            }
        };
        format!("{message}.{signature}")
    }
}
