//! The list of walls, `tests/walls/*.toml`: each a `[[wall]]` with the text to find, what to put in its place, and the
//! test that must turn red by it. A list that no longer fits the sources is a breach of the project's rules.

use std::fmt;

use toml_span::{Span, Value};

use crate::{
    failure::{Failure, Result},
    tidy::files::File,
};

const FOLDER: &str = "tests/walls/";
const FIELDS: [&str; 5] = ["name", "file", "find", "replace", "test"];
const TEST: &str = "`test` is written cargo test -p PACKAGE --lib|--test TARGET|--bin TARGET TEST…";

/// A line that verifies something.
#[derive(Debug)]
pub struct Wall {
    /// What it holds back, in a few words.
    pub name: String,
    /// The file that it is in.
    pub file: String,
    /// The text that is there once.
    pub find: String,
    /// What makes it verify nothing, or too little.
    pub replace: String,
    /// The program that has its tests.
    pub target: Target,
    /// The tests that turn red: names, or the ends of their paths.
    pub tests: Vec<String>,
    /// Where the entry is.
    place: String,
}

/// A test program of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The package's name.
    pub package: String,
    /// Which of its programs, as Cargo is told.
    pub which: Vec<String>,
}

/// The whole list.
pub fn read(files: &[File]) -> Result<Vec<Wall>> {
    let mut walls = Vec::new();
    for file in files.iter().filter(|file| file.path().starts_with(FOLDER) && file.path().ends_with(".toml")) {
        walls.extend(parse(file.path(), file.text().unwrap_or_default())?);
    }
    Ok(walls)
}

/// What is wrong with the list, as far as that can be told without a compiler.
pub fn breaches(files: &[File]) -> Vec<String> {
    let walls = match read(files) {
        Ok(walls) => walls,
        Err(failure) => return vec![failure.to_string()],
    };
    let again = |(at, wall): (usize, &Wall)| {
        let first = walls[..at].iter().find(|earlier| earlier.name == wall.name)?;
        Some(format!("{}: {} has the same name", wall.place, first.place))
    };
    let doubles = walls.iter().enumerate().filter_map(again);
    walls.iter().flat_map(|wall| wall.breaches(files)).chain(doubles).collect()
}

pub(super) fn parse(path: &str, text: &str) -> Result<Vec<Wall>> {
    let line = |span: Span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1;
    let document = toml_span::parse(text).map_err(|error| refused(path, line(error.span), &error.to_string()))?;
    let table = document.as_table().ok_or_else(|| refused(path, 1, "it is no table"))?;
    if let Some((key, _)) = table.iter().find(|(key, _)| key.name != "wall") {
        return Err(refused(path, line(key.span), &format!("`{}` is unknown; there is only [[wall]]", key.name)));
    }
    let entries = document.pointer("/wall").and_then(Value::as_array);
    let entries = entries.ok_or_else(|| refused(path, 1, "it has no [[wall]]"))?;
    let entry = |entry: &Value| {
        let line = line(entry.span);
        wall(entry, format!("{path}:{line}")).map_err(|what| refused(path, line, &what))
    };
    entries.iter().map(entry).collect()
}

fn refused(path: &str, line: usize, what: &str) -> Failure {
    Failure::new(format!("{path}:{line}: {what}."))
}

fn wall(entry: &Value, place: String) -> Result<Wall, String> {
    let table = entry.as_table().ok_or("a wall is a table")?;
    if let Some(unknown) = table.keys().find(|key| !FIELDS.contains(&&*key.name)) {
        return Err(format!("`{}` is unknown; a wall has {}", unknown.name, FIELDS.join(", ")));
    }
    let field = |name: &str| {
        let text = table.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is missing or no text"))?;
        if text.is_empty() && name != "replace" { Err(format!("`{name}` is empty")) } else { Ok(text.to_owned()) }
    };
    let (target, tests) = command(&field("test")?)?;
    let (find, replace) = (field("find")?, field("replace")?);
    if find == replace {
        return Err("`replace` is what `find` is, so nothing would be broken".to_owned());
    }
    Ok(Wall { name: field("name")?, file: field("file")?, find, replace, target, tests, place })
}

/// `cargo test -p service --test service token::bad::wrong_claims`, taken apart.
fn command(text: &str) -> Result<(Target, Vec<String>), String> {
    let mut words = text.split_whitespace().map(str::to_owned);
    if (words.next().as_deref(), words.next().as_deref()) != (Some("cargo"), Some("test")) {
        return Err(TEST.to_owned());
    }
    let (mut package, mut which, mut tests) = (None, Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" | "--package" => package = words.next(),
            "--lib" => which = vec![word],
            "--test" | "--bin" => which = [Some(word), words.next()].into_iter().flatten().collect(),
            "--" => {}
            option if option.starts_with('-') => return Err(format!("`test` has {option}; {TEST}")),
            _ => tests.push(word),
        }
    }
    match package {
        Some(package) if !which.is_empty() && !tests.is_empty() => Ok((Target { package, which }, tests)),
        _ => Err(TEST.to_owned()),
    }
}

impl Wall {
    /// What no longer fits the sources.
    pub fn breaches(&self, files: &[File]) -> Vec<String> {
        let source = files.iter().find(|file| file.path() == self.file).and_then(File::text);
        let found = source.map(|source| source.matches(&self.find).count());
        let lost = match found {
            None => Some(format!("there is no file {}", self.file)),
            Some(1) => None,
            Some(count) => Some(format!("what to find is {count} times in {}", self.file)),
        };
        let untested = self.tests.iter().filter(|test| !self.target.has(files, test));
        let untested = untested.map(|test| format!("the package {} has no test {test}", self.target.package));
        lost.into_iter().chain(untested).map(|what| format!("{}: {}: {what}", self.place, self.name)).collect()
    }
}

impl Target {
    /// Whether a function of the test's name is among the package's sources.
    fn has(&self, files: &[File], test: &str) -> bool {
        let name = test.rsplit("::").next().unwrap_or(test);
        let definition = format!("fn {name}(");
        let of_package = |file: &&File| match self.package.as_str() {
            "pets" => file.path().starts_with("src/") || file.path().starts_with("tests/"),
            "xtask" => file.path().starts_with("xtask/"),
            package => file.path().strip_prefix("crates/").is_some_and(|rest| rest.starts_with(&format!("{package}/"))),
        };
        files.iter().filter(of_package).filter_map(File::text).any(|text| text.contains(&definition))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.package, self.which.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[wall]]\nname = 'the sum'\nfile = 'crates/iam/src/sum.rs'\nfind = 'a + b'\n\
                        replace = 'a'\ntest = 'cargo test -p iam --test it sums::two_are_added'\n";

    fn sources(source: &str, test: &str) -> Vec<File> {
        let file = |path: &str, text: &str| File::new(path, text.as_bytes().to_vec());
        vec![
            file("tests/walls/iam.toml", GOOD),
            file("crates/iam/src/sum.rs", source),
            file("crates/iam/tests/it/sums.rs", test),
        ]
    }

    #[test]
    fn an_entry_is_read_with_its_test() {
        let [wall] = parse("x.toml", GOOD).unwrap().try_into().unwrap();
        assert_eq!((wall.find.as_str(), wall.replace.as_str()), ("a + b", "a"));
        assert_eq!(wall.target.to_string(), "iam --test it");
        assert_eq!(wall.tests, ["sums::two_are_added"]);
    }

    #[test]
    fn a_wrong_entry_is_told_with_its_line() {
        let check = |text: &str, line: usize, words: &str| {
            let message = parse("x.toml", text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("x.toml:{line}:")) && message.contains(words), "{message}");
        };
        check("", 1, "no [[wall]]");
        check("wall = [", 1, "");
        check("\n\n[other]\na = 1\n", 3, "`other` is unknown");
        check(&GOOD.replace("replace", "replcae"), 1, "`replcae` is unknown");
        check(&format!("{GOOD}\n{}", GOOD.replace("file =", "#")), 8, "`file` is missing");
        check(&GOOD.replace("'a + b'", "''"), 1, "`find` is empty");
        check(&GOOD.replace("= 'a'", "= 'a + b'"), 1, "nothing would be broken");
        check(&GOOD.replace("cargo test", "npm test"), 1, "is written cargo test");
        check(&GOOD.replace("--test it ", ""), 1, "is written cargo test");
        check(&GOOD.replace(" sums::two_are_added", ""), 1, "is written cargo test");
        check(&GOOD.replace("--test it", "--workspace"), 1, "--workspace");
    }

    #[test]
    fn a_list_that_fits_has_no_breach() {
        assert_eq!(breaches(&sources("a + b", "#[test]\nfn two_are_added() {}")), Vec::<String>::new());
    }

    #[test]
    fn a_list_that_rots_is_found() {
        let check = |files: &[File], words: &str| {
            let breaches = breaches(files);
            assert!(matches!(breaches.as_slice(), [one] if one.contains(words)), "{breaches:?}");
        };
        let test = "fn two_are_added() {}";
        check(&sources("a - b", test), "0 times in crates/iam/src/sum.rs");
        check(&sources("a + b; a + b", test), "2 times");
        check(&sources("a + b", "fn two_are_added_up() {}"), "no test sums::two_are_added");
        check(
            &sources("a + b", test).into_iter().filter(|file| !file.path().contains("/src/")).collect::<Vec<_>>(),
            "no file",
        );
        let mut twice = sources("a + b", test);
        twice.push(File::new("tests/walls/more.toml", GOOD.as_bytes().to_vec()));
        check(&twice, "tests/walls/more.toml:1: tests/walls/iam.toml:1 has the same name");
    }
}
