//! The binaries of other packages that commands and tests run.

use std::{path::PathBuf, process::Stdio};

use serde_json::Value;

use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
};

/// Builds the binary of this name and says where it is.
///
/// With the features that the whole workspace gives its dependencies: those that `cargo test` has compiled anyway.
pub fn build(project: &Project, name: &str) -> Result<PathBuf> {
    build_with(project, name, &["--workspace"])
}

/// The same with these options of `cargo build`.
pub fn build_with(project: &Project, name: &str, options: &[&str]) -> Result<PathBuf> {
    let mut command = project.command("cargo");
    command.args(["build", "--bin", name, "--message-format=json-render-diagnostics"]).args(options);
    let output = command.stderr(Stdio::inherit()).output().doing(|| "run cargo".into())?;
    if !output.status.success() {
        return Err(Failure::new(format!("{name} doesn't compile.")).remedy("What the compiler says is above."));
    }
    executable(&String::from_utf8_lossy(&output.stdout), name)
        .ok_or_else(|| Failure::new(format!("Cargo built {name}, but doesn't say where it is.")))
}

/// Out of what Cargo says of its artifacts, a JSON object a line.
pub fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages.lines().filter_map(|line| line.parse::<Value>().ok()).find_map(|message| {
        let is_it = message["reason"] == "compiler-artifact" && message["target"]["name"] == name;
        message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_that_of_the_binary_and_not_of_its_library() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"local_stack"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/t/other"}"#,
            "\nnot JSON\n",
            r#"{"reason":"compiler-artifact","target":{"name":"local-stack"},"executable":"/t/local-stack"}"#,
        );
        assert_eq!(executable(messages, "local-stack"), Some(PathBuf::from("/t/local-stack")));
        assert_eq!(executable("{}", "local-stack"), None);
    }
}
