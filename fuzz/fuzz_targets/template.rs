//! Templates, driven by libFuzzer. What must hold is in `fuzz::template`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::template::check(input);
});
