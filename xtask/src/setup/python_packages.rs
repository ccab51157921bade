//! The packages of the Python client's tests, in a virtual environment, as `tests/python/requirements.txt` has them.

use std::path::PathBuf;

use crate::{
    failure::{Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, stamp},
};

/// The Python that has the packages.
pub fn python(project: &Project) -> PathBuf {
    folder(project).join("bin/python")
}

pub fn are_ready(project: &Project) -> bool {
    stamp::matches_file(&stamp_file(project), &requirements(project)) && python(project).exists()
}

pub fn install(project: &Project) -> Result<()> {
    let name = "Python packages";
    let machine_python = ["python3", "python"].iter().find_map(|name| project.which(name)).ok_or_else(|| {
        Failure::new("Python isn't there: the tests of the Python client need it.")
            .remedy("Install Python 3.10 or newer with pip and venv, then try again.")
    })?;
    let make_environment = || {
        let mut command = project.command(&machine_python);
        command.args(["-m", "venv", "--clear"]).arg(folder(project));
        Task::new(project, name, "making a virtual environment").run(command)
    };
    if let Err(failure) = make_environment() {
        if !apt::is_there() {
            return Err(failure.remedy("Install Python's venv and pip modules, then try again."));
        }
        apt::install(project, name, &["python3-venv"])?;
        make_environment()?;
    }
    let mut command = project.command(python(project));
    command.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"]).arg(requirements(project));
    Task::new(project, name, "pip install")
        .run(command)
        .map_err(|failure| failure.remedy("Try again where the Python package index can be reached."))?;
    stamp::write_file(&stamp_file(project), &requirements(project))
}

fn folder(project: &Project) -> PathBuf {
    project.tools.join("venv")
}

fn requirements(project: &Project) -> PathBuf {
    project.root.join("tests/python/requirements.txt")
}

fn stamp_file(project: &Project) -> PathBuf {
    folder(project).join("installed-requirements.txt")
}
