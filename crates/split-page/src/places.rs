//! Takes out where in the source a panic would have happened: nobody hears it (`unheard`), and the names of folders on the
//! machine that built the page are nobody's business.

use std::collections::BTreeSet;

use walrus::{ConstExpr, DataKind, Module, ModuleConfig, ir::Value};

use crate::Error;

/// The modules of a page, with their names and as the linker laid out their one memory: a place in the source that is
/// named in one may lie in another.
pub fn without_places(modules: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Error> {
    let read = |bytes: &Vec<u8>| ModuleConfig::new().generate_name_section(true).parse(bytes);
    let modules: Result<Vec<Module>, _> = modules.iter().map(read).collect();
    let mut modules = modules.map_err(|error| Error::Unlike(format!("{error:#}")))?;
    let memory: Vec<Segment> = modules.iter().flat_map(segments).collect();
    let places = memory.iter().flat_map(|segment| segment.places(&memory)).collect();
    for module in &mut modules {
        forget(module, &places);
    }
    Ok(modules.iter_mut().map(Module::emit_wasm).collect())
}

/// A piece of the memory as it is in the beginning.
struct Segment {
    start: usize,
    bytes: Vec<u8>,
}

/// Where a `core::panic::Location` lies, and where its file's name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: usize,
    file: usize,
    length: usize,
}

/// A `Location` in words of four bytes: where its file's name is, how long that is, the line, the column.
const WORDS: usize = 4;

impl Segment {
    fn get(&self, at: usize, length: usize) -> Option<&[u8]> {
        let from = at.checked_sub(self.start)?;
        self.bytes.get(from..from.checked_add(length)?)
    }

    fn places(&self, memory: &[Segment]) -> Vec<Place> {
        let aligned = (self.start.next_multiple_of(4)..self.start + self.bytes.len()).step_by(4);
        aligned.filter_map(|at| place(self.get(at, 4 * WORDS)?, at, memory)).collect()
    }
}

/// The place that these words are, if they are one: no other four words name a source file of Rust and a spot in it.
fn place(words: &[u8], at: usize, memory: &[Segment]) -> Option<Place> {
    let word = |turn: usize| words.get(4 * turn..)?.first_chunk().map(|word| u32::from_le_bytes(*word) as usize);
    let (file, length, line, column) = (word(0)?, word(1)?, word(2)?, word(3)?);
    let is_spot = (1..100_000).contains(&line) && (1..1_000).contains(&column) && length < 1_000;
    let name = memory.iter().find_map(|segment| segment.get(file, length)).filter(|_| is_spot)?;
    (name.ends_with(b".rs") && name.contains(&b'/')).then_some(Place { at, file, length })
}

fn segments(module: &Module) -> Vec<Segment> {
    module
        .data
        .iter()
        .filter_map(|data| Some(Segment { start: start(&data.kind)?, bytes: data.value.clone() }))
        .collect()
}

fn start(kind: &DataKind) -> Option<usize> {
    match kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => usize::try_from(*start).ok(),
        _ => None,
    }
}

/// Leaves each place an empty name, which is a name, and nothing of the files' own.
fn forget(module: &mut Module, places: &BTreeSet<Place>) {
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        let Some(start) = start(&data.kind) else { continue };
        let mut clear = |at: usize, length: usize| {
            let bytes = at.checked_sub(start).and_then(|from| data.value.get_mut(from..from + length));
            bytes.into_iter().flatten().for_each(|byte| *byte = 0);
        };
        for place in places {
            clear(place.at + 4, 4 * (WORDS - 1));
            clear(place.file, place.length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: i32 = 1024;

    fn module(memory: &[u8]) -> Vec<u8> {
        let mut module = Module::default();
        let id = module.memories.add_local(false, false, 1, None, None);
        let offset = ConstExpr::Value(Value::I32(BASE));
        module.data.add(DataKind::Active { memory: id, offset }, memory.to_vec());
        module.emit_wasm()
    }

    fn place_of(file: u32, name: &str, line: u32, column: u32) -> Vec<u8> {
        [file, name.len() as u32, line, column].into_iter().flat_map(u32::to_le_bytes).collect()
    }

    fn data(bytes: &[u8]) -> Vec<u8> {
        Module::from_buffer(bytes).unwrap().data.iter().flat_map(|data| data.value.clone()).collect()
    }

    #[test]
    fn no_module_names_the_files_that_any_of_them_was_made_of() {
        let (file, words) = ("/somebody/pets/src/app.rs", "a text that isn't a file's name.rs");
        let mut first = format!("{file}{words}").into_bytes();
        first.resize(first.len().next_multiple_of(4), 0);
        first.extend(place_of(BASE as u32, file, 12, 5));
        let kept = place_of(BASE as u32 + file.len() as u32, words, 12, 5);
        first.extend(&kept);
        let second = place_of(BASE as u32, file, 7, 9);
        let made = without_places(&[module(&first), module(&second)]).unwrap();
        let (made_first, made_second) = (data(&made[0]), data(&made[1]));
        assert_eq!(made_first.len(), first.len());
        assert!(!String::from_utf8_lossy(&made_first).contains("somebody"));
        assert!(String::from_utf8_lossy(&made_first).contains(words));
        assert!(made_first.ends_with(&kept), "no path, so no place");
        assert_eq!(made_second, place_of(BASE as u32, "", 0, 0), "the name is empty, and still one");
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(matches!(without_places(&[b"no module".to_vec()]), Err(Error::Unlike(_))));
    }
}
