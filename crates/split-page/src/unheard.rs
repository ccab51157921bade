//! Takes out what nobody hears. A panic in a page says nothing: the app installs no hook, std's own writes to an output
//! that a page doesn't have, and then the module traps. What `Debug` writes is for programmers, and why a text is no JSON
//! the app never asks. Here a panic traps at once, and the others write nothing; what decides whether to panic, and whether
//! a text is understood, stays as it is.
//!
//! It is done before the split, and what such a function refers to is forgotten with it: the splitter leaves out whatever
//! nobody refers to, the words with the tables for writing them.

use std::{collections::HashMap, ops::Range};

use rustc_demangle::demangle;
use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{
    CompositeInnerType, CustomSectionReader, FunctionBody, KnownCustom, Name, Parser, Payload, TypeRef, ValType,
};

use crate::Error;

/// Functions that never return, by how their names begin.
const ENDS: [&str; 10] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::panicking::panic_with_hook",
];

/// Functions that write for nobody, by what is in their names: each is called `fmt`, and says whether it could write.
const WRITES: [&str; 3] =
    ["core::fmt::Debug", "serde_core::de::Expected", "serde_json::error::JsonUnexpected as core::fmt::Display"];

/// Where a linker says what the code refers to.
const REFERENCES: &str = "reloc.CODE";

const UNREACHABLE: u8 = 0x00;
const END: u8 = 0x0b;

/// The module as the linker left it, with relocations and names, without these functions' code. Every function stays where
/// it is.
pub fn without_unheard(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bytes = module.to_vec();
    let ended = end(&mut bytes).map_err(unread)?;
    let mut made = Module::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.map_err(unread)? {
            Payload::CustomSection(section) if section.name() == REFERENCES => {
                let data = references(&section, &ended).map_err(unread)?;
                made.section(&CustomSection { name: REFERENCES.into(), data: data.into() });
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    made.section(&RawSection { id, data: &bytes[range] });
                }
            }
        }
    }
    Ok(made.finish())
}

fn unread(fault: wasmparser::BinaryReaderError) -> Error {
    Error::Unlike(format!("The compiler's module isn't understood: {fault}"))
}

/// Ends the functions, and says where in the section of code they are.
fn end(bytes: &mut [u8]) -> wasmparser::Result<Vec<Range<usize>>> {
    let mut functions = Functions::default();
    for payload in Parser::new(0).parse_all(bytes) {
        functions.read(payload?)?;
    }
    let mut ended = Vec::new();
    for (index, body) in functions.bodies.iter().enumerate() {
        let Some(name) = functions.names.get(&(functions.imported + index as u32)) else { continue };
        let name = format!("{:#}", demangle(name));
        let answers = functions.types.get(index).and_then(|&of| functions.answers.get(of as usize)) == Some(&true);
        let body_bytes = &mut bytes[body.clone()];
        // No locals; and behind what can't be gone past, anything of the same kind is right.
        let code: &[u8] = if ENDS.iter().any(|end| name.starts_with(end)) {
            &[0]
        } else if answers && name.ends_with("::fmt") && WRITES.iter().any(|written| name.contains(written)) {
            // Zero, which is `Ok(())`: `i32.const 0`, `return`.
            &[0, 0x41, 0, 0x0f]
        } else {
            continue;
        };
        if body_bytes.len() < code.len() + 2 {
            continue;
        }
        body_bytes.fill(UNREACHABLE);
        body_bytes[..code.len()].copy_from_slice(code);
        body_bytes[body.len() - 1] = END;
        ended.push(body.start - functions.code..body.end - functions.code);
    }
    Ok(ended)
}

#[derive(Default)]
struct Functions {
    /// Of each type, whether it is a function's that gives back one number of 32 bits.
    answers: Vec<bool>,
    /// How many are somebody else's. They come first.
    imported: u32,
    /// Of each that isn't.
    types: Vec<u32>,
    /// Where each is in the file.
    bodies: Vec<Range<usize>>,
    /// As they are mangled.
    names: HashMap<u32, String>,
    /// Where the section of code begins.
    code: usize,
}

impl Functions {
    fn read(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    for of in group?.into_types() {
                        let function = |of: &CompositeInnerType| match of {
                            CompositeInnerType::Func(function) => function.results() == [ValType::I32],
                            _ => false,
                        };
                        self.answers.push(function(&of.composite_type.inner));
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(types) => self.types = types.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionStart { range, .. } => self.code = range.start,
            Payload::CodeSectionEntry(body) => self.bodies.push(FunctionBody::range(&body)),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { return Ok(()) };
                for subsection in subsections {
                    let Name::Function(names) = subsection? else { continue };
                    for naming in names {
                        let naming = naming?;
                        self.names.insert(naming.index, naming.name.to_owned());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// What the code that is left refers to.
fn references(section: &CustomSectionReader<'_>, ended: &[Range<usize>]) -> wasmparser::Result<Vec<u8>> {
    let KnownCustom::Reloc(references) = section.as_known() else { return Ok(section.data().to_vec()) };
    let entries = references.entries();
    let (end, entries) = (entries.range().end, entries.into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?);
    let (mut count, mut kept) = (0_u32, Vec::<u8>::new());
    for (number, (begin, entry)) in entries.iter().enumerate() {
        let at = entry.offset as usize;
        let next = ended.partition_point(|function| function.end <= at);
        if ended.get(next).is_none_or(|function| at < function.start) {
            let end = entries.get(number + 1).map_or(end, |(next, _)| *next);
            kept.extend(&section.data()[begin - section.data_offset()..end - section.data_offset()]);
            count += 1;
        }
    }
    let mut made = Vec::new();
    references.section_index().encode(&mut made);
    count.encode(&mut made);
    made.extend(kept);
    Ok(made)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, Function, FunctionSection, Instruction, NameMap, NameSection, TypeSection, ValType,
    };

    use super::*;

    const FUNCTIONS: [&str; 5] = [
        "_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt",
        "_ZN4pets3app17h0123456789abcdefE",
        "_ZN40_$LT$str$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
        "_ZN42_$LT$str$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
        "_ZN4core3fmt5Debug3fmt17h0123456789abcdefE",
    ];

    /// Functions that call the first one three times, the last of which gives nothing back; and where each calls it.
    fn module() -> (Vec<u8>, Vec<Vec<usize>>) {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], [ValType::I32]);
        types.ty().function([], []);
        let mut names = NameMap::new();
        let mut at = 1;
        let mut calls = Vec::new();
        for (index, name) in FUNCTIONS.iter().enumerate() {
            let is_silent = index == FUNCTIONS.len() - 1;
            functions.function(u32::from(is_silent));
            let mut function = Function::new([]);
            for _ in 0..3 {
                function.instruction(&Instruction::Call(0)).instruction(&Instruction::Drop);
            }
            if is_silent {
                function = Function::new([]);
                function.instruction(&Instruction::Nop).instruction(&Instruction::Nop).instruction(&Instruction::Nop);
            } else {
                function.instruction(&Instruction::I32Const(1));
            }
            function.instruction(&Instruction::End);
            calls.push(if is_silent { Vec::new() } else { vec![at + 3, at + 6, at + 9] });
            at += 1 + function.byte_len();
            code.function(&function);
            names.append(index as u32, name);
        }
        let mut name_section = NameSection::new();
        name_section.functions(&names);
        let mut references = vec![2];
        let all: Vec<usize> = calls.iter().flatten().copied().collect();
        (all.len() as u32).encode(&mut references);
        for at in &all {
            references.push(0);
            (*at as u32).encode(&mut references);
            0_u32.encode(&mut references);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code).section(&name_section);
        module.section(&CustomSection { name: REFERENCES.into(), data: references.into() });
        (module.finish(), calls)
    }

    #[test]
    fn what_nobody_hears_is_gone_with_what_it_refers_to_and_nothing_else_is() {
        let (built, calls) = module();
        let made = without_unheard(&built).unwrap();
        wasmparser::validate(&made).unwrap();
        assert!(made.len() < built.len());

        let (mut before, mut after) = (Functions::default(), Functions::default());
        let mut left = Vec::new();
        for (bytes, functions) in [(&built, &mut before), (&made, &mut after)] {
            left.clear();
            for payload in Parser::new(0).parse_all(bytes) {
                let payload = payload.unwrap();
                if let Payload::CustomSection(section) = &payload
                    && let KnownCustom::Reloc(references) = section.as_known()
                {
                    left = references.entries().into_iter().map(|entry| entry.unwrap().offset as usize).collect();
                }
                functions.read(payload).unwrap();
            }
        }
        assert_eq!(left, [&calls[1][..], &calls[3]].concat());
        let code = |index: usize| &made[after.bodies[index].clone()];
        let is_same = |index: usize| code(index) == &built[before.bodies[index].clone()];
        assert_eq!(code(0), [&[0][..], &[UNREACHABLE; 11], &[END]].concat());
        assert!(is_same(1) && is_same(3), "they are heard");
        assert!(code(2).starts_with(&[0, 0x41, 0, 0x0f, UNREACHABLE]) && code(2).ends_with(&[END]));
        assert!(is_same(4), "it doesn't say whether it could write");
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(matches!(without_unheard(b"no module"), Err(Error::Unlike(_))));
    }
}
