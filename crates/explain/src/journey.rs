//! The way from a sign-in to a call in five steps, in the order in which they are asked: connection, identity source,
//! role, trust policy, call. It ends at the first refusal, except that a call which everybody may make is allowed whoever
//! asks.

use domain::{Access, Fact, IdentitySource, Journey, Step, StepName, Verdict, role_for};
use iam::Context;
use template::{Provider, Role, Route, View};

use crate::{
    call::Call,
    mistakes::{self, Asked},
    question::{ASSUME, CallSession, INVOKE, Person, call_question, trust_question},
    table::table,
    words::{Decided, OPEN, UNSIGNED, no_method, sentence, statements, verdict},
};

/// The name of a session that nobody has begun.
pub(crate) const SESSION_NAME: &str = "explained";

/// The journey of a person to a call, or to the credentials where there is no call. `role` is an ARN or a name that is
/// asked for; without it, it is the one that the app picks.
pub fn journey(
    documents: View<'_>,
    person: &Person,
    role: Option<&str>,
    call: Option<&Call>,
    circumstances: &Context,
) -> Journey {
    let Way { mut steps, provider, role } = way(documents, person, role, circumstances);
    if let Some(call) = call {
        let session = CallSession { name: SESSION_NAME, issued: issued(circumstances), provider, person: Some(person) };
        match Target::of(documents, call) {
            Ok(target) if target.is_open() => steps.push(open()),
            // Without credentials nobody gets as far as a call.
            target => {
                if let Some(role) = role {
                    steps.push(match target {
                        Ok(target) => call_step(documents, role, &session, &target, circumstances),
                        Err(step) => step,
                    });
                }
            }
        }
    }
    let verdict = steps.last().map_or(Verdict::Unknown, |step| step.verdict);
    Journey { verdict, steps }
}

/// The journey of nobody in particular: a call that isn't signed, or the fact that nobody is there.
pub fn unsigned(documents: View<'_>, call: Option<&Call>) -> Journey {
    let step = match call.map(|call| Target::of(documents, call)) {
        None => step(StepName::Connection, Verdict::Unknown, NOBODY),
        Some(Err(step)) => step,
        Some(Ok(target)) if target.is_open() => open(),
        Some(Ok(_)) => step(StepName::Call, Verdict::Refused, UNSIGNED),
    };
    Journey { verdict: step.verdict, steps: vec![step] }
}

const NOBODY: &str = "Nobody is signed in: what needs no signature is allowed.";

/// What somebody may do: a visitor where there is no person.
pub fn access(documents: View<'_>, person: Option<&Person>, circumstances: &Context) -> Access {
    let steps = match person {
        Some(person) => way(documents, person, None, circumstances).steps,
        None => {
            vec![step(
                StepName::Connection,
                Verdict::Unknown,
                "Nobody is signed in: what needs no signature is allowed.",
            )]
        }
    };
    Access { steps, table: table(documents, person, circumstances) }
}

/// The steps up to the credentials, and what they are made of where they are given.
struct Way<'a> {
    steps: Vec<Step>,
    provider: Option<&'a Provider>,
    role: Option<&'a Role>,
}

fn way<'a>(documents: View<'a>, person: &Person, asked: Option<&str>, circumstances: &Context) -> Way<'a> {
    let mut way = Way { steps: Vec::new(), provider: None, role: None };
    let provider = provider_of(documents, &person.issuer);
    way.steps.push(connection(documents, person, provider));
    let Some(provider) = provider.filter(|_| way.steps[0].verdict != Verdict::Refused) else { return way };
    way.provider = Some(provider);

    let social = documents.outputs.get("BuyerConnections").map(|list| list.split(',').collect::<Vec<_>>());
    let source = IdentitySource::from_subject(&person.subject, social.as_deref().unwrap_or_default());
    way.steps.push(identity_source(&source, social.as_deref()));

    let picked = social.is_some().then(|| role_for(&source)).flatten();
    let picked = picked.and_then(|role| {
        documents.outputs.get(match role {
            domain::Role::Admin => "AdminRoleArn",
            domain::Role::Buyer => "BuyerRoleArn",
        })
    });
    let wanted = asked.or(picked.map(String::as_str));
    way.steps.push(role_step(wanted, asked.is_some(), picked.map(String::as_str), social.is_some()));
    let Some(wanted) = wanted else {
        if social.is_some() {
            way.steps.push(nobody_lets_in(documents, provider, person, circumstances));
        }
        return way;
    };
    let Some(role) = documents.roles.iter().find(|role| role.arn == wanted || role.name == wanted) else {
        let names: Vec<_> = documents.roles.iter().map(|role| role.name.as_str()).collect();
        let says = format!("{wanted} is no role of {}; it has {}.", documents.file, names.join(", "));
        way.steps.push(step(StepName::TrustPolicy, Verdict::Refused, says));
        return way;
    };
    let step = trust_step(documents, role, provider, person, circumstances);
    way.role = (step.verdict == Verdict::Allowed).then_some(role);
    way.steps.push(step);
    way
}

fn connection(documents: View<'_>, person: &Person, provider: Option<&Provider>) -> Step {
    let name = person.subject.split_once('|').map_or("", |(connection, _)| connection);
    let (verdict, says) = match provider {
        None => (
            Verdict::Refused,
            format!("STS: InvalidIdentityToken. {} declares no OIDC provider for this issuer.", documents.file),
        ),
        Some(provider) if !provider.client_ids.contains(&person.audience) => (
            Verdict::Refused,
            "STS: InvalidIdentityToken, incorrect token audience. The OIDC provider doesn't list this client."
                .to_owned(),
        ),
        Some(_) if !is_subject(&person.subject) => (
            Verdict::Refused,
            "STS: InvalidIdentityToken. The subject must be 1 to 255 visible ASCII characters.".to_owned(),
        ),
        Some(_) if name.is_empty() => (Verdict::Allowed, "Signed in through a connection without a name.".to_owned()),
        Some(_) => (Verdict::Allowed, format!("Signed in through the connection {name}.")),
    };
    let mut facts = vec![fact("iss", &person.issuer), fact("sub", &person.subject), fact("aud", &person.audience)];
    if !person.amr.is_empty() {
        facts.push(fact("amr", person.amr.join(", ")));
    }
    if let Some(provider) = provider {
        facts.push(fact("OIDC provider", &provider.arn));
    }
    let advice = match verdict {
        Verdict::Refused => mistakes::for_provider(documents, person, provider),
        _ => Vec::new(),
    };
    Step { facts, advice, ..step(StepName::Connection, verdict, says) }
}

/// What a token's subject may be (OpenID Connect Core 1.0, section 2; invisible characters would only disguise one).
fn is_subject(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn identity_source(source: &IdentitySource, social: Option<&[&str]>) -> Step {
    let kind = match source {
        IdentitySource::Database => "a Database Connection".to_owned(),
        IdentitySource::Social(name) => format!("the Social Connection {name}"),
        IdentitySource::Other(Some(name)) => format!("{name}, neither the Database Connection nor a listed social one"),
        IdentitySource::Other(None) => "no connection at all: it has no prefix".to_owned(),
    };
    let says = format!("The part of sub before | names {kind}.");
    let Some(social) = social else {
        let says = "This template doesn't say which connections are social (no output BuyerConnections).";
        return step(StepName::IdentitySource, Verdict::Unknown, says);
    };
    let facts = vec![fact("Database Connection", "auth0"), fact("Social Connections", social.join(", "))];
    Step { facts, ..step(StepName::IdentitySource, Verdict::Allowed, says) }
}

fn role_step(wanted: Option<&str>, asked: bool, picked: Option<&str>, known: bool) -> Step {
    let name = |arn: &str| arn.rsplit('/').next().unwrap_or(arn).to_owned();
    let (verdict, says) = match (wanted, picked) {
        (Some(wanted), _) if !asked => (Verdict::Allowed, format!("The app picks {}.", name(wanted))),
        (Some(wanted), Some(picked)) if name(wanted) == name(picked) => {
            (Verdict::Allowed, format!("{} is asked for; the app picks it, too.", name(wanted)))
        }
        (Some(wanted), Some(picked)) => {
            (Verdict::Allowed, format!("{} is asked for; the app would pick {}.", name(wanted), name(picked)))
        }
        (Some(wanted), None) => {
            let app = if known { "; the app would pick none" } else { "" };
            (Verdict::Allowed, format!("{} is asked for{app}.", name(wanted)))
        }
        (None, _) if known => (
            Verdict::Refused,
            "The app picks no role: only the Database Connection and listed social ones have one.".to_owned(),
        ),
        (None, _) => (Verdict::Unknown, "This template doesn't say which role the app picks; name one.".to_owned()),
    };
    let facts = wanted.map(|wanted| vec![fact("Role", wanted)]).unwrap_or_default();
    Step { facts, ..step(StepName::Role, verdict, says) }
}

fn trust_step(documents: View<'_>, role: &Role, provider: &Provider, person: &Person, circumstances: &Context) -> Step {
    let request = trust_question(role, provider, person, SESSION_NAME, circumstances.clone());
    let policies = std::slice::from_ref(&role.trust);
    let explanation = iam::explain(policies, &request);
    let decided = Decided::of(role, documents);
    let asked = Asked { documents, role, policies, request: &request, explanation: &explanation };
    Step {
        facts: vec![fact("Action", ASSUME), fact("Role", &role.arn)],
        statements: statements(&explanation, decided),
        advice: mistakes::for_trust(&asked, provider, person),
        ..decision_step(StepName::TrustPolicy, role, &explanation.decision, decided)
    }
}

/// Somebody for whom the app picks no role: whatever they ask for, each role's own policy says no.
fn nobody_lets_in(documents: View<'_>, provider: &Provider, person: &Person, circumstances: &Context) -> Step {
    let steps = documents.roles.iter().filter(|role| crate::table::is_for_people(role));
    let steps: Vec<_> =
        steps.map(|role| (role, trust_step(documents, role, provider, person, circumstances))).collect();
    let lets_in = |(role, step): &(&Role, Step)| (step.verdict != Verdict::Refused).then(|| role.name.clone());
    let open: Vec<_> = steps.iter().filter_map(lets_in).collect();
    let (verdict, says) = if open.is_empty() {
        (Verdict::Refused, "No role's trust policy lets this person in, whatever is asked for.".to_owned())
    } else {
        (Verdict::Unknown, format!("The app asks for no role, though {} would let this person in.", open.join(", ")))
    };
    let steps = steps.into_iter().map(|(_, step)| (step.statements, step.advice));
    let (statements, advice): (Vec<_>, Vec<_>) = steps.unzip();
    Step { statements: statements.concat(), advice: advice.concat(), ..step(StepName::TrustPolicy, verdict, says) }
}

/// A method of the API, and the path that is asked for.
pub(crate) struct Target<'a> {
    route: &'a Route,
    resource: String,
}

impl<'a> Target<'a> {
    /// The route of a call, or the step that says that there is none.
    pub fn of(documents: View<'a>, call: &Call) -> Result<Self, Step> {
        let Some(api) = documents.api else {
            let says = format!("{} has no API that is understood here.", documents.file);
            return Err(step(StepName::Call, Verdict::Unknown, says));
        };
        let segments = template::path::segments(&call.path);
        let route = segments.as_deref().and_then(|segments| api.route(&call.method, segments));
        let (Some(route), Some(segments)) = (route, segments) else {
            let advice = mistakes::for_route(documents, api, call);
            let says = no_method(documents.file, &call.method);
            return Err(Step { advice, ..step(StepName::Call, Verdict::Refused, says) });
        };
        let resource = format!("{}/{}{}", api.arn, route.method, template::path::join(&segments));
        Ok(Self { route, resource })
    }

    pub fn is_open(&self) -> bool {
        self.route.authorization == template::Authorization::None
    }
}

/// A call that everybody may make.
pub(crate) fn open() -> Step {
    step(StepName::Call, Verdict::Allowed, OPEN)
}

/// What a role's permissions say of a call that needs a signature.
pub(crate) fn call_step(
    documents: View<'_>,
    role: &Role,
    session: &CallSession<'_>,
    target: &Target<'_>,
    circumstances: &Context,
) -> Step {
    if let template::Authorization::Other(kind) = &target.route.authorization {
        let says = format!("Another authorizer decides about this method: {kind}.");
        return step(StepName::Call, Verdict::Unknown, says);
    }
    let request = call_question(session, role, &target.resource, circumstances.clone());
    let explanation = iam::explain(&role.permissions, &request);
    let decided = Decided::of(role, documents);
    let asked = Asked { documents, role, policies: &role.permissions, request: &request, explanation: &explanation };
    Step {
        facts: vec![fact("Action", INVOKE), fact("Resource", &target.resource), fact("Role", &role.arn)],
        statements: statements(&explanation, decided),
        advice: mistakes::for_call(&asked),
        ..decision_step(StepName::Call, role, &explanation.decision, decided)
    }
}

fn decision_step(name: StepName, role: &Role, decision: &iam::Decision, decided: Decided<'_>) -> Step {
    let says = format!("{}: {}", role.name, sentence(decision, decided));
    let unread = if name == StepName::TrustPolicy { &role.trust_passed_over } else { &role.passed_over };
    match unread.first() {
        // A deny is one, whatever else there is.
        Some(unread) if decision.outcome != iam::Outcome::ExplicitlyDenied => {
            let says = format!("{says}. But {}:{}: {}", decided.file, unread.line, unread.message);
            step(name, Verdict::Unknown, says)
        }
        _ => step(name, verdict(decision), says),
    }
}

/// The provider of a token's issuer, to the letter behind the scheme.
pub fn provider_of<'a>(documents: View<'a>, issuer: &str) -> Option<&'a Provider> {
    let issuer = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    documents.providers.iter().find(|provider| provider.key_prefix == issuer)
}

/// When a session began that nobody has begun: now.
pub(crate) fn issued(circumstances: &Context) -> i64 {
    let now = circumstances.get("aws:EpochTime").and_then(|values| values.first());
    now.and_then(|now| now.parse().ok()).unwrap_or_default()
}

pub(crate) fn step(name: StepName, verdict: Verdict, says: impl Into<String>) -> Step {
    Step { step: name, verdict, says: says.into(), facts: Vec::new(), statements: Vec::new(), advice: Vec::new() }
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact { name: name.into(), value: value.into() }
}

#[cfg(test)]
mod tests;
