//! A Chromium for the browser tests: one of the machine, or Debian's, or the one that Playwright downloads.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::{
    failure::{Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, stamp},
};

const ON_PATH: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const ON_MACOS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/// Names the Chromium to use, where the one that is found is the wrong one.
const CHOICE: &str = "PETS_CHROMIUM";

/// The browser, if there is one that starts.
pub fn chromium(project: &Project) -> Option<PathBuf> {
    if let Some(chosen) = env::var_os(CHOICE) {
        return Some(PathBuf::from(chosen)).filter(|file| file.exists());
    }
    let known = fs::read_to_string(stamp_file(project)).ok().map(PathBuf::from).filter(|file| file.exists());
    known.or_else(|| {
        let on_path = ON_PATH.iter().filter_map(|name| project.which(name));
        let found = on_path.chain(ON_MACOS.iter().map(PathBuf::from)).find(|file| starts(project, file))?;
        // Starting a browser to see whether it does is slow; it is done once.
        remember(project, &found).ok()?;
        Some(found)
    })
}

/// Debian's Chromium, or else Playwright's.
pub fn install(project: &Project) -> Result<()> {
    if let Some(chosen) = env::var_os(CHOICE) {
        return Err(Failure::new(format!("{CHOICE} names {}, which isn't there.", chosen.display()))
            .remedy(format!("Unset {CHOICE}, or let it name a Chromium or Chrome.")));
    }
    let debian = || match apt::is_there() {
        // The font is for pages to have letters at all: a bare machine has none.
        true => apt::install(project, "chromium", &["chromium", "chromium-driver", "fonts-liberation"]),
        false => Err(Failure::new("This machine has no Chromium or Chrome that starts.")),
    };
    debian().or_else(|failure| {
        install_from_playwright(project).map_err(|second| {
            second
                .after(failure)
                .remedy(format!("Install Chromium or Chrome, or let {CHOICE} name one, then try again."))
        })
    })
}

/// The program that steers Chromium.
pub fn chromedriver(project: &Project) -> Option<PathBuf> {
    let chosen = env::var_os("CHROMEDRIVER").map(PathBuf::from).filter(|file| file.exists());
    chosen.or_else(|| project.which("chromedriver"))
}

/// Debian's; elsewhere it comes with the browser or has to be asked for.
pub fn install_chromedriver(project: &Project) -> Result<()> {
    if apt::is_there() {
        return apt::install(project, "chromedriver", &["chromium-driver"]);
    }
    Err(Failure::new("chromedriver isn't there: the tests of single modules in the browser need it.")
        .remedy("Install the chromedriver of your Chrome's version, or let CHROMEDRIVER name it, then try again."))
}

fn install_from_playwright(project: &Project) -> Result<()> {
    let e2e = project.root.join("e2e");
    let browsers = project.tools.join("browsers");
    let mut command = project.command(e2e.join("node_modules/.bin/playwright"));
    command.args(["install", "chromium"]).current_dir(&e2e).env("PLAYWRIGHT_BROWSERS_PATH", &browsers);
    Task::new(project, "chromium", "playwright install chromium").run(command)?;

    let mut command = project.command("node");
    command.args(["-p", "require('playwright-core').chromium.executablePath()"]);
    let output = command.current_dir(&e2e).env("PLAYWRIGHT_BROWSERS_PATH", &browsers).output();
    let path = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if starts(project, Path::new(&path)) {
        return remember(project, Path::new(&path));
    }
    Err(Failure::new("Playwright's Chromium doesn't start.")
        .remedy("`npx playwright install-deps chromium` installs the libraries it needs."))
}

fn starts(project: &Project, file: &Path) -> bool {
    let mut command = project.command(file);
    file.exists()
        && command.arg("--version").stderr(Stdio::null()).output().is_ok_and(|output| {
            let version = String::from_utf8_lossy(&output.stdout);
            output.status.success() && version.contains("Chrom")
        })
}

fn remember(project: &Project, file: &Path) -> Result<()> {
    stamp::write(&stamp_file(project), file.as_os_str().as_encoded_bytes())
}

fn stamp_file(project: &Project) -> PathBuf {
    project.tools.join("chromium")
}
