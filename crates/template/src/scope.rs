//! What the names in a template stand for, and what becomes of that which isn't understood: a strict reading stops at it,
//! a reading of documents notes it and goes on without. This is the only difference between the two. Next: `intrinsics`
//! resolves a node by it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use super::{
    Error, PassedOver,
    resources::Resources,
    values::{self, Parameters},
    yaml::{Entry, Kind, Node},
};

/// The account that the local stack plays.
pub const ACCOUNT: &str = "123456789012";
/// Its region.
pub const REGION: &str = "us-east-1";
/// Its partition.
pub const PARTITION: &str = "aws";
/// The name of its stack.
const STACK: &str = "pets";

/// What all functions together may read and write, in bytes. The deployed template takes less than a hundredth; a few
/// names that stand for ten of the next would take more than any machine has.
const MAX_WORK: usize = 16 * 1024 * 1024;

/// What names in a template stand for.
pub struct Scope<'a> {
    /// Whether to stop at what isn't understood.
    pub strict: bool,
    /// Whether `!GetAtt` makes up what nobody knows before a deployment.
    pub stand_ins: bool,
    /// Where the stack is.
    pub place: Place,
    /// Parameters by name.
    pub parameters: Parameters,
    /// The `Mappings` section.
    pub mappings: &'a [Entry],
    /// The `Conditions` section.
    pub conditions: BTreeMap<&'a str, &'a Node>,
    /// The `Resources` section.
    pub resources: Resources<'a>,
    /// The `Outputs` section.
    pub outputs: &'a [Entry],
    work: Cell<usize>,
    passed_over: RefCell<Vec<PassedOver>>,
}

/// The pseudo parameters.
#[derive(Clone, Debug)]
pub struct Place {
    /// `AWS::AccountId`
    pub account: String,
    /// `AWS::Region`
    pub region: String,
    /// `AWS::Partition`
    pub partition: String,
    /// `AWS::StackName`; without one, a resource without a name has its logical id.
    pub stack: Option<String>,
}

impl Place {
    /// The local stack's.
    pub fn local() -> Self {
        Self { stack: Some(STACK.to_owned()), ..Self::given(&mut BTreeMap::new()) }
    }

    /// The local stack's, but what is given, which is taken away.
    pub fn given(given: &mut BTreeMap<String, String>) -> Self {
        let mut take = |name: &str, default: &str| given.remove(name).unwrap_or_else(|| default.to_owned());
        Self {
            account: take("AWS::AccountId", ACCOUNT),
            region: take("AWS::Region", REGION),
            partition: take("AWS::Partition", PARTITION),
            stack: given.remove("AWS::StackName"),
        }
    }

    /// The value of a pseudo parameter.
    pub fn pseudo(&self, name: &str) -> Option<String> {
        let Self { account, region, partition, stack } = self;
        let stack = stack.as_deref().unwrap_or("stack");
        Some(match name {
            "AWS::AccountId" => account.clone(),
            "AWS::Region" => region.clone(),
            "AWS::Partition" => partition.clone(),
            "AWS::URLSuffix" if partition == "aws-cn" => "amazonaws.com.cn".to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            "AWS::StackName" => stack.to_owned(),
            "AWS::StackId" => format!("arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/local"),
            _ => return None,
        })
    }

    /// The name of a resource that the template gives none.
    pub fn name(&self, id: &str) -> String {
        self.stack.as_ref().map_or_else(|| id.to_owned(), |stack| format!("{stack}-{id}"))
    }
}

impl<'a> Scope<'a> {
    /// Reads the sections. `given` goes over the defaults of the parameters.
    pub fn read(root: &'a Node, given: &BTreeMap<String, String>, place: Place, strict: bool) -> Result<Self, Error> {
        let mut sections: BTreeMap<&str, &Node> = BTreeMap::new();
        let mut passed_over = Vec::new();
        for Entry { key, line, value } in root.entries("A template")? {
            match key.as_str() {
                "AWSTemplateFormatVersion" | "Description" | "Metadata" => {}
                "Conditions" | "Mappings" | "Outputs" | "Parameters" | "Resources" => {
                    // Some tools leave an empty section behind.
                    let empty = matches!(&value.kind, Kind::Scalar { text, plain: true, .. } if text.is_empty());
                    if strict || !empty {
                        sections.insert(key, value);
                    }
                }
                _ if strict => return Err(Error::at(*line, format!("{key} is not understood here."))),
                "Transform" => passed_over.extend(macros(value)),
                _ => {}
            }
        }
        let entries = |name: &str| sections.get(name).map_or(Ok(&[][..]), |section| section.entries(name));
        let resources = sections
            .get("Resources")
            .ok_or_else(|| Error::at(1, "Resources is missing; what is read here is a CloudFormation template."))?;
        let parameters = sections.get("Parameters").copied();
        let mut scope = Self {
            strict,
            stand_ins: !strict,
            place,
            parameters: values::parameters(parameters, given, strict)?,
            mappings: entries("Mappings")?,
            conditions: entries("Conditions")?.iter().map(|entry| (entry.key.as_str(), &entry.value)).collect(),
            resources: Resources::default(),
            outputs: entries("Outputs")?,
            work: Cell::default(),
            passed_over: RefCell::new(passed_over),
        };
        scope.resources = Resources::read(&scope, resources)?;
        scope.resources = Resources::that_are_there(&scope)?;
        Ok(scope)
    }

    /// Counts what functions read and write. Depth alone bounds nothing: ten references to what has ten references each,
    /// and so on, make 10³².
    pub fn spend(&self, bytes: usize, line: usize) -> Result<(), Error> {
        self.work.set(self.work.get().saturating_add(bytes));
        if self.work.get() > MAX_WORK { Err(exhausted(line)) } else { Ok(()) }
    }

    /// Goes on without what may change an answer, and notes it.
    pub fn note<T>(&self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        self.note_in(&mut self.passed_over.borrow_mut(), result)
    }

    /// The same, where it is about one role alone.
    pub fn note_in<T>(&self, noted: &mut Vec<PassedOver>, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if self.strict => Err(error),
            Err(Error { line, message, .. }) => {
                self.spend(message.len(), line)?;
                noted.push(PassedOver { line, message });
                Ok(None)
            }
        }
    }

    /// Goes on without what doesn't bear on who may do what.
    pub fn pass<T>(&self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Err(error) if self.strict => Err(error),
            result => Ok(result.ok()),
        }
    }

    /// What was noted, in the order of the file.
    pub fn finish(self) -> Result<Vec<PassedOver>, Error> {
        self.spend(0, 1)?;
        let mut noted = self.passed_over.into_inner();
        noted.sort_by(|one, other| (one.line, &one.message).cmp(&(other.line, &other.message)));
        noted.dedup();
        Ok(noted)
    }
}

fn exhausted(line: usize) -> Error {
    Error::at(line, "the functions of the template make too much of it: references multiply.")
}

/// The macros that may change what the template says. AWS SAM's own types are noted where they stand.
fn macros(transform: &Node) -> Vec<PassedOver> {
    let items = match &transform.kind {
        Kind::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(transform),
    };
    let known = |name: &str| ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"].contains(&name);
    let unknown = items.iter().filter(|item| !item.text("Transform").is_ok_and(known));
    let message = "a macro may change everything here; name the template that it makes instead.";
    unknown.map(|item| PassedOver { line: item.line, message: message.to_owned() }).collect()
}
