//! Signature Version 4 by hand, after the IAM User Guide: whatever somebody with good credentials could sign, also what
//! no library would.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::{client::Call, signer::Credentials};

/// What goes into a signature. The headers of the call that `signed` names are signed, in this order.
pub struct ByHand<'a> {
    pub credentials: &'a Credentials,
    /// `20150830T123600Z`
    pub timestamp: &'a str,
    /// Date, region, service and terminator, for the key as for the text.
    pub scope: [String; 4],
    pub signed: &'a [&'a str],
    /// The path and the query as they are signed.
    pub canonical: (&'a str, &'a str),
    /// As it stands in the canonical request; without it, the hash of the body.
    pub payload: Option<&'a str>,
}

impl ByHand<'_> {
    /// The call with its `Authorization`.
    pub fn sign(&self, call: Call) -> Call {
        let headers = self.signed.iter().map(|name| {
            let values = call.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
            let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
            format!("{name}:{}\n", values.join(","))
        });
        let (path, query) = self.canonical;
        let (headers, names) = (headers.collect::<String>(), self.signed.join(";"));
        let payload = self.payload.map_or_else(|| hex(&Sha256::digest(&call.body)), str::to_owned);
        let request = format!("{}\n{path}\n{query}\n{headers}\n{names}\n{payload}", call.method);
        let scope = self.scope.join("/");
        let request = hex(&Sha256::digest(request));
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{request}", self.timestamp);
        let secret = format!("AWS4{}", self.credentials.secret).into_bytes();
        let key = self.scope.iter().fold(secret, |key, part| mac(&key, part));
        let (id, signature) = (&self.credentials.id, hex(&mac(&key, &text)));
        let value = format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        call.header("authorization", &value)
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
