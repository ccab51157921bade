//! Answers cases, one JSON a line, with what IAM decides of them: for programs in other languages that compare it.
//! A case is as the differential test prints one; without its `principal` it is anonymous, without `context` bare.
//!
//! ```sh
//! cargo run -p iam --example decide <<< '{"kind": "permissions", "policies": […], "action": "…", "resource": "…"}'
//! ```

#[path = "../tests/differential/case.rs"]
#[expect(dead_code, reason = "the test asks a case more than this does")]
mod case;

use std::io::{self, BufRead as _, Write as _};

use case::Case;

fn main() -> io::Result<()> {
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        match case.ours() {
            Ok(outcome) => writeln!(answers, "{outcome:?}")?,
            Err(why) => writeln!(answers, "refused: {why}")?,
        }
        answers.flush()?;
    }
    Ok(())
}
