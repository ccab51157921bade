//! What the page has to show: the documents' own explanation where there is one to be had, and otherwise what the browser
//! knows. It asks STS for credentials first, as a call would, for what it answers is a step of its own.

use domain::{Access, Step, StepName, Verdict};

use super::known::{Sts, known, prefix, role_arn, sts_step};
use crate::{
    session::{Person, SessionError},
    shop::PageShop,
};

/// Everything that is shown and doesn't change by itself.
#[derive(Clone)]
pub struct Seen {
    /// The steps and the table.
    pub access: Access,
    /// Whether the documents say so. If not, it is what the browser knows and what the page expects.
    pub documents: bool,
    /// Why the documents weren't asked though they could have been.
    pub trouble: Option<String>,
    /// What STS really said.
    pub sts: Option<Step>,
    /// The column of the table that is the reader's own.
    pub own: usize,
    /// The name of the connection, for a command to copy.
    pub connection: String,
}

impl Seen {
    /// A step, if the way went so far.
    pub fn step(&self, name: StepName) -> Option<&Step> {
        self.access.steps.iter().find(|step| step.step == name)
    }

    /// The row of a call: as it is written, or as one of its kind, `DELETE /pets/1`.
    pub fn row(&self, asked: &str) -> Option<usize> {
        let calls = &self.access.table.calls;
        let exact = calls.iter().position(|row| row.call == asked);
        exact.or_else(|| calls.iter().position(|row| is_of_kind(asked, &row.call)))
    }
}

/// Finds it out.
pub async fn look(shop: &PageShop, person: Option<Person>) -> Seen {
    let person = person.as_ref();
    let config = shop.config();
    let sts = match shop.calls().let_in().await {
        Ok(Some(())) => Sts::Gave,
        Ok(None) => Sts::NotAsked,
        Err(SessionError::Sts(refusal)) => Sts::Refused(refusal),
        Err(error) => Sts::NoAnswer(error.to_string()),
    };
    let (mut access, mut trouble) = (None, None);
    if let Some(url) = &config.explain_url {
        match shop.calls().explain(url).await {
            Ok(found) if !found.steps.is_empty() && !found.table.calls.is_empty() => access = Some(found),
            Ok(_) => trouble = Some("It names no step, or no call.".to_owned()),
            Err(error) => trouble = Some(error.to_string()),
        }
    }
    let documents = access.is_some();
    let access = access.unwrap_or_else(|| known(config, person, &sts));
    let sts = sts_step(&sts);
    // Who isn't let in calls as everybody does.
    let let_in = sts.as_ref().is_some_and(|step| step.verdict != Verdict::Refused);
    let arn = role_arn(config, person.and_then(|person| person.role)).filter(|_| let_in);
    let own = access.table.roles.iter().position(|role| role.arn.as_deref() == arn).unwrap_or_default();
    let connection = person.and_then(|person| prefix(&person.subject)).unwrap_or("amazon").to_owned();
    Seen { access, documents, trouble, sts, own, connection }
}

/// Whether a call is one of those that a row with parameters stands for.
fn is_of_kind(call: &str, row: &str) -> bool {
    let (mut call, mut row) = (call.split('/'), row.split('/'));
    loop {
        match (call.next(), row.next()) {
            (None, None) => return true,
            (Some(segment), Some(wanted)) if segment == wanted => {}
            (Some(segment), Some(wanted)) if wanted.starts_with('{') && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_finds_its_row() {
        assert!(is_of_kind("DELETE /pets/1", "DELETE /pets/{petId}"));
        assert!(is_of_kind("GET /pets", "GET /pets"));
        for other in ["DELETE /pets", "DELETE /pets/", "DELETE /pets/1/2", "GET /pets/1", "", "{petId}"] {
            assert!(!is_of_kind(other, "DELETE /pets/{petId}"), "{other}");
        }
    }
}
