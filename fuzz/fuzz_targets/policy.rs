//! Policy documents, driven by libFuzzer. What must hold is in `fuzz::policy`.
#![no_main]
#![expect(unsafe_code, reason = "the engine calls in by a symbol's name")]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::policy::check(input);
});
