//! Session credentials. A session is sealed into its own token: who it is, until when, under a key that only this data
//! folder has. So nothing grows in memory, and a restart logs nobody out. A token can be read by its holder, as any
//! signed token; it can't be made or changed by anybody. The secret key is derived from the token and is in no token.
//! `sts` issues them, `gateway` asks whose they are.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use time::OffsetDateTime;

use crate::gateway::Secret;

/// Makes session credentials and recognises its own.
pub struct Sealer {
    key: [u8; 32],
}

/// Who a session is. Serialised into the session token, so the names are short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// `ASIA…`
    #[serde(rename = "k")]
    pub access_key_id: String,
    /// The role's ARN.
    #[serde(rename = "r")]
    pub role_arn: String,
    /// `RoleSessionName`
    #[serde(rename = "n")]
    pub name: String,
    /// The ARN of the provider whose token began the session.
    #[serde(rename = "p")]
    pub provider_arn: String,
    /// The token's `sub`.
    #[serde(rename = "s")]
    pub subject: String,
    /// The token's audience.
    #[serde(rename = "a")]
    pub audience: String,
    /// The token's `amr`.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// A session policy, which can only take rights away.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// When it began, in seconds since 1970.
    #[serde(rename = "i")]
    pub issued: i64,
    /// When it ends, in seconds since 1970.
    #[serde(rename = "x")]
    pub expires: i64,
}

/// A session with its secret.
pub struct Credentials {
    /// Whose they are.
    pub session: Session,
    /// 40 characters.
    pub secret_access_key: String,
    /// The sealed session.
    pub session_token: String,
}

impl Secret for Credentials {
    fn secret_access_key(&self) -> &str {
        &self.secret_access_key
    }
}

/// Why credentials aren't known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// No session of this folder, or a token that was changed, or another session's key id.
    Unrecognized,
    /// The session has ended.
    Expired,
}

/// Longer tokens aren't looked at. The largest that is issued has a session policy of 2,048 characters in it.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
const TAG_BYTES: usize = 32;

impl Sealer {
    /// The key in this file, which is made if it's missing.
    pub fn load_or_generate(file: &Path) -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(file) {
            Ok(mut new) => {
                new.write_all(&key)?;
                new.sync_all()?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let unusable = || io::Error::other("it must have 32 bytes; remove it to get a new one");
                key = fs::read(file)?.try_into().map_err(|_| unusable())?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self { key })
    }

    /// A new access key id: `ASIA` and 16 letters and digits, 80 random bits.
    pub fn access_key_id() -> Result<String, getrandom::Error> {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        Ok("ASIA".chars().chain(random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]))).collect())
    }

    /// Credentials for this session.
    pub fn seal(&self, session: Session) -> Credentials {
        let payload = serde_json::to_vec(&session).expect("texts and numbers are JSON");
        let mut sealed = self.mac("token", &payload).finalize().into_bytes().to_vec();
        sealed.extend_from_slice(&payload);
        let session_token = BASE64_STANDARD.encode(sealed);
        let secret_access_key = self.secret_access_key(&payload);
        Credentials { session, secret_access_key, session_token }
    }

    /// The credentials that belong to this key id and token.
    pub fn open(&self, access_key_id: &str, token: Option<&str>, now: OffsetDateTime) -> Result<Credentials, Unknown> {
        let token = token.filter(|token| token.len() <= MAX_TOKEN_BYTES).ok_or(Unknown::Unrecognized)?;
        let sealed = BASE64_STANDARD.decode(token).map_err(|_| Unknown::Unrecognized)?;
        let (tag, payload) = sealed.split_at_checked(TAG_BYTES).ok_or(Unknown::Unrecognized)?;
        self.mac("token", payload).verify_slice(tag).map_err(|_| Unknown::Unrecognized)?;
        let session: Session = serde_json::from_slice(payload).map_err(|_| Unknown::Unrecognized)?;
        if session.access_key_id != access_key_id {
            return Err(Unknown::Unrecognized);
        }
        if now.unix_timestamp() >= session.expires {
            return Err(Unknown::Expired);
        }
        let secret_access_key = self.secret_access_key(payload);
        Ok(Credentials { session, secret_access_key, session_token: token.to_owned() })
    }

    fn secret_access_key(&self, payload: &[u8]) -> String {
        BASE64_STANDARD.encode(&self.mac("secret", payload).finalize().into_bytes()[..30])
    }

    fn mac(&self, purpose: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(payload);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session {
            access_key_id: Sealer::access_key_id().unwrap(),
            role_arn: "arn:aws:iam::123456789012:role/r".into(),
            name: "n".into(),
            provider_arn: "p".into(),
            subject: "auth0|1".into(),
            audience: "a".into(),
            amr: vec![],
            policy: None,
            issued: 0,
            expires: 1000,
        }
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    #[test]
    fn a_session_is_recognised_until_it_ends_and_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let sealed = Sealer::load_or_generate(&file).unwrap().seal(session());
        let (id, token) = (&sealed.session.access_key_id, Some(sealed.session_token.as_str()));
        let again = Sealer::load_or_generate(&file).unwrap();
        let opened = again.open(id, token, at(999)).ok().unwrap();
        assert_eq!(opened.session, sealed.session);
        assert_eq!(opened.secret_access_key, sealed.secret_access_key);
        assert_eq!(opened.secret_access_key.len(), 40);
        assert_eq!(again.open(id, token, at(1000)).err(), Some(Unknown::Expired));
    }

    #[test]
    fn no_other_token_is_recognised() {
        let folder = tempfile::tempdir().unwrap();
        let sealer = Sealer::load_or_generate(&folder.path().join("key")).unwrap();
        let other = Sealer::load_or_generate(&folder.path().join("other")).unwrap();
        let sealed = sealer.seal(session());
        let id = &sealed.session.access_key_id;
        let refused = |sealer: &Sealer, id: &str, token: Option<&str>| {
            assert_eq!(sealer.open(id, token, at(0)).err(), Some(Unknown::Unrecognized), "{token:?}");
        };
        refused(&sealer, id, None);
        refused(&sealer, id, Some(""));
        refused(&sealer, id, Some("AAAA"));
        refused(&sealer, "ASIAAAAAAAAAAAAAAAAA", Some(&sealed.session_token));
        refused(&other, id, Some(&sealed.session_token));
        let bytes = BASE64_STANDARD.decode(&sealed.session_token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            refused(&sealer, id, Some(&BASE64_STANDARD.encode(changed)));
        }
    }

    #[test]
    fn a_key_file_that_is_none_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, "short").unwrap();
        assert!(Sealer::load_or_generate(&file).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"short");
    }
}
