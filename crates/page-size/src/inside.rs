//! What a module is made of: its code by the part of the page or the crate that it is there for, in bytes as the linker left
//! them. A function that is made for a part of the page (a generic one for its view, say) counts as that part's.

use std::collections::BTreeMap;

use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// The code of one part.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// In bytes.
    pub code: u64,
    /// How many.
    pub functions: u64,
}

/// The parts by name, `pets::home` for the page's own and a crate's name for the others, and the bytes of data.
pub fn parts(module: &[u8]) -> Result<(BTreeMap<String, Part>, u64), wasmparser::BinaryReaderError> {
    let (mut bodies, mut names, mut data, mut imported) = (Vec::new(), BTreeMap::new(), 0, 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len() as u64),
            Payload::DataSection(section) => data += section.range().len() as u64,
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for naming in functions {
                        let naming = naming?;
                        names.insert(naming.index, format!("{:#}", demangle(naming.name)));
                    }
                }
            }
            _ => {}
        }
    }
    let mut parts = BTreeMap::<String, Part>::new();
    for (index, code) in (imported..).zip(bodies) {
        let part = parts.entry(part(names.get(&index).map_or("", String::as_str))).or_default();
        part.code += code;
        part.functions += 1;
    }
    Ok((parts, data))
}

/// Whose a function of this name is.
fn part(name: &str) -> String {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let paths = || name.split(|c| !is_of_name(c)).filter(|path| path.contains("::"));
    let own = paths().find(|path| path.starts_with("pets::"));
    let mut steps = own.or_else(|| paths().next()).unwrap_or_default().split("::");
    match (steps.next().unwrap_or_default(), steps.next()) {
        ("pets", Some(module)) => format!("pets::{module}"),
        // A method of a type that is the language's own.
        ("", Some(_)) => "core".to_owned(),
        ("", None) if name.starts_with("__wb") => "(gone after wasm-bindgen)".to_owned(),
        ("", None) => "(other)".to_owned(),
        (first, _) => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_counts_for_whom_it_is_made() {
        for (name, expected) in [
            ("pets::home::listing::Listing::rows", "pets::home"),
            ("<tachys::html::Element<E> as tachys::Render>::build::<pets::app::header::{closure#0}>", "pets::app"),
            ("<serde_json::de::Deserializer<R>>::parse", "serde_json"),
            ("<&mut core::fmt::Formatter as core::fmt::Write>::write_str", "core"),
            ("<str>::to_lowercase", "core"),
            ("memcpy", "(other)"),
            ("__wbindgen_describe___wbg_fetch_0123456789abcdef", "(gone after wasm-bindgen)"),
            ("", "(other)"),
        ] {
            assert_eq!(part(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(parts(b"no module").is_err());
    }

    #[test]
    fn code_and_data_of_a_module_are_all_counted() {
        // (module (memory 1) (data (i32.const 0) "pets") (func $serde_json::parse)) with its name
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x0a\x04\x01\x02\0\x0b\
            \x0b\x0a\x01\0\x41\0\x0b\x04pets\0\x1b\x04name\x01\x14\x01\0\x11serde_json::parse";
        let (parts, data) = parts(module).unwrap();
        assert_eq!(parts.into_iter().collect::<Vec<_>>(), [("serde_json".to_owned(), Part { code: 2, functions: 1 })]);
        assert_eq!(data, 10);
    }
}
