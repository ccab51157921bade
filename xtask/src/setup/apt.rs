//! Packages of a Debian machine. Says which; never removes one, never answers a question in somebody's place.

use std::{
    fs,
    io::{self, IsTerminal as _},
    process::{Command, Stdio},
};

use crate::{
    failure::{Doing as _, Failure, Result},
    logged::Task,
    project::Project,
};

/// Whether this machine has Debian's packages.
pub fn is_there() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| matches!(line.trim(), "ID=debian" | "ID=\"debian\"")))
        && fs::exists("/usr/bin/apt-get").unwrap_or(false)
}

/// Installs packages, after refreshing the package lists where that is needed.
pub fn install(project: &Project, name: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get update && sudo apt-get install {}", packages.join(" "));
    let prefix = as_root(project).map_err(|failure| failure.remedy(format!("Run `{by_hand}`, then try again.")))?;
    let apt_get = |arguments: &[&str], doing: &str| {
        let mut command = root_command(project, prefix, "apt-get");
        command.args(["-o", "DPkg::Lock::Timeout=120"]).args(arguments);
        Task::new(project, name, doing).run(command)
    };
    let mut arguments = vec!["install", "--yes", "--no-remove", "--no-install-recommends"];
    arguments.extend(packages);
    let doing = format!("apt-get install {}", packages.join(" "));
    let mut result = apt_get(&arguments, &doing);
    if let Err(failure) = &result {
        if failure.mentions("dpkg --configure -a") {
            let mut command = root_command(project, prefix, "dpkg");
            command.args(["--configure", "-a"]);
            Task::new(project, name, "finishing an interrupted installation").run(command)?;
        } else {
            apt_get(&["update"], "apt-get update")?;
        }
        result = apt_get(&arguments, &doing);
    }
    result.map_err(|failure| failure.remedy(format!("Run `{by_hand}` and see what it says, then try again.")))
}

/// What to put before a command to run it as root: nothing, or `sudo`.
fn as_root(project: &Project) -> Result<Option<&'static str>> {
    if rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let packages_need_root = || Failure::new("Debian packages are missing, and installing them needs root.");
    if project.which("sudo").is_none() {
        return Err(packages_need_root());
    }
    let quiet = project.command("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    if quiet.is_ok_and(|status| status.success()) {
        return Ok(Some("sudo"));
    }
    if !io::stdin().is_terminal() {
        return Err(packages_need_root());
    }
    println!("  Debian packages are missing: sudo may ask for your password.");
    let asked = Command::new("sudo").arg("-v").status().doing(|| "run sudo".into())?;
    if asked.success() { Ok(Some("sudo")) } else { Err(packages_need_root()) }
}

fn root_command(project: &Project, prefix: Option<&str>, program: &str) -> Command {
    let mut command = match prefix {
        None => project.command("env"),
        Some(sudo) => {
            let mut command = project.command(sudo);
            command.args(["-n", "env"]);
            command
        }
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", program]);
    command
}
