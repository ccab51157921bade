//! A script without what only people read.

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::Error;

/// The module script, with short names for what it keeps to itself. What it exports, and the keys of its objects, stay.
pub fn minified(script: &str) -> Result<String, Error> {
    let allocator = Allocator::default();
    let mut read = Parser::new(&allocator, script, SourceType::mjs()).parse();
    if let Some(fault) = read.diagnostics.first() {
        return Err(Error::Unlike(format!("The script isn't understood: {fault}")));
    }
    let made = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut read.program);
    Ok(Codegen::new().with_options(CodegenOptions::minify()).with_scoping(made.scoping).build(&read.program).code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_and_keys_stay_and_the_rest_becomes_short() {
        let script = "/* words */\nfunction longName(argument) { return { __wbg_key_1: argument, }; }\n\
                      export { longName as init, longName as default };\n";
        let made = minified(script).unwrap();
        assert!(made.contains("__wbg_key_1") && made.contains(" as init") && made.contains(" as default"), "{made}");
        assert!(!made.contains("words") && !made.contains("longName") && !made.contains('\n'), "{made}");
    }

    #[test]
    fn what_is_no_script_is_an_error() {
        assert!(matches!(minified("function ("), Err(Error::Unlike(_))));
    }
}
