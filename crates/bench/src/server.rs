//! The server's part: the local stack as a program of its own, and the engine under it. Each measurement makes its data
//! in a folder that is gone afterwards, and stops the programs it started.

mod client;
mod cursors;
pub mod engine;
pub mod issuer;
mod others;
pub mod people;
mod process;
mod purchases;
mod reads;
mod sides;
mod startup;
pub mod stock;
mod store;
mod timing;

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    failure::{Doing, Result},
    options::Options,
    table::Table,
};

/// With what to measure.
pub struct Setting {
    /// The project's folder.
    pub root: PathBuf,
    /// The local stack's program.
    pub program: PathBuf,
    /// The template that it obeys.
    pub template: PathBuf,
    /// Fewer rounds.
    pub quick: bool,
    folder: TempDir,
}

impl Setting {
    /// Data goes below the folder of the options, which must be on a real disk: a flush to memory costs nothing.
    pub fn new(options: &Options) -> Result<Self> {
        let below = &options.data;
        fs::create_dir_all(below).doing(format!("make {}", below.display()))?;
        remove_left(below)?;
        let folder = tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir_in(below);
        let folder = folder.doing(format!("make a folder in {}", below.display()))?;
        Ok(Self {
            root: options.root.clone(),
            program: options.program.clone(),
            template: options.root.join("infra/template.yaml"),
            quick: options.quick,
            folder,
        })
    }

    /// A path of this run; it is gone with it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn rounds(&self) -> usize {
        if self.quick { 7 } else { 15 }
    }
}

/// Folders of runs, with the process in the name.
const PREFIX: &str = "run-";

/// Removes what a run left that somebody stopped: it can be gigabytes.
fn remove_left(below: &Path) -> Result<()> {
    for entry in fs::read_dir(below).doing(format!("read {}", below.display()))? {
        let path = entry.doing(format!("read {}", below.display()))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(PREFIX));
        let process = name.and_then(|name| name.split_once('-')).map(|(process, _)| Path::new("/proc").join(process));
        if process.is_some_and(|process| !process.exists()) {
            fs::remove_dir_all(&path).doing(format!("remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// What there is to measure, by its name on the command line.
pub const PARTS: [&str; 4] = ["purchases", "reads", "store", "start"];

/// Measures one part.
pub fn measure(part: &str, setting: &Setting) -> Result<Vec<Table>> {
    // One thread: the client is to take as little as it can of what the server needs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().doing("start a runtime")?;
    runtime.block_on(async {
        match part {
            "purchases" => purchases::purchases(setting).await,
            "reads" => reads::reads(setting).await,
            "store" => store::operations(setting).await,
            _ => startup::starts(setting).await,
        }
    })
}
