//! Templates, driven by libFuzzer. What must hold is in `fuzz::template`.
#![no_main]
#![expect(unsafe_code, reason = "the engine calls in by a symbol's name")]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::template::check(input);
});
