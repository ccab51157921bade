//! Servers that others publish and that keep the same table: started and driven in the same way as ours, in the same
//! minute. They are asked for the write or the read alone, with a signature that is none. One that isn't on this machine
//! is left out, with a note that says so; nothing is installed for it.

use std::{
    env,
    ffi::OsString,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Setting,
    client::{Bytes, Connection, drive, get},
    process::memory,
};
use crate::{
    failure::{Doing, Failure, Result},
    table::Table,
};

/// What it is called, how it is started, and where it says that it is ready.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    program: &'static str,
    variable: &'static str,
    health: &'static str,
}

/// Those that are known.
///
/// moto isn't among them: its server closes the connection after each answer, so that it can't be driven as the others are.
const KINDS: [Kind; 1] =
    [Kind { name: "MiniStack", program: "ministack", variable: "MINISTACK", health: "/_ministack/health" }];

/// One that is silent for so long is left out.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running one. It is stopped when it is dropped.
pub struct Other {
    /// Its name.
    pub name: &'static str,
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Those that are on this machine, and those that aren't.
#[derive(Default)]
pub struct Others {
    /// They have a table like that of the local stack.
    pub running: Vec<Other>,
    absent: Vec<String>,
    failed: Vec<(&'static str, Failure)>,
}

impl Others {
    /// Says who isn't in this table, and why.
    pub fn tell(&self, table: &mut Table) {
        self.failed.iter().for_each(|(name, failure)| table.failed(*name, failure));
        self.absent.iter().for_each(|note| table.note(note.clone()));
    }
}

/// Those that are on this machine with their programs, and a sentence for each that isn't.
pub fn found() -> (Vec<(&'static Kind, OsString)>, Vec<String>) {
    let (mut found, mut absent) = (Vec::new(), Vec::new());
    for kind in &KINDS {
        let Kind { name, program, variable, .. } = kind;
        match kind.program() {
            Some(program) => found.push((kind, program)),
            None => {
                absent.push(format!("{name} isn't in it: {program} isn't on the PATH, and {variable} doesn't name it."))
            }
        }
    }
    (found, absent)
}

/// Starts those that are on this machine, each with a table like this one in it.
pub async fn with_table(setting: &Setting, described: &Value, items: &[Value]) -> Others {
    let (found, absent) = found();
    let mut others = Others { absent, ..Others::default() };
    for (kind, program) in found {
        let folder = setting.folder(&format!("{}-with-a-table", kind.program));
        let made = match kind.start(&program, &folder).await {
            Ok((other, _)) => match timeout(PATIENCE, other.fill(described, items)).await {
                Ok(filled) => filled.map(|()| other),
                Err(_) => Err(Failure::wrong("it doesn't have its table after a minute")),
            },
            Err(failure) => Err(failure),
        };
        match made {
            Ok(other) => others.running.push(other),
            Err(failure) => others.failed.push((kind.name, failure)),
        }
    }
    others
}

impl Kind {
    fn program(&self) -> Option<OsString> {
        if let Some(program) = env::var_os(self.variable) {
            return Some(program);
        }
        let folders = env::var_os("PATH")?;
        env::split_paths(&folders).map(|folder| folder.join(self.program)).find(|file| file.is_file()).map(Into::into)
    }

    /// Starts it with a new folder, and says how long it took until it answered that it is ready.
    pub async fn start(&self, program: &OsString, folder: &Path) -> Result<(Other, Duration)> {
        let (state, temporary) = (folder.join("state"), folder.join("tmp"));
        for folder in [&state, &temporary] {
            std::fs::create_dir_all(folder).doing(format!("make {}", folder.display()))?;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = port.doing("find a free port")?;
        let begin = Instant::now();
        let mut command = Command::new(program);
        // Some of MiniStack's services listen at every address of the machine otherwise.
        let settings = [("BIND_HOST", "127.0.0.1"), ("IOT_MTLS_ENABLED", "0"), ("SFTP_ENABLED", "0")];
        command.envs(settings).env("GATEWAY_PORT", address.port().to_string());
        command.env("STATE_DIR", state).env("TMPDIR", temporary);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().doing(format!(
            "start {} as {} (let {} name its program, or unset it)",
            self.name,
            program.display(),
            self.variable
        ))?;
        let mut other = Other { name: self.name, child, address };
        while begin.elapsed() < PATIENCE {
            if timeout(PATIENCE, other.answers(self.health)).await.unwrap_or(false) {
                return Ok((other, begin.elapsed()));
            }
            if let Some(status) = other.child.try_wait().doing(format!("look after {}", self.name))? {
                return Err(Failure::wrong(format!("{} ended with {status}; unset {}", self.name, self.variable)));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(Failure::wrong(format!("{} isn't ready after a minute; unset {}", self.name, self.variable)))
    }
}

impl Other {
    async fn answers(&self, health: &str) -> bool {
        let Ok(mut connection) = Connection::open(self.address).await else { return false };
        connection.ask(&get(health, self.address)).await.is_ok_and(|answer| answer.status == 200)
    }

    /// The memory that it holds now, in MiB.
    pub fn memory(&self) -> Result<f64> {
        memory(self.child.id())
    }

    /// An operation of DynamoDB as it goes over the wire. The signature is none, and it is taken all the same.
    pub fn request(&self, operation: &str, body: &[u8]) -> Bytes {
        let scope = "Credential=test/20261123/us-east-1/dynamodb/aws4_request";
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-amz-json-1.0\r\n\
             x-amz-target: DynamoDB_20120810.{operation}\r\n\
             authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    /// Makes a table like this one (as `DescribeTable` tells it), with these items.
    pub async fn fill(&self, described: &Value, items: &[Value]) -> Result<()> {
        let told = &described["Table"];
        let strip = |index: &Value| json!({ "IndexName": index["IndexName"], "KeySchema": index["KeySchema"], "Projection": index["Projection"] });
        let indexes =
            told["GlobalSecondaryIndexes"].as_array().map_or_else(Vec::new, |all| all.iter().map(strip).collect());
        let create = json!({
            "TableName": told["TableName"], "KeySchema": told["KeySchema"], "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": told["AttributeDefinitions"], "GlobalSecondaryIndexes": indexes,
        });
        let name = told["TableName"].as_str().ok_or_else(|| Failure::wrong("the table has no name"))?;
        let put = |items: &[Value]| {
            let puts: Vec<Value> = items.iter().map(|item| json!({ "PutRequest": { "Item": item } })).collect();
            self.request("BatchWriteItem", json!({ "RequestItems": { name: puts } }).to_string().as_bytes())
        };
        let create = self.request("CreateTable", create.to_string().as_bytes());
        let requests = [create].into_iter().chain(items.chunks(25).map(put)).collect();
        drive(self.address, vec![requests]).await.map(drop)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
