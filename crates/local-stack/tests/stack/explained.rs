//! What is explained is what is done: for thousands of people, roles and calls, `explain` says of each step what STS and
//! the gateway did, and names the statement that decided there. `PETS_EXPLAIN_CASES` asks more, `PETS_EXPLAIN_SEED` the
//! same again.

mod cases;

use std::{
    env,
    hash::{BuildHasher, RandomState},
    net::Ipv4Addr,
};

use domain::{Journey, Statement, Step, StepName, Verdict};
use explain::{Call, Person};
use local_stack::Decision;
use serde_json::json;
use template::Documents;

use crate::{
    client::{self, Answer, Connection},
    issuer::{CLIENT, sign},
    signer::{Credentials, Signing},
    world::{ADMIN, ADMIN_ROLE, BUYER, BUYER_ROLE, World, credentials},
};
use cases::{CALLS, Dice, ROLES};

/// How the answers came out, so that a run in which nothing was compared is noticed.
#[derive(Debug, Default)]
struct Tally {
    let_in: usize,
    kept_out: usize,
    calls_allowed: usize,
    calls_denied: usize,
}

/// A stack, and the documents that it obeys as somebody else reads them.
struct Both {
    world: World,
    documents: Documents,
    connection: Connection,
    tally: Tally,
}

impl Both {
    async fn of(world: World) -> Self {
        let (documents, connection) = (world.documents(), Connection::open(world.address()).await);
        Self { world, documents, connection, tally: Tally::default() }
    }

    fn explain(&self, person: &Person, role: Option<&str>, call: Option<&Call>) -> Journey {
        let circumstances = explain::circumstances(self.world.now(), Ipv4Addr::LOCALHOST.into(), None);
        explain::journey(self.documents.view(), person, role, call, &circumstances)
    }

    /// Somebody asks for a role, and then for each of the calls with what they got.
    async fn compare(&mut self, person: &Person, role: &str, calls: &[(&str, &str)]) {
        let credentials = self.compare_trust(person, role).await;
        for call in calls {
            self.compare_call(person, role, credentials.as_ref(), *call).await;
        }
    }

    async fn compare_trust(&mut self, person: &Person, role: &str) -> Option<Credentials> {
        let mut claims = self.world.issuer.claims(&person.subject, self.world.now().unix_timestamp());
        claims["iss"] = json!(person.issuer);
        claims["aud"] = json!(person.audience);
        if !person.amr.is_empty() {
            claims["amr"] = json!(person.amr);
        }
        let parameters = [("RoleArn", role), ("WebIdentityToken", &sign(&claims))];
        let sts = self.connection.send(&self.world.assumption(&parameters)).await;
        let journey = self.explain(person, Some(role), None);
        self.same_trust(&sts, &journey, &format!("{person:?} as {role}"));
        (sts.status == 200).then(|| credentials(&sts))
    }

    async fn compare_call(
        &mut self,
        person: &Person,
        role: &str,
        credentials: Option<&Credentials>,
        (method, path): (&str, &str),
    ) {
        let call = client::Call::new(method, &format!("/test{path}"));
        let host = self.world.address().to_string();
        let call = match credentials {
            Some(credentials) => Signing::new(credentials, self.world.now()).sign(call, &host),
            None => call,
        };
        let gateway = self.connection.send(&call).await;
        let call = Call { method: method.into(), path: path.into() };
        let journey = self.explain(person, Some(role), Some(&call));
        self.same_call(&gateway, &journey, &format!("{person:?} as {role}: {method} {path}"));
    }

    fn same_trust(&mut self, sts: &Answer, journey: &Journey, what: &str) {
        let decision = self.decision(sts);
        let last = journey.steps.last().unwrap();
        assert_eq!(last.verdict == Verdict::Allowed, sts.status == 200, "{what}: {sts:?}, {last:?}");
        assert_eq!(journey.verdict, last.verdict, "{what}");
        assert_eq!(decision.allowed, sts.status == 200, "{what}: {decision:?}");
        match (sts.status, last.step) {
            (200, StepName::TrustPolicy) => self.tally.let_in += 1,
            (400, StepName::Connection) => {
                assert_eq!(sts.xml("Code"), "InvalidIdentityToken", "{what}");
                self.tally.kept_out += 1;
            }
            (403, StepName::TrustPolicy) => self.tally.kept_out += 1,
            other => panic!("{what}: {other:?}"),
        }
        if last.step == StepName::TrustPolicy && decision.role.is_some() {
            same_statements(&decision, last, what);
        }
    }

    fn same_call(&mut self, gateway: &Answer, journey: &Journey, what: &str) {
        let refused = gateway.header("x-amzn-errortype");
        assert_eq!(journey.verdict == Verdict::Allowed, refused.is_none(), "{what}: {gateway:?}, {journey:?}");
        if refused.is_none() {
            self.tally.calls_allowed += 1;
        } else {
            assert_eq!(gateway.status, 403, "{what}: {gateway:?}");
            self.tally.calls_denied += 1;
        }
        // A preflight isn't on record, and who got no credentials isn't explained the call.
        let Some(step) = journey.steps.iter().find(|step| step.step == StepName::Call) else { return };
        let is_preflight = what.contains(": OPTIONS ") && refused.is_none();
        if is_preflight {
            return;
        }
        let decision = self.decision(gateway);
        assert_eq!(decision.allowed, refused.is_none(), "{what}: {decision:?}");
        if decision.role.is_some() {
            same_statements(&decision, step, what);
        } else {
            assert_eq!(decision.says, step.says, "{what}");
        }
    }

    /// What is on record about an answer.
    fn decision(&self, answer: &Answer) -> Decision {
        let id = answer.header("x-amzn-requestid");
        let decisions = self.world.handle.decisions();
        let found = decisions.iter().find(|decision| decision.request.as_deref() == id);
        found.unwrap_or_else(|| panic!("{answer:?} is on record")).as_ref().clone()
    }
}

/// The same sentence, about the same statements in the same lines.
fn same_statements(decision: &Decision, step: &Step, what: &str) {
    let sentence = format!("{}: {}", decision.role.as_deref().unwrap(), decision.says);
    assert_eq!(sentence, step.says, "{what}");
    let shape = |statement: &Statement| {
        let Statement { policy, name, at, effect, applies, decides, comparisons } = statement.clone();
        let comparisons: Vec<_> =
            comparisons.into_iter().map(|comparison| (comparison.element, comparison.verdict)).collect();
        (policy, name, at, effect, applies, decides, comparisons)
    };
    let shapes = |statements: &[Statement]| statements.iter().map(shape).collect::<Vec<_>>();
    assert_eq!(shapes(&decision.statements), shapes(&step.statements), "{what}");
    assert!(!decision.statements.is_empty(), "{what}: something was compared");
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// As many triples as were asked for, in groups of one person.
async fn compare_many(world: World, dice: &mut Dice, cases: usize) -> Tally {
    let mut both = Both::of(world).await;
    let mut done = 0;
    while done < cases {
        let issuer = both.world.issuer.url.clone();
        let issuer = if dice.one_in(16) { issuer.trim_end_matches('/').to_owned() } else { issuer };
        let audience = if dice.one_in(10) { dice.pick(&["other", "", "TESTS", "*", "tests "]) } else { CLIENT };
        let amr = if dice.one_in(4) { vec!["pwd".to_owned(), "mfa".to_owned()] } else { Vec::new() };
        let person = Person { issuer, subject: dice.subject(), audience: audience.to_owned(), amr };
        for role in ROLES {
            let credentials = both.compare_trust(&person, role).await;
            // Who was let in has more to try.
            let count = if credentials.is_some() { 24 } else { 4 };
            for _ in 0..count {
                both.compare_call(&person, role, credentials.as_ref(), *dice.pick(&CALLS)).await;
            }
            done += count;
        }
    }
    both.tally
}

#[tokio::test]
async fn thousands_of_decisions_are_explained_as_they_are_made() {
    let cases = usize::try_from(number("PETS_EXPLAIN_CASES").unwrap_or(4000)).unwrap();
    let seed = number("PETS_EXPLAIN_SEED").unwrap_or_else(|| RandomState::new().hash_one(()));
    println!("PETS_EXPLAIN_SEED={seed} PETS_EXPLAIN_CASES={cases}");
    let mut dice = Dice(seed);
    let tally = compare_many(World::start().await, &mut dice, cases).await;
    println!("{tally:?}");
    let Tally { let_in, kept_out, calls_allowed, calls_denied } = tally;
    assert!([let_in, kept_out, calls_allowed, calls_denied].iter().all(|count| *count > cases / 200), "{tally:?}");
}

#[tokio::test]
async fn a_template_that_says_something_else_is_explained_as_it_is_obeyed() {
    let seed = number("PETS_EXPLAIN_SEED").unwrap_or(7);
    let cases = usize::try_from(number("PETS_EXPLAIN_CASES").unwrap_or(2400)).unwrap() / 8;
    let deny = "              - {Sid: Never, Effect: Deny, Action: 'execute-api:*', Resource: '*/DELETE/*'}
              - Sid: ManagePets\n";
    let deny = deny.replace("'*/", "'arn:aws:execute-api:*:*:*/");
    for (old, new) in [
        ("${Api}/${StageName}/DELETE", "${Api}/prod/DELETE"),
        ("/${StageName}/DELETE/pets/*", "/${StageName}/delete/pets/*"),
        ("/POST/pets/purchase\n", "/*\n"),
        ("              - Sid: ManagePets\n", &deny),
        ("AuthorizationType: AWS_IAM", "AuthorizationType: NONE"),
        ("AuthorizationType: NONE", "AuthorizationType: AWS_IAM"),
        (r#"": "auth0|*""#, r#"": "samlp|initech|*""#),
        ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
    ] {
        let world = World::start_changed(old, new).await.unwrap_or_else(|error| panic!("{new}: {error}"));
        compare_many(world, &mut Dice(seed), cases).await;
    }
}

fn person(world: &World, subject: &str) -> Person {
    Person { issuer: world.issuer.url.clone(), subject: subject.into(), audience: CLIENT.into(), amr: Vec::new() }
}

#[tokio::test]
async fn each_row_of_the_role_table_is_explained_as_it_is_written() {
    let mut both = Both::of(World::start().await).await;
    let rows = [
        ("GET", "/pets", "/pets", [true, true, true]),
        ("POST", "/pets", "/pets", [false, true, false]),
        ("DELETE", "/pets/1", "/pets/{petId}", [false, true, false]),
        ("POST", "/pets/purchase", "/pets/purchase", [false, false, true]),
        ("GET", "/pets/sales", "/pets/sales", [false, true, false]),
        ("GET", "/pets/purchases", "/pets/purchases", [false, false, true]),
    ];
    let circumstances = explain::circumstances(both.world.now(), Ipv4Addr::LOCALHOST.into(), None);
    let table = explain::table(both.documents.view(), None, &circumstances);
    assert_eq!(table.calls.len(), rows.len());
    for (method, path, template, expected) in rows {
        let row = table.calls.iter().find(|row| row.call == format!("{method} {template}")).unwrap();
        for (name, expected) in ["visitor", "auth0-api-role", "auth0-api-social-role"].into_iter().zip(expected) {
            let column = table.roles.iter().position(|role| role.name == name).unwrap();
            assert_eq!(row.cells[column].verdict == Verdict::Allowed, expected, "{name}: {method} {path}");
        }
        for (subject, role, expected) in [(ADMIN, ADMIN_ROLE, expected[1]), (BUYER, BUYER_ROLE, expected[2])] {
            let person = person(&both.world, subject);
            both.compare(&person, role, &[(method, path)]).await;
            let call = Call { method: method.into(), path: path.into() };
            // The app picks the same role.
            let journey = both.explain(&person, None, Some(&call));
            assert_eq!(journey.verdict == Verdict::Allowed, expected, "{subject}: {method} {path}");
        }
        let nobody = person(&both.world, "samlp|initech|1");
        both.compare(&nobody, ADMIN_ROLE, &[(method, path)]).await;
        both.compare(&nobody, BUYER_ROLE, &[(method, path)]).await;
        let call = Call { method: method.into(), path: path.into() };
        assert_eq!(
            both.explain(&nobody, None, Some(&call)).verdict == Verdict::Allowed,
            expected[0],
            "{method} {path}"
        );
    }
}

/// At which step somebody's way ends.
fn ends_at(journey: &Journey) -> StepName {
    let refused: Vec<_> = journey.steps.iter().filter(|step| step.verdict == Verdict::Refused).collect();
    assert_eq!(refused.len(), 1, "{journey:?}");
    refused[0].step
}

#[tokio::test]
async fn each_attack_ends_at_the_step_that_refuses_it() {
    let mut both = Both::of(World::start().await).await;
    let good = |subject: &str| person(&both.world, subject);
    let bare = Person { issuer: both.world.issuer.url.trim_end_matches('/').into(), ..good(ADMIN) };
    let cases = [
        ("a buyer asks for the admin's role", good(BUYER), ADMIN_ROLE, ("DELETE", "/pets/1"), StepName::TrustPolicy),
        ("an admin asks for the buyer's role", good(ADMIN), BUYER_ROLE, ("GET", "/pets/sales"), StepName::TrustPolicy),
        ("somebody of a company asks", good("samlp|x|1"), ADMIN_ROLE, ("POST", "/pets"), StepName::TrustPolicy),
        ("a function's role is asked for", good(ADMIN), ROLES[2], ("POST", "/pets"), StepName::TrustPolicy),
        ("a role that isn't there", good(ADMIN), ROLES[3], ("POST", "/pets"), StepName::TrustPolicy),
        ("a prefix in other letters", good("AUTH0|1"), ADMIN_ROLE, ("POST", "/pets"), StepName::TrustPolicy),
        (
            "another client's token",
            Person { audience: "other".into(), ..good(ADMIN) },
            ADMIN_ROLE,
            ("POST", "/pets"),
            StepName::Connection,
        ),
        ("an issuer without its slash", bare, ADMIN_ROLE, ("POST", "/pets"), StepName::Connection),
        ("a subject in disguise", good("auth0|\u{202e}1"), ADMIN_ROLE, ("POST", "/pets"), StepName::Connection),
        ("an admin buys", good(ADMIN), ADMIN_ROLE, ("POST", "/pets/purchase"), StepName::Call),
        ("a buyer adds", good(BUYER), BUYER_ROLE, ("POST", "/pets"), StepName::Call),
        ("a buyer removes", good(BUYER), BUYER_ROLE, ("DELETE", "/pets/1"), StepName::Call),
        ("a buyer removes in another spelling", good(BUYER), BUYER_ROLE, ("DELETE", "/%70ets/%31"), StepName::Call),
        ("a method that isn't there", good(ADMIN), ADMIN_ROLE, ("PUT", "/pets"), StepName::Call),
        ("a method in small letters", good(ADMIN), ADMIN_ROLE, ("delete", "/pets/1"), StepName::Call),
    ];
    for (name, person, role, (method, path), expected) in cases {
        both.compare(&person, role, &[(method, path)]).await;
        let call = Call { method: method.into(), path: path.into() };
        assert_eq!(ends_at(&both.explain(&person, Some(role), Some(&call))), expected, "{name}");
    }
}
