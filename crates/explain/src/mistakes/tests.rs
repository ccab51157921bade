use std::{collections::BTreeMap, fs, net::Ipv4Addr};

use domain::{Journey, StepName, Verdict};
use tempfile::TempDir;
use template::Documents;
use time::OffsetDateTime;

use super::cases::{self, Case, each_mistake};
use crate::{Person, circumstances, journey};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml");

/// The template with the mistake in it, in a file: advice is in the style of the file's lines.
struct Mistaken {
    source: String,
    documents: Documents,
    _folder: TempDir,
}

impl Mistaken {
    fn new(case: &Case) -> Self {
        let source = case.source(&fs::read_to_string(TEMPLATE).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("template.yaml");
        fs::write(&file, &source).unwrap();
        let parameters = [("Auth0Domain", "tenant.auth0.com"), ("Auth0ClientId", "pets-spa")];
        let parameters: BTreeMap<_, _> = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let documents = Documents::load(&file, &parameters).unwrap();
        Self { source, documents, _folder: folder }
    }

    fn journey(&self, sub: &str, more: &[(&str, &str)], call: &str) -> Journey {
        let more = |name: &str| more.iter().find(|(option, _)| *option == name).map(|(_, value)| *value);
        let person = Person {
            issuer: more("--issuer").unwrap_or("https://tenant.auth0.com/").to_owned(),
            subject: sub.to_owned(),
            audience: more("--aud").unwrap_or("pets-spa").to_owned(),
            amr: Vec::new(),
        };
        let now = circumstances(OffsetDateTime::UNIX_EPOCH, Ipv4Addr::LOCALHOST.into(), None);
        journey(self.documents.view(), &person, more("--role"), Some(&call.parse().unwrap()), &now)
    }
}

fn check(case: &Case) {
    let mistaken = Mistaken::new(case);
    let journey = mistaken.journey(case.sub, case.more, case.call);
    assert_eq!(journey.verdict == Verdict::Allowed, case.allowed, "{journey:#?}");
    let advice: Vec<_> = journey.steps.iter().flat_map(|step| &step.advice).collect();
    let found = advice.iter().find(|advice| advice.says.contains(case.says));
    let found = found.unwrap_or_else(|| panic!("{:?} isn't in {advice:#?}", case.says));
    assert!(found.remedy.contains(case.remedy), "{found:#?}");
    let line = mistaken.source.lines().nth(found.at.as_ref().unwrap().line - 1).unwrap();
    assert!(line.contains(case.at), "{line}");
}

macro_rules! unit {
    ($($name:ident: $case:ident,)*) => {
        $(#[test] fn $name() { check(&cases::$case) })*

        const ALL: &[&Case] = &[$(&cases::$case),*];
    };
}
each_mistake!(unit);

#[test]
fn two_mistakes_at_once_are_both_named() {
    let case = cases::TWO_AT_ONCE;
    let journey = Mistaken::new(&case).journey(case.sub, case.more, case.call);
    let says: Vec<_> = journey.steps.iter().flat_map(|step| &step.advice).map(|advice| advice.says.as_str()).collect();
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(says.iter().all(|says| says.ends_with("would match without this and 1 more.")), "{says:?}");
}

#[test]
fn every_refusal_of_a_policy_has_advice_and_nothing_else_has_but_a_forgotten_audience() {
    let subjects = ["amazon|fred", "auth0|betty", "AUTH0|betty", "adfs|ida", "amazon|", ""];
    let calls = ["GET /pets", "POST /pets/purchase", "DELETE /pets/1", "GET /x"];
    let roles = [&[][..], &[("--role", "auth0-api-role")], &[("--role", "auth0-api-social-role")]];
    for case in ALL {
        let mistaken = Mistaken::new(case);
        for (sub, more) in subjects.iter().flat_map(|sub| roles.iter().map(move |more| (sub, more))) {
            for call in calls {
                let more = if case.more.is_empty() { more } else { case.more };
                for step in &mistaken.journey(sub, more, call).steps {
                    let audience = |advice: &domain::Advice| advice.says.starts_with("The audience is forgotten in ");
                    match step.verdict {
                        Verdict::Refused if step.step == StepName::Connection || !step.statements.is_empty() => {
                            assert!(!step.advice.is_empty(), "{sub} {call} {step:#?}");
                        }
                        Verdict::Refused | Verdict::Unknown => assert!(!step.says.is_empty()),
                        Verdict::Allowed => assert!(step.advice.iter().all(audience), "{sub} {call} {step:#?}"),
                    }
                    for advice in &step.advice {
                        assert!(!advice.says.is_empty() && !advice.remedy.is_empty(), "{step:#?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_subject_that_sts_does_not_take_is_not_taken_for_a_wrong_client() {
    let journey = Mistaken::new(&cases::NOT_IN_THE_POLICY).journey("", &[], "POST /pets");
    assert!(journey.steps[0].advice[0].says.starts_with("The token's sub is empty"), "{journey:#?}");
}

#[test]
fn a_mistake_that_is_not_what_refuses_is_not_named() {
    let check = |case: &Case, sub: &str, role: &str, call: &str, never: &str| {
        let journey = Mistaken::new(case).journey(sub, &[("--role", role)], call);
        let advice: Vec<_> = journey.steps.iter().flat_map(|step| &step.advice).collect();
        assert_eq!(journey.verdict, Verdict::Refused);
        assert!(!advice.is_empty() && advice.iter().all(|advice| !advice.says.contains(never)), "{advice:#?}");
    };
    check(&cases::ISSUER_SLASH_IN_KEYS, "adfs|ida", "auth0-api-role", "POST /pets", "slash");
    check(&cases::ISSUER_SLASH_IN_KEYS, "amazon|fred", "auth0-api-role", "POST /pets", "slash");
    check(&cases::SUBJECT_WITHOUT_A_STAR, "amazon|fred", "auth0-api-role", "POST /pets", "lacks");
    check(&cases::ACTION_OF_STS, "adfs|ida", "auth0-api-role", "POST /pets", "is missing");
    check(&cases::STAGE, "amazon|fred", "auth0-api-social-role", "DELETE /pets/1", "The stage");
    check(&cases::METHOD_IN_LOWER_CASE, "amazon|fred", "auth0-api-social-role", "POST /pets", "its case");
}
