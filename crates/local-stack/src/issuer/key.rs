//! The signing key: RSA-2048 for RS256, as a new Auth0 tenant has. It is made once and kept in the data folder, in a
//! file that only its owner may read; the private half never leaves this module.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Error;

mod waiting;

pub(super) use waiting::WaitingKey;

const FILE: &str = "issuer-key.pem";
const BITS: usize = 2048;

/// A key pair and its name.
pub(super) struct SigningKey {
    private: EncodingKey,
    public: DecodingKey,
    kid: String,
    jwks: Value,
}

/// What a sign-out needs of an ID token that was issued here.
#[derive(Debug, Deserialize)]
pub(super) struct Hint {
    pub(super) sub: String,
    pub(super) sid: String,
}

impl SigningKey {
    /// The key of the data folder, if there is one.
    pub(super) fn load(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::new(&parse(&text, &path)?).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(Error::Key { path, problem: "holds no PEM text" })
            }
            Err(source) => Err(Error::KeyFile { path, doing: "read", source }),
        }
    }

    /// A new key, kept in the data folder; without a folder, a key for this process only. Takes about a second.
    pub(super) fn generate(data_dir: Option<&Path>) -> Result<Self, Error> {
        let key = generate()?;
        let kept = match data_dir {
            Some(folder) => keep(&key, folder, &folder.join(FILE))?,
            None => None,
        };
        Self::new(&kept.unwrap_or(key))
    }

    pub(super) fn new(key: &RsaPrivateKey) -> Result<Self, Error> {
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(rsa::Error::Pkcs8)?;
        let private = EncodingKey::from_rsa_pem(pem.as_bytes())?;
        let mut jwk = Jwk::from_encoding_key(&private, Algorithm::RS256)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { private, public: DecodingKey::from_jwk(&jwk)?, jwks: json!({ "keys": [jwk] }), kid })
    }

    /// The JWK set (RFC 7517 §5); the key's name is its thumbprint (RFC 7638).
    pub(super) fn jwks(&self) -> Value {
        self.jwks.clone()
    }

    /// A signed JWT.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private)
    }

    /// Reads an ID token that this issuer signed for this client, expired or not (RP-Initiated Logout 1.0 §4).
    pub(super) fn read_hint(&self, token: &str, issuer: &str, client_id: &str) -> Option<Hint> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "sub"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[client_id]);
        jsonwebtoken::decode(token, &self.public, &validation).ok().map(|data| data.claims)
    }
}

fn generate() -> Result<RsaPrivateKey, Error> {
    Ok(RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS)?)
}

fn parse(text: &str, path: &Path) -> Result<RsaPrivateKey, Error> {
    let refuse = |problem| Error::Key { path: path.to_owned(), problem };
    let key = RsaPrivateKey::from_pkcs8_pem(text).map_err(|_| refuse("holds no RSA private key in PKCS#8 PEM"))?;
    key.validate().map_err(|_| refuse("holds an RSA key whose parts don't belong together"))?;
    if key.size() * 8 < BITS {
        return Err(refuse("holds an RSA key of fewer than 2048 bits"));
    }
    Ok(key)
}

/// Writes the key whole or not at all. Gives the other's key if another process was faster.
fn keep(key: &RsaPrivateKey, folder: &Path, path: &PathBuf) -> Result<Option<RsaPrivateKey>, Error> {
    let failed = |source| Error::KeyFile { path: path.clone(), doing: "written", source };
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(rsa::Error::Pkcs8)?;
    // Only its owner may read what `tempfile` makes.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(pem.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(None),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            let text = fs::read_to_string(path).map_err(failed)?;
            parse(&text, path).map(Some)
        }
        Err(error) => Err(failed(error.error)),
    }
}
