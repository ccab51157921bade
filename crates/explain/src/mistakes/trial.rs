//! What would be if a document said something else: every statement is made again from what was compared, one is changed,
//! and `iam` compares anew. So a mistake is named only if the request goes through without it.

use iam::{Effect, Element, Explanation, Policy, Request, StatementTrace};
use serde_json::{Map, Value, json};

use super::Asked;

/// A question whose documents can be changed.
pub(super) struct Trial<'a> {
    request: &'a Request,
    explanation: &'a Explanation,
    trust: bool,
    statements: Vec<Draft>,
}

/// A statement that can be changed.
#[derive(Clone)]
pub(super) struct Draft {
    version: &'static str,
    pub elements: Map<String, Value>,
}

impl<'a> Trial<'a> {
    /// `None` where a statement, made again, says something else than the document does.
    pub fn of(asked: &Asked<'a>) -> Option<Self> {
        let trust = asked.policies.contains(&asked.role.trust);
        let statements = asked.explanation.statements.iter().map(|trace| {
            let same = |draft: &Draft| draft.applies(trust, asked.request) == Some(trace.applies);
            ["2012-10-17", "2008-10-17"].into_iter().map(|version| Draft::of(trace, version)).find(same)
        });
        let statements = statements.collect::<Option<_>>()?;
        Some(Self { request: asked.request, explanation: asked.explanation, trust, statements })
    }

    /// A statement to change.
    pub fn draft(&self, index: usize) -> Draft {
        self.statements[index].clone()
    }

    /// Whether the request would go through with this in place of a statement.
    pub fn would_pass(&self, index: usize, draft: &Draft) -> bool {
        let changed = draft.applies(self.trust, self.request);
        changed.is_some_and(|changed| {
            self.passes(|position, trace| if position == index { changed } else { trace.applies })
        })
    }

    /// Whether it would go through if none denied it.
    pub fn would_pass_undenied(&self) -> bool {
        self.passes(|_, trace| trace.effect == Effect::Allow && trace.applies)
    }

    /// What `iam` makes of statements: an allow that applies, and no deny.
    fn passes(&self, applies: impl Fn(usize, &StatementTrace) -> bool) -> bool {
        let any = |effect| {
            let statements = self.explanation.statements.iter().enumerate();
            statements.filter(|(_, trace)| trace.effect == effect).any(|(position, trace)| applies(position, trace))
        };
        any(Effect::Allow) && !any(Effect::Deny)
    }
}

impl Draft {
    fn of(trace: &StatementTrace, version: &'static str) -> Self {
        let mut elements = Map::new();
        let effect = match trace.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        elements.insert("Effect".into(), effect.into());
        for check in &trace.checks {
            let wanted: Vec<&str> = check.wanted.iter().map(|wanted| wanted.written.as_str()).collect();
            match &check.element {
                Element::Principal => drop(elements.insert("Principal".into(), principal(&wanted))),
                Element::Condition { operator, key } => {
                    let conditions = elements.entry("Condition").or_insert_with(|| json!({}));
                    conditions[operator][key] = json!(wanted);
                }
                plain => drop(elements.insert(plain.to_string(), json!(wanted))),
            }
        }
        Self { version, elements }
    }

    /// Puts something in place of an element.
    pub fn with(mut self, element: &str, value: Value) -> Self {
        self.elements.insert(element.to_owned(), value);
        self
    }

    /// An item of `Resource`.
    pub fn resource(&self, item: usize) -> Option<&str> {
        self.elements.get("Resource")?.get(item)?.as_str()
    }

    /// One more value of an element.
    pub fn and(mut self, element: &str, value: &str) -> Self {
        if let Some(Value::Array(values)) = self.elements.get_mut(element) {
            values.push(value.into());
        }
        self
    }

    /// Makes other conditions of each: operator, key and values.
    pub fn with_conditions(
        mut self,
        change: impl Fn(&str, &str, &[Value]) -> Option<(String, String, Vec<Value>)>,
    ) -> Self {
        let mut changed = json!({});
        for (operator, keys) in self.elements.get("Condition").and_then(Value::as_object).into_iter().flatten() {
            for (key, values) in keys.as_object().into_iter().flatten() {
                let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
                if let Some((operator, key, values)) = change(operator, key, values) {
                    changed[operator][key] = values.into();
                }
            }
        }
        if changed.as_object().is_some_and(Map::is_empty) {
            self.elements.remove("Condition");
        } else {
            self.elements.insert("Condition".into(), changed);
        }
        self
    }

    fn applies(&self, trust: bool, request: &Request) -> Option<bool> {
        let explanation = iam::explain(&[self.policy(trust)?], request);
        explanation.statements.first().map(|statement| statement.applies)
    }

    fn policy(&self, trust: bool) -> Option<Policy> {
        let document = json!({ "Version": self.version, "Statement": self.elements });
        if trust { Policy::trust("", &document) } else { Policy::permissions("", &document) }.ok()
    }
}

fn principal(wanted: &[&str]) -> Value {
    let mut kinds = json!({});
    for entry in wanted {
        let Some((kind, id)) = entry.split_once(' ') else { return "*".into() };
        match &mut kinds[kind] {
            Value::Array(ids) => ids.push(id.into()),
            none => *none = json!([id]),
        }
    }
    kinds
}
