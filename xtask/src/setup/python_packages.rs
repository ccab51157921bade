//! Python packages, in a virtual environment for each purpose: some can't live together.

use std::path::PathBuf;

use crate::{
    failure::{Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, stamp},
};

/// A virtual environment and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Environment {
    name: &'static str,
    folder: &'static str,
    requirements: &'static str,
}

/// The independent client.
pub const CLIENT: Environment =
    Environment { name: "Python packages", folder: "venv", requirements: "tests/python/requirements.txt" };
/// What reads the template: AWS's own tools, and linters.
pub const TEMPLATE: Environment =
    Environment { name: "AWS SAM, cfn-lint", folder: "venv-template", requirements: "tests/template/requirements.txt" };
/// Another reader of the template, which asks for other versions.
pub const CHECKOV: Environment =
    Environment { name: "checkov", folder: "venv-checkov", requirements: "tests/template/checkov.txt" };
/// AWS's services on this machine, made by others.
pub const EMULATOR: Environment =
    Environment { name: "MiniStack", folder: "venv-cloud", requirements: "tests/cloud/requirements.txt" };
/// What links the functions for another processor. Large, and seldom needed.
pub const CROSS: Environment = Environment {
    name: "cargo-zigbuild, zig",
    folder: "venv-cross",
    requirements: "xtask/src/build_lambda/requirements.txt",
};

impl Environment {
    /// A program of this environment, such as `python`.
    pub fn program(&self, project: &Project, name: &str) -> PathBuf {
        self.folder(project).join("bin").join(name)
    }

    pub fn is_ready(&self, project: &Project) -> bool {
        stamp::matches_file(&self.stamp_file(project), &self.requirements(project))
            && self.program(project, "python").exists()
    }

    pub fn install(&self, project: &Project) -> Result<()> {
        let machine_python = ["python3", "python"].iter().find_map(|name| project.which(name)).ok_or_else(|| {
            Failure::new(format!("Python isn't there: {} needs it.", self.name))
                .remedy("Install Python 3.10 or newer with pip and venv, then try again.")
        })?;
        let make_environment = || {
            let mut command = project.command(&machine_python);
            command.args(["-m", "venv", "--clear"]).arg(self.folder(project));
            Task::new(project, self.name, "making a virtual environment").run(command)
        };
        if let Err(failure) = make_environment() {
            if !apt::is_there() {
                return Err(failure.remedy("Install Python's venv and pip modules, then try again."));
            }
            apt::install(project, self.name, &["python3-venv"])?;
            make_environment()?;
        }
        let mut command = project.command(self.program(project, "python"));
        command.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"]);
        command.arg(self.requirements(project));
        Task::new(project, self.name, "pip install")
            .run(command)
            .map_err(|failure| failure.remedy("Try again where the Python package index can be reached."))?;
        stamp::write_file(&self.stamp_file(project), &self.requirements(project))
    }

    fn folder(&self, project: &Project) -> PathBuf {
        project.tools.join(self.folder)
    }

    fn requirements(&self, project: &Project) -> PathBuf {
        project.root.join(self.requirements)
    }

    fn stamp_file(&self, project: &Project) -> PathBuf {
        self.folder(project).join("installed-requirements.txt")
    }
}
