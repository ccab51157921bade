//! The steps of `cargo xtask test`, the cheap ones first.

use std::process::Command;

use super::{Outcome, Step, visible};
use crate::{
    binary,
    build_lambda::{self, Architecture},
    failure::{Failure, Result},
    page,
    project::Project,
    setup::{self, CHECKOV, CLIENT, EMULATOR, Environment, PAGE, TEMPLATE, Tool, WEB_TARGET, WebToolchain},
    size, tidy,
};

pub const STEPS: [Step; 14] = [
    Step { name: "fmt", about: "cargo fmt --check", needs: &[Tool::Components], after: &[], run: fmt },
    Step { name: "tidy", about: "the rules of the project that no compiler knows", needs: &[], after: &[], run: tidy },
    Step { name: "lint", about: "cargo clippy for this machine", needs: &[Tool::Components], after: &[], run: lint },
    Step {
        name: "lint-wasm",
        about: "cargo clippy for the browser",
        needs: &[Tool::Components, Tool::WebToolchain],
        after: &[],
        run: lint_wasm,
    },
    Step { name: "host", about: "cargo test of every package, on this machine", needs: &[], after: &[], run: host },
    Step {
        name: "page",
        about: "the release build of the page, and what it weighs",
        needs: &PAGE,
        after: &[],
        run: page,
    },
    Step {
        name: "browser-unit",
        about: "tests of single modules, in Chromium",
        needs: &[Tool::WebToolchain, Tool::WasmBindgen, Tool::Chromium, Tool::Chromedriver],
        after: &[],
        run: browser_unit,
    },
    Step {
        name: "python",
        about: "another implementation of the client against the local stack",
        needs: &[Tool::Python(CLIENT)],
        after: &[],
        run: python,
    },
    Step {
        name: "template",
        about: "what others say of the template, and what it lets each role do",
        needs: &[Tool::Python(TEMPLATE), Tool::Python(CHECKOV)],
        after: &[],
        run: template,
    },
    Step {
        name: "lambda",
        about: "the functions' zips for this machine's processor, as processes",
        needs: &[],
        after: &[],
        run: lambda,
    },
    Step {
        name: "deploy",
        about: "deploys to an AWS that others made, killed after each of their changes",
        needs: &[Tool::Python(EMULATOR)],
        after: &[],
        run: deploy,
    },
    Step {
        name: "cloud",
        about: "store, template, functions and decisions on an AWS that others made",
        needs: &[Tool::Python(EMULATOR), Tool::Python(TEMPLATE), Tool::Make],
        after: &["lambda"],
        run: cloud,
    },
    Step {
        name: "site",
        about: "the deployed shop in Chromium",
        needs: &[Tool::Python(EMULATOR), Tool::Python(TEMPLATE), Tool::NodePackages, Tool::Chromium],
        after: &["page", "lambda"],
        run: site,
    },
    Step {
        name: "e2e",
        about: "journeys through the shop, in Chromium, on the build of `page`",
        needs: &[Tool::NodePackages, Tool::Chromium],
        after: &["page"],
        run: e2e,
    },
];

fn fmt(project: &Project) -> Result<Outcome> {
    let mut command = project.command("cargo");
    command.args(["fmt", "--all", "--check"]);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn tidy(project: &Project) -> Result<Outcome> {
    tidy::run(project)?;
    Ok(Outcome::Passed)
}

fn lint(project: &Project) -> Result<Outcome> {
    let mut command = project.command("cargo");
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn lint_wasm(project: &Project) -> Result<Outcome> {
    let mut command = web_toolchain(project)?.command(project, "cargo");
    command.args(["clippy", "--package", "pets", "--target", WEB_TARGET, "--lib", "--bins"]);
    if has_browser_tests(project) {
        command.args(["--test", "web"]);
    }
    command.args(["--", "-D", "warnings"]);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn host(project: &Project) -> Result<Outcome> {
    let mut command = project.command("cargo");
    command.args(["test", "--workspace"]);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn page(project: &Project) -> Result<Outcome> {
    page::build(project)?;
    size::check(project, &page::dist(project))?;
    Ok(Outcome::Passed)
}

fn browser_unit(project: &Project) -> Result<Outcome> {
    if !has_browser_tests(project) {
        return Ok(Outcome::Nothing("there is no tests/web.rs"));
    }
    let driver = setup::chromedriver(project).ok_or_else(|| gone("chromedriver"))?;
    let mut command = web_toolchain(project)?.command(project, "cargo");
    command.args(["test", "--package", "pets", "--target", WEB_TARGET, "--test", "web"]);
    command.env("CHROMEDRIVER", driver);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    visible(command)?;
    Ok(Outcome::Passed)
}

fn python(project: &Project) -> Result<Outcome> {
    visible(pytest(project, CLIENT, "tests/python")?)?;
    Ok(Outcome::Passed)
}

fn template(project: &Project) -> Result<Outcome> {
    let mut command = pytest(project, TEMPLATE, "tests/template")?;
    command.env("PETS_CHECKOV", CHECKOV.program(project, "checkov"));
    visible(command)?;
    Ok(Outcome::Passed)
}

fn lambda(project: &Project) -> Result<Outcome> {
    let zips = build_lambda::build(project, Architecture::of_machine())?;
    let mut command = project.command("cargo");
    command.args(["test", "--package", "lambda", "--test", "functions"]).env("PETS_FUNCTION_ZIPS", zips);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn deploy(project: &Project) -> Result<Outcome> {
    let mut command = project.command("cargo");
    // Two at a time: each has an AWS of its own.
    command.args(["test", "--package", "deploy", "--test", "deploy", "--", "--ignored", "--test-threads", "2"]);
    command.env("MINISTACK", EMULATOR.program(project, "ministack"));
    visible(command)?;
    Ok(Outcome::Passed)
}

fn cloud(project: &Project) -> Result<Outcome> {
    let mut command = project.command("cargo");
    command.args(["test", "--package", "aws-emulator", "--package", "iam", "--package", "service", "--", "--ignored"]);
    command.env("MINISTACK", EMULATOR.program(project, "ministack"));
    visible(command)?;
    let mut tests = pytest(project, TEMPLATE, "tests/cloud/test_deployed.py")?;
    tests.arg("tests/cloud/test_decisions.py");
    visible(tests)?;
    Ok(Outcome::Passed)
}

fn site(project: &Project) -> Result<Outcome> {
    let mut command = pytest(project, TEMPLATE, "tests/cloud/test_site.py")?;
    command.env("PETS_DEPLOY", binary::build(project, "deploy")?).env("PETS_DIST", page::dist(project));
    command.env("PETS_CHROMIUM", setup::chromium(project).ok_or_else(|| gone("Chromium"))?);
    visible(command)?;
    Ok(Outcome::Passed)
}

/// Tests in Python, told where the local stack and MiniStack are.
fn pytest(project: &Project, environment: Environment, tests: &str) -> Result<Command> {
    let mut command = project.command(environment.program(project, "python"));
    command.args(["-m", "pytest", "-q", tests]);
    command.env("MINISTACK", EMULATOR.program(project, "ministack"));
    command.env("PETS_LOCAL_STACK", binary::build(project, "local-stack")?);
    Ok(command)
}

fn e2e(project: &Project) -> Result<Outcome> {
    let folder = project.root.join("e2e");
    let mut types = project.command(folder.join("node_modules/.bin/tsc"));
    types.current_dir(&folder);
    visible(types)?;
    let mut command = project.command(folder.join("node_modules/.bin/playwright"));
    command.arg("test").current_dir(&folder);
    command.env("PETS_LOCAL_STACK", binary::build(project, "local-stack")?).env("PETS_DIST", page::dist(project));
    command.env("PETS_CHROMIUM", setup::chromium(project).ok_or_else(|| gone("Chromium"))?);
    visible(command)?;
    Ok(Outcome::Passed)
}

fn has_browser_tests(project: &Project) -> bool {
    project.root.join("tests/web.rs").exists()
}

fn web_toolchain(project: &Project) -> Result<WebToolchain> {
    WebToolchain::find(project).ok_or_else(|| gone("The compiler for wasm32"))
}

fn gone(what: &str) -> Failure {
    Failure::new(format!("{what} was there and is gone.")).remedy("Try again: set-up installs it.")
}
