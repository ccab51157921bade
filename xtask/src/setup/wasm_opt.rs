//! `wasm-opt`, from the npm package `binaryen`: it is the one form of it that every platform's registry has.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use crate::{
    failure::{Doing as _, Result},
    logged::Task,
    project::Project,
    setup::{node_packages, stamp},
};

const VERSION: &str = "132.0.0";
const PROGRAM: &str = "node_modules/binaryen/bin/wasm-opt";

pub fn is_ready(project: &Project) -> bool {
    stamp::matches(&stamp_file(project), VERSION.as_bytes()) && project.bin().join("wasm-opt").exists()
}

pub fn install(project: &Project) -> Result<()> {
    let folder = folder(project);
    stamp::remove_folder(&folder)?;
    let mut command = node_packages::npm(project)?;
    command.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]);
    command.arg("--prefix").arg(&folder).arg(format!("binaryen@{VERSION}"));
    Task::new(project, "wasm-opt", &format!("npm install binaryen@{VERSION}"))
        .run(command)
        .map_err(|failure| failure.remedy(node_packages::REMEDY))?;

    let link = project.bin().join("wasm-opt");
    if link.is_symlink() || link.exists() {
        fs::remove_file(&link).doing(|| format!("replace {}", link.display()))?;
    }
    symlink(PathBuf::from("../binaryen").join(PROGRAM), &link).doing(|| format!("make {}", link.display()))?;
    stamp::write(&stamp_file(project), VERSION.as_bytes())
}

fn folder(project: &Project) -> PathBuf {
    project.tools.join("binaryen")
}

fn stamp_file(project: &Project) -> PathBuf {
    folder(project).join("complete")
}
