//! An issuer's public keys (RFC 7517), and a signature's check against the one that it must be from. A key serves one
//! algorithm, the one of its type, so a token can't choose how a key is used (RFC 8725, section 3.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    KeySourceError, TokenError,
    jws::{Algorithm, Jws},
};

/// Real key sets have two to ten keys.
const MAX_KEYS: usize = 100;
/// NIST SP 800-131A's least, and the most that checking a signature should cost.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// The keys of an issuer that can verify RS256 or ES256. Others are left out.
pub struct Jwks(Vec<Key>);

struct Key {
    kid: Option<String>,
    algorithm: Algorithm,
    key: PublicKey,
}

/// As `ring` takes it, which is several times faster than the pure Rust alternatives, and in the tree for TLS anyway.
enum PublicKey {
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// An uncompressed point (SEC 1, section 2.3.3). Whether it is on the curve is seen at each check.
    P256(UnparsedPublicKey<Vec<u8>>),
}

#[derive(Deserialize)]
struct RawKey {
    kty: String,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Jwks {
    /// Reads a JWK set. A key that isn't understood, or isn't for signatures, is left out, as section 5 asks.
    pub fn from_json(json: &[u8]) -> Result<Self, KeySourceError> {
        #[derive(Deserialize)]
        struct Document<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        let unreadable = KeySourceError::Unreadable("the key set");
        let document: Document = serde_json::from_slice(json).map_err(|_| unreadable.clone())?;
        if document.keys.len() > MAX_KEYS {
            return Err(unreadable);
        }
        let raw = document.keys.iter().filter_map(|key| serde_json::from_str::<RawKey>(key.get()).ok());
        Ok(Self(raw.filter_map(RawKey::usable).collect()))
    }

    /// Checks the signature with the one key that it can be from.
    pub(super) fn verify(&self, jws: &Jws) -> Result<(), TokenError> {
        let mut candidates =
            self.0.iter().filter(|key| key.algorithm == jws.algorithm && (jws.kid.is_none() || key.kid == jws.kid));
        let key = match (candidates.next(), candidates.next()) {
            (Some(key), None) => key,
            (Some(_), Some(_)) => return Err(TokenError::AmbiguousKey),
            (None, _) => return Err(TokenError::UnknownKey),
        };
        let (message, signature) = (jws.message.as_bytes(), &jws.signature[..]);
        let checked = match &key.key {
            PublicKey::Rsa(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            PublicKey::P256(key) => key.verify(message, signature),
        };
        checked.map_err(|_| TokenError::Signature)
    }
}

impl std::fmt::Debug for Jwks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| (&key.kid, key.algorithm))).finish()
    }
}

impl RawKey {
    fn usable(self) -> Option<Key> {
        let for_signatures = self.usage.as_ref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        let (algorithm, name, key) = match self.kty.as_str() {
            "RSA" => (Algorithm::RS256, "RS256", self.rsa()?),
            "EC" => (Algorithm::ES256, "ES256", self.p256()?),
            _ => return None,
        };
        let same = self.alg.as_ref().is_none_or(|alg| alg == name);
        (for_signatures && same).then_some(Key { kid: self.kid, algorithm, key })
    }

    fn rsa(&self) -> Option<PublicKey> {
        let integer = |text| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            Some(bytes.into_iter().skip_while(|&byte| byte == 0).collect::<Vec<u8>>())
        };
        let (modulus, exponent) = (integer(&self.n)?, integer(&self.e)?);
        let bits = 8 * modulus.len() - modulus.first()?.leading_zeros() as usize;
        let value = exponent.iter().try_fold(0_u32, |value, &byte| value.checked_mul(256)?.checked_add(byte.into()))?;
        // An exponent of 1 would let anything pass; even ones are no exponents.
        let sound = value > 1 && value % 2 == 1;
        (RSA_BITS.contains(&bits) && sound)
            .then_some(PublicKey::Rsa(RsaPublicKeyComponents { n: modulus, e: exponent }))
    }

    fn p256(&self) -> Option<PublicKey> {
        let coordinate = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
        let (x, y) = (coordinate(&self.x)?, coordinate(&self.y)?);
        let point = [&[4], &x[..], &y[..]].concat();
        (self.crv == "P-256").then(|| PublicKey::P256(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)))
    }
}
