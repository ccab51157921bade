//! On what it was measured: a number without its machine says nothing.

use std::{fs, thread};

use serde_json::{Value, json};

/// The machine, as far as it tells.
#[derive(Debug)]
pub struct Machine {
    /// What the processor calls itself.
    pub processor: String,
    /// How many threads run at once.
    pub cores: usize,
    /// Its memory, in GiB.
    pub memory: u64,
    /// The kernel's release.
    pub kernel: String,
    /// How many processes wanted to run, on average, in the minute before.
    pub load: f64,
}

impl Machine {
    /// The one that this runs on. What it doesn't tell stays empty.
    pub fn here() -> Self {
        let read = |file| fs::read_to_string(file).unwrap_or_default();
        let information = read("/proc/cpuinfo");
        let processor = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let memory = read("/proc/meminfo");
        let kib =
            memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
        Self {
            memory: kib.unwrap_or(0_u64).div_ceil(1024 * 1024),
            processor: processor.map(|(_, name)| name.trim().to_owned()).unwrap_or_default(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: load(),
        }
    }

    /// Whether more than half of it did something else.
    pub fn is_busy(&self) -> bool {
        self.load * 2.0 > self.cores as f64
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let Self { processor, cores, memory, kernel, load } = self;
        json!({ "processor": processor, "cores": cores, "memoryGiB": memory, "kernel": kernel, "loadBefore": load })
    }
}

/// How many processes wanted to run, on average, in the last minute.
pub fn load() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or_default()
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { processor, cores, memory, kernel, .. } = self;
        write!(f, "{cores} cores ({processor}), {memory} GiB, Linux {kernel}")
    }
}
