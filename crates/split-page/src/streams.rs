//! Takes out what a library offers to scripts and no script of this page takes: Leptos brings server functions, these
//! `wasm-streams`, and whatever is exported stays in a module, with all that it calls. There is no feature to do without.

use wasm_encoder::{CustomSection, ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};

use crate::Error;

/// In the name of each class of `wasm-streams` that is for scripts. The functions are in small letters.
const CLASSES: &str = "IntoUnderlying";

/// Where wasm-bindgen's macro leaves what its tool has to know, a program for each item of the source.
const PROGRAMS: &str = "__wasm_bindgen_unstable";

/// The module as the linker left it, without these exports and what is said of them. Whoever splits it keeps what is still
/// called.
pub fn without_streams(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut made = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(unread)? {
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports {
                    let export = export.map_err(unread)?;
                    if !export.name.contains(&CLASSES.to_ascii_lowercase()) {
                        kept.export(export.name, kind(export.kind), export.index);
                    }
                }
                made.section(&kept);
            }
            Payload::CustomSection(section) if section.name() == PROGRAMS => {
                let data = programs(section.data()).ok_or_else(|| unread("a program of wasm-bindgen is cut off"))?;
                made.section(&CustomSection { name: PROGRAMS.into(), data: data.into() });
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    made.section(&RawSection { id, data: &module[range] });
                }
            }
        }
    }
    Ok(made.finish())
}

fn unread(fault: impl std::fmt::Display) -> Error {
    Error::Unlike(format!("The compiler's module isn't understood: {fault}"))
}

fn kind(kind: ExternalKind) -> ExportKind {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
    }
}

/// The programs that say nothing of these classes. Each is two texts, its version and itself, with their lengths before.
fn programs(mut all: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    while !all.is_empty() {
        let (version, rest) = text(all)?;
        let (program, rest) = text(rest)?;
        if !program.windows(CLASSES.len()).any(|part| part == CLASSES.as_bytes()) {
            kept.extend([version, program].concat());
        }
        all = rest;
    }
    Some(kept)
}

/// The first text with its length, and the rest.
fn text(all: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, _) = all.split_first_chunk()?;
    all.split_at_checked(length.len().checked_add(u32::from_le_bytes(*length) as usize)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(text: &str) -> Vec<u8> {
        let version = "{\"schema_version\":\"0\"}";
        [version, text]
            .into_iter()
            .flat_map(|text| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat())
            .collect()
    }

    fn module(data: Vec<u8>) -> Vec<u8> {
        let walrus = {
            let mut module = walrus::Module::default();
            for name in ["main", "intounderlyingsink_write", "__wbg_intounderlyingsink_free"] {
                let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
                function.func_body();
                let function = function.finish(vec![], &mut module.funcs);
                module.exports.add(name, function);
            }
            module.customs.add(walrus::RawCustomSection { name: PROGRAMS.into(), data });
            module.emit_wasm()
        };
        without_streams(&walrus).unwrap()
    }

    #[test]
    fn the_page_offers_no_streams_to_scripts_and_all_else_stays() {
        let kept = [program("one fetch"), program("two")].concat();
        let made = module([program("class IntoUnderlyingSink"), kept.clone()].concat());
        let mut made = walrus::Module::from_buffer(&made).unwrap();
        assert_eq!(made.exports.iter().map(|export| export.name.as_str()).collect::<Vec<_>>(), ["main"]);
        assert_eq!(made.funcs.iter().count(), 3, "which are in use is the splitter's to say");
        assert_eq!(made.customs.remove_raw(PROGRAMS).unwrap().data, kept);
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        assert!(without_streams(b"no module").is_err());
        assert_eq!(programs(b"\x09\0\0\0{}"), None);
        assert_eq!(programs(b"\xff\xff\xff\xff"), None);
    }
}
