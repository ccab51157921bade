//! What the built page weighs, file by file and for each way through the shop, as it comes over the network: each file
//! after Brotli at its best, as CloudFront and any careful server send it. It must never leave a file out: one that no way
//! asks for is a fault, too. Pictures of pets are not counted; they are folders beside the files.

mod budget;
mod inside;

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

pub use budget::{Budget, Entry, Way};
pub use inside::{Part, parts};

/// Why there is no answer, or not the wanted one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder.
    #[error("{} can't be read: {source}.", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The budget.
    #[error("The budget {} isn't understood: {source}", path.display())]
    Budget {
        /// Its file.
        path: PathBuf,
        /// What is wrong in it.
        source: Box<toml::de::Error>,
    },
    /// A module.
    #[error("The module {} isn't understood: {source}.\nIt has to be as the linker left it, with its names.", path.display())]
    Module {
        /// Its file.
        path: PathBuf,
        /// What is wrong in it.
        source: wasmparser::BinaryReaderError,
    },
    /// A build without some file that the budget names.
    #[error("The build has no file {0}, which the budget counts.\nTake it out of the budget if it is gone for good.")]
    Missing(String),
    /// A file that nobody counts.
    #[error("Nobody counts {0}.\nName it in the budget, in each way through the shop that asks for it.")]
    Uncounted(String),
    /// Too heavy.
    #[error(
        "{name} weighs {weighs} bytes, {} more than the {limit} of the budget.\nFind what grew: build before and after the \
         change and compare. If it is worth it, raise the limit and say why in the budget's history.",
        weighs - limit
    )]
    Broken {
        /// The way.
        name: String,
        /// In bytes.
        weighs: u64,
        /// In bytes.
        limit: u64,
    },
}

/// A file of the build.
#[derive(Debug)]
pub struct Weighed {
    /// With its digest.
    pub name: String,
    /// In bytes.
    pub raw: u64,
    /// In bytes, after Brotli.
    pub brotli: u64,
}

impl Weighed {
    /// The name without the digest that a build puts into it.
    pub fn plain(&self) -> String {
        let (stem, ending) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        let stem = match stem.rsplit_once('-') {
            Some((before, digest)) if digest.len() >= 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                before
            }
            _ => stem,
        };
        format!("{stem}.{ending}")
    }
}

/// The budget in this file.
pub fn budget(file: &Path) -> Result<Budget, Error> {
    let text = fs::read_to_string(file).map_err(|source| Error::File { path: file.to_owned(), source })?;
    toml::from_str(&text).map_err(|source| Error::Budget { path: file.to_owned(), source: Box::new(source) })
}

/// Weighs the files of a build, the heaviest first.
pub fn weigh(dist: &Path) -> Result<Vec<Weighed>, Error> {
    let unread = |source| Error::File { path: dist.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.is_dir() {
            continue;
        }
        let bytes = fs::read(&path).map_err(|source| Error::File { path: path.clone(), source })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(Weighed { name, raw: bytes.len() as u64, brotli: brotli(&bytes).map_err(unread)? });
    }
    files.sort_by(|one, other| other.brotli.cmp(&one.brotli).then_with(|| one.name.cmp(&other.name)));
    Ok(files)
}

/// What the module in this file is made of, the largest part first, as a table in Markdown.
pub fn inside(file: &Path) -> Result<String, Error> {
    let bytes = fs::read(file).map_err(|source| Error::File { path: file.to_owned(), source })?;
    let (parts, data) = parts(&bytes).map_err(|source| Error::Module { path: file.to_owned(), source })?;
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, part)| std::cmp::Reverse(part.code));
    let mut table = "| part | functions | bytes |\n| --- | ---: | ---: |\n".to_owned();
    for (name, Part { code, functions }) in parts {
        writeln!(table, "| `{name}` | {functions} | {code} |").expect("a text takes everything");
    }
    writeln!(table, "| data | | {data} |").expect("a text takes everything");
    Ok(table)
}

/// The length after Brotli at quality 11 with its largest window.
fn brotli(bytes: &[u8]) -> io::Result<u64> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut made = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut made, &parameters)?;
    Ok(made.len() as u64)
}

/// What each way weighs, in the budget's order. A file that no way counts is an error, and one that is counted and isn't
/// there.
pub fn ways(budget: &Budget, files: &[Weighed]) -> Result<Vec<u64>, Error> {
    let counted = |file: &&Weighed| budget.way.iter().any(|way| way.files.contains(&file.plain()));
    if let Some(file) = files.iter().find(|file| !counted(file)) {
        return Err(Error::Uncounted(file.name.clone()));
    }
    let weight = |name: &String| {
        let of = files.iter().filter(|file| file.plain() == *name).map(|file| file.brotli);
        of.reduce(|sum, next| sum + next).ok_or_else(|| Error::Missing(name.clone()))
    };
    budget.way.iter().map(|way| way.files.iter().map(weight).sum()).collect()
}

/// The first limit that is broken.
pub fn check(budget: &Budget, weights: &[u64]) -> Result<(), Error> {
    let mut broken = budget.way.iter().zip(weights).filter(|(way, weighs)| **weighs > way.limit);
    broken.next().map_or(Ok(()), |(way, weighs)| {
        Err(Error::Broken { name: way.name.clone(), weighs: *weighs, limit: way.limit })
    })
}

/// Both as tables.
pub fn tables(budget: &Budget, files: &[Weighed], weights: &[u64]) -> String {
    let mut text = format!("{:>12} {:>12}  file\n", "bytes", "Brotli");
    for file in files {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{:>12} {:>12}  {}", file.raw, file.brotli, file.name);
    }
    let _ = write!(text, "\n{:>12} {:>12}  way through the shop\n", "Brotli", "limit");
    for (way, weighs) in budget.way.iter().zip(weights) {
        let _ = writeln!(text, "{weighs:>12} {:>12}  {}", way.limit, way.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(files: &[(&str, usize)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, length) in files {
            // Nothing that Brotli could make smaller.
            let mut state = 1_u32;
            let bytes: Vec<u8> = std::iter::repeat_with(|| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .take(*length)
            .collect();
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    fn read(text: &str) -> Budget {
        toml::from_str(text).unwrap()
    }

    const BUDGET: &str = "
        way = [{ name = 'look', files = ['index.html', 'pets.wasm'], limit = 2000 },
               { name = 'buy', files = ['index.html', 'pets.wasm', 'members.wasm'], limit = 3000 }]
        history = []";

    #[test]
    fn a_way_weighs_what_its_files_weigh() {
        let dist = build(&[("index.html", 100), ("pets-0123456789abcdef.wasm", 1000), ("members-00000000.wasm", 500)]);
        fs::create_dir(dist.path().join("pictures")).unwrap();
        let (budget, files) = (read(BUDGET), weigh(dist.path()).unwrap());
        let weights = ways(&budget, &files).unwrap();
        assert!((1100..1150).contains(&weights[0]) && (1600..1670).contains(&weights[1]), "{weights:?}");
        check(&budget, &weights).unwrap();
        let table = tables(&budget, &files, &weights);
        assert!(table.contains("pets-0123456789abcdef.wasm") && table.contains("3000  buy"), "{table}");
    }

    #[test]
    fn what_is_too_heavy_is_named_with_the_way_out() {
        let dist = build(&[("index.html", 100), ("pets-0123456789abcdef.wasm", 1000), ("members-00000000.wasm", 5000)]);
        let budget = read(BUDGET);
        let said = check(&budget, &ways(&budget, &weigh(dist.path()).unwrap()).unwrap()).unwrap_err().to_string();
        assert!(said.starts_with("buy weighs 61") && said.contains("raise the limit"), "{said}");
    }

    #[test]
    fn no_file_escapes() {
        let files =
            [("index.html", 1), ("pets-0123456789abcdef.wasm", 1), ("members-00000000.wasm", 1), ("more.js", 1)];
        let said = |files: &[(&str, usize)]| ways(&read(BUDGET), &weigh(build(files).path()).unwrap()).unwrap_err();
        assert!(matches!(said(&files), Error::Uncounted(name) if name == "more.js"));
        assert!(matches!(said(&files[..2]), Error::Missing(name) if name == "members.wasm"));
    }

    #[test]
    fn a_budget_with_a_slip_is_refused() {
        assert!(toml::from_str::<Budget>(&BUDGET.replace("limit = 2000", "limits = 2000")).is_err());
    }
}
