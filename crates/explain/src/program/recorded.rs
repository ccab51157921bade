//! A recorded request: HTTP/1.1 as text, or HAR, as browsers save it. What is taken of it is what says who asks for what;
//! signatures, cookies and keys are passed over.
//!
//! Source: RFC 9112; the HAR 1.2 specification.

use serde::Deserialize;
use template::{View, path};

use explain::Call;

/// A request.
pub struct Recorded {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// What a request is about.
pub enum About {
    /// `AssumeRoleWithWebIdentity`
    Sts { role: String, token: String },
    /// A call of the API.
    Api { call: Call, signed: bool, token: Option<String> },
}

/// Why a file has no request for us.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    #[error(
        "the recorded request is neither HTTP (a line such as 'POST /test/pets HTTP/1.1', headers, an empty line, the body) nor HAR"
    )]
    Unreadable,
    #[error("none of the recorded requests goes to this template's API or to STS (its stage is {0})")]
    NothingOfOurs(String),
    #[error("several of the recorded requests go to the API or to STS; choose with --entry:\n{0}")]
    Several(String),
    #[error("there is no request {0} in that file, or it goes neither to the API nor to STS")]
    NoEntry(usize),
    #[error("the recorded call of STS lacks RoleArn or WebIdentityToken")]
    Incomplete,
}

#[derive(Deserialize)]
struct Har {
    log: Log,
}
#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}
#[derive(Deserialize)]
struct Entry {
    request: HarRequest,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarRequest {
    method: String,
    url: String,
    headers: Vec<HarPair>,
    post_data: Option<HarBody>,
}
#[derive(Deserialize)]
struct HarPair {
    name: String,
    value: String,
}
#[derive(Deserialize)]
struct HarBody {
    #[serde(default)]
    text: String,
}

/// The one request of a file that is about our documents; `entry` chooses among several, counted from 1.
pub fn find(text: &str, entry: Option<usize>, documents: View<'_>) -> Result<About, RecordedError> {
    let requests = if text.trim_start().starts_with('{') {
        let har: Har = serde_json::from_str(text).map_err(|_| RecordedError::Unreadable)?;
        har.log.entries.into_iter().map(|entry| Recorded::from(entry.request)).collect()
    } else {
        vec![Recorded::parse(text).ok_or(RecordedError::Unreadable)?]
    };
    let ours = requests
        .iter()
        .enumerate()
        .filter_map(|(index, request)| Some((index + 1, request, request.about(documents)?)));
    let mut ours: Vec<_> = ours.collect();
    if let Some(wanted) = entry {
        ours.retain(|(number, ..)| *number == wanted);
        if ours.is_empty() {
            return Err(RecordedError::NoEntry(wanted));
        }
    }
    match (ours.len(), ours.pop()) {
        (1, Some((.., about))) => about,
        (0, _) => Err(RecordedError::NothingOfOurs(
            documents.api.map_or_else(|| "unknown".to_owned(), |api| api.stage.clone()),
        )),
        (_, last) => {
            ours.extend(last);
            let lines =
                ours.iter().map(|(number, request, _)| format!("  {number}  {} {}", request.method, request.path));
            Err(RecordedError::Several(lines.collect::<Vec<_>>().join("\n")))
        }
    }
}

impl Recorded {
    fn parse(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n");
        let (head, body) = text.trim_start().split_once("\n\n").unwrap_or((text.trim(), ""));
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target, version) = (first.next()?, first.next()?, first.next()?);
        if !version.starts_with("HTTP/") || first.next().is_some() {
            return None;
        }
        let header =
            |line: &str| line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        let headers = lines.map(header).collect::<Option<_>>()?;
        Some(Self { method: method.to_owned(), path: path_of(target), headers, body: body.to_owned() })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What it is about; nothing of ours for most requests of a page.
    fn about(&self, documents: View<'_>) -> Option<Result<About, RecordedError>> {
        if self.method == "POST" {
            let form = |name: &str| {
                let mut pairs = form_urlencoded::parse(self.body.trim().as_bytes());
                pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
            };
            if form("Action").as_deref() == Some("AssumeRoleWithWebIdentity") {
                return Some(match (form("RoleArn"), form("WebIdentityToken")) {
                    (Some(role), Some(token)) => Ok(About::Sts { role, token }),
                    _ => Err(RecordedError::Incomplete),
                });
            }
        }
        let api = documents.api?;
        let behind = self.path.strip_prefix('/')?.strip_prefix(api.stage.as_str())?;
        let segments = path::segments(behind)?;
        // The page's own preflights are no question.
        api.route(&self.method, &segments).filter(|route| route.method != "OPTIONS")?;
        let body = serde_json::from_str::<serde_json::Value>(&self.body).unwrap_or_default();
        let token = self.header("x-identity-token").or_else(|| body["authToken"].as_str()).map(str::to_owned);
        let signed = self.header("authorization").is_some_and(|value| value.starts_with("AWS4-"));
        Some(Ok(About::Api { call: Call { method: self.method.clone(), path: behind.to_owned() }, signed, token }))
    }
}

impl From<HarRequest> for Recorded {
    fn from(request: HarRequest) -> Self {
        Self {
            path: path_of(&request.url),
            method: request.method,
            headers: request.headers.into_iter().map(|pair| (pair.name, pair.value)).collect(),
            body: request.post_data.map(|body| body.text).unwrap_or_default(),
        }
    }
}

/// The path of a target: absolute addresses and those without an origin.
fn path_of(target: &str) -> String {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest.find('/').map_or("/", |start| &rest[start..]));
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}
