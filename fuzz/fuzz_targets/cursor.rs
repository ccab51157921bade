//! Cursors, driven by libFuzzer. What must hold is in `fuzz::cursor`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::cursor::check(input);
});
