//! A function's process and the runtime interface that it asks for events: "Lambda runtime API" in the AWS Lambda
//! developer guide.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{Request, Response};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    Event, archive,
    server::{Server, answer},
};

/// No step of a test takes longer; it is here so that a test that hangs ends.
const PATIENCE: Duration = Duration::from_secs(60);

static STARTING: Mutex<()> = Mutex::new(());

/// What came of an event.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// What API Gateway is given.
    Answer(Value),
    /// The function failed, and Lambda was told so.
    Error(Value),
}

/// A function's process. Dropping it ends it.
pub struct Process {
    child: Child,
    interface: Arc<Interface>,
    next: u32,
    output: Option<JoinHandle<()>>,
    lines: Arc<Mutex<Vec<String>>>,
    _server: Server,
}

struct Interface {
    queue: mpsc::UnboundedSender<Response<String>>,
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Response<String>>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    init_errors: Mutex<Vec<Value>>,
}

impl Process {
    pub async fn start(function: &str, environment: BTreeMap<&'static str, String>) -> Self {
        let (queue, events) = mpsc::unbounded_channel();
        let events = tokio::sync::Mutex::new(events);
        let interface = Interface { queue, events, waiting: Mutex::default(), init_errors: Mutex::default() };
        let interface = Arc::new(interface);
        let server = Server::start({
            let interface = Arc::clone(&interface);
            move |request| {
                let interface = Arc::clone(&interface);
                async move { interface.answer(request).await }
            }
        })
        .await;
        // One at a time: a program that is being unpacked can't be run while a process that was started meanwhile still
        // has the file open.
        let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(binary(function));
        command.env_clear().envs(environment).env("AWS_LAMBDA_RUNTIME_API", &server.authority);
        // Both outputs in one pipe, as Lambda takes them.
        let (reader, writer) = std::io::pipe().unwrap();
        command.stdin(Stdio::null()).stdout(writer.try_clone().unwrap()).stderr(writer);
        let child = command.spawn().unwrap();
        drop((command, starting));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let output = std::thread::spawn({
            let lines = Arc::clone(&lines);
            move || {
                BufReader::new(reader).lines().map_while(Result::ok).for_each(|line| lines.lock().unwrap().push(line))
            }
        });
        Self { child, interface, next: 0, output: Some(output), lines, _server: server }
    }

    /// What the function makes of an event, with the ten seconds that the template gives it.
    pub async fn invoke(&mut self, event: &Event) -> Outcome {
        self.invoke_raw(event.0.to_string(), Duration::from_secs(10)).await
    }

    /// The answer to an event.
    pub async fn answer(&mut self, event: &Event) -> Value {
        match self.invoke(event).await {
            Outcome::Answer(answer) => answer,
            Outcome::Error(error) => panic!("{error}\n{:#?}", self.lines()),
        }
    }

    /// What the function makes of any text, with so much time left.
    pub async fn invoke_raw(&mut self, event: String, time_left: Duration) -> Outcome {
        self.next += 1;
        let id = format!("invocation-{}", self.next);
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + time_left;
        let event = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &id)
            .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
            .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:123456789012:function:pets")
            .header("lambda-runtime-trace-id", "Root=1-68d0a1b2-0123456789abcdef01234567;Sampled=0")
            .body(event)
            .unwrap();
        let (sender, receiver) = oneshot::channel();
        self.interface.waiting.lock().unwrap().insert(id, sender);
        self.interface.queue.send(event).unwrap();
        match timeout(PATIENCE, receiver).await {
            Ok(outcome) => outcome.unwrap(),
            Err(_) => panic!("no outcome: {:?}, {:#?}", self.child.try_wait(), self.lines()),
        }
    }

    /// Waits for the process to end by itself: how it ended, what it told Lambda, and all that it logged.
    pub async fn end(mut self) -> (ExitStatus, Vec<Value>, Vec<String>) {
        let mut ended = None;
        for _ in 0..PATIENCE.as_millis() / 10 {
            ended = self.child.try_wait().unwrap();
            if ended.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let status = ended.unwrap_or_else(|| panic!("it doesn't end: {:#?}", self.lines()));
        self.output.take().unwrap().join().unwrap();
        let init_errors = self.interface.init_errors.lock().unwrap().clone();
        (status, init_errors, self.lines())
    }

    /// Ends the process: all that it logged.
    pub fn stop(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.take().unwrap().join().unwrap();
        self.lines()
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Interface {
    async fn answer(&self, request: Request<Bytes>) -> Response<String> {
        let body = || serde_json::from_slice::<Value>(request.body()).unwrap();
        let path = request.uri().path().strip_prefix("/2018-06-01/runtime/").unwrap();
        match path.strip_prefix("invocation/").and_then(|rest| rest.split_once('/')) {
            None if path == "invocation/next" => self.events.lock().await.recv().await.unwrap(),
            Some((id, "response")) => self.outcome(id, Outcome::Answer(body())),
            Some((id, "error")) => self.outcome(id, Outcome::Error(body())),
            None if path == "init/error" => {
                self.init_errors.lock().unwrap().push(body());
                answer(202, "{}")
            }
            _ => answer(404, "{}"),
        }
    }

    fn outcome(&self, id: &str, outcome: Outcome) -> Response<String> {
        // A second answer to an event finds nobody waiting.
        match self.waiting.lock().unwrap().remove(id) {
            Some(sender) => {
                let _ = sender.send(outcome);
                answer(202, "{}")
            }
            None => answer(400, "{}"),
        }
    }
}

fn binary(function: &str) -> PathBuf {
    if let Some(zips) = env::var_os("PETS_FUNCTION_ZIPS") {
        return archive::unpacked(&PathBuf::from(zips), function);
    }
    match function {
        "list" => env!("CARGO_BIN_EXE_list"),
        "manage" => env!("CARGO_BIN_EXE_manage"),
        "purchase" => env!("CARGO_BIN_EXE_purchase"),
        other => panic!("there is no function {other}"),
    }
    .into()
}
