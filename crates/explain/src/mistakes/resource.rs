//! ARNs of calls, `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`: which part of a pattern is written wrongly,
//! and what to add where none is.

use domain::Advice;
use iam::{Effect, Element, StatementTrace};
use serde_json::json;
use template::Segment;

use super::{
    Asked, Candidate, Remedy, conditions, fails, name,
    neighbour::{self, behind_the_stage},
    trial::Trial,
    trust::differs,
    written,
};
use crate::question::INVOKE;

/// The parts of such an ARN, by name.
const PARTS: [&str; 8] = ["partition", "service", "region", "account", "API id", "stage", "method", "path"];
const API: usize = 4;
const STAGE: usize = 5;
const METHOD: usize = 6;
const PATH: usize = 7;
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// `None` of what isn't such an ARN. The path has its slash; where it is missing, the text is empty.
fn parts(arn: &str) -> Option<[String; 8]> {
    let mut colons = arn.strip_prefix("arn:")?.splitn(5, ':');
    let mut next = || colons.next().map(str::to_owned);
    let [partition, service, region, account, rest] = [next()?, next()?, next()?, next()?, next()?];
    let mut slashes = rest.splitn(4, '/');
    let mut next = || slashes.next().unwrap_or_default().to_owned();
    let [api, stage, method, path] = [next(), next(), next(), next()];
    let path = if path.is_empty() { path } else { format!("/{path}") };
    Some([partition, service, region, account, api, stage, method, path])
}

fn join([partition, service, region, account, api, stage, method, path]: &[String; 8]) -> String {
    format!("arn:{partition}:{service}:{region}:{account}:{api}/{stage}/{method}{path}")
}

/// What may be meant otherwise in a statement that doesn't allow a call.
pub(super) fn candidates(asked: &Asked<'_>, trace: &StatementTrace) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    if fails(trace, &Element::Action) {
        let actions = written(trace, &Element::Action).join(", ");
        candidates.push(Candidate {
            says: format!("The Action {INVOKE} is missing: {actions} is no call of an API"),
            remedy: Remedy::Text(format!("Write Action: {INVOKE}")),
            element: "Action".into(),
            change: Box::new(|draft| draft.and("Action", INVOKE)),
        });
    }
    if fails(trace, &Element::Resource)
        && let Some(wanted) = parts(&asked.request.resource)
    {
        for (item, pattern) in written(trace, &Element::Resource).iter().enumerate() {
            candidates.extend(in_pattern(item, pattern, &wanted));
        }
    }
    let of_the_session = asked.request.context.get("aws:FederatedProvider").and_then(|arns| arns.first());
    if let Some(provider) = asked.documents.providers.iter().find(|provider| Some(&provider.arn) == of_the_session) {
        candidates.extend(conditions::candidates(trace, &provider.key_prefix));
    }
    candidates
}

/// The mistakes of one pattern. Another method or another path is none.
fn in_pattern(item: usize, pattern: &str, wanted: &[String; 8]) -> Vec<Candidate> {
    let Some(is) = parts(pattern) else { return Vec::new() };
    let mut found: Vec<(String, [String; 8])> = Vec::new();
    for (part, name) in PARTS.iter().enumerate().take(METHOD) {
        if is[part] == wanted[part] || is[part].contains(['*', '?']) {
            continue;
        }
        let mut right = is.clone();
        right[part].clone_from(&wanted[part]);
        let written = if is[part].is_empty() { "missing" } else { &is[part] };
        found.push((format!("The {name} in the ARN is {written}, and the API's is {}", wanted[part]), right));
    }
    if is[METHOD] != wanted[METHOD] && is[METHOD].eq_ignore_ascii_case(&wanted[METHOD]) {
        let mut right = is.clone();
        right[METHOD].clone_from(&wanted[METHOD]);
        found.push((format!("The method in the ARN is {}; it is compared with its case", is[METHOD]), right));
    }
    found.extend(path(&is, wanted));
    let candidate = |(says, right): (String, [String; 8])| {
        let from = is.clone();
        Candidate {
            says,
            remedy: Remedy::Resource(item),
            element: format!("Resource[{item}]"),
            // Others may have changed other parts of it already.
            change: Box::new(move |mut draft| {
                if let Some(mut now) = draft.resource(item).and_then(parts) {
                    for part in (0..now.len()).filter(|part| right[*part] != from[*part]) {
                        now[part].clone_from(&right[part]);
                    }
                    draft.elements["Resource"][item] = json!(join(&now));
                }
                draft
            }),
        }
    };
    found.into_iter().map(candidate).collect()
}

/// What to write in place of a pattern, and where what this machine took for granted may be wrong instead.
pub(super) fn instead(asked: &Asked<'_>, trace: &StatementTrace, item: usize, right: &str) -> String {
    let mut remedy = format!("Write\n{}", neighbour::line(asked, trace, item, right));
    let (Some(is), Some(right)) = (written(trace, &Element::Resource).get(item).and_then(|is| parts(is)), parts(right))
    else {
        return remedy;
    };
    let given = [(0, "AWS::Partition"), (2, "AWS::Region"), (3, "AWS::AccountId")];
    for (part, name) in given.into_iter().filter(|(part, _)| is[*part] != right[*part] && !is[*part].is_empty()) {
        remedy.push_str(&format!("\nOr say where the stack is, if it is there: --parameter {name}={}", is[part]));
    }
    if is[API] != right[API] {
        remedy.push_str("\nA !Ref of the API gives its id, which only its deployment knows.");
    }
    remedy
}

/// Paths that no call has: with an empty segment, with a parameter's name, without a stage or a method in front.
fn path(is: &[String; 8], wanted: &[String; 8]) -> Vec<(String, [String; 8])> {
    let with = |stage: &str, method: &str, path: &str| {
        let mut right = is.clone();
        for (part, text) in [(STAGE, stage), (METHOD, method), (PATH, path)] {
            text.clone_into(&mut right[part]);
        }
        right
    };
    let (stage, method, path) = (is[STAGE].as_str(), is[METHOD].as_str(), is[PATH].as_str());
    let is_method = |text: &str| text.contains('*') || METHODS.iter().any(|known| known.eq_ignore_ascii_case(text));
    let mut found = Vec::new();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let joined = |segments: &[&str]| segments.iter().map(|segment| format!("/{segment}")).collect::<String>();
    if is_method(method) && joined(&segments) != path {
        let says = "The path in the ARN has an empty segment".to_owned();
        found.push((says, with(stage, method, &joined(&segments))));
    }
    if path.contains('{') {
        let any = segments.iter().map(|segment| if segment.starts_with('{') { "*" } else { segment });
        let says = "The path in the ARN has a parameter's name, and a call has its value there".to_owned();
        found.push((says, with(stage, method, &joined(&any.collect::<Vec<_>>()))));
    }
    if METHODS.contains(&stage) {
        let rest = if method.is_empty() { String::new() } else { format!("/{method}{path}") };
        let says = "The stage is missing in the ARN, in front of the method".to_owned();
        found.push((says, with(&wanted[STAGE], stage, &rest)));
    } else if !is_method(method) {
        // Behind the stage comes the method; `//` in front of it is an empty one.
        found.push(match segments.split_first() {
            Some((first, rest)) if method.is_empty() && is_method(first) => {
                let says = "The ARN has an empty segment behind the stage".to_owned();
                (says, with(stage, first, &joined(rest)))
            }
            _ => {
                let says = "The method is missing in the ARN, in front of the path".to_owned();
                (says, with(stage, &wanted[METHOD], &format!("/{method}{path}")))
            }
        });
    }
    found
}

/// The statement that is nearest, how it differs, and the line that would make it match.
pub(super) fn nearest(asked: &Asked<'_>, trial: &Trial<'_>) -> Advice {
    let resource = any_parameter(asked);
    let wanted = parts(&asked.request.resource);
    let statements = asked.explanation.statements.iter().enumerate();
    let near = statements.filter(|(_, trace)| trace.effect == Effect::Allow).flat_map(|(index, trace)| {
        let would = trial.would_pass(index, &trial.draft(index).and("Resource", &resource));
        let patterns = written(trace, &Element::Resource).into_iter().enumerate();
        patterns.filter(move |_| would).map(move |(item, pattern)| (trace, item, pattern))
    });
    let near = near.filter_map(|(trace, item, pattern)| {
        let differs = differing(&parts(&pattern)?, wanted.as_ref()?);
        Some((distance(&pattern, &resource), trace, item, pattern, differs))
    });
    let Some((_, trace, item, pattern, differs)) = near.min_by_key(|(distance, ..)| *distance) else {
        return no_statement(asked, &resource);
    };
    Advice {
        says: format!(
            "Nearest is {} with {}: it differs in {differs}. Nothing else of it does.",
            name(&trace.statement),
            behind_the_stage(&pattern).unwrap_or(&pattern)
        ),
        remedy: format!(
            "If {} is meant to make this call, add to this Resource:\n{}",
            asked.role.name,
            neighbour::line(asked, trace, item, &resource)
        ),
        at: asked.place(&trace.statement, &format!("Resource[{item}]")),
    }
}

fn no_statement(asked: &Asked<'_>, resource: &str) -> Advice {
    match asked.explanation.statements.iter().any(|trace| trace.effect == Effect::Allow) {
        true => differs(asked),
        false => Advice {
            says: format!("{} has no statement that allows anything.", asked.role.name),
            remedy: format!("Give it one with Effect: Allow, Action: {INVOKE} and Resource: {resource}"),
            at: None,
        },
    }
}

/// The resource of the call with `*` where its route has a parameter.
fn any_parameter(asked: &Asked<'_>) -> String {
    let resource = &asked.request.resource;
    let route = || {
        let api = asked.documents.api?;
        let (method, path) = resource.strip_prefix(&api.arn)?.strip_prefix('/')?.split_once('/')?;
        let segments = template::path::segments(&format!("/{path}"))?;
        let route = api.route(method, &segments)?;
        let segment = |(segment, text): (&Segment, &String)| match segment {
            Segment::Literal(_) => template::path::join(std::slice::from_ref(text)),
            Segment::Parameter(_) => "/*".to_owned(),
        };
        Some(format!("{}/{method}{}", api.arn, route.path.iter().zip(&segments).map(segment).collect::<String>()))
    };
    route().unwrap_or_else(|| resource.clone())
}

/// What differs, in words.
fn differing(is: &[String; 8], wanted: &[String; 8]) -> String {
    let parts = PARTS.iter().zip(is.iter().zip(wanted));
    let differing: Vec<String> = parts
        .filter(|(_, (is, wanted))| is != wanted && is.as_str() != "*")
        .map(|(name, (is, wanted))| {
            let is = if is.is_empty() { "nothing" } else { is };
            format!("the {name} ({is}, and the call has {wanted})")
        })
        .collect();
    differing.join(" and ")
}

/// How many of the parts between slashes and colons differ.
fn distance(pattern: &str, resource: &str) -> usize {
    let split = |text: &str| text.split([':', '/']).map(str::to_owned).collect::<Vec<_>>();
    let (pattern, resource) = (split(pattern), split(resource));
    let same = pattern.iter().zip(&resource).filter(|(one, other)| one == other).count();
    pattern.len().max(resource.len()) - same
}
