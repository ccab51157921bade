//! Putting a stack together from its options: read, check, open, then serve. What can't be is said in one sentence
//! with the remedy, before any data is touched. The next step is `server`.

mod error;
mod issuers;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use embedded_dynamodb::{Access, EmbeddedDynamoDb};
use http::HeaderValue;
use post_login::{Action, Limits, LoadError};
use service::{BuyerIdentity, IndexDefinition, Router, RouterSettings, Store, TABLE};
use template::{Index, Table, Template};
use tokio::net::TcpListener;

use crate::{
    config::{Addresses, config},
    credentials::Sealer,
    decisions::Decisions,
    function_role::authorize,
    gateway::Gateway,
    issuer::{self, Issuer, Lifetimes, PostLogin},
    names::Names,
    options::{Clock, Options},
    samples,
    server::{Handle, Stack},
    site::Site,
    sts::{Sts, TrustedIssuer},
};

pub use error::StartError;
use issuers::{Issuers, without_scheme};

/// Starts a stack; it serves when this returns.
pub async fn serve(options: Options) -> Result<Handle, StartError> {
    let no_listener = |source| StartError::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(no_listener)?;
    let address = listener.local_addr().map_err(no_listener)?;
    let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let issuer_url = options.issuer.clone().unwrap_or_else(|| format!("{public_url}/idp/"));

    let template = Template::load(&options.template, &parameters(&options, &issuer_url))?;
    let api_url = format!("{public_url}/{}", template.api.stage);
    let site = match &options.dist {
        Some(dist) => Some(Site::open(dist, &origins(&[&issuer_url, &public_url]), &api_url)?),
        None => None,
    };
    let sts_url = format!("{public_url}/sts/");
    let explain_url = format!("{public_url}/explain");
    let addresses = Addresses {
        issuer: &issuer_url,
        client_id: &options.client_id,
        api: &api_url,
        sts: &sts_url,
        explain: &explain_url,
    };
    let config = config(&template, &addresses)?.to_string().into_bytes();
    if let Some(table) = template.tables.iter().find(|table| !has_the_right_shape(table)) {
        return Err(StartError::Table { line: table.line, name: table.name.clone() });
    }

    let (database, sealer, issuer) = {
        let (options, issuer_url) = (options.clone(), issuer_url.clone());
        let social_connections = template.outputs.get("BuyerConnections").cloned().unwrap_or_default();
        tokio::task::spawn_blocking(move || open(&options, issuer_url, social_connections)).await??
    };
    let issuers = Issuers { url: issuer_url.clone(), local: issuer.clone() };
    let decisions = Arc::new(Decisions::new()?);
    let routers = routers(&template, &database, &issuers, &decisions, &options.clock).await?;
    let trusted = trusted(&template, &issuers)?;
    let stack = Stack {
        gateway: Gateway::new(routers, api_url),
        sts: Sts::new(trusted, options.credentials_life),
        template,
        sealer,
        decisions,
        issuer,
        config,
        site,
        names: Names::new(address, &public_url),
        origins: vec![options.app_origin, public_url],
        clock: options.clock,
    };
    Ok(Handle::start(stack, listener, address))
}

/// Whether a table is the one that the store works on.
fn has_the_right_shape(table: &Table) -> bool {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut attributes: Vec<_> = TABLE.attributes.iter().map(|(name, kind)| pair(name, kind)).collect();
    attributes.sort();
    let index = |index: &IndexDefinition| Index {
        name: index.name.to_owned(),
        keys: vec![pair(index.hash, "HASH"), pair(index.range, "RANGE")],
        projection: "ALL".to_owned(),
    };
    let mut indexes: Vec<_> = TABLE.indexes.iter().map(index).collect();
    indexes.sort();
    table.attributes == attributes && table.keys == [pair(TABLE.hash, "HASH")] && table.indexes == indexes
}

/// What the template is told of this place.
fn parameters(options: &Options, issuer_url: &str) -> BTreeMap<String, String> {
    let (domain, path) = split_issuer(issuer_url);
    [
        ("Auth0Domain", domain),
        ("IssuerPath", path),
        ("Auth0ClientId", &options.client_id),
        ("AllowedOrigin", &options.app_origin),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn split_issuer(issuer_url: &str) -> (&str, &str) {
    let rest = without_scheme(issuer_url);
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

/// The origins of these URLs, each once.
fn origins(urls: &[&str]) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for url in urls.iter().filter_map(|url| url::Url::parse(url).ok()) {
        let origin = url.origin().ascii_serialization();
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// The Action that is named, or else the project's own: its file where the stack runs in the project, so that it can be
/// changed and tried, and the one of the build everywhere else.
fn action(options: &Options) -> Result<Action, LoadError> {
    const FILE: &str = "infra/auth0/actions/post-login/code.js";
    const BUILT_IN: &str = include_str!("../../../infra/auth0/actions/post-login/code.js");
    match &options.action {
        Some(file) => Action::load(file),
        None if Path::new(FILE).exists() => Action::load(Path::new(FILE)),
        None => Ok(Action::new(FILE, BUILT_IN, Limits::default())?),
    }
}

/// Reads the Action, then opens the data folder, which is locked from here on, and what lies in it.
fn open(
    options: &Options,
    issuer_url: String,
    social_connections: String,
) -> Result<(EmbeddedDynamoDb, Sealer, Option<Arc<Issuer>>), StartError> {
    let post_login = match options.issuer {
        Some(_) => None,
        None => Some(PostLogin { action: action(options)?, social_connections }),
    };
    let database = EmbeddedDynamoDb::open(&options.data)?;
    let file = options.data.join("session.key");
    let sealer = Sealer::load_or_generate(&file).map_err(|source| StartError::SessionKey { file, source })?;
    let issuer = match options.issuer {
        Some(_) => None,
        None => Some(Arc::new(Issuer::new(issuer::Config {
            data_dir: Some(options.data.clone()),
            post_login,
            lifetimes: match options.token_life {
                Some(id_token) => Lifetimes { id_token, ..Lifetimes::default() },
                None => Lifetimes::default(),
            },
            decisions: Some("/idp/decisions".to_owned()),
            log: |event| tracing::info!("issuer: {event}"),
            ..issuer::Config::new(issuer_url, options.client_id.clone(), options.app_origin.clone())
        })?)),
    };
    Ok((database, sealer, issuer))
}

/// The router of each function, with the settings that the template gives it.
async fn routers(
    template: &Template,
    database: &EmbeddedDynamoDb,
    issuers: &Issuers,
    decisions: &Arc<Decisions>,
    clock: &Clock,
) -> Result<BTreeMap<String, Router>, StartError> {
    let (mut routers, mut tables) = (BTreeMap::new(), BTreeSet::new());
    for (id, function) in &template.functions {
        let missing = |variable| StartError::Environment { function: id.clone(), variable };
        let variable = |name: &'static str| function.environment.get(name).ok_or_else(|| missing(name));
        let table = variable("TABLE_NAME")?;
        if tables.insert(table) {
            // The table is CloudFormation's to make, not the function's.
            let owner = Store::new(database.client(), table);
            owner.create_table_if_missing().await?;
            owner.seed(&samples::pets()?).await?;
        }
        let (guarded, file) = (Arc::clone(function), template.file.clone());
        let (decisions, clock) = (Arc::clone(decisions), Arc::clone(clock));
        let guard = move |accesses: &[Access]| authorize(&guarded, accesses, &file, clock(), &decisions);
        let store = Store::new(database.guarded_client(guard), table);
        let buyer_identity = match variable("BUYER_IDENTITY")?.as_str() {
            "verified" => {
                let audiences = vec![variable("CLIENT_ID")?.clone()];
                BuyerIdentity::Verified(issuers.verifier(variable("ISSUER")?, audiences)?)
            }
            "claimed" => BuyerIdentity::Claimed,
            _ => return Err(missing("BUYER_IDENTITY")),
        };
        let allowed_origin = HeaderValue::from_str(variable("ALLOWED_ORIGIN")?);
        let allowed_origin = allowed_origin.map_err(|_| missing("ALLOWED_ORIGIN"))?;
        let social_connections = variable("SOCIAL_CONNECTIONS")?.split(',').map(str::to_owned).collect();
        let settings = RouterSettings { allowed_origin, buyer_identity, social_connections };
        routers.insert(id.clone(), Router::new(store, settings));
    }
    Ok(routers)
}

/// The providers of the template, each with a way to verify its tokens.
fn trusted(template: &Template, issuers: &Issuers) -> Result<Vec<TrustedIssuer>, StartError> {
    let trusted: Vec<TrustedIssuer> = template
        .providers
        .iter()
        .map(|provider| {
            let url = format!("https://{}", provider.key_prefix);
            let verifier = issuers.verifier(&url, provider.client_ids.clone())?;
            Ok(TrustedIssuer { url: issuers.actual(&url), provider: provider.clone(), verifier })
        })
        .collect::<Result<_, StartError>>()?;
    if trusted.iter().any(|issuer| issuer.url == issuers.url) {
        Ok(trusted)
    } else {
        Err(StartError::Provider(issuers.url.clone()))
    }
}
