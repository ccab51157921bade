//! The function behind what admins do: add and remove pets, see who bought what.

use std::process::ExitCode;

use lambda::Route;

fn main() -> ExitCode {
    lambda::run(&[
        Route { method: "POST", path: "/pets" },
        Route { method: "DELETE", path: "/pets/{petId}" },
        Route { method: "GET", path: "/pets/sales" },
    ])
}
