//! The function behind the public list of pets. Its role only reads.

use std::process::ExitCode;

use lambda::Route;

fn main() -> ExitCode {
    lambda::run(&[Route { method: "GET", path: "/pets" }])
}
