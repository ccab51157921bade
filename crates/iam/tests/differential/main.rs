//! `iam` against implementations that others published, on generated documents and requests and on those of the
//! deployed template. No run is vacuous: it fails without a good share of each outcome, of what each oracle was asked, and
//! of conditions that decided.
//!
//! - A disagreement is shrunk and printed as JSON. Settle it by AWS's documents and keep it in `settled.json`, where
//!   everybody is asked it every time; a fault of an oracle gets a narrow predicate in `faults.rs`.
//! - `PETS_IAM_CASES=1000000 cargo test -p iam --test differential` asks more, from a random seed that it prints;
//!   `PETS_IAM_SEED` repeats one.
//! - With `-- --ignored` and `MINISTACK` set (`cargo xtask test cloud`), MiniStack's evaluator is asked the same.

mod bend;
mod case;
mod conditions;
mod deployed;
mod faults;
mod generate;
mod oracle;
mod run;
mod settled;
mod tally;

use oracle::Oracle;

#[test]
fn permissions_are_decided_as_others_decide() {
    let tally = run::run(12, generate::permissions(), oracle::linked());
    tally
        .decided_at_least([20, 20, 20])
        .asked_at_least("iam-rs", 50, [15, 15, 15])
        .asked_at_least("aspen", 50, [15, 15, 15])
        .asked_every_condition_but(|form, operator| {
            // One has no set operators, the other some, and none that end in `IfExists`.
            let set = form.starts_with("For");
            set && (form.ends_with("IfExists")
                || !operator.starts_with("String") && !operator.starts_with("Arn") && operator != "Bool")
        });
}

#[test]
fn trust_is_decided_as_others_decide() {
    let tally = run::run(3, generate::trust(), oracle::linked());
    tally.decided_at_least([15, 15, 15]).asked_at_least("iam-rs", 30, [5, 5, 15]).asked_at_least(
        "aspen",
        30,
        [5, 5, 15],
    );
}

#[test]
fn what_the_template_permits_is_what_others_say() {
    let tally = run::run(3, deployed::permissions(), oracle::linked());
    let shares = [15, 15, 15];
    tally.decided_at_least(shares).asked_at_least("iam-rs", 70, shares).asked_at_least("aspen", 70, shares);
}

#[test]
fn whom_the_template_trusts_is_whom_others_trust() {
    let tally = run::run(2, deployed::trust(), oracle::linked());
    tally.decided_at_least([15, 0, 15]).asked_at_least("iam-rs", 60, [15, 0, 15]);
}

#[test]
fn whatever_was_settled_stays_settled() {
    settled::hold(&mut oracle::linked());
}

fn ministack() -> Vec<Box<dyn Oracle>> {
    vec![Box::new(oracle::ministack())]
}

#[test]
#[ignore = "asks MiniStack's evaluator: see `cargo xtask test cloud`"]
fn ministack_permits_the_same() {
    let tally = run::run(12, generate::permissions(), ministack());
    tally.decided_at_least([20, 20, 20]).asked_at_least("ministack", 70, [20, 20, 20]).asked_every_condition_but(
        // It compares what is written, not what that stands for.
        |_, operator| operator == "BinaryEquals",
    );
}

#[test]
#[ignore = "asks MiniStack's evaluator: see `cargo xtask test cloud`"]
fn ministack_trusts_the_same() {
    let tally = run::run(3, generate::trust(), ministack());
    tally.decided_at_least([15, 15, 15]).asked_at_least("ministack", 50, [10, 10, 10]);
}

#[test]
#[ignore = "asks MiniStack's evaluator: see `cargo xtask test cloud`"]
fn ministack_reads_the_template_the_same_way() {
    let tally = run::run(3, deployed::permissions(), ministack());
    tally.decided_at_least([15, 15, 15]).asked_at_least("ministack", 80, [15, 15, 15]);
    let tally = run::run(2, deployed::trust(), ministack());
    tally.decided_at_least([15, 0, 15]).asked_at_least("ministack", 80, [15, 0, 15]);
}

#[test]
#[ignore = "asks MiniStack's evaluator: see `cargo xtask test cloud`"]
fn whatever_was_settled_of_ministack_stays_settled() {
    settled::hold(&mut ministack());
}
