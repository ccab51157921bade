//! Asks everybody the same, and stops at the first disagreement, made as small as it gets.

use std::cell::RefCell;

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner},
};

use crate::{case::Case, faults, oracle::Oracle, tally::Tally};

/// How many cases of all, and from which seed. The seed is the same every time unless more is asked for, so that a change
/// of something else is never answered with a new case.
fn how_many(share: u64) -> (u32, u64) {
    let number = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{name} should be a number, and is {text:?}")))
    };
    let cases = number("PETS_IAM_CASES");
    let seed = number("PETS_IAM_SEED").unwrap_or_else(|| match cases {
        Some(_) => rand_seed(),
        None => 20_261_123,
    });
    let cases = cases.unwrap_or(20_000);
    assert!(cases >= 20_000, "PETS_IAM_CASES is for more than usual: fewer than 20,000 can't show everything");
    let cases = cases * share / 20;
    (u32::try_from(cases).expect("fewer than four thousand million cases"), seed)
}

fn rand_seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(())
}

/// Runs a share of the cases, in twentieths.
pub fn run(share: u64, strategy: impl Strategy<Value = Case>, oracles: Vec<Box<dyn Oracle>>) -> Tally {
    let (cases, seed) = how_many(share);
    #[expect(clippy::print_stdout, reason = "who asks for more wants to know from where")]
    {
        println!("{cases} cases from seed {seed}");
    }
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let names = oracles.iter().map(|oracle| oracle.name()).collect();
    let (oracles, tally) = (RefCell::new(oracles), RefCell::new(Tally::new(names)));
    let asked = TestRunner::new(config).run(&strategy, |case| {
        compare(&case, &mut oracles.borrow_mut(), &mut tally.borrow_mut()).map_err(TestCaseError::fail)
    });
    match asked {
        Ok(()) => tally.into_inner(),
        Err(TestError::Fail(why, case)) => panic!(
            "{why}\nAgain: PETS_IAM_CASES={} PETS_IAM_SEED={seed}. Made small:\n{}\n{}",
            u64::from(cases) * 20 / share,
            serde_json::to_string_pretty(&case).expect("a case is JSON"),
            case.loaded().map(|policies| iam::explain(&policies, &case.request()).to_string()).unwrap_or_default(),
        ),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// Every oracle is asked what it isn't known to get wrong, and has to say what `iam` says.
fn compare(case: &Case, oracles: &mut [Box<dyn Oracle>], tally: &mut Tally) -> Result<(), String> {
    let ours = case.ours()?;
    tally.decided(ours);
    for oracle in oracles {
        let Some(asked) = faults::without(oracle.name(), case) else {
            tally.excused(oracle.name());
            continue;
        };
        let ours = asked.ours()?;
        match oracle.decide(&asked) {
            Ok(said) if said.is(ours) => tally.agreed(oracle.name(), &asked, ours),
            said => {
                let asked = if asked == *case { String::new() } else { format!(", asked {asked:?}") };
                return Err(format!("iam says {ours:?}, {} says {said:?}{asked}", oracle.name()));
            }
        }
    }
    Ok(())
}
