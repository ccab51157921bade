//! The paths of an API: a tree of resources, of which each names its parent. Next: `read` gives them their methods.

use std::collections::BTreeMap;

use super::{
    super::{Error, properties::Property, resources::Resource, scope::Scope},
    Segment,
};

/// The path of each resource of an API, by what `!Ref` of it gives; `None` where it can't be read.
pub type Paths = BTreeMap<String, Option<Vec<Segment>>>;

/// Reads the resources of one API. `api` is its id.
pub fn paths(scope: &Scope<'_>, api: &str, resources: &[&Resource<'_>]) -> Result<Paths, Error> {
    let mut paths = BTreeMap::from([(format!("{api}-root"), Some(Vec::new()))]);
    let mut waiting = Vec::new();
    for resource in resources {
        match scope.note(read(scope, resource))? {
            Some((parent, segment)) => waiting.push((resource, parent, segment)),
            None => {
                paths.insert(resource.id.to_owned(), None);
            }
        }
    }
    loop {
        let before = waiting.len();
        waiting.retain(|(resource, parent, segment)| {
            let Some(path) = paths.get(parent) else { return true };
            let path = path.as_ref().map(|path| path.iter().chain([segment]).cloned().collect());
            paths.insert(resource.id.to_owned(), path);
            false
        });
        if waiting.len() == before {
            break;
        }
    }
    for (Resource { id, line, .. }, ..) in waiting {
        let message = format!("{id}.ParentId is neither the API's root nor another resource.");
        scope.note::<()>(Err(Error::at(*line, message)))?;
        paths.insert((*id).to_owned(), None);
    }
    Ok(paths)
}

/// Whether the same request can mean both.
pub fn same_shape(one: &[Segment], other: &[Segment]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (Segment::Literal(one), Segment::Literal(other)) => one == other,
            (Segment::Parameter(_), Segment::Parameter(_)) => true,
            _ => false,
        })
}

fn read(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<(String, Segment), Error> {
    let mut properties = resource.properties(scope)?;
    let parent = properties.text("ParentId")?;
    let segment = segment(properties.need("PathPart")?)?;
    scope.pass(properties.finish(&["RestApiId"]))?;
    Ok((parent, segment))
}

fn segment(part: Property) -> Result<Segment, Error> {
    let (what, line) = (part.what.clone(), part.line);
    let part = part.into_text()?;
    let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    match name {
        Some(name) if plain(name) => Ok(Segment::Parameter(name.to_owned())),
        None if plain(&part) && part != "." && part != ".." => Ok(Segment::Literal(part)),
        _ => Err(Error::at(line, format!("{what} {part} is not understood here, nor what is behind it."))),
    }
}
