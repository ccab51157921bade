//! A stack with its issuer, its data folder and a clock that a test can move.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use local_stack::{Handle, Options, StartError, serve};
use serde_json::Value;
use tempfile::TempDir;
use template::Documents;
use time::{Duration, OffsetDateTime};

use crate::{
    client::{Answer, Call},
    issuer::{CLIENT, TestIssuer},
    signer::{Credentials, Signing},
};

pub const ADMIN: &str = "auth0|1";
pub const BUYER: &str = "amazon|1";
pub const ADMIN_ROLE: &str = "arn:aws:iam::123456789012:role/auth0-api-role";
pub const BUYER_ROLE: &str = "arn:aws:iam::123456789012:role/auth0-api-social-role";

pub struct World {
    pub handle: Handle,
    pub issuer: TestIssuer,
    pub options: Options,
    offset: Arc<AtomicI64>,
    pub folder: TempDir,
}

pub fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml")
}

/// The options of a stack in this folder with this issuer.
pub fn options(folder: &Path, issuer: &TestIssuer, offset: &Arc<AtomicI64>) -> Options {
    let offset = Arc::clone(offset);
    Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data: folder.join("data"),
        template: template(),
        issuer: Some(issuer.url.clone()),
        client_id: CLIENT.into(),
        clock: Arc::new(move || OffsetDateTime::now_utc() + Duration::seconds(offset.load(Ordering::SeqCst))),
        ..Options::default()
    }
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(|_, options| options).await.unwrap()
    }

    /// A stack with a template in which `new` stands in place of every `old`.
    pub async fn start_changed(old: &str, new: &str) -> Result<Self, StartError> {
        let source = fs::read_to_string(template()).unwrap();
        assert!(source.contains(old), "{old} is in the template");
        Self::start_with(|folder, options| {
            let template = folder.join("template.yaml");
            fs::write(&template, source.replace(old, new)).unwrap();
            Options { template, ..options }
        })
        .await
    }

    pub async fn start_with(change: impl FnOnce(&Path, Options) -> Options) -> Result<Self, StartError> {
        let folder = tempfile::tempdir().unwrap();
        let issuer = TestIssuer::start().await;
        let offset = Arc::new(AtomicI64::new(0));
        let options = change(folder.path(), options(folder.path(), &issuer, &offset));
        let handle = serve(options.clone()).await?;
        Ok(Self { handle, issuer, options, offset, folder })
    }

    /// The same stack again, on another port.
    pub async fn restart(self) -> Self {
        let Self { handle, issuer, options, offset, folder } = self;
        handle.stop().await;
        let handle = serve(options.clone()).await.unwrap();
        Self { handle, issuer, options, offset, folder }
    }

    pub fn address(&self) -> SocketAddr {
        self.handle.address()
    }

    pub fn now(&self) -> OffsetDateTime {
        (self.options.clock)()
    }

    /// Moves the stack's clock on.
    pub fn pass(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What the stack reads of its template, read once more by another.
    pub fn documents(&self) -> Documents {
        let domain = self.issuer.url.trim_start_matches("http://").trim_end_matches('/');
        let given = [
            ("Auth0Domain", domain),
            ("IssuerPath", "/"),
            ("Auth0ClientId", CLIENT),
            ("AllowedOrigin", &self.options.app_origin),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Documents::load(&self.options.template, &given).unwrap()
    }

    pub fn token(&self, sub: &str) -> String {
        self.issuer.token(sub, self.now().unix_timestamp())
    }

    pub async fn assume(&self, parameters: &[(&str, &str)]) -> Answer {
        self.assumption(parameters).send(self.address()).await
    }

    /// The call that `assume` makes.
    pub fn assumption(&self, parameters: &[(&str, &str)]) -> Call {
        let base = [("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleSessionName", "tests")];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(base.iter().filter(|(name, _)| !parameters.iter().any(|(given, _)| given == name)))
            .extend_pairs(parameters)
            .finish();
        Call::new("POST", "/sts/").header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub async fn credentials(&self, role: &str, sub: &str) -> Credentials {
        credentials(&self.assume(&[("RoleArn", role), ("WebIdentityToken", &self.token(sub))]).await)
    }

    pub async fn admin(&self) -> Credentials {
        self.credentials(ADMIN_ROLE, ADMIN).await
    }

    pub async fn buyer(&self) -> Credentials {
        self.credentials(BUYER_ROLE, BUYER).await
    }

    /// All that the shop holds, as a visitor sees it.
    pub async fn everything(&self) -> Vec<Value> {
        let mut pets = Vec::new();
        let mut target = "/test/pets?limit=100".to_owned();
        loop {
            let answer = self.send(&Call::new("GET", &target)).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            pets.extend(answer.json().as_array().unwrap().iter().cloned());
            let Some(next) = answer.next_page() else { return pets };
            target = next;
        }
    }

    pub fn signed(&self, call: Call, credentials: &Credentials) -> Call {
        Signing::new(credentials, self.now()).sign(call, &self.address().to_string())
    }

    pub async fn send(&self, call: &Call) -> Answer {
        call.send(self.address()).await
    }

    pub async fn send_signed(&self, call: Call, credentials: &Credentials) -> Answer {
        self.send(&self.signed(call, credentials)).await
    }
}

/// The credentials in an answer of STS.
pub fn credentials(answer: &Answer) -> Credentials {
    assert_eq!(answer.status, 200, "{answer:?}");
    Credentials {
        id: answer.xml("AccessKeyId").into(),
        secret: answer.xml("SecretAccessKey").into(),
        token: Some(answer.xml("SessionToken").into()),
    }
}
