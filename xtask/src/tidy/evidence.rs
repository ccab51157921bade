//! What a document says is shown by a test, is shown by a test that is there: `file › name` between backticks names one.
//! A requirement that is said to be met has at least one.

use super::files::File;

/// The document whose tables say what is met.
const TABLES: &str = "docs/requirements.md";

/// Between the file and the name of a test.
const OF: &str = " › ";

/// What may stand in the second column of a table, and whether a test has to show it.
const ANSWERS: [(&str, bool); 4] = [("met", true), ("in part", true), ("not met", false), ("n/a", false)];

/// Tests that are named and aren't there, and requirements without an answer or without what shows it.
pub fn breaches(files: &[File]) -> Vec<String> {
    let documents = files.iter().filter(|file| file.path().ends_with(".md"));
    let lines = documents.flat_map(|file| {
        let lines = file.text().unwrap_or_default().lines().enumerate();
        lines.map(|(index, line)| (file.path(), index + 1, line))
    });
    let breach = |(path, number, line): (&str, usize, &str)| {
        let unanswered = (path == TABLES).then(|| answer(line)).flatten();
        let missing = named(line).filter(|test| !is_there(files, test)).map(|test| format!("no test is `{test}`"));
        unanswered.into_iter().chain(missing).map(move |what| format!("{path}:{number}: {what}")).collect::<Vec<_>>()
    };
    lines.flat_map(breach).collect()
}

/// The tests that a line names.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains(OF))
}

fn is_there(files: &[File], test: &str) -> bool {
    let Some((path, name)) = test.split_once(OF) else { return false };
    let text = files.iter().find(|file| file.path() == path).and_then(File::text);
    text.is_some_and(|text| match path.rsplit('.').next() {
        Some("rs") => text.contains(&format!("fn {name}(")),
        Some("py") => text.contains(&format!("\ndef {name}(")),
        Some("ts") => ["'", "\"", "`"].iter().any(|quote| text.contains(&format!("test({quote}{name}{quote},"))),
        _ => false,
    })
}

/// What is wrong with a line of a table, which is: number, answer, why or what shows it.
fn answer(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
    let [number, answer, ..] = cells.as_slice() else { return Some("a requirement needs an answer".into()) };
    if *answer == "answer" || answer.starts_with("---") {
        return None;
    }
    let Some((_, has_test)) = ANSWERS.iter().find(|(known, _)| known == answer) else {
        return Some(format!("{number}: `{answer}` is no answer"));
    };
    (*has_test && named(line).next().is_none()).then(|| format!("{number}: {answer}, but no test shows it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The breaches of a document among tests of each kind.
    fn of(path: &str, text: &str) -> Vec<String> {
        let file = |path: &str, text: &str| File::new(path, text.as_bytes().to_vec());
        breaches(&[
            file(path, text),
            file("src/a.rs", "#[test]\nfn it_holds() {}\n"),
            file("tests/a.py", "\ndef test_it(shop):\n"),
            file("e2e/a.spec.ts", "test('a buyer buys', async () => {\ntest(\"it's said\", async () => {\n"),
        ])
    }

    #[test]
    fn what_is_there_passes() {
        let rows = "\
            | 1.1 | met | `src/a.rs › it_holds`, `tests/a.py › test_it` |\n\
            | 1.2 | in part | words; `e2e/a.spec.ts › a buyer buys` |\n\
            | 1.3 | not met | `code` and words |\n| 1.4 | n/a | no passwords |\n\
            | requirement | answer | shown by, or why |\n| --- | --- | --- |\nText of `src/a.rs`.\n";
        assert_eq!(of(TABLES, rows), Vec::<String>::new());
        assert_eq!(of("README.md", "| a | table | `e2e/a.spec.ts › it's said` |\n"), Vec::<String>::new());
    }

    #[test]
    fn what_rots_is_found() {
        for (row, words) in [
            ("| 1.1 | met | `src/a.rs › it_hold` |\n", "no test is `src/a.rs › it_hold`"),
            ("| 1.1 | met | `src/b.rs › it_holds` |\n", "no test is `src/b.rs"),
            ("See `tests/a.py › test_i`.\n", "no test is `tests/a.py"),
            ("See `e2e/a.spec.ts › a buyer`.\n", "no test is `e2e/a.spec.ts"),
            ("See `README.md › it_holds`.\n", "no test is `README.md"),
            ("| 1.1 | met | believe it |\n", "1.1: met, but no test shows it"),
            ("| 1.1 | maybe | words |\n", "`maybe` is no answer"),
            ("| 1.1 |\n", "needs an answer"),
        ] {
            let breaches = of(TABLES, row);
            assert!(matches!(breaches.as_slice(), [one] if one.contains(words)), "{row}: {breaches:?}");
        }
    }
}
