//! Installs what a command needs and the machine lacks, in the project's `.tools` where that is possible.
//!
//! A tool is checked in milliseconds and installed only when missing. An installation is never half there: what marks
//! it as complete is written last, so that an interrupted one is done again. Each tool is a module; the toolchain of
//! the page, which every build of it needs, is [`WebToolchain`].

mod apt;
mod cargo_install;
mod chromium;
mod components;
mod cross_toolchain;
mod make;
mod node_packages;
mod python_packages;
mod stamp;
mod wasm_opt;
mod web_toolchain;

use std::{
    fs::{self, File, TryLockError},
    process::ExitCode,
    time::Instant,
};

pub use chromium::{chromedriver, chromium};
pub use cross_toolchain::CrossToolchain;
pub use python_packages::{CHECKOV, CLIENT, CROSS, EMULATOR, Environment, TEMPLATE};
pub use web_toolchain::{TARGET as WEB_TARGET, WebToolchain};

use crate::{
    failure::{Doing as _, Failure, Result},
    logged::spoken,
    project::Project,
};

/// Something that a command needs, in the order of installation: a tool may need those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `cargo fmt` and `cargo clippy`.
    Components,
    /// A compiler for wasm32.
    WebToolchain,
    /// Builds and serves the page.
    Trunk,
    /// `wasm-bindgen` and its test runner, at the version of Cargo.lock.
    WasmBindgen,
    /// Makes the page's release build smaller.
    WasmOpt,
    /// The npm packages of the browser tests.
    NodePackages,
    /// A browser for the tests.
    Chromium,
    /// Steers Chromium for the tests of single modules.
    Chromedriver,
    /// Packages of Python.
    Python(Environment),
    /// What AWS SAM builds with.
    Make,
    /// A compiler for this target. Only for functions of another processor than this machine's.
    CrossToolchain(&'static str),
}

/// What building the page needs.
pub const PAGE: [Tool; 4] = [Tool::WebToolchain, Tool::Trunk, Tool::WasmBindgen, Tool::WasmOpt];

const ALL: [Tool; 13] = [
    Tool::Components,
    Tool::WebToolchain,
    Tool::Trunk,
    Tool::WasmBindgen,
    Tool::WasmOpt,
    Tool::NodePackages,
    Tool::Chromium,
    Tool::Chromedriver,
    Tool::Python(CLIENT),
    Tool::Python(TEMPLATE),
    Tool::Python(CHECKOV),
    Tool::Python(EMULATOR),
    Tool::Make,
];

impl Tool {
    fn is_ready(self, project: &Project) -> bool {
        match self {
            Self::Components => components::are_ready(project),
            Self::WebToolchain => WebToolchain::find(project).is_some(),
            Self::Trunk => cargo_install::TRUNK.is_ready(project),
            Self::WasmBindgen => cargo_install::WASM_BINDGEN.is_ready(project),
            Self::WasmOpt => wasm_opt::is_ready(project),
            Self::NodePackages => node_packages::are_ready(project),
            Self::Chromium => chromium(project).is_some(),
            Self::Chromedriver => chromedriver(project).is_some(),
            Self::Python(environment) => environment.is_ready(project),
            Self::Make => make::is_ready(project),
            Self::CrossToolchain(target) => CrossToolchain::find(project, target).is_some(),
        }
    }

    fn install(self, project: &Project) -> Result<()> {
        match self {
            Self::Components => components::install(project),
            Self::WebToolchain => web_toolchain::install(project),
            Self::Trunk => cargo_install::TRUNK.install(project),
            Self::WasmBindgen => cargo_install::WASM_BINDGEN.install(project),
            Self::WasmOpt => wasm_opt::install(project),
            Self::NodePackages => node_packages::install(project),
            Self::Chromium => chromium::install(project),
            Self::Chromedriver => chromium::install_chromedriver(project),
            Self::Python(environment) => environment.install(project),
            Self::Make => make::install(project),
            Self::CrossToolchain(target) => cross_toolchain::install(project, target),
        }
    }
}

/// `cargo xtask setup`.
pub fn run(project: &Project, mut arguments: lexopt::Parser) -> Result<ExitCode> {
    match arguments.next().map_err(crate::usage_error)? {
        None => {}
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) => {
            println!("cargo xtask setup\n\nInstalls what `serve` and `test` need and the machine lacks.");
            return Ok(ExitCode::SUCCESS);
        }
        Some(other) => return Err(crate::usage_error(other.unexpected())),
    }
    ensure(project, &ALL)?;
    println!("Everything is set up.");
    Ok(ExitCode::SUCCESS)
}

/// Installs those of the tools that are missing; says nothing when none is.
pub fn ensure(project: &Project, tools: &[Tool]) -> Result<()> {
    let mut missing: Vec<Tool> = tools.iter().copied().filter(|tool| !tool.is_ready(project)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    missing.dedup();
    let started = Instant::now();
    println!("Setting up what is missing, in {}", project.tools.display());
    let _alone = alone(project)?;
    for tool in missing {
        // Another set-up may have done it while this one waited.
        if tool.is_ready(project) {
            continue;
        }
        tool.install(project)?;
        if !tool.is_ready(project) {
            return Err(Failure::new(format!("{tool:?} was installed, but still isn't there."))
                .remedy(format!("Remove {} and try again.", project.tools.display())));
        }
    }
    println!("Set-up took {}.", spoken(started.elapsed()));
    Ok(())
}

/// Waits until no other set-up runs in this project, and keeps others out until the file is dropped.
fn alone(project: &Project) -> Result<File> {
    fs::create_dir_all(project.bin()).doing(|| format!("make {}", project.bin().display()))?;
    let path = project.tools.join("lock");
    let doing = || format!("lock {}", path.display());
    let file = File::create(&path).doing(doing)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("  Another set-up of this project is running: waiting for it.");
            file.lock().doing(doing)?;
        }
        Err(TryLockError::Error(error)) => return Err(error).doing(doing),
    }
    Ok(file)
}
