//! Identity tokens, driven by libFuzzer. What must hold is in `fuzz::token`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::token::prepare(), |input: &[u8]| {
    fuzz::token::check(input);
});
