//! Rules of files: their length, name and end, and what may not be in them.

use std::fs;

use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
};

const LINES: usize = 400;
/// Files that are longer, and why that is right.
const LONG: [(&str, &str); 0] = [];

const SAYS_NOTHING: [&str; 6] = ["util", "utils", "helper", "helpers", "manager", "managers"];

/// Folders that only machines of one kind have. They have no place in a project that is for every machine.
const MACHINE_FOLDERS: [&str; 5] = ["/root/", "/home/", "/Users/", "/tmp/", "/work/"];

/// This file, which has to name what it looks for.
const THIS: &str = "xtask/src/tidy/files.rs";

/// A file of the project.
pub struct File {
    path: String,
    /// What is in it, if that is text.
    text: Option<String>,
}

/// The paths of all files that are or would be committed.
pub fn paths(project: &Project) -> Result<Vec<String>> {
    let mut command = project.command("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = command.output().doing(|| "run git".into())?;
    if !output.status.success() {
        return Err(
            Failure::new("git doesn't know the files of this folder.").remedy("Work in a clone of the project.")
        );
    }
    let paths = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// All files that are or would be committed.
pub fn of(project: &Project) -> Result<Vec<File>> {
    let read = |path: String| match fs::read(project.root.join(&path)) {
        Ok(bytes) => Some(Ok(File::new(path, bytes))),
        // Removed, but not yet committed as such.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(error).doing(|| format!("read {path}"))),
    };
    paths(project)?.into_iter().filter_map(read).collect()
}

impl File {
    pub(crate) fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { path: path.into(), text: text(bytes) }
    }

    /// Its path in the project.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is in it, if that is text.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

fn text(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// What is wrong with a file.
pub fn breaches(file: &File) -> Vec<String> {
    let rules = [too_long, mod_rs, name_that_says_nothing, no_last_newline, machine_folder, registry, web_sys];
    rules.iter().filter_map(|rule| rule(file)).map(|breach| format!("{}: {breach}", file.path)).collect()
}

/// Exceptions that no file needs any more.
pub fn outdated_exceptions(files: &[File]) -> Vec<String> {
    let is_needed = |path: &str| files.iter().any(|file| file.path == path && lines(file) > LINES);
    let outdated = LONG.iter().filter(|(path, _)| !is_needed(path));
    outdated.map(|(path, _)| format!("{path}: is no longer over {LINES} lines: remove the exception")).collect()
}

fn is_rust(file: &File) -> bool {
    file.path.ends_with(".rs")
}

fn lines(file: &File) -> usize {
    file.text.as_ref().map_or(0, |text| text.lines().count())
}

fn too_long(file: &File) -> Option<String> {
    let is_exception = LONG.iter().any(|(path, _)| *path == file.path);
    (is_rust(file) && lines(file) > LINES && !is_exception)
        .then(|| format!("{} lines; above {LINES} it needs an exception with a reason", lines(file)))
}

/// `foo.rs` beside `foo/` instead: ten open files called `mod.rs` can't be told apart.
fn mod_rs(file: &File) -> Option<String> {
    (file.path.rsplit('/').next() == Some("mod.rs")).then(|| "should be a file named as its module".into())
}

fn name_that_says_nothing(file: &File) -> Option<String> {
    let stems = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    stems.into_iter().find(|stem| SAYS_NOTHING.contains(stem)).map(|stem| format!("`{stem}` doesn't say what is in it"))
}

fn no_last_newline(file: &File) -> Option<String> {
    // An input of a fuzz target is kept byte by byte.
    let text = file.text.as_ref().filter(|_| !file.path.starts_with("fuzz/corpus/"))?;
    (!text.is_empty() && !text.ends_with('\n')).then(|| "doesn't end with a newline".into())
}

fn machine_folder(file: &File) -> Option<String> {
    let text = file.text.as_ref().filter(|_| file.path != THIS)?;
    // In the middle of a path they are something else: `src/home/`.
    let starts = |at: usize| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-.}~*".contains(c))
    };
    let folder = MACHINE_FOLDERS.iter().find(|folder| text.match_indices(**folder).any(|(at, _)| starts(at)))?;
    Some(format!("names {folder}, a folder of some machines only"))
}

/// Packages come from the public registries or from the mirror that a machine is set up for; neither is our business.
fn registry(file: &File) -> Option<String> {
    let text = file.text.as_ref()?;
    let name = file.path.rsplit('/').next()?;
    let strange = |line: &&str| {
        let line = line.trim();
        match name {
            // Without an address npm asks whatever registry it is set up for.
            "package-lock.json" => line.starts_with("\"resolved\": \"http"),
            "Cargo.lock" => line
                .strip_prefix("source = ")
                .is_some_and(|source| source != "\"registry+https://github.com/rust-lang/crates.io-index\""),
            "config.toml" => line.starts_with("replace-with") || line.starts_with("[registries"),
            ".npmrc" => line.starts_with("registry") || line.contains(":registry"),
            _ if name.contains("requirements") => line.starts_with("--index-url") || line.starts_with("--extra-index"),
            _ => false,
        }
    };
    text.lines().find(strange).map(|line| format!("names a package registry: {}", line.trim()))
}

/// The rest of the page stands on `src/browser`, so that it can be tested on the host.
fn web_sys(file: &File) -> Option<String> {
    let is_meant = file.path.starts_with("src/") && is_rust(file) && !file.path.starts_with("src/browser");
    let is_use = |line: &str| line.contains("web_sys") && !line.trim_start().starts_with("//");
    let text = file.text.as_ref().filter(|_| is_meant)?;
    text.lines().any(is_use).then(|| "uses web_sys outside of src/browser".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> Vec<String> {
        breaches(&File { path: path.into(), text: Some(text.into()) })
    }

    /// Exactly one breach, whose message has these words.
    fn check(path: &str, text: &str, words: &str) {
        let breaches = of(path, text);
        assert!(matches!(breaches.as_slice(), [one] if one.contains(words)), "{path}: {breaches:?}");
    }

    #[test]
    fn each_rule_finds_its_breach() {
        check("src/login.rs", &"\n".repeat(LINES + 1), "401 lines");
        check("src/login/mod.rs", "\n", "named as its module");
        check("src/ui/utils.rs", "\n", "`utils`");
        check("e2e/helpers/sign-in.ts", "\n", "`helpers`");
        check("README.md", "Pets", "newline");
        check("README.md", "see /home/ada/pets\n", "/home/");
        check("infra/deploy.sh", "cp a=/tmp/x b\n", "/tmp/");
        check("src/home.rs", "use web_sys::Window;\n", "src/browser");
        check("e2e/package-lock.json", "  \"resolved\": \"https://mirror.example/a.tgz\",\n", "mirror.example");
        check("Cargo.lock", "source = \"registry+https://mirror.example/index\"\n", "mirror.example");
        check("e2e/.npmrc", "@ours:registry=https://mirror.example\n", "mirror.example");
        check("tests/python/requirements.txt", "--index-url https://mirror.example\n", "mirror.example");
    }

    #[test]
    fn what_is_right_passes() {
        for (path, text) in [
            ("src/home.rs", "//! As in web_sys.\nmod home;\n"),
            ("src/browser/storage.rs", "use web_sys::Storage;\n"),
            ("src/browser.rs", "use web_sys::Window;\n"),
            ("ARCHITECTURE.md", "The page is in `src/home/`, see https://example.org/tmp/x\n"),
            ("e2e/package-lock.json", "\"resolved\": \"\"\n"),
            ("Cargo.lock", &"\n".repeat(9 * LINES)),
            ("e2e/.npmrc", "omit-lockfile-registry-resolved=true\n"),
            ("empty", ""),
            ("fuzz/corpus/policy/cut", "{"),
        ] {
            assert_eq!(of(path, text), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn a_picture_is_not_read_as_text() {
        assert_eq!(text(b"\x89PNG\0".to_vec()), None);
        assert!(breaches(&File { path: "public/dog.png".into(), text: None }).is_empty());
    }
}
