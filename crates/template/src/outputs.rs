//! The `Outputs` that are plain texts: what a deployment would print. A value that AWS makes up is none of them.

use std::collections::BTreeMap;

use super::{
    Error,
    scope::Scope,
    yaml::{Entry, Kind, Node},
};

/// Every output.
pub fn outputs(scope: &Scope<'_>) -> Result<BTreeMap<String, String>, Error> {
    let mut outputs = BTreeMap::new();
    for entry in scope.outputs {
        let value = scope.pass(value(scope, entry))?.flatten();
        outputs.extend(value.map(|value| (entry.key.clone(), value)));
    }
    Ok(outputs)
}

fn value(scope: &Scope<'_>, Entry { key, line, value }: &Entry) -> Result<Option<String>, Error> {
    let fields = value.entries(key)?;
    let field = |name: &str| fields.iter().find(|entry| entry.key == name);
    if let Some(condition) = field("Condition")
        && !scope.condition(condition.value.text("Condition")?, condition.line)?
    {
        return Ok(None);
    }
    let value = field("Value").ok_or_else(|| Error::at(*line, format!("{key} has no Value.")))?;
    match scope.resolve(&value.value) {
        Ok(Some(Node { kind: Kind::Scalar { text, .. }, .. })) => Ok(Some(text)),
        _ => Ok(None),
    }
}
