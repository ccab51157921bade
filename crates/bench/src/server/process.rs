//! The local stack as a program of its own, as people run it: started, asked for the page's configuration, looked at, killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use http::Uri;
use serde_json::Value;

use super::{
    client::{Connection, get},
    issuer::{CLIENT, Issuer},
};
use crate::failure::{Doing, Failure, Result};

/// A running local stack. Its log is made and thrown away.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Process {
    /// Starts the program over a data folder, with the built-in issuer or this one, and says how long it took until it
    /// gave the page its configuration.
    pub async fn start(
        program: &Path,
        template: &Path,
        data: &Path,
        issuer: Option<&Issuer>,
    ) -> Result<(Self, Duration)> {
        let begin = Instant::now();
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--template"]).arg(template).arg("--data").arg(data);
        if let Some(issuer) = issuer {
            command.args(["--client-id", CLIENT, "--issuer", &issuer.url]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().doing(format!(
            "start {} (PETS_LOCAL_STACK names another program; unset, it is built)",
            program.display()
        ))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).doing("read what the local stack says")?;
        }
        let address = line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Failure::wrong(format!("{} doesn't start; try it by hand", program.display())));
        };
        let process = Self { child, address };
        let answer = Connection::open(address).await?.ask(&get("/config.json", address)).await?;
        match answer.status {
            200 => Ok((process, begin.elapsed())),
            status => Err(Failure::wrong(format!("/config.json answers {status}"))),
        }
    }

    /// Waits until the built-in issuer gives its public keys: from then on people can sign in.
    pub async fn issuer_keys(&self) -> Result<()> {
        let mut connection = Connection::open(self.address).await?;
        let config = connection.ask(&get("/config.json", self.address)).await?;
        let config: Value = serde_json::from_slice(&config.body).map_err(Failure::wrong)?;
        let issuer = config["issuer"].as_str().and_then(|issuer| issuer.parse::<Uri>().ok());
        let issuer = issuer.ok_or_else(|| Failure::wrong("/config.json names no issuer"))?;
        let target = format!("{}.well-known/jwks.json", issuer.path());
        match connection.ask(&get(&target, self.address)).await?.status {
            200 => Ok(()),
            status => Err(Failure::wrong(format!("{target} answers {status}"))),
        }
    }

    /// How much memory it holds now, in MiB.
    pub fn memory(&self) -> Result<f64> {
        memory(self.child.id())
    }
}

/// How much memory a process holds now, in MiB (resident, from `/proc`).
pub fn memory(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).doing("look at its memory")?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    kib.map(|kib: f64| kib / 1024.0).ok_or_else(|| Failure::wrong("the system doesn't tell its memory"))
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
