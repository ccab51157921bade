//! An ID token becomes AWS credentials: `AssumeRoleWithWebIdentity`, an unsigned call that anybody may make. STS decides
//! by the role's trust policy; the page only names the role that `domain` finds right.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use std::rc::Rc;

use aws_credential_types::Credentials;
use aws_smithy_types::date_time::{DateTime, Format};
use domain::Role;

use super::{
    Answer, Platform, Refusal, Session, SessionError, clock::LAST_MS, discovery::post_form,
    role_session_name::role_session_name, words::shown, xml::text_at,
};
use crate::api::DerivedKey;

/// Credentials for a while.
#[derive(Clone)]
pub(crate) struct SessionCredentials {
    /// They are wiped when the last copy is dropped, and in no `Debug` output.
    pub(crate) keys: Credentials,
    /// What the signer has derived from them.
    pub(crate) derived: Rc<DerivedKey>,
}

impl From<Credentials> for SessionCredentials {
    fn from(keys: Credentials) -> Self {
        Self { keys, derived: Rc::default() }
    }
}

impl<P: Platform> Session<P> {
    /// One call of STS: credentials, and when they end.
    pub(super) async fn assume_role(
        &self,
        role: Role,
        subject: &str,
        id_token: &str,
    ) -> Result<(SessionCredentials, i64), SessionError> {
        let role_arn = match role {
            Role::Admin => &self.config.roles.admin,
            Role::Buyer => &self.config.roles.buyer,
        };
        let pairs = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", role_arn),
            ("RoleSessionName", &role_session_name(subject)),
            ("WebIdentityToken", id_token),
        ];
        read(&self.send(post_form(&self.config.sts_url, &pairs)).await?)
    }
}

fn read(answer: &Answer) -> Result<(SessionCredentials, i64), SessionError> {
    let unreadable = SessionError::answer("it is no answer of STS");
    let Ok(xml) = std::str::from_utf8(&answer.body) else { return Err(unreadable) };
    if answer.status != 200 {
        let error = |name| text_at(xml, &["Error", name]).map(|text| shown(&text, 600));
        let Some(error_type) = error("Code") else {
            let passing = matches!(answer.status, 429 | 500..600);
            return Err(if passing { SessionError::trouble() } else { unreadable });
        };
        let request_id = text_at(xml, &["RequestId"]).map(|text| shown(&text, 100));
        let message = error("Message").unwrap_or_default();
        let refusal = Refusal { error_type, message, request_id, by_sts: true, ..Refusal::default() };
        return Err(SessionError::Sts(Box::new(refusal)));
    }
    let field = |name| text_at(xml, &["AssumeRoleWithWebIdentityResult", "Credentials", name]);
    // What goes into headers must be able to.
    let text = |name| field(name).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()));
    let (Some(id), Some(secret), Some(token)) = (text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"))
    else {
        return Err(unreadable);
    };
    let until = field("Expiration").and_then(|text| instant(&text));
    let until_ms = until.ok_or(unreadable)?;
    let keys = Credentials::new(id, secret, Some(token), None, "sts");
    Ok((keys.into(), until_ms))
}

/// A time as STS writes it, in milliseconds since 1970; only years that make sense.
pub(super) fn instant(text: &str) -> Option<i64> {
    let seconds = DateTime::from_str(text, Format::DateTime).ok()?.secs();
    (0..=LAST_MS / 1000).contains(&seconds).then_some(seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<(SessionCredentials, i64), SessionError> {
        read(&Answer::new(status, body.as_bytes().to_vec()))
    }

    fn credentials(fields: &str) -> String {
        let result = "AssumeRoleWithWebIdentityResult";
        format!("<R xmlns=\"x\"><{result}><Credentials>{fields}</Credentials></{result}></R>")
    }

    #[test]
    fn credentials_are_read() {
        let fields = "<SessionToken>t/+=</SessionToken><SecretAccessKey>s</SecretAccessKey><Expiration>2026-01-01T00:00:00Z\
                      </Expiration><AccessKeyId>ASIA1</AccessKeyId>";
        let (read, until_ms) = answer(200, &credentials(fields)).ok().unwrap();
        assert_eq!((read.keys.access_key_id(), read.keys.session_token()), ("ASIA1", Some("t/+=")));
        assert_eq!(until_ms, 1_767_225_600_000);
    }

    #[test]
    fn what_is_no_answer_of_sts_is_refused() {
        let key = "<SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>";
        for body in [
            "",
            "<html></html>",
            "{}",
            &credentials(key),
            &credentials(&format!("{key}<AccessKeyId>A</AccessKeyId>")),
            &credentials(&format!("{key}<AccessKeyId>A</AccessKeyId><Expiration>soon</Expiration>")),
            &credentials(&format!("{key}<AccessKeyId>A</AccessKeyId><Expiration>1969-01-01T00:00:00Z</Expiration>")),
            &credentials(&format!("{key}<AccessKeyId>A\nB</AccessKeyId><Expiration>2026-01-01T00:00:00Z</Expiration>")),
            &credentials(&format!("{key}<AccessKeyId></AccessKeyId><Expiration>2026-01-01T00:00:00Z</Expiration>")),
        ] {
            assert!(matches!(answer(200, body), Err(SessionError::Answer(_))), "{body}");
        }
        assert!(matches!(answer(400, "oh"), Err(SessionError::Answer(_))));
        assert!(answer(503, "oh").is_err_and(|error| error.is_passing()));
    }

    #[test]
    fn a_time_is_read_as_sts_writes_it() {
        assert_eq!(instant("2026-01-01T00:00:00Z"), Some(1_767_225_600_000));
        assert_eq!(instant("2026-01-01T00:00:00.5Z"), Some(1_767_225_600_000));
        for nonsense in ["", "2026", "2026-13-01T00:00:00Z", "-2026-01-01T00:00:00Z", "99999-01-01T00:00:00Z"] {
            assert_eq!(instant(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_refusal_is_read() {
        let body = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not \
                    authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error><RequestId>r1</RequestId></ErrorResponse>";
        let Err(SessionError::Sts(refusal)) = answer(403, body) else { panic!("no refusal") };
        assert_eq!((refusal.error_type.as_str(), refusal.request_id.as_deref()), ("AccessDenied", Some("r1")));
        assert!(refusal.message.contains("sts:AssumeRoleWithWebIdentity"));
    }
}
