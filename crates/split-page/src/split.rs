//! Splits the module that cargo built into the files that come one after the other: what every page needs, and what the
//! app asks for by itself (`#[wasm_split]`, in `src/members.rs`). Trunk has no step for that: it would be between the
//! compiler and wasm-bindgen. So this does again what Trunk did, from the compiler's module on, and puts the result in the
//! place of Trunk's.

use std::{
    collections::HashMap,
    fs,
    iter::once,
    mem,
    path::{Path, PathBuf},
    process::Command,
};

use sealed_page::{Content, Element, INDEX, Page, elements};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    Error, markup::without_markup, minified::minified, places::without_places, streams::without_streams,
    unheard::without_unheard,
};

/// What the compiler uses of WebAssembly beyond its first version.
const FEATURES: [&str; 7] =
    ["bulk-memory", "nontrapping-float-to-int", "reference-types", "sign-ext", "mutable-globals", "multivalue", "simd"];

/// The script that loads the later files, as the module names it. Its text goes into the first script.
const LOADER: &str = "./later.js";

/// Puts the split page in the place of the bundle in `folder`. `built` is the module as cargo left it, linked with
/// `--emit-relocs` and with its names.
pub fn split(folder: &Path, built: &Path) -> Result<(), Error> {
    let (script, module) = bundle(folder)?;
    let input = without_unheard(&without_streams(&fs::read(built).map_err(Error::file("read", built))?)?)?;
    let work = tempfile::tempdir().map_err(Error::file("make a folder in", std::env::temp_dir()))?;
    let first = work.path().join("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = work.path();
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = FIRST;
    let made = wasm_split_cli_support::transform(options).map_err(|error| Error::Unlike(format!("{error:#}")))?;
    forget_places(once(&first).chain(&made.split_modules))?;
    write(&first, &without_markup(&fs::read(&first).map_err(Error::file("read", &first))?)?)?;

    let mut loader = read(&work.path().join(LOADER))?;
    let mut addresses = HashMap::new();
    for path in &made.split_modules {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        optimise(path)?;
        let bytes = fs::read(path).map_err(Error::file("read", path))?;
        let later = Content::named_after(&format!("/{}.wasm", name(&stem)), bytes);
        let load = format!("'{}', {{ integrity: '{}' }}", later.address, later.integrity());
        loader = replaced(&loader, &format!("new URL(\"./{stem}.wasm\", import.meta.url)"), &load)?;
        let path = folder.join(later.address.trim_start_matches('/'));
        fs::write(&path, &later.bytes).map_err(Error::file("write", path))?;
        addresses.insert(stem, later.address);
    }
    announce(folder, &made.prefetch_map, &addresses)?;
    loader = replaced(&loader, &format!("import {{ initSync }} from \"{FIRST}\";"), "")?;

    let mut bindgen = Bindgen::new();
    let first_bytes = fs::read(&first).map_err(Error::file("read", &first))?;
    bindgen.input_bytes("first", first_bytes).typescript(false).keep_lld_exports(true).omit_default_module_path(true);
    let mut output =
        bindgen.web(true).and_then(Bindgen::generate_output).map_err(|error| Error::Unlike(format!("{error:#}")))?;
    let text = minified(&inlined(output.js(), &loader)?)?;
    write(&folder.join(script.trim_start_matches('/')), text.as_bytes())?;
    write(&first, &output.wasm_mut().emit_wasm())?;
    optimise(&first)?;
    let bytes = fs::read(&first).map_err(Error::file("read", &first))?;
    write(&folder.join(module.trim_start_matches('/')), &bytes)
}

/// All at once, for they share a memory.
fn forget_places<'a>(modules: impl Iterator<Item = &'a PathBuf>) -> Result<(), Error> {
    let modules: Vec<&PathBuf> = modules.collect();
    let bytes = modules.iter().map(|path| fs::read(path).map_err(Error::file("read", path)));
    let made = without_places(&bytes.collect::<Result<Vec<_>, _>>()?)?;
    modules.iter().zip(made).try_for_each(|(path, bytes)| write(path, &bytes))
}

/// The first script, as the loader names it.
const FIRST: &str = "./first.js";

/// Where Trunk has put the script and the module.
fn bundle(folder: &Path) -> Result<(String, String), Error> {
    let html = read(&folder.join(INDEX))?;
    let of =
        |element: &Element| Some((element.attribute("src")?.to_owned(), element.attribute("data-wasm")?.to_owned()));
    elements(&html).iter().filter(|element| element.name == "script").find_map(of).ok_or(Error::NoBundle)
}

/// What a later file is called: as the app calls it, or for what several of them need.
fn name(stem: &str) -> &str {
    stem.strip_prefix("split_").unwrap_or("shared")
}

/// Tells the page where the later files are, so that they can be fetched before the app asks for them: each `meta` that is
/// named as the app names the code gets the addresses of all that it needs.
fn announce(
    folder: &Path,
    needed: &HashMap<String, Vec<String>>,
    addresses: &HashMap<String, String>,
) -> Result<(), Error> {
    let mut page = Page::read(read(&folder.join(INDEX))?);
    for meta in page.elements("meta") {
        let Some((name, stems)) = meta.attribute("name").and_then(|name| needed.get_key_value(name)) else { continue };
        let files: Vec<&str> = stems.iter().filter_map(|stem| Some(addresses.get(stem)?.as_str())).collect();
        page.replace(meta.span, format!("<meta name=\"{name}\" content=\"{}\">", files.join(" ")));
    }
    write(&folder.join(INDEX), page.edited().as_bytes())
}

/// The script with the loader's text in it: as an object of each name under which the script imports it.
fn inlined(script: &str, loader: &str) -> Result<String, Error> {
    let exports: Vec<&str> =
        loader.match_indices(EXPORT).filter_map(|(at, _)| loader[at + EXPORT.len()..].split(' ').next()).collect();
    let exports = exports.join(", ");
    let mut before = format!("{}\n", loader.replace(EXPORT, "const "));
    let mut made = script.to_owned();
    for import in script.lines().filter(|line| line.starts_with("import * as ") && line.contains(LOADER)) {
        let name = import["import * as ".len()..].split_whitespace().next().unwrap_or_default();
        made = replaced(&made, import, &format!("{}const {name} = {{ {exports} }};", mem::take(&mut before)))?;
    }
    if !before.is_empty() {
        return Err(Error::Unlike(format!("The script doesn't import {LOADER}")));
    }
    Ok(made)
}

const EXPORT: &str = "export const ";

/// The text with its one `from` changed.
fn replaced(text: &str, from: &str, to: &str) -> Result<String, Error> {
    if text.matches(from).count() != 1 {
        return Err(Error::Unlike(format!("Where `{from}` should stand once, it stands otherwise")));
    }
    Ok(text.replace(from, to))
}

/// `wasm-opt -Oz`, in place.
fn optimise(module: &Path) -> Result<(), Error> {
    let mut command = Command::new("wasm-opt");
    command.arg("-Oz").args(["--strip-debug", "--strip-producers"]);
    command.args(FEATURES.map(|feature| format!("--enable-{feature}"))).arg(module).arg("-o").arg(module);
    let done = command.output().map_err(Error::NoOptimiser)?;
    if done.status.success() {
        return Ok(());
    }
    Err(Error::Unlike(format!("wasm-opt: {}", String::from_utf8_lossy(&done.stderr).trim())))
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_becomes_a_part_of_the_script() {
        let script = "import * as s0 from \"./later.js\"\nimport * as s1 from \"./later.js\"\nuse(s0.load, s1.more);\n";
        let loader = "const a = 1;\nexport const load = a;\nexport const more = a;\n";
        assert_eq!(
            inlined(script, loader).unwrap(),
            "const a = 1;\nconst load = a;\nconst more = a;\n\nconst s0 = { load, more };\n\
             const s1 = { load, more };\nuse(s0.load, s1.more);\n"
        );
        assert!(matches!(inlined("use(load);", loader), Err(Error::Unlike(_))));
    }

    #[test]
    fn the_page_knows_where_the_later_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let index = folder.path().join(INDEX);
        fs::write(&index, "<meta content name=members><meta name=other content=kept><p>").unwrap();
        let stems = ["chunk_2", "split_members"];
        let needed = HashMap::from([("members".to_owned(), stems.map(str::to_owned).into())]);
        let addresses = stems.map(|stem| (stem.to_owned(), format!("/{}-01234567.wasm", name(stem))));
        announce(folder.path(), &needed, &HashMap::from(addresses)).unwrap();
        let members = "<meta name=\"members\" content=\"/shared-01234567.wasm /members-01234567.wasm\">";
        assert_eq!(read(&index).unwrap(), format!("{members}<meta name=other content=kept><p>"));
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        assert_eq!(replaced("a b", "a", "c").unwrap(), "c b");
        assert!(replaced("a a", "a", "c").is_err());
        assert!(replaced("b", "a", "c").is_err());
    }
}
