//! An emulator with a server in front, a built page and zips of functions, and the program.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_emulator::{Emulator, REGION};
use sealed_page::integrity;
use tempfile::TempDir;

use crate::{front::Front, overlay};

/// The account of the emulator's owner.
pub const ARTIFACTS: &str = "pets-artifacts-000000000000-us-east-1";
/// What a first deploy must be told.
pub const FIRST: [&str; 6] = [
    "--parameter",
    "Auth0Domain=https://tenant.eu.auth0.com/",
    "--parameter",
    "Auth0ClientId=abc",
    "--parameter",
    "Architecture=x86_64",
];

pub struct World {
    pub front: Front,
    pub folder: TempDir,
    pub s3: aws_sdk_s3::Client,
    pub stacks: aws_sdk_cloudformation::Client,
    pub tables: aws_sdk_dynamodb::Client,
    runtime: tokio::runtime::Runtime,
    emulator: Emulator,
}

/// How a run of the program ended.
pub struct Ran {
    pub is_ok: bool,
    pub output: String,
    /// What it changed.
    pub changes: Vec<String>,
}

impl Ran {
    /// The run, after a look that it ended well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.is_ok, "{}", self.output);
        self
    }

    /// What it said against it, after a look that it did.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Self {
        assert!(!self.is_ok, "it went through: {}", self.output);
        for word in words {
            assert!(self.output.contains(word), "no {word:?} in: {}", self.output);
        }
        self
    }

    /// The changes without the plans that were made and taken back.
    pub fn lasting(&self) -> Vec<&str> {
        let is_plan = |change: &&str| change.ends_with("ChangeSet") && *change != "ExecuteChangeSet";
        self.changes.iter().map(String::as_str).filter(|change| !is_plan(change)).collect()
    }
}

/// An object, as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub body: Vec<u8>,
    pub content_type: String,
    pub cache_control: String,
    pub content_encoding: String,
}

impl World {
    pub fn new() -> Self {
        let emulator = Emulator::start();
        let front = Front::start(emulator.endpoint());
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (id, secret) = emulator.credentials();
        let http = aws_smithy_http_client::Builder::new().build_http();
        let config = aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(emulator.endpoint())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(Credentials::new(
                id, secret, None, None, "tests",
            )))
            .http_client(http)
            .build();
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        let world = Self {
            front,
            folder,
            s3: aws_sdk_s3::Client::from_conf(s3),
            stacks: aws_sdk_cloudformation::Client::new(&config),
            tables: aws_sdk_dynamodb::Client::new(&config),
            runtime,
            emulator,
        };
        world.write("template.yaml", &overlay::template());
        for name in ["list", "manage", "purchase"] {
            world.write(&format!("functions/x86_64/{name}.zip"), &format!("PK\x03\x04{name}"));
        }
        world.build(1);
        world
    }

    /// Writes a file in the folder of this world.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The page's build of one version, sealed.
    pub fn build(&self, version: usize) {
        let _ = fs::remove_dir_all(self.folder.path().join("dist"));
        let (js, wasm) = (format!("pets-{version:016x}.js"), format!("pets-{version:016x}_bg.wasm"));
        let script = format!("start({version}, fetch('/{wasm}')); {}", "/* the same */ ".repeat(20));
        let (style, shell) = ("body { color: red }\n".repeat(20), format!("// {}\n", version % 2));
        let [style_hash, shell_hash, script_hash] = [&style, &shell, &script].map(|text| integrity(text.as_bytes()));
        let policy = site_files::page_policy(&[shell_hash.clone(), script_hash.clone()]);
        self.write(&format!("dist/{js}"), &script);
        self.write(&format!("dist/{wasm}"), &format!("\0asm{version}"));
        self.write("dist/base-00000000000000aa.css", &style);
        self.write("dist/shell.js", &shell);
        self.write("dist/pictures/dog.svg", "<svg/>");
        self.write(
            "dist/index.html",
            &format!(
                "<!doctype html><meta http-equiv=Content-Security-Policy content=\"{policy}\">\
                 <link rel=stylesheet href=\"/base-00000000000000aa.css\" integrity=\"{style_hash}\"><noscript>x</noscript>\
                 <script src=\"/shell.js\" integrity=\"{shell_hash}\"></script><img src=\"/pictures/dog.svg\">\
                 <link rel=preload as=fetch href=\"/{wasm}\">\
                 <script type=\"module\" src=\"/{js}\" integrity=\"{script_hash}\"></script>"
            ),
        );
    }

    /// The program, with the arguments that every run has.
    pub fn command(&self, command: &str, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_deploy"));
        let path = |name: &str| self.folder.path().join(name);
        program.arg(command);
        if command != "destroy" {
            program.arg("--template").arg(path("template.yaml"));
            program.arg("--dist").arg(path("dist")).arg("--functions").arg(path("functions"));
        }
        program.args(arguments).stdin(Stdio::null()).env_clear();
        program.envs(self.emulator.environment()).env("HOME", self.folder.path());
        program
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.front.address))
            .env("AWS_EC2_METADATA_DISABLED", "true");
        program
    }

    /// Runs the program to its end.
    pub fn run(&self, command: &str, arguments: &[&str]) -> Ran {
        self.start(self.command(command, arguments), None)
    }

    /// Runs the program until it has made so many changes.
    pub fn run_until(&self, command: &str, arguments: &[&str], changes: usize) -> Ran {
        self.start(self.command(command, arguments), Some(changes))
    }

    /// Runs a command of [`Self::command`].
    pub fn start(&self, mut command: Command, kill_after: Option<usize>) -> Ran {
        let output = self.folder.path().join("output.txt");
        let file = fs::File::create(&output).unwrap();
        command.stdout(file.try_clone().unwrap()).stderr(file);
        {
            // Held while the program starts, so that no change comes before it can be ended.
            let mut notes = self.front.notes.lock().unwrap();
            notes.changes.clear();
            notes.kill_after = kill_after;
            notes.child = Some(command.spawn().unwrap());
        }
        let mut waits = 0;
        let status = loop {
            if let Some(status) = self.front.notes.lock().unwrap().child.as_mut().unwrap().try_wait().unwrap() {
                break status;
            }
            waits += 1;
            assert!(waits < 6_000, "the program doesn't end: {}", fs::read_to_string(&output).unwrap());
            std::thread::sleep(std::time::Duration::from_millis(20));
        };
        let changes = self.front.notes.lock().unwrap().changes.clone();
        Ran { is_ok: status.success(), output: fs::read_to_string(&output).unwrap(), changes }
    }

    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// All objects of a bucket; nothing where there is none.
    pub fn objects(&self, bucket: &str) -> BTreeMap<String, Seen> {
        self.wait(async {
            let Ok(listed) = self.s3.list_objects_v2().bucket(bucket).send().await else { return BTreeMap::new() };
            let mut objects = BTreeMap::new();
            for object in listed.contents() {
                let key = object.key().unwrap();
                let got = self.s3.get_object().bucket(bucket).key(key).send().await.unwrap();
                let seen = Seen {
                    content_type: got.content_type().unwrap_or_default().to_owned(),
                    cache_control: got.cache_control().unwrap_or_default().to_owned(),
                    content_encoding: got.content_encoding().unwrap_or_default().to_owned(),
                    body: got.body.collect().await.unwrap().to_vec(),
                };
                objects.insert(key.to_owned(), seen);
            }
            objects
        })
    }

    pub fn buckets(&self) -> Vec<String> {
        let listed = self.wait(self.s3.list_buckets().send()).unwrap();
        listed.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned()).collect()
    }

    /// State and outputs of the stack.
    pub fn stack(&self) -> Option<(String, BTreeMap<String, String>)> {
        let described = self.wait(self.stacks.describe_stacks().stack_name("pets").send()).ok()?;
        let stack = described.stacks().first()?;
        let pair = |output: &aws_sdk_cloudformation::types::Output| {
            (output.output_key().unwrap().to_owned(), output.output_value().unwrap().to_owned())
        };
        let state = stack.stack_status().unwrap().as_str().to_owned();
        Some((state, stack.outputs().iter().map(pair).collect()))
    }

    pub fn output(&self, name: &str) -> String {
        self.stack().unwrap().1[name].clone()
    }

    /// The site's bucket, once there is one.
    pub fn site(&self) -> BTreeMap<String, Seen> {
        match self.stack().and_then(|(_, outputs)| outputs.get("SiteBucket").cloned()) {
            Some(bucket) => self.objects(&bucket),
            None => BTreeMap::new(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// What a page names and isn't there.
pub fn missing(site: &BTreeMap<String, Seen>) -> Vec<String> {
    let Some(index) = site.get("index.html") else { return Vec::new() };
    let mut to_read = vec![String::from_utf8(index.body.clone()).unwrap()];
    let mut missing = Vec::new();
    if !site.contains_key("config.json") {
        missing.push("config.json".to_owned());
    }
    while let Some(text) = to_read.pop() {
        for (at, quote) in text.char_indices().filter(|(_, quote)| "\"'".contains(*quote)) {
            let reference = text[at + 1..].split(quote).next().unwrap();
            let Some(key) = reference.strip_prefix('/').filter(|key| key.contains('.')) else { continue };
            match site.get(key) {
                Some(file) if key.starts_with("pets-") && key.ends_with(".js") => {
                    to_read.push(String::from_utf8(file.body.clone()).unwrap());
                }
                Some(_) => {}
                None => missing.push(key.to_owned()),
            }
        }
    }
    missing
}
