//! `/idp/decisions` and the log: every decision once, in the words that explain it, and nothing that is secret.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use local_stack::{By, Options};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    client::{Answer, Call},
    signer::Signing,
    world::{ADMIN_ROLE, BUYER_ROLE, World, credentials},
};

const SUBJECT: &str = "amazon|amzn1.account.AFREDFLINTSTONE";

async fn look(world: &World) -> Answer {
    let answer = world.send(&Call::new("GET", "/idp/decisions")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

fn body() -> Vec<u8> {
    br#"{"type":"frog","price":4.99}"#.to_vec()
}

#[tokio::test]
async fn each_decision_is_there_once_with_who_made_it_and_why() {
    let world = World::start().await;
    let deny = r#"{"Version":"2012-10-17","Statement":{"Sid":"Nothing","Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let token = world.token("auth0|12345678");
    let parameters = [("RoleArn", ADMIN_ROLE), ("WebIdentityToken", token.as_str())];
    let admin = credentials(&world.assume(&parameters).await);
    let bound = credentials(&world.assume(&[parameters[0], parameters[1], ("Policy", deny)]).await);
    world.assume(&[("RoleArn", BUYER_ROLE), parameters[1]]).await;
    world.assume(&[("RoleArn", "arn:aws:iam::123456789012:role/nobody"), parameters[1]]).await;
    world.assume(&[parameters[0], parameters[1], ("DurationSeconds", "43200")]).await;
    world.assume(&[parameters[0], ("WebIdentityToken", "x")]).await;
    let sales = || Call::new("GET", "/test/pets/sales");
    world.send_signed(sales(), &admin).await;
    world.send_signed(Call::new("POST", "/test/pets/purchase"), &admin).await;
    world.send_signed(sales(), &bound).await;
    world.send(&sales()).await;
    world.send(&Call::new("GET", "/test/pets")).await;
    world.send(&Call::new("OPTIONS", "/test/pets")).await;
    world.send(&Call::new("PUT", "/test/pets")).await;
    world.send(&Signing { region: "eu-west-1", ..Signing::new(&admin, world.now()) }.sign(sales(), "localhost")).await;
    world.pass(4000);
    world.send_signed(sales(), &admin).await;

    let expected = [
        (By::TrustPolicy, true, "sts:AssumeRoleWithWebIdentity", "allowed by "),
        (By::TrustPolicy, true, "sts:AssumeRoleWithWebIdentity", "allowed by "),
        (By::TrustPolicy, false, "sts:AssumeRoleWithWebIdentity", "implicitly denied: no statement allows it"),
        (By::Sts, false, "sts:AssumeRoleWithWebIdentity", "has no role of the name"),
        (By::TrustPolicy, false, "sts:AssumeRoleWithWebIdentity", "; but STS: ValidationError. The requested Duration"),
        (By::Sts, false, "sts:AssumeRoleWithWebIdentity", "STS: InvalidIdentityToken."),
        (By::Permissions, true, "GET /pets/sales", "allowed by ManagePets of "),
        (By::Permissions, false, "POST /pets/purchase", "; ManagePets of "),
        (By::SessionPolicy, false, "GET /pets/sales", "explicitly denied by Nothing of session-policy"),
        (By::Gateway, false, "GET /pets/sales", "This call needs a signature."),
        (By::Gateway, true, "GET /pets", "the method has no authorizer"),
        (By::Gateway, false, "PUT /pets", "has no method PUT on this path"),
        (By::Gateway, false, "GET /pets/sales", "InvalidSignatureException"),
        (By::Gateway, false, "GET /pets/sales", "ExpiredTokenException"),
    ];
    let made = world.handle.decisions();
    assert_eq!(made.len(), expected.len(), "{made:#?}");
    for (decision, (by, allowed, asked, says)) in made.iter().rev().zip(expected) {
        assert_eq!((decision.by, decision.allowed, decision.asked.as_str()), (by, allowed, asked), "{decision:#?}");
        assert!(decision.says.contains(says), "{says}: {decision:#?}");
        let is_policy = matches!(by, By::TrustPolicy | By::Permissions | By::SessionPolicy);
        assert_eq!(!decision.statements.is_empty(), is_policy, "{decision:#?}");
        assert!(decision.request.is_some());
    }
    let page = look(&world).await.body;
    assert_eq!(page.matches("<tr id=").count(), expected.len());
    assert!(page.find("ExpiredTokenException").unwrap() < page.find("allowed by ").unwrap(), "the newest is on top");
    for part in ["infra/template.yaml:", "auth0|…5678", "Refused", "Allowed", "the role’s trust policy", "<caption>"]
    {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn nothing_secret_is_on_the_page() {
    let world = World::start().await;
    let token = world.token(SUBJECT);
    let session = "amzn1.account.AFREDFLINTSTONE";
    let parameters = [("RoleArn", BUYER_ROLE), ("WebIdentityToken", &token), ("RoleSessionName", session)];
    let buyer = credentials(&world.assume(&parameters).await);
    world.assume(&[("RoleArn", ADMIN_ROLE), parameters[1], parameters[2]]).await;
    let purchase = json!({ "petId": 1, "authToken": token }).to_string();
    world.send_signed(Call::new("POST", "/test/pets/purchase").body(purchase), &buyer).await;
    world.send_signed(Call::new("POST", "/test/pets?secret-query=1").body(body()), &buyer).await;
    world.send(&Call::new("GET", "/test/pets?secret-query=1").header("user-agent", "secret-agent")).await;
    let presigned = Signing { presigned: Some(60), ..Signing::new(&buyer, world.now()) };
    world.send(&presigned.sign(Call::new("GET", "/test/pets/sales"), &world.address().to_string())).await;
    world.send(&Call::new("GET", &format!("/test/{token}"))).await;
    world.send(&Call::new("GET", &format!("/test/pets/{}", buyer.secret.replace('/', "%2F")))).await;
    let page = look(&world).await.body;
    assert!(page.contains("amazon|…TONE"), "who asked is there in part");
    let session_token = buyer.token.unwrap();
    let secrets = [&session_token, &buyer.secret, &buyer.id, SUBJECT, session, "secret-query", "secret-agent", "Fred"];
    let parts = token.split('.').chain([&session_token[..24], "X-Amz-Signature", "AWS4-HMAC"]);
    for secret in secrets.into_iter().chain(parts) {
        assert!(!page.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_never_reads_it() {
    let world = World::start().await;
    for origin in ["https://evil.example", "http://localhost:8080"] {
        let answer = world.send(&Call::new("GET", "/idp/decisions").header("origin", origin)).await;
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")), "{answer:?}");
    }
    let answer = look(&world).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
    let policy = answer.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "script-src 'sha256-", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script-src 'self'"), "{policy}");
    for host in ["evil.example", "evil.example:9000", "localhost.evil.example", "localhost:1"] {
        let answer = world.send(&Call::new("GET", "/idp/decisions").header("host", host)).await;
        assert_eq!(answer.status, 421, "{host}");
    }
    let rebound = "GET /idp/decisions HTTP/1.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let answer = crate::client::send(world.address(), rebound.as_bytes()).await.unwrap();
    assert_eq!(answer.status, 421, "no name at all");
    assert_eq!(world.send(&Call::new("POST", "/idp/decisions")).await.status, 405);
}

#[tokio::test]
async fn the_sign_in_page_leads_there_and_another_issuer_takes_it_not_away() {
    let other = World::start().await;
    look(&other).await;
    let world = World::start_with(|_, options| Options { issuer: None, ..options }).await.unwrap();
    look(&world).await;
    let app = "http://localhost:8080/callback";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "tests"), ("redirect_uri", app), ("response_type", "code"), ("scope", "openid")])
        .extend_pairs([
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let begun = world.send(&Call::new("GET", &format!("/idp/authorize?{query}"))).await;
    let cookie = begun.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let path = begun.header("location").unwrap();
    let path = &path[path.find("/idp/").unwrap()..];
    let page = world.send(&Call::new("GET", path).header("cookie", &cookie)).await;
    assert!(page.body.contains("<a href=\"/idp/decisions\">What was decided here</a>"), "{page:?}");
}

/// What all tests log, from the first call on.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// For the whole process: one that is set for a thread misses lines whose place another thread came by first.
    fn of_all() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Log::default();
            tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).init();
            log
        })
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_has_one_line_a_decision_in_the_same_words() {
    let log = Log::of_all();
    let world = World::start().await;
    let buyer = world.credentials(BUYER_ROLE, SUBJECT).await;
    world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &world.token(SUBJECT))]).await;
    world.send_signed(Call::new("POST", "/test/pets").body(body()), &buyer).await;
    world.send_signed(Call::new("GET", "/test/cats"), &buyer).await;
    world.send(&Call::new("GET", "/test/pets/sales")).await;
    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let decisions = world.handle.decisions();
    assert_eq!(decisions.len(), 5);
    for decision in decisions {
        let id = decision.request.as_deref().unwrap();
        let lines: Vec<_> = written.lines().filter(|line| line.contains(id)).collect();
        let [line] = lines[..] else { panic!("one line: {lines:?}") };
        assert!(line.contains(&format!(" {}: {} request=", decision.asked, decision.says)), "{line}");
        assert!(decision.role.as_deref().is_none_or(|role| line.ends_with(&format!(" role=\"{role}\""))), "{line}");
        assert!(!line.contains("AFRED") && !line.contains(&buyer.id), "{line}");
    }
}
