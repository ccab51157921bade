//! The steps of a purchase, each alone, measured by criterion: what a signature costs the server, what a token, a decision
//! of the policies, a write that is on the disk. Each is the very function that the local stack calls.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use criterion::{BatchSize, Criterion};
use embedded_dynamodb::EmbeddedDynamoDb;
use explain::{CallSession, Person, call_question, circumstances};
use http::Request;
use iam_rs::{Arn, Context, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use local_stack::walls::{Secret, TARGET, verify};
use serde_json::{Value, json};
use service::{FetchKeys, Jwks, KeySource, TokenVerifier, VerifierSettings};
use template::{Role, Template};
use time::OffsetDateTime;

use crate::{
    failure::{Doing, Failure, Result},
    server::{
        Setting,
        issuer::{CLIENT, Issuer},
        people::Buyer,
        stock,
    },
    summary::Summary,
    table::{Cell, Table},
};

/// The name on the command line.
pub const PART: &str = "steps";

const SIGNATURE: &str = "signature of a purchase, verified";
const TOKEN: &str = "ID token (RS256), verified";
const OTHER_TOKEN: &str = "the same by jsonwebtoken";
const DECISION: &str = "permissions policy, decided";
const EXPLAINED: &str = "permissions policy, decided and explained, as the gateway asks";
const OTHER_DECISION: &str = "the decision by iam-rs";
const WRITE: &str = "write of a pet, durable, with its index entries";
const READ: &str = "read of a pet, the same again and again";

/// Measures each.
pub fn tables(setting: &Setting) -> Result<Vec<Table>> {
    let estimates = setting.folder("criterion");
    let seconds = if setting.quick { 1 } else { 5 };
    let mut criterion = Criterion::default()
        .without_plots()
        .output_directory(&estimates)
        .sample_size(if setting.quick { 20 } else { 100 })
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(seconds));
    let issuer = Issuer::new("https://issuer.example/".into())?;
    let buyer = Buyer::made_up(&issuer)?;
    signature(&mut criterion, &buyer)?;
    token(&mut criterion, &issuer, &buyer)?;
    decision(&mut criterion, setting)?;
    engine(&mut criterion, setting)?;

    let mut table = Table::new("The steps of a purchase, each alone", &["µs", "by this project's"]);
    for (name, beside) in ROWS {
        let measured = estimate(&estimates, name)?;
        let ratio = match beside {
            Some(ours) => Cell::Number(measured.median / estimate(&estimates, ours)?.median),
            None => Cell::Text(String::new()),
        };
        table.row(name, vec![Cell::Measured(measured), ratio]);
    }
    table.note(
        "Measured by criterion, one at a time: the median, and in brackets where it lies for certain at 95%. Policies, keys \
         and signing keys are read and derived before, as they are in a running stack.",
    );
    Ok(vec![table])
}

/// The order of the table, with what others' is compared to.
const ROWS: [(&str, Option<&str>); 8] = [
    (SIGNATURE, None),
    (TOKEN, None),
    (OTHER_TOKEN, Some(TOKEN)),
    (EXPLAINED, None),
    (DECISION, None),
    (OTHER_DECISION, Some(DECISION)),
    (WRITE, None),
    (READ, None),
];

/// A session that knows its secret.
struct Session(String);

impl Secret for Session {
    fn secret_access_key(&self) -> &str {
        &self.0
    }
}

fn signature(criterion: &mut Criterion, buyer: &Buyer) -> Result<()> {
    let address = "127.0.0.1:9000".parse().map_err(Failure::wrong)?;
    let request = parsed(&buyer.purchase(1, address)?).ok_or_else(|| Failure::wrong("a request that is none"))?;
    let now = OffsetDateTime::now_utc();
    let check = || verify(&request, TARGET, now, |_, _| Ok(Session(buyer.secret().to_owned())));
    check().map_err(|refusal| Failure::wrong(refusal.message()))?;
    criterion.bench_function(SIGNATURE, |bencher| bencher.iter(|| check().is_ok()));
    Ok(())
}

/// What came over the wire, as the server has it before the gateway.
fn parsed(bytes: &[u8]) -> Option<Request<Vec<u8>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let mut request = Request::builder().method(first.next()?).uri(first.next()?);
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        request = request.header(name, value);
    }
    request.body(body.as_bytes().to_vec()).ok()
}

/// Keys that are at hand.
struct AtHand(Vec<u8>);

impl KeySource for AtHand {
    fn fetch(&self) -> FetchKeys<'_> {
        Box::pin(async { Jwks::from_json(&self.0) })
    }
}

fn token(criterion: &mut Criterion, issuer: &Issuer, buyer: &Buyer) -> Result<()> {
    let settings = VerifierSettings { issuer: issuer.url.clone(), audiences: vec![CLIENT.into()] };
    let verifier = TokenVerifier::new(settings, Arc::new(AtHand(issuer.keys.clone().into_bytes())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().doing("start a runtime")?;
    let now = OffsetDateTime::now_utc();
    let check = || runtime.block_on(verifier.verify(buyer.token(), now));
    check().map_err(Failure::wrong)?;
    criterion.bench_function(TOKEN, |bencher| bencher.iter(|| check().is_ok()));

    let keys: JwkSet = serde_json::from_str(&issuer.keys).map_err(Failure::wrong)?;
    let key = keys.keys.first().ok_or_else(|| Failure::wrong("the issuer has no key"))?;
    let key = DecodingKey::from_jwk(key).map_err(Failure::wrong)?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[&issuer.url]);
    rules.set_audience(&[CLIENT]);
    let other = || decode::<Value>(buyer.token(), &key, &rules);
    other().map_err(Failure::wrong)?;
    criterion.bench_function(OTHER_TOKEN, |bencher| bencher.iter(|| other().is_ok()));
    Ok(())
}

fn decision(criterion: &mut Criterion, setting: &Setting) -> Result<()> {
    let parameters = [("Auth0Domain", "issuer.example"), ("IssuerPath", "/"), ("Auth0ClientId", CLIENT)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let template = Template::load(&setting.template, &BTreeMap::from(parameters)).map_err(Failure::wrong)?;
    let resource = format!("{}/POST/pets/purchase", template.api.arn);
    let person = Person {
        issuer: "https://issuer.example/".into(),
        subject: "amazon|1".into(),
        audience: CLIENT.into(),
        amr: Vec::new(),
    };
    let now = OffsetDateTime::now_utc();
    let provider = template.providers.first();
    let session = CallSession { name: "bench", issued: now.unix_timestamp(), provider, person: Some(&person) };
    let question = |role: &Role| {
        let context = circumstances(now, std::net::Ipv4Addr::LOCALHOST.into(), Some("bench"));
        call_question(&session, role, &resource, context)
    };
    let may_buy = |role: &&Role| iam::decide(&role.permissions, &question(role)).is_allowed();
    let mut roles = template.roles.iter().filter(|role| role.name.contains("social"));
    let role = roles.find(may_buy).ok_or_else(|| Failure::wrong("the template lets no buyer buy"))?;
    criterion.bench_function(EXPLAINED, |bencher| bencher.iter(|| iam::explain(&role.permissions, &question(role))));
    let asked = question(role);
    criterion.bench_function(DECISION, |bencher| bencher.iter(|| iam::decide(&role.permissions, &asked)));
    by_another(criterion, &template.api.arn, &role.arn, &resource)
}

/// The same question to `iam-rs`, about the same two grants: it reads documents, and the template has them read already.
fn by_another(criterion: &mut Criterion, api: &str, role: &str, resource: &str) -> Result<()> {
    let granted = [format!("{api}/POST/pets/purchase"), format!("{api}/GET/pets/purchases")];
    let statement = json!({ "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": granted });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let other = |error: &dyn std::fmt::Debug| Failure::wrong(format!("iam-rs doesn't follow: {error:?}"));
    let policy = IAMPolicy::from_json(&document).map_err(|error| other(&error))?;
    let evaluator = PolicyEvaluator::with_policies(vec![policy]);
    let resource = Arn::parse(resource).map_err(|error| other(&error))?;
    let principal = Principal::Aws(PrincipalId::String(role.to_owned()));
    let asked = IAMRequest::new_with_context(principal, "execute-api:Invoke", resource, Context::new());
    let decide = || evaluator.evaluate(&asked).map(|answer| answer.decision);
    match decide().map_err(|error| other(&error))? {
        iam_rs::Decision::Allow => {}
        decision => return Err(other(&decision)),
    }
    criterion.bench_function(OTHER_DECISION, |bencher| bencher.iter(|| decide().is_ok()));
    Ok(())
}

fn engine(criterion: &mut Criterion, setting: &Setting) -> Result<()> {
    let folder = setting.folder("steps");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().doing("start a runtime")?;
    let table = runtime.block_on(stock::fill(&setting.program, &setting.template, &folder, 1000))?;
    let database = EmbeddedDynamoDb::open(&folder).map_err(Failure::wrong)?;
    let key = json!({ "TableName": table, "Key": { "id": { "N": "7" } } });
    let mut item = stock::ask(&database, "GetItem", &key)?["Item"].take();
    let ask = |operation: &str, body: &Value| database.answer(operation, body.to_string().as_bytes()).0 == 200;
    let mut price = 100_u64;
    criterion.bench_function(WRITE, |bencher| {
        let next = || {
            // Another price, so that the entries of the indexes by price change too.
            price = 100 + (price + 7) % 1_000_000;
            item["price"] = json!({ "N": price.to_string() });
            item["byPrice"] = json!({ "S": format!("{price:09}#{:016}", 7) });
            json!({ "TableName": table, "Item": item })
        };
        bencher.iter_batched(next, |body| assert!(ask("PutItem", &body), "a write failed"), BatchSize::PerIteration);
    });
    criterion.bench_function(READ, |bencher| bencher.iter(|| assert!(ask("GetItem", &key), "a read failed")));
    Ok(())
}

/// What criterion left of this: the median, and the bounds that it is 95% sure of.
fn estimate(folder: &Path, name: &str) -> Result<Summary> {
    for entry in fs::read_dir(folder).doing(format!("read {}", folder.display()))? {
        let entry = entry.doing(format!("read {}", folder.display()))?.path();
        // Criterion's own report lies beside.
        let Ok(benchmark) = fs::read_to_string(entry.join("new/benchmark.json")) else { continue };
        if benchmark.parse::<Value>().map_err(Failure::wrong)?["full_id"] != name {
            continue;
        }
        let estimates = entry.join("new/estimates.json");
        let estimates = fs::read_to_string(&estimates).doing(format!("read {}", estimates.display()))?;
        return summary(&estimates).ok_or_else(|| Failure::wrong("criterion left other estimates"));
    }
    Err(Failure::wrong(format!("criterion left no estimate of {name}")))
}

fn summary(estimates: &str) -> Option<Summary> {
    let median = &estimates.parse::<Value>().ok()?["median"];
    let micros = |nanos: &Value| nanos.as_f64().map(|nanos| nanos / 1e3);
    let bounds = &median["confidence_interval"];
    let (low, high) = (micros(&bounds["lower_bound"])?, micros(&bounds["upper_bound"])?);
    Some(Summary { median: micros(&median["point_estimate"])?, low, high, count: 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_told_in_microseconds() {
        let estimates = r#"{"median":{"point_estimate":2500.0,
            "confidence_interval":{"lower_bound":2000.0,"upper_bound":3000.0}}}"#;
        let summary = summary(estimates).unwrap();
        assert_eq!((summary.median, summary.low, summary.high), (2.5, 2.0, 3.0));
        assert!(super::summary("{}").is_none());
    }

    #[test]
    fn a_request_is_read_as_the_server_reads_it() {
        let request = parsed(b"POST /a HTTP/1.1\r\nhost: h\r\n\r\nbody").unwrap();
        assert_eq!((request.uri().path(), request.body().as_slice()), ("/a", &b"body"[..]));
        assert!(parsed(b"POST").is_none());
    }
}
