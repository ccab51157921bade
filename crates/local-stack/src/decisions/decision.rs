//! One decision, as it is handed in and as it is kept.

use domain::{Comparison, Statement};
use template::Role;
use time::OffsetDateTime;

use super::masks::{Masks, cut, short_path};

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// STS, before it asked a policy.
    Sts,
    /// The trust policy of the role that was asked for.
    TrustPolicy,
    /// The gateway, without asking a policy.
    Gateway,
    /// The permissions of the session's role.
    Permissions,
    /// The policy that the session began with.
    SessionPolicy,
    /// The permissions of a function's own role, which its table asks.
    Function,
}

impl By {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sts => "STS; no policy was asked",
            Self::TrustPolicy => "STS, by the role’s trust policy",
            Self::Gateway => "the gateway; no policy was asked",
            Self::Permissions => "the gateway, by the role’s permissions",
            Self::SessionPolicy => "the gateway, by the session’s own policy",
            Self::Function => "the table, by the permissions of the function’s role",
        }
    }
}

/// A decision as whoever made it hands it in: nothing is bounded or masked yet.
pub struct Made {
    /// When.
    pub time: OffsetDateTime,
    /// Of which request; none where that isn't known.
    pub request: Option<String>,
    /// Who decided.
    pub by: By,
    /// The action, or method and path as they were routed.
    pub asked: String,
    /// The path in `asked` and in resources.
    pub path: Option<String>,
    /// The subject of the ID token.
    pub subject: Option<String>,
    /// The session's name, which most callers make from the subject.
    pub session: Option<String>,
    /// The role, by its name.
    pub role: Option<String>,
    /// How it came out.
    pub allowed: bool,
    /// The sentence.
    pub says: String,
    /// What was compared.
    pub statements: Vec<Statement>,
}

/// A decision as it is kept.
#[derive(Clone, Debug)]
pub struct Decision {
    /// When.
    pub time: OffsetDateTime,
    /// Of which request; none where that isn't known.
    pub request: Option<String>,
    /// Who decided.
    pub by: By,
    /// The action, or method and path.
    pub asked: String,
    /// Who asked: the connection, and the last characters of the subject.
    pub who: Option<String>,
    /// The role, by its name.
    pub role: Option<String>,
    /// How it came out.
    pub allowed: bool,
    /// The sentence.
    pub says: String,
    /// What was compared.
    pub statements: Vec<Statement>,
    /// Whether something didn't fit.
    pub shortened: bool,
}

/// How long the texts of an entry may be, in characters.
const LONGEST: usize = 160;
const LONGEST_SENTENCE: usize = 800;
/// How much all the comparisons of an entry may hold, in bytes.
const BUDGET: usize = 16 * 1024;

impl Made {
    /// A refusal without a reason: what it is as long as nobody says more.
    pub fn new(time: OffsetDateTime, request: Option<&str>, by: By, asked: impl Into<String>) -> Self {
        Self {
            time,
            request: request.map(str::to_owned),
            by,
            asked: asked.into(),
            path: None,
            subject: None,
            session: None,
            role: None,
            allowed: false,
            says: String::new(),
            statements: Vec::new(),
        }
    }

    /// What a role's policies said.
    pub fn decided(&mut self, by: By, role: &Role, file: &str, explanation: &iam::Explanation) {
        let decided = explain::Decided { role, file };
        self.by = by;
        self.role = Some(role.name.clone());
        self.allowed = explanation.decision.is_allowed();
        self.says = explain::sentence(&explanation.decision, decided);
        self.statements.extend(explain::statements(explanation, decided));
    }

    /// What is kept of it.
    pub(super) fn bounded(self) -> Decision {
        let mut masks = Masks::default();
        let who = self.subject.map(|subject| masks.subject(&subject));
        if let Some(session) = self.session {
            masks.name(&session);
        }
        if let Some(path) = self.path {
            masks.replace(&path, short_path(&path));
        }
        let mut left = BUDGET;
        let mut shortened = false;
        let mut statements = Vec::new();
        for statement in self.statements {
            let statement = bounded(statement, &masks, &mut left);
            // What is only half there would say something else.
            let Some(statement) = statement else {
                shortened = true;
                break;
            };
            statements.push(statement);
        }
        Decision {
            time: self.time,
            request: self.request,
            by: self.by,
            asked: cut(&masks.apply(&self.asked), LONGEST),
            who,
            role: self.role.map(|role| cut(&role, LONGEST)),
            allowed: self.allowed,
            says: cut(&masks.apply(&self.says), LONGEST_SENTENCE),
            statements,
            shortened,
        }
    }
}

/// The statement with its values masked and cut, if there is room for it.
fn bounded(statement: Statement, masks: &Masks, left: &mut usize) -> Option<Statement> {
    let mut take = |text: String| {
        let text = cut(&masks.apply(&text), LONGEST);
        *left = left.checked_sub(text.len())?;
        Some(text)
    };
    let mut comparisons = Vec::new();
    for Comparison { element, wanted, got, verdict, note } in statement.comparisons {
        comparisons.push(Comparison {
            element: take(element)?,
            wanted: wanted.into_iter().map(&mut take).collect::<Option<_>>()?,
            got: got.into_iter().map(&mut take).collect::<Option<_>>()?,
            verdict,
            note,
        });
    }
    Some(Statement { policy: take(statement.policy)?, name: take(statement.name)?, comparisons, ..statement })
}
