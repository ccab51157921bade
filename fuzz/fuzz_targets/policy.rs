//! Policy documents, driven by libFuzzer. What must hold is in `fuzz::policy`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::policy::check(input);
});
