//! `docs/permissions.md` is true: each change in it fits the files as they are, and each output is what the program
//! prints. A section begins with the tree as it is; its blocks are followed from top to bottom.
//! `PETS_UPDATE_DOCS=1` writes the outputs anew.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const DOCUMENT: &str = "docs/permissions.md";
const COMMAND: &str = "$ cargo xtask explain ";

#[test]
fn the_examples_of_the_permissions_document_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join(DOCUMENT)).unwrap();
    let rewritten: String = sections(&document).map(|section| follow(section, &root)).collect();
    if env::var_os("PETS_UPDATE_DOCS").is_some() {
        fs::write(root.join(DOCUMENT), &rewritten).unwrap();
    }
    let changed = document.lines().zip(rewritten.lines()).find(|(is, should)| is != should);
    assert_eq!(changed, None, "{DOCUMENT} isn't true any more; PETS_UPDATE_DOCS=1 writes it anew");
    assert_eq!(document, rewritten);
}

fn sections(document: &str) -> impl Iterator<Item = &str> {
    let starts = document.match_indices("\n## ").map(|(at, _)| at + 1);
    let ends = starts.clone().chain([document.len()]);
    [0].into_iter().chain(starts).zip(ends).map(|(start, end)| &document[start..end])
}

/// A section with its outputs as they are now.
fn follow(section: &str, root: &Path) -> String {
    let tree = tempfile::tempdir().unwrap();
    let mut parts = section.split("```");
    let mut text = parts.next().unwrap().to_owned();
    while let Some(block) = parts.next() {
        let (kind, body) = block.split_once('\n').unwrap();
        let body = match kind {
            "diff" => {
                apply(body, root, tree.path());
                body.to_owned()
            }
            "console" => {
                body.lines().filter(|line| line.starts_with('$')).map(|line| run(line, root, tree.path())).collect()
            }
            other => panic!("{DOCUMENT} has a block of the kind {other:?}"),
        };
        let behind = parts.next().expect("every block has its end");
        text.push_str(&format!("```{kind}\n{body}```{behind}"));
    }
    text
}

/// The file in the tree of the section, copied from the project when it is first needed.
fn file(name: &str, root: &Path, tree: &Path) -> PathBuf {
    let file = tree.join(name);
    if !file.exists() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy(root.join(name), &file).unwrap();
    }
    file
}

/// Lines without a sign and those with `-` must be there in this order, and once.
fn apply(diff: &str, root: &Path, tree: &Path) {
    let (name, hunk) = diff.split_once('\n').unwrap();
    let name = name.strip_prefix("--- ").expect("a diff begins with its file");
    let side = |sign: char| -> String {
        let lines = hunk.lines().filter(|line| line.starts_with([' ', sign]));
        lines.map(|line| format!("{}\n", &line[1..])).collect()
    };
    let (before, after) = (side('-'), side('+'));
    let file = file(name, root, tree);
    let source = fs::read_to_string(&file).unwrap();
    assert_eq!(source.matches(&before).count(), 1, "in {name}, this should be once:\n{before}");
    fs::write(&file, source.replacen(&before, &after, 1)).unwrap();
}

/// The line, and what the program prints.
fn run(line: &str, root: &Path, tree: &Path) -> String {
    file("infra/template.yaml", root, tree);
    let arguments = line.strip_prefix(COMMAND).expect("only this command is run");
    // Quotes stand around whole words: every second piece is one of them.
    let pieces = arguments.split('\'').enumerate();
    let words: Vec<&str> = pieces
        .flat_map(|(index, piece)| if index % 2 == 1 { vec![piece] } else { piece.split_whitespace().collect() })
        .collect();
    let output = Command::new(env!("CARGO_BIN_EXE_explain")).args(words).current_dir(tree).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{line}");
    format!("{line}\n{}", String::from_utf8(output.stdout).unwrap())
}
