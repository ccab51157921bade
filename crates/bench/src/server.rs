//! The server's part: the local stack as a program of its own, and the engine under it. Each measurement makes its data
//! in a folder that is gone afterwards, and stops the programs it started.

mod client;
pub mod engine;
mod gateway;
pub mod issuer;
mod others;
pub mod people;
mod process;
mod startup;
pub mod stock;
mod store;
mod timing;

use std::{fs, path::PathBuf};

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
    /// Fewer rounds, smaller shops: to see that everything runs, not how fast.
    pub quick: bool,
    kept: PathBuf,
    folder: TempDir,
}

impl Setting {
    /// Data goes below the folder of the options, which must be on a real disk: a flush to memory costs nothing.
    pub fn new(options: &Options) -> Result<Self> {
        let below = &options.data;
        fs::create_dir_all(below).doing(format!("make {}", below.display()))?;
        let folder = tempfile::tempdir_in(below).doing(format!("make a folder in {}", below.display()))?;
        Ok(Self {
            root: options.root.clone(),
            program: options.program.clone(),
            template: options.root.join("infra/template.yaml"),
            quick: options.quick,
            kept: below.clone(),
            folder,
        })
    }

    /// A path of this run; it is gone with it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path that the next run finds again.
    fn kept(&self, name: &str) -> PathBuf {
        self.kept.join(name)
    }

    fn rounds(&self) -> usize {
        if self.quick { 3 } else { 11 }
    }
}

/// What there is to measure, by its name on the command line.
pub const PARTS: [&str; 4] = ["purchases", "reads", "store", "start"];

/// Measures one part.
pub fn measure(part: &str, setting: &Setting) -> Result<Vec<Table>> {
    // One thread: the client is to take as little as it can of what the server needs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().doing("start a runtime")?;
    runtime.block_on(async {
        match part {
            "purchases" => gateway::purchases(setting).await,
            "reads" => gateway::reads(setting).await,
            "store" => store::operations(setting).await,
            _ => startup::starts(setting).await,
        }
    })
}
