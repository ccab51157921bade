//! Random strings that the issuer hands out: codes, tokens, cookies. A ticket is an id, under which the issuer
//! remembers it, and a secret, of which the issuer keeps a digest only. Whoever holds the right id and another secret
//! holds an older ticket of the same row, which is how a replaced refresh token is recognised without remembering it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 128 bits in base64url.
const ID_LENGTH: usize = 22;
/// 256 bits in base64url.
const SECRET_LENGTH: usize = 43;

/// The digest of a ticket's secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seal([u8; 32]);

impl Seal {
    fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// Whether both are of the same secret, in constant time.
    pub(super) fn fits(self, other: Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// A new id.
pub(super) fn new_id() -> String {
    random::<16>()
}

/// A new ticket for an id: what is handed out, and what is kept.
pub(super) fn mint(id: &str) -> (String, Seal) {
    let secret = random::<32>();
    let seal = Seal::of(&secret);
    (format!("{id}{secret}"), seal)
}

/// Takes a ticket apart. `None`: no ticket of ours.
pub(super) fn read(ticket: &str) -> Option<(&str, Seal)> {
    let well_formed = ticket.len() == ID_LENGTH + SECRET_LENGTH
        && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let (id, secret) = well_formed.then(|| ticket.split_at(ID_LENGTH))?;
    Some((id, Seal::of(secret)))
}

fn random<const N: usize>() -> String {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes; nothing may be signed without them");
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read_back_and_no_other_fits() {
        let id = new_id();
        let (ticket, seal) = mint(&id);
        let (read_id, read_seal) = read(&ticket).unwrap();
        assert_eq!(read_id, id);
        assert!(read_seal.fits(seal));
        assert!(!mint(&id).1.fits(seal));
    }

    #[test]
    fn what_is_no_ticket_is_refused_before_anything_is_looked_up() {
        let (ticket, _) = mint(&new_id());
        for bad in
            ["", "é", &ticket[1..], &format!("{ticket}a"), &ticket.replacen(&ticket[..1], "\u{0}", 1), &"é".repeat(40)]
        {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }
}
