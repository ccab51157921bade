//! Policy documents. The input is the text of one.
//!
//! - It loads or is refused in one line. As text and as JSON it loads alike, or has a key twice.
//! - What a document allows is the same after it was written anew, turned around, in lists instead of single values,
//!   and cut into a document a statement. Explaining decides as deciding does.
//! - A statement that denies everything denies every request. Without a statement that allows, nothing is allowed.
//!   Taking an allow away never allows more; taking a deny away never denies more.
//! - Where no condition, variable or principal is involved, the decision is the one of the definition.
//!
//! The requests that are asked are made of the document's own words (`probe`), so that statements get to match.

mod definition;
mod probe;

use iam::{Document, Outcome, Policy, PolicyError, Problem, Request, decide, explain};
use serde_json::{Value, json};

use crate::Outcome as Reached;

/// Loads and asks.
pub fn check(input: &[u8]) -> Reached {
    let Ok(text) = std::str::from_utf8(input) else { return Reached::Refused };
    let kinds: [Kind; 2] = [
        Kind { load: permissions, denies_all: json!({"Effect": "Deny", "Action": "*", "Resource": "*"}) },
        Kind { load: trust, denies_all: json!({"Effect": "Deny", "Principal": "*", "Action": "*"}) },
    ];
    let taken = kinds.iter().filter(|kind| kind.holds_for(text)).count();
    if taken > 0 { Reached::Taken } else { Reached::Refused }
}

type Load = fn(Document<'_>) -> Result<Policy, PolicyError>;

/// Permissions or trust.
struct Kind {
    load: Load,
    denies_all: Value,
}

fn permissions(document: Document<'_>) -> Result<Policy, PolicyError> {
    Policy::permissions("p", document)
}

fn trust(document: Document<'_>) -> Result<Policy, PolicyError> {
    Policy::trust("p", document)
}

impl Kind {
    /// Whether the text was taken.
    fn holds_for(&self, text: &str) -> bool {
        let value = serde_json::from_str::<Value>(text);
        let policy = match (self.load)(text.into()) {
            Ok(policy) => policy,
            Err(error) => {
                assert!(!error.to_string().contains('\n'), "a refusal of more than one line: {error}");
                let loads_as_value = value.is_ok_and(|value| (self.load)((&value).into()).is_ok());
                // A text may be refused for its length alone, too: what it says may fit.
                let only_as_text = matches!(error.problem, Problem::DuplicateKey | Problem::TooLarge(_));
                assert!(!loads_as_value || only_as_text, "as a text it doesn't load: {error}");
                return false;
            }
        };
        let document = value.expect("a document that loads is JSON");
        assert_eq!((self.load)((&document).into()).as_ref(), Ok(&policy), "as JSON it is another policy");
        self.promises(&document, policy);
        true
    }

    fn promises(&self, document: &Value, policy: Policy) {
        let requests = probe::requests(document);
        let whole = [policy];
        let outcomes: Vec<Outcome> = requests.iter().map(|request| decide(&whole, request).outcome).collect();
        let each = || requests.iter().zip(outcomes.iter().copied());
        let statements = statements(document);

        for (request, outcome) in each() {
            let explained = explain(&whole, request);
            assert_eq!(explained.decision, decide(&whole, request), "explained otherwise: {request:?}");
            assert!(!explained.decision.to_string().contains('\n'), "a decision of more than one line");
            let swapped = Request { action: swapped_case(&request.action), ..request.clone() };
            assert_eq!(decide(&whole, &swapped).outcome, outcome, "an action's case counts: {request:?}");
        }
        for (how, same) in same(document) {
            // Lists take more characters than what they hold.
            let Some(same) = self.load(&same) else { continue };
            for (request, outcome) in each() {
                assert_eq!(decide(&same, request).outcome, outcome, "{how} it decides otherwise: {request:?}");
            }
        }
        let alone = |one: &Value| self.load(&with(document, vec![one.clone()]));
        let apart: Vec<Policy> = statements.iter().filter_map(alone).flatten().collect();
        for (request, outcome) in each() {
            assert_eq!(decide(&apart, request).outcome, outcome, "cut apart it decides otherwise: {request:?}");
        }

        self.deny_over_all(document, &statements, &requests);
        for (index, statement) in statements.iter().enumerate() {
            let mut others = statements.clone();
            others.remove(index);
            let others = if others.is_empty() { Vec::new() } else { self.loaded(&with(document, others)) };
            for (request, before) in each() {
                let after = decide(&others, request).outcome;
                match statement["Effect"].as_str() {
                    Some("Allow") => assert!(
                        after == before || (before, after) == (Outcome::Allowed, Outcome::ImplicitlyDenied),
                        "without an allow, {before:?} became {after:?}: {request:?}"
                    ),
                    _ => assert!(
                        after == before || before == Outcome::ExplicitlyDenied,
                        "without a deny, {before:?} became {after:?}: {request:?}"
                    ),
                }
            }
        }
        let allows = statements.iter().any(|statement| statement["Effect"] == "Allow");
        assert!(allows || !outcomes.contains(&Outcome::Allowed), "nothing in it allows, and it allowed");
        for (request, outcome) in each() {
            if let Some(expected) = definition::outcome(&statements, request) {
                assert_eq!(outcome, expected, "not as defined: {request:?}");
            }
        }
    }

    fn deny_over_all(&self, document: &Value, statements: &[Value], requests: &[Request]) {
        let (mut first, mut last) = (statements.to_vec(), statements.to_vec());
        first.insert(0, self.denies_all.clone());
        last.push(self.denies_all.clone());
        for statements in [first, last] {
            let Some(denied) = self.load(&with(document, statements)) else { continue };
            for request in requests {
                assert_eq!(decide(&denied, request).outcome, Outcome::ExplicitlyDenied, "a deny was lost: {request:?}");
            }
        }
    }

    /// The policy, or nothing where it is larger than a policy may be.
    fn load(&self, document: &Value) -> Option<[Policy; 1]> {
        match (self.load)((&document.to_string()).into()) {
            Ok(policy) => Some([policy]),
            Err(PolicyError { problem: Problem::TooLarge(_), .. }) => None,
            Err(error) => panic!("written anew it doesn't load: {error}"),
        }
    }

    fn loaded(&self, document: &Value) -> Vec<Policy> {
        self.load(document).expect("less than what fits, fits").into()
    }
}

fn statements(document: &Value) -> Vec<Value> {
    match &document["Statement"] {
        Value::Array(statements) => statements.clone(),
        one => vec![one.clone()],
    }
}

fn with(document: &Value, statements: Vec<Value>) -> Value {
    let mut document = document.clone();
    document["Statement"] = statements.into();
    document
}

fn swapped_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}

/// The document in other words.
fn same(document: &Value) -> [(&'static str, Value); 3] {
    let mut reversed = statements(document);
    reversed.reverse();
    let mut lists = statements(document);
    for statement in &mut lists {
        for name in ["Action", "NotAction", "Resource", "NotResource"] {
            if let Some(element) = statement.get_mut(name) {
                in_a_list(element);
            }
        }
        if let Some(Value::Object(principals)) = statement.get_mut("Principal") {
            principals.values_mut().for_each(in_a_list);
        }
        if let Some(Value::Object(operators)) = statement.get_mut("Condition") {
            let keys = operators.values_mut().filter_map(Value::as_object_mut).flat_map(|keys| keys.values_mut());
            keys.for_each(in_a_list);
        }
    }
    [
        ("written anew", document.clone()),
        ("turned around", with(document, reversed)),
        ("in lists", with(document, lists)),
    ]
}

fn in_a_list(value: &mut Value) {
    if !value.is_array() {
        *value = Value::Array(vec![value.take()]);
    }
}
