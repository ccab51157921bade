//! The function behind what buyers do: buy a pet, see what they bought.

use std::process::ExitCode;

use lambda::Route;

fn main() -> ExitCode {
    lambda::run(&[Route { method: "POST", path: "/pets/purchase" }, Route { method: "GET", path: "/pets/purchases" }])
}
