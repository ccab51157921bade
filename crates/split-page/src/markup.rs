//! Takes out the way to set markup from a text. Leptos' erased attributes bring it: they empty an element whose markup an
//! attribute has set. This page has no such attribute, which is found here and not believed: a setter that is given anything
//! but the empty text is refused.

use walrus::{
    FunctionId, ImportKind, ModuleConfig,
    ir::{Call, Const, Instr, InstrSeq, Value, Visitor, dfs_in_order},
};

use crate::Error;

/// How wasm-bindgen names the setter, up to a digest.
const SETTER: &str = "__wbg_set_innerHTML_";

/// The first module, with a trap where the setter was.
pub fn without_markup(module: &[u8]) -> Result<Vec<u8>, Error> {
    let unread = |error| Error::Unlike(format!("{error:#}"));
    let mut module = ModuleConfig::new().generate_name_section(true).parse(module).map_err(unread)?;
    let setters = module.imports.iter().filter(|import| import.name.starts_with(SETTER));
    let setters: Vec<FunctionId> = setters
        .filter_map(|import| match import.kind {
            ImportKind::Function(function) => Some(function),
            _ => None,
        })
        .collect();
    for setter in setters {
        let mut uses = Uses { setter, markup: false };
        module.funcs.iter_local().for_each(|(_, local)| dfs_in_order(&mut uses, local, local.entry_block()));
        if uses.markup {
            return Err(Error::Unlike("It sets markup from a text: do without `inner_html`".to_owned()));
        }
        module
            .replace_imported_func(setter, |(body, _)| {
                body.unreachable();
            })
            .map_err(unread)?;
    }
    Ok(module.emit_wasm())
}

/// Whether a call of the setter may give it a text.
struct Uses {
    setter: FunctionId,
    markup: bool,
}

impl Visitor<'_> for Uses {
    fn start_instr_seq(&mut self, sequence: &InstrSeq) {
        let mut length = None;
        for (instruction, _) in &sequence.instrs {
            match instruction {
                Instr::Call(Call { func }) if *func == self.setter => self.markup |= length != Some(0),
                Instr::ReturnCall(call) if call.func == self.setter => self.markup = true,
                _ => {}
            }
            // The last argument is the text's length.
            length = match instruction {
                Instr::Const(Const { value: Value::I32(length) }) => Some(*length),
                _ => None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, Module, ValType};

    use super::*;

    fn module(length: i32) -> Vec<u8> {
        let mut module = Module::default();
        let kind = module.types.add(&[ValType::I32; 3], &[]);
        let (setter, _) = module.add_import_func("wbg", "__wbg_set_innerHTML_0123456789abcdef", kind);
        let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
        function.func_body().i32_const(9).i32_const(1).i32_const(length).call(setter);
        let function = function.finish(vec![], &mut module.funcs);
        module.exports.add("rebuild", function);
        module.emit_wasm()
    }

    #[test]
    fn a_setter_that_only_empties_is_gone() {
        let made = Module::from_buffer(&without_markup(&module(0)).unwrap()).unwrap();
        assert_eq!((made.imports.iter().count(), made.exports.iter().count()), (0, 1));
    }

    #[test]
    fn a_setter_that_is_given_a_text_is_refused() {
        assert!(matches!(without_markup(&module(5)), Err(Error::Unlike(_))));
        assert!(matches!(without_markup(b"no module"), Err(Error::Unlike(_))));
    }
}
