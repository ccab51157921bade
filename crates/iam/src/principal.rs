//! The `Principal` element of a trust policy: whom it covers. Names are compared whole; the only wildcard is `*` for
//! everybody (User Guide, "AWS JSON policy elements: Principal").

use crate::{error::Problem, request::Principal};

/// One entry of a `Principal` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Covered {
    Everybody,
    /// Everybody of an account: its number or its root's ARN.
    Account(String),
    Aws(String),
    Federated(String),
    Service(String),
    CanonicalUser(String),
}

/// The keys that a `Principal` object may have.
pub(crate) const KINDS: &str = "AWS, Federated, Service, CanonicalUser";

impl Covered {
    pub fn parse(kind: &str, id: &str) -> Result<Self, Problem> {
        if id == "*" && kind == "AWS" {
            return Ok(Self::Everybody);
        }
        if id.contains(['*', '?']) {
            return Err(Problem::Principal("wildcards don't work in it; only AWS may be \"*\""));
        }
        if id.contains("${") {
            return Err(Problem::Principal("variables don't work in it"));
        }
        if id.is_empty() || id.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(Problem::Principal("it is empty or contains white space"));
        }
        match kind {
            "AWS" => Self::aws(id),
            "Federated" => Ok(Self::Federated(id.to_owned())),
            "Service" if id.contains('.') => Ok(Self::Service(id.to_owned())),
            "Service" => Err(Problem::Principal("a service is named like lambda.amazonaws.com")),
            "CanonicalUser" => Ok(Self::CanonicalUser(id.to_owned())),
            _ => Err(Problem::UnknownElement(KINDS)),
        }
    }

    fn aws(id: &str) -> Result<Self, Problem> {
        if is_account(id) {
            return Ok(Self::Account(id.to_owned()));
        }
        match arn(id) {
            Some(Arn { service: "iam", account, resource: "root" }) => Ok(Self::Account(account.to_owned())),
            Some(Arn { service: "iam" | "sts", .. }) => Ok(Self::Aws(id.to_owned())),
            _ => {
                Err(Problem::Principal("write an account's twelve digits or the ARN of a root, user, role or session"))
            }
        }
    }

    pub fn covers(&self, principal: &Principal) -> bool {
        match (self, principal) {
            (Self::Everybody, _) => true,
            (Self::Account(account), Principal::Aws(id)) => {
                arn(id).is_some_and(|arn| arn.account == account) || id == account
            }
            (Self::Aws(wanted), Principal::Aws(id)) => wanted == id || is_session_of(id, wanted),
            (Self::Federated(wanted), Principal::Federated(id))
            | (Self::Service(wanted), Principal::Service(id))
            | (Self::CanonicalUser(wanted), Principal::CanonicalUser(id)) => wanted == id,
            _ => false,
        }
    }
}

struct Arn<'a> {
    service: &'a str,
    account: &'a str,
    resource: &'a str,
}

fn arn(text: &str) -> Option<Arn<'_>> {
    let mut parts = text.splitn(6, ':');
    if parts.next()? != "arn" || parts.next()?.is_empty() {
        return None;
    }
    let (service, _region) = (parts.next()?, parts.next()?);
    let (account, resource) = (parts.next()?, parts.next()?);
    (is_account(account) && !resource.is_empty()).then_some(Arn { service, account, resource })
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A session's ARN is `arn:…:sts::ACCOUNT:assumed-role/NAME/SESSION`; the role's has a path before its name, which is
/// unique in the account without it.
fn is_session_of(session: &str, role: &str) -> bool {
    let (Some(session), Some(role)) = (arn(session), arn(role)) else {
        return false;
    };
    let of = session.resource.strip_prefix("assumed-role/").and_then(|rest| rest.split_once('/'));
    let name = role.resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    session.service == "sts"
        && role.service == "iam"
        && session.account == role.account
        && of.is_some_and(|(of, _)| Some(of) == name)
}
