//! Who may do what, and why, as data: the five steps of a person's rights, and every call by every role. Whoever has the
//! documents at hand makes it (`explain`); the page, the terminal and the log show it. It never holds a token or a key.

use serde::{Deserialize, Serialize};

/// The way from a sign-in to a call, step by step, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// What the last step says; what the first refusal says, if there is one.
    pub verdict: Verdict,
    /// In the order of [`StepName`]. Where there is no call in question, the last one is missing.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub step: StepName,
    /// How it came out.
    pub verdict: Verdict,
    /// One sentence.
    pub says: String,
    /// What it rests on, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// What the documents said, statement by statement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Statement>,
    /// What is probably meant otherwise, and what to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
}

/// The five steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepName {
    /// Who signed in, and through which connection: the claims that matter.
    Connection,
    /// What the subject says of the connection.
    IdentitySource,
    /// The role that the app picks.
    Role,
    /// Whether the role lets this person in.
    TrustPolicy,
    /// Whether the role may make the call.
    Call,
}

/// How a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It goes on.
    Allowed,
    /// It ends here.
    Refused,
    /// Nobody here can say.
    Unknown,
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Such as `sub`.
    pub name: String,
    /// Such as `amazon|…`.
    pub value: String,
}

/// One statement of a policy, compared with what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The policy's name.
    pub policy: String,
    /// Its `Sid`, or `statement 0`.
    pub name: String,
    /// Where it is written.
    pub at: Option<Place>,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// Whether everything in it matches.
    pub applies: bool,
    /// Whether the decision is this one's.
    pub decides: bool,
    /// Each of its elements.
    pub comparisons: Vec<Comparison>,
}

/// One element of a statement: the document's side and the request's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// `Action`, `Resource`, `Condition StringLike tenant.auth0.com/:sub`, …
    pub element: String,
    /// What the document wants, any of these.
    pub wanted: Vec<String>,
    /// What the request has; nothing where it has no such key.
    pub got: Vec<String>,
    /// [`Verdict::Unknown`] where AWS doesn't say what this means.
    pub verdict: Verdict,
    /// What there is to know beyond the two sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As it was named to whoever read it.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

/// A likely mistake, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The mistake, or what is missing, in a sentence.
    pub says: String,
    /// What to change, in a sentence or as the line to write.
    pub remedy: String,
    /// Where.
    pub at: Option<Place>,
}

/// What somebody may do here: the steps up to the credentials, and every call by every role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The first four steps; of a visitor only what can be said.
    pub steps: Vec<Step>,
    /// Every call.
    pub table: AccessTable,
}

/// Every call of the API by every role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTable {
    /// The columns. The first is everybody, without a signature.
    pub roles: Vec<AccessRole>,
    /// The rows.
    pub calls: Vec<AccessCall>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRole {
    /// The role's name; `visitor` for everybody.
    pub name: String,
    /// Its ARN; none for everybody.
    pub arn: Option<String>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessCall {
    /// Method and path behind the stage: `DELETE /pets/{petId}`.
    pub call: String,
    /// The call step of each column.
    pub cells: Vec<Step>,
}
