//! Why a deploy or a destroy stopped: one sentence that names the problem, and one that says what to do about it.
//! Nothing secret may come in here: an answer of AWS about a signature holds the signed headers, and with them the
//! session token, so of such answers only the code is kept.

use std::{io, path::PathBuf};

/// The result of everything that can stop.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why it stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line.
    #[error("{0}\nAdd --help to see what there is.")]
    Usage(String),
    /// Nothing was found that says who is deploying.
    #[error("There are no AWS credentials: {reason}.\n{remedy}")]
    Credentials {
        /// What the SDK says, without values.
        reason: String,
        /// Depends on whether a profile is chosen.
        remedy: String,
    },
    /// AWS doesn't accept the credentials.
    #[error("AWS doesn't accept the credentials ({code}).\n{remedy}")]
    Refused {
        /// The answer's code.
        code: String,
        /// By the code.
        remedy: String,
    },
    /// No region.
    #[error(
        "The AWS region isn't known.\nSay it with --region, such as --region eu-central-1, or set AWS_REGION, or a region \
         in the profile."
    )]
    Region,
    /// A call failed.
    #[error("AWS refused to {doing} ({code}): {message}{remedy}")]
    Call {
        /// Continues "to …".
        doing: String,
        /// The answer's code.
        code: String,
        /// The answer's message.
        message: String,
        /// Empty, or a line of its own.
        remedy: String,
    },
    /// No answer.
    #[error("Failed to {doing}: {reason}.\nLook at the network, the proxy and AWS_ENDPOINT_URL, then run it again.")]
    NoAnswer {
        /// Continues "Failed to …".
        doing: String,
        /// The chain of reasons.
        reason: String,
    },
    /// The template can't be read.
    #[error("The template, line {line}: {what}")]
    Template {
        /// From 1.
        line: usize,
        /// What is wrong, with the remedy.
        what: String,
    },
    /// The template lacks what a deploy needs.
    #[error("The template: {0}")]
    TemplateContent(String),
    /// Parameters, each with its remedy.
    #[error("The parameters don't fit:\n  {}\nNothing was changed.", .0.join("\n  "))]
    Parameters(Vec<String>),
    /// `--config`.
    #[error("The configuration of the page: {0}\nNothing of the page was changed.")]
    Config(String),
    /// The stack is in a state that a deploy can't go on from.
    #[error("The stack {stack} is in the state {state}: {meaning}.\n{remedy}")]
    StackState {
        /// Its name.
        stack: String,
        /// CloudFormation's word.
        state: String,
        /// In words.
        meaning: &'static str,
        /// What to do.
        remedy: String,
    },
    /// There is no such stack.
    #[error("There is no stack {stack} in {region}.\nLook at --stack, --region and --profile.")]
    NoStack {
        /// Its name.
        stack: String,
        /// Where it was looked for.
        region: String,
    },
    /// A bucket of somebody else.
    #[error(
        "The bucket {bucket} belongs to somebody else, or these credentials may not see it.\nAsk for s3:ListBucket on it; \
         for the zips, another name can be said with --artifact-bucket. Nothing was changed."
    )]
    ForeignBucket {
        /// Its name.
        bucket: String,
    },
    /// The change would lose sight of the pets.
    #[error(
        "The change {what} the table {id}{because}: the shop would stand in front of an empty one.\n{remedy} Nothing was \
         changed."
    )]
    TableAtRisk {
        /// What it would do.
        what: &'static str,
        /// The logical id.
        id: String,
        /// Which property, or empty.
        because: String,
        /// How sure it is.
        remedy: &'static str,
    },
    /// CloudFormation didn't make the change set.
    #[error("CloudFormation can't plan the change: {0}\nNothing was changed.")]
    ChangeSet(String),
    /// The stack's change failed.
    #[error("The stack {stack} ended in {state}. The first to fail was {resource}: {reason}{remedy}")]
    StackFailed {
        /// Its name.
        stack: String,
        /// CloudFormation's word.
        state: String,
        /// Logical id and type.
        resource: String,
        /// CloudFormation's reason.
        reason: String,
        /// A line of its own.
        remedy: String,
    },
    /// CloudFormation goes on without us.
    #[error(
        "The stack {0} is still being changed after three hours.\nRun it again: it waits for what is going on, then ends \
         the deploy."
    )]
    StillGoing(String),
    /// The build lacks something.
    #[error("{0}")]
    Build(String),
    /// A page that the site's Content Security Policy wouldn't let work.
    #[error(
        "{file}, {}.\nThe site's policy lets nothing of that through. Build the page anew; what is in its source goes into \
         a file of its own. Nothing was changed.",
        faults.iter().map(sealed_page::Fault::to_string).collect::<Vec<_>>().join("; ")
    )]
    Page {
        /// The key.
        file: String,
        /// All of them.
        faults: Vec<sealed_page::Fault>,
    },
    /// A file.
    #[error("Failed to {doing} {}: {source}.", path.display())]
    File {
        /// `read`, and so on.
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Nobody to ask.
    #[error(
        "This needs an answer and there is no terminal to ask at.\nAdd --yes where the answer is known, or --dry-run to see the plan."
    )]
    NobodyToAsk,
    /// A no.
    #[error("Nothing was changed.")]
    Declined,
}

impl Error {
    /// A file that couldn't be read.
    pub fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing: "read", path, source }
    }
}
