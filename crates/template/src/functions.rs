//! The functions: what they are told, and the role that says what they may do to the table. Next: `start` makes a
//! router of each, `function_role` holds it to its role.

use std::{collections::BTreeMap, sync::Arc};

use super::{Error, resources::Resource, roles::Role, scope::Scope};

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its environment variables.
    pub environment: BTreeMap<String, String>,
    /// Its name, which is its session's, too.
    pub name: String,
    /// The role that it runs with.
    pub role: Role,
}

/// Every function, by its logical id.
pub fn functions(scope: &Scope<'_>, roles: &[Role]) -> Result<BTreeMap<String, Arc<Function>>, Error> {
    let read = |resource: &Resource<'_>| {
        let environment = environment(scope, resource)?;
        let name = scope.resources.reference(scope, resource.id, resource.line, 0)?;
        let role = role(scope, resource, roles)?;
        Ok((resource.id.to_owned(), Arc::new(Function { environment, name, role })))
    };
    scope.resources.of("AWS::Lambda::Function").map(read).collect()
}

fn environment(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<BTreeMap<String, String>, Error> {
    let mut variables = BTreeMap::new();
    if let Some(environment) = resource.property(scope, "Environment")? {
        let mut environment = environment.into_properties()?;
        if let Some(given) = environment.take("Variables") {
            for variable in given.into_properties()?.rest() {
                let name = variable.what.rsplit('.').next().unwrap_or_default().to_owned();
                variables.insert(name, variable.into_text()?);
            }
        }
        environment.finish(&[])?;
    }
    Ok(variables)
}

fn role(scope: &Scope<'_>, resource: &Resource<'_>, roles: &[Role]) -> Result<Role, Error> {
    let property = resource.property(scope, "Role")?;
    let property = property.ok_or_else(|| Error::at(resource.line, format!("{}.Role is missing.", resource.id)))?;
    let (what, line) = (property.what.clone(), property.line);
    let arn = property.into_text()?;
    let role = roles.iter().find(|role| role.arn == arn);
    let role = role.ok_or_else(|| Error::at(line, format!("{what} {arn} is no role of this template.")))?;
    let assumed = iam::Request {
        principal: iam::Principal::Service("lambda.amazonaws.com".to_owned()),
        action: "sts:AssumeRole".to_owned(),
        resource: String::new(),
        context: iam::Context::new(),
    };
    if iam::decide(std::slice::from_ref(&role.trust), &assumed).is_allowed() {
        Ok(role.clone())
    } else {
        Err(Error::at(line, format!("{what}: the role {} doesn't let lambda.amazonaws.com assume it.", role.name)))
    }
}
