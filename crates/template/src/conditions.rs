//! Conditions: whether one holds. Next: `resources` drops what isn't there, `intrinsics` chooses by them.
//!
//! Source: "Condition functions" of the CloudFormation User Guide.

use super::{
    Error,
    intrinsics::MAX_DEPTH,
    scope::Scope,
    yaml::{Kind, Node},
};

impl Scope<'_> {
    /// Whether a condition of the `Conditions` section holds.
    pub fn condition(&self, name: &str, line: usize) -> Result<bool, Error> {
        self.condition_at(name, line, 0)
    }

    pub(super) fn condition_at(&self, name: &str, line: usize, depth: usize) -> Result<bool, Error> {
        let condition = self.conditions.get(name);
        let condition = condition.ok_or_else(|| Error::at(line, format!("the condition {name} is missing.")))?;
        self.holds(condition, depth + 1)
    }

    fn holds(&self, node: &Node, depth: usize) -> Result<bool, Error> {
        let line = node.line;
        if depth > MAX_DEPTH {
            return Err(Error::at(line, "nested too deeply, or a condition that goes in a circle."));
        }
        self.spend(size_of::<Node>(), line)?;
        let (function, argument) = match &node.kind {
            Kind::Call(function, argument) => (function.as_str(), argument.as_ref()),
            Kind::Mapping(entries) if entries.len() == 1 && entries[0].key == "Condition" => {
                ("Condition", &entries[0].value)
            }
            _ => return Err(Error::at(line, "a condition must be a function such as !Equals.")),
        };
        if function == "Condition" {
            return self.condition_at(argument.text("!Condition")?, line, depth);
        }
        let Kind::Sequence(items) = &argument.kind else {
            return Err(Error::at(line, format!("!{function} takes a list.")));
        };
        let mut each = items.iter().map(|item| self.holds(item, depth + 1));
        match (function, items.len()) {
            ("Equals", 2) => {
                Ok(self.text_at(&items[0], "!Equals", depth)? == self.text_at(&items[1], "!Equals", depth)?)
            }
            ("Not", 1) => Ok(!self.holds(&items[0], depth + 1)?),
            ("And", 2..=10) => each.try_fold(true, |all, one| Ok(all & one?)),
            ("Or", 2..=10) => each.try_fold(false, |any, one| Ok(any | one?)),
            _ => Err(Error::at(line, format!("!{function} with {} is no condition.", items.len()))),
        }
    }
}
