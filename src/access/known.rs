//! What a browser knows of somebody's rights without the policy documents: the claims, the role that the page picks, what
//! STS answered, and who is meant to make which call. It never says that a document allows or refuses.

use domain::{
    Access, AccessCall, AccessRole, AccessTable, ApiCall, CALLS, Fact, IdentitySource, Role, Step, StepName, Verdict,
};

use crate::{
    config::Config,
    session::{Person, Refusal},
};

/// What STS answered when it was asked for credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sts {
    /// It wasn't: there is nobody, or no role to ask for.
    NotAsked,
    /// It gave some.
    Gave,
    /// It refused.
    Refused(Box<Refusal>),
    /// It could not be asked; why, in a sentence.
    NoAnswer(String),
}

/// The steps and the table, as far as they are known.
pub fn known(config: &Config, person: Option<&Person>, sts: &Sts) -> Access {
    Access { steps: steps(config, person, sts), table: table(config) }
}

/// What STS said, as a step.
pub fn sts_step(sts: &Sts) -> Option<Step> {
    let of = |verdict, says: String| step(StepName::TrustPolicy, verdict, says);
    match sts {
        Sts::NotAsked => None,
        Sts::Gave => {
            Some(of(Verdict::Allowed, "STS gave credentials: the role\u{2019}s trust policy lets you in.".into()))
        }
        Sts::Refused(refusal) => {
            let mut facts = vec![fact("Answer", &refusal.error_type)];
            facts.extend(refusal.request_id.as_deref().map(|id| fact("Request", id)));
            Some(Step { facts, ..of(Verdict::Refused, format!("STS gave no credentials: {}", refusal.message)) })
        }
        Sts::NoAnswer(why) => Some(of(Verdict::Unknown, format!("STS could not be asked. {why}"))),
    }
}

fn steps(config: &Config, person: Option<&Person>, sts: &Sts) -> Vec<Step> {
    let Some(person) = person else {
        let says = "Nobody is signed in: what needs no signature is allowed.";
        return vec![step(StepName::Connection, Verdict::Unknown, says.into())];
    };
    let connection = prefix(&person.subject).unwrap_or("without a name");
    let claims = vec![fact("iss", &config.issuer), fact("sub", &person.subject), fact("aud", &config.client_id)];
    let lists =
        vec![fact("Database Connection", "auth0"), fact("Social Connections", &config.social_connections.join(", "))];
    let source = match &person.source {
        source @ IdentitySource::Other(Some(_)) => {
            format!("{source}, neither the Database Connection nor a listed social one")
        }
        source => source.to_string(),
    };
    let source = format!("The part of sub before | names {source}.");
    let role = match role_arn(config, person.role) {
        Some(arn) => Step {
            facts: vec![fact("Role", arn)],
            ..step(StepName::Role, Verdict::Allowed, format!("The app picks {}.", role_name(arn)))
        },
        None => {
            let says = "The app picks no role: only the Database Connection and listed social ones have one.";
            step(StepName::Role, Verdict::Refused, says.into())
        }
    };
    let says = format!("Signed in through the connection {connection}.");
    let mut steps = vec![
        Step { facts: claims, ..step(StepName::Connection, Verdict::Allowed, says) },
        Step { facts: lists, ..step(StepName::IdentitySource, Verdict::Allowed, source) },
        role,
    ];
    steps.extend(sts_step(sts));
    steps
}

fn table(config: &Config) -> AccessTable {
    let columns = [None, Some(Role::Admin), Some(Role::Buyer)];
    let column = |role: Option<Role>| match role_arn(config, role) {
        Some(arn) => AccessRole { name: role_name(arn).to_owned(), arn: Some(arn.to_owned()) },
        None => AccessRole { name: "visitor".to_owned(), arn: None },
    };
    let row =
        |call: &ApiCall| AccessCall { call: call.to_string(), cells: columns.map(|role| expected(call, role)).into() };
    AccessTable { roles: columns.map(column).into(), calls: CALLS.iter().map(row).collect() }
}

fn expected(call: &ApiCall, role: Option<Role>) -> Step {
    let who = role.map_or("a visitor", Role::as_str);
    let (verdict, says) = match (call.is_for(role), call.role) {
        (_, None) => (Verdict::Allowed, "This page expects that everybody may.".to_owned()),
        (true, _) => (Verdict::Allowed, format!("This page expects that the role {who} may.")),
        (false, Some(meant)) => {
            let whose = meant.as_str();
            (Verdict::Refused, format!("This page expects that only the role {whose} may, and not {who}."))
        }
    };
    step(StepName::Call, verdict, says)
}

/// The ARN of a role.
pub fn role_arn(config: &Config, role: Option<Role>) -> Option<&str> {
    match role? {
        Role::Admin => Some(&config.roles.admin),
        Role::Buyer => Some(&config.roles.buyer),
    }
}

/// The connection's name in a subject.
pub fn prefix(subject: &str) -> Option<&str> {
    subject.split_once('|').map(|(prefix, _)| prefix).filter(|prefix| !prefix.is_empty())
}

fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn step(step: StepName, verdict: Verdict, says: String) -> Step {
    Step { step, verdict, says, facts: Vec::new(), statements: Vec::new(), advice: Vec::new() }
}

fn fact(name: &str, value: &str) -> Fact {
    Fact { name: name.to_owned(), value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use domain::role_for;

    use super::*;
    use crate::session::fake::Fake;

    fn of(subject: Option<&str>, sts: &Sts) -> Access {
        let config = Fake::new().session().config().clone();
        let person = subject.map(|subject| {
            let source = IdentitySource::from_subject(subject, &config.social_connections);
            let role = role_for(&source);
            Person { name: "Somebody".into(), source, role, subject: subject.into() }
        });
        known(&config, person.as_ref(), sts)
    }

    fn verdicts(access: &Access) -> Vec<Verdict> {
        access.steps.iter().map(|step| step.verdict).collect()
    }

    #[test]
    fn a_role_leads_to_the_credentials() {
        for subject in ["auth0|1", "amazon|1"] {
            let access = of(Some(subject), &Sts::Gave);
            assert_eq!(verdicts(&access), [Verdict::Allowed; 4], "{subject}");
            assert!(access.steps[0].facts.contains(&fact("sub", subject)));
        }
    }

    #[test]
    fn who_has_no_role_gets_as_far_as_the_role() {
        for subject in ["samlp|1", "nobody"] {
            let access = of(Some(subject), &Sts::NotAsked);
            assert_eq!(verdicts(&access), [Verdict::Allowed, Verdict::Allowed, Verdict::Refused], "{subject}");
        }
        assert_eq!(verdicts(&of(None, &Sts::NotAsked)), [Verdict::Unknown]);
    }

    #[test]
    fn what_sts_said_is_the_fourth_step_and_what_it_did_not_say_is_unknown() {
        let refusal = Refusal { error_type: "AccessDenied".into(), message: "Not you.".into(), ..Refusal::default() };
        let refused = of(Some("amazon|1"), &Sts::Refused(Box::new(refusal)));
        assert_eq!((refused.steps[3].verdict, refused.steps[3].says.contains("Not you.")), (Verdict::Refused, true));
        let silent = of(Some("amazon|1"), &Sts::NoAnswer("You are offline.".into()));
        assert_eq!(silent.steps[3].verdict, Verdict::Unknown);
    }

    #[test]
    fn the_table_has_every_call_for_everybody() {
        let AccessTable { roles, calls } = of(None, &Sts::NotAsked).table;
        assert_eq!((roles.len(), calls.len()), (3, 6));
        let allowed = |column: usize| {
            let allowed = calls.iter().filter(|call| call.cells[column].verdict == Verdict::Allowed);
            allowed.map(|call| call.call.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(allowed(0), ["GET /pets"]);
        assert_eq!(allowed(1), ["GET /pets", "POST /pets", "GET /pets/sales", "DELETE /pets/{petId}"]);
        assert_eq!(allowed(2), ["GET /pets", "POST /pets/purchase", "GET /pets/purchases"]);
    }
}
