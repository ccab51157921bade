//! Who asks for what, from the options, a token or a recorded request.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use explain::{Call, Person};
use template::View;

use super::{
    options::Options,
    recorded::{self, About, RecordedError},
    token::{Token, TokenError},
};

/// A question.
pub struct Asked {
    pub who: Who,
    pub role: Option<String>,
    pub call: Option<Call>,
}

/// Who asks.
pub enum Who {
    /// Nobody in particular.
    Visitor,
    /// Somebody with these claims.
    Person(Person),
    /// Whom a token names.
    Token(Token),
}

/// Why there is no question.
#[derive(Debug, thiserror::Error)]
pub enum AskedError {
    #[error("{what} can't be read: {source}")]
    File { what: &'static str, source: io::Error },
    #[error("{0} is larger than {LARGEST} bytes, or no text")]
    NoText(&'static str),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Recorded(#[from] RecordedError),
    #[error("{0} declares {1} OIDC providers; say which one with --issuer")]
    Issuer(String, usize),
    #[error("{0}'s OIDC provider takes tokens for {1} clients; say for which one with --aud")]
    Audience(String, usize),
    #[error("the recorded call doesn't say who signed it; say it with --sub, such as --sub 'amazon|fred'")]
    WhoSigned,
    #[error("{0} comes with the recorded request; leave the option out")]
    Twice(&'static str),
}

/// A HAR of a long visit has some megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;

impl Asked {
    /// Reads what the options name.
    pub fn read(options: &Options, documents: View<'_>) -> Result<Self, AskedError> {
        let (role, call) = (options.role.clone(), options.call.clone());
        let Some(file) = &options.request else {
            let who = match &options.token {
                Some(file) => Who::Token(Token::read(&text("the token", file)?)?),
                None => subject(options, documents)?.map_or(Who::Visitor, Who::Person),
            };
            return Ok(Self { who, role, call });
        };
        match recorded::find(&text("the recorded request", file)?, options.entry, documents)? {
            About::Sts { .. } if role.is_some() => Err(AskedError::Twice("--role")),
            About::Sts { role, token } => Ok(Self { who: Who::Token(Token::read(&token)?), role: Some(role), call }),
            About::Api { .. } if call.is_some() => Err(AskedError::Twice("--call")),
            About::Api { call, signed: false, .. } => Ok(Self { who: Who::Visitor, role: None, call: Some(call) }),
            About::Api { call, token, .. } => {
                let who = match (subject(options, documents)?, token) {
                    (Some(person), _) => Who::Person(person),
                    (None, Some(token)) => Who::Token(Token::read(&token)?),
                    (None, None) => return Err(AskedError::WhoSigned),
                };
                Ok(Self { who, role, call: Some(call) })
            }
        }
    }
}

/// The person of `--sub`.
pub fn subject(options: &Options, documents: View<'_>) -> Result<Option<Person>, AskedError> {
    let Some(subject) = options.sub.clone() else { return Ok(None) };
    let file = || documents.file.to_owned();
    let issuer = match (&options.issuer, documents.providers) {
        (Some(issuer), _) => issuer.clone(),
        (None, [provider]) => format!("https://{}", provider.key_prefix),
        (None, providers) => return Err(AskedError::Issuer(file(), providers.len())),
    };
    let issued_by = explain::provider_of(documents, &issuer);
    let audience = match (&options.aud, issued_by.map(|provider| &provider.client_ids[..])) {
        (Some(audience), _) => audience.clone(),
        (None, Some([client])) => client.clone(),
        // The issuer is refused before anybody looks at the audience.
        (None, None) => String::new(),
        (None, Some(clients)) => return Err(AskedError::Audience(file(), clients.len())),
    };
    Ok(Some(Person { issuer, subject, audience, amr: options.amr.clone() }))
}

fn text(what: &'static str, file: &Path) -> Result<String, AskedError> {
    let unread = |source| AskedError::File { what, source };
    let source: Box<dyn Read> =
        if file == Path::new("-") { Box::new(io::stdin()) } else { Box::new(File::open(file).map_err(unread)?) };
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        return Err(AskedError::NoText(what));
    }
    String::from_utf8(bytes).map_err(|_| AskedError::NoText(what))
}
