//! What durable means: an answer comes after a flush that began when its write was done, or as an error.

use std::{
    fs,
    sync::{Mutex, mpsc::RecvTimeoutError},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// Longer than anything here takes; only a failing test waits for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database whose flushes begin and end when the test says so.
struct World {
    /// Ends a flush, well or badly. Gone first: from then on every flush ends well at once.
    end: Sender<io::Result<()>>,
    workers: Workers,
    /// Hears of each flush that begins.
    began: Receiver<()>,
    flushes: Arc<AtomicUsize>,
    /// Looks at what is written, flushed or not.
    beside: Database,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self::with_reader(Reader::open)
    }

    fn with_reader(open: impl Fn(&str) -> dynoxide::Result<Reader> + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x").to_str().unwrap().to_owned();
        let database = Database::new(&path).unwrap();
        let beside = Database::new(&path).unwrap();
        let (say, began) = channel();
        let (end, ends) = channel();
        let flushes = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&flushes);
        let flush: Flush = Box::new(move || {
            count.fetch_add(1, SeqCst);
            let _ = say.send(());
            ends.recv().unwrap_or(Ok(()))
        });
        let workers = Workers::start(database, flush, Some(Box::new(move || open(&path)))).unwrap();
        let world = Self { workers, began, end, flushes, beside, _folder: folder };
        let created = world.ask("CreateTable", table());
        world.flush(Ok(()));
        assert_eq!(status(&created), 200);
        world
    }

    fn ask(&self, operation: &str, body: Value) -> Receiver<Answer> {
        let (send, answer) = channel();
        let reply = Box::new(move |answer| drop(send.send(answer)));
        self.workers.hand_over(Job { operation: operation.to_owned(), body: body.to_string().into_bytes(), reply });
        answer
    }

    /// Puts it there unless it is.
    fn put(&self, id: &str) -> Receiver<Answer> {
        self.ask("PutItem", put(id))
    }

    fn get(&self, id: &str) -> Receiver<Answer> {
        self.ask("GetItem", get(id))
    }

    /// Until the write is done, and nobody has been told.
    fn wait_for(&self, id: &str) {
        for _ in 0..6000 {
            if self.is_written(id) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{id} is not written");
    }

    fn is_written(&self, id: &str) -> bool {
        holds(&self.beside, id)
    }

    fn flush_begins(&self) {
        self.began.recv_timeout(PATIENCE).expect("a flush begins");
    }

    fn flush(&self, outcome: io::Result<()>) {
        self.flush_begins();
        self.end.send(outcome).unwrap();
    }
}

fn table() -> Value {
    json!({
        "TableName": "things",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
    })
}

fn put(id: &str) -> Value {
    let item = json!({ "id": { "S": id } });
    json!({ "TableName": "things", "Item": item, "ConditionExpression": "attribute_not_exists(id)" })
}

fn get(id: &str) -> Value {
    json!({ "TableName": "things", "ConsistentRead": true, "Key": { "id": { "S": id } } })
}

fn holds(database: &Database, id: &str) -> bool {
    dispatch::answer(database, "GetItem", get(id).to_string().as_bytes()).1.contains("\"Item\"")
}

fn status(answer: &Receiver<Answer>) -> u16 {
    answer.recv_timeout(PATIENCE).expect("an answer comes").0
}

/// Time enough for an answer that should not come.
fn is_silent(answer: &Receiver<Answer>) -> bool {
    answer.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout)
}

#[test]
fn no_write_is_answered_before_a_flush_that_began_after_it() {
    let world = World::new();
    let first = world.put("first");
    world.flush_begins();
    let second = world.put("second");
    world.wait_for("second");
    assert!(is_silent(&first) && is_silent(&second));
    // The flush that is under way began before the second was written.
    world.end.send(Ok(())).unwrap();
    assert_eq!(status(&first), 200);
    world.flush_begins();
    assert!(is_silent(&second));
    world.end.send(Ok(())).unwrap();
    assert_eq!(status(&second), 200);
}

#[test]
fn writes_that_come_together_share_a_flush() {
    let world = World::new();
    let first = world.put("first");
    world.flush_begins();
    let others: Vec<_> = (0..20).map(|number| world.put(&number.to_string())).collect();
    world.wait_for("19");
    for _ in 0..21 {
        // Sent ahead, for as many flushes as it may take.
        world.end.send(Ok(())).unwrap();
    }
    assert_eq!(status(&first), 200);
    assert!(others.iter().all(|answer| status(answer) == 200));
    // One for the table, one for the first; the last of the twenty may just have missed the one of the others.
    assert!(world.flushes.load(SeqCst) <= 4);
}

#[test]
fn nobody_is_told_of_a_write_that_could_still_be_lost() {
    let world = World::new();
    let winner = world.put("prize");
    world.flush_begins();
    world.wait_for("prize");
    let (loser, reader) = (world.put("prize"), world.get("prize"));
    assert!(is_silent(&winner) && is_silent(&loser) && is_silent(&reader));
    world.end.send(Ok(())).unwrap();
    assert_eq!(status(&winner), 200);
    // One flush for the two, or one each.
    world.end.send(Ok(())).unwrap();
    world.end.send(Ok(())).unwrap();
    assert_eq!(status(&loser), 400);
    assert!(reader.recv_timeout(PATIENCE).unwrap().1.contains("prize"));
}

#[test]
fn a_read_waits_for_nobody_when_all_is_flushed() {
    let world = World::new();
    let put = world.put("a");
    world.flush(Ok(()));
    assert_eq!(status(&put), 200);
    assert!(world.get("a").recv_timeout(PATIENCE).unwrap().1.contains("\"Item\""));
    assert_eq!(world.flushes.load(SeqCst), 2, "one for the table, one for the write");
}

#[test]
fn a_flush_that_fails_is_everybodys_error_and_no_later_one_is_believed() {
    let world = World::new();
    let winner = world.put("prize");
    world.flush_begins();
    world.wait_for("prize");
    let (loser, reader) = (world.put("prize"), world.get("prize"));
    world.end.send(Err(io::Error::other("the disk is gone"))).unwrap();
    let refused = |answer: Receiver<Answer>| {
        let (status, text) = answer.recv_timeout(PATIENCE).unwrap();
        assert!(status == 500 && text.contains("InternalServerError") && text.contains("disk"), "{text}");
    };
    [winner, loser, reader].into_iter().for_each(refused);
    [world.put("other"), world.get("prize"), world.get("nothing")].into_iter().for_each(refused);
    assert_eq!(world.flushes.load(SeqCst), 2, "none after the one that failed");
    assert!(!world.is_written("other"), "nothing is added to what may be lost");
}

#[test]
fn an_answer_is_known_until_something_is_written() {
    let world = World::new();
    let is_known = |id| world.workers.state.known("GetItem", get(id).to_string().as_bytes()).is_some();
    let is_there = |id| world.get(id).recv_timeout(PATIENCE).unwrap().1.contains("\"Item\"");
    for id in ["a", "b", "c"] {
        assert!(!is_known(id) && !is_there(id));
        assert!(is_known(id) && !is_there(id));
        let put = world.put(id);
        world.flush_begins();
        assert!(!is_known(id), "not while it is written");
        world.end.send(Ok(())).unwrap();
        assert_eq!(status(&put), 200);
        assert!(!is_known(id) && is_there(id) && is_known(id) && is_there(id));
    }
}

#[test]
fn a_question_is_known_in_whatever_order_it_is_written() {
    let world = World::new();
    let ask = |body: &str| {
        let (send, answer) = channel();
        let reply = Box::new(move |answer| drop(send.send(answer)));
        world.workers.hand_over(Job { operation: "GetItem".to_owned(), body: body.as_bytes().to_vec(), reply });
        status(&answer)
    };
    let question = get("a");
    let (table, key) = (&question["TableName"], &question["Key"]);
    assert_eq!(ask(&format!(r#"{{"TableName":{table},"Key":{key}}}"#)), 200);
    let known = known::in_order(format!(r#"{{"Key":{key},"TableName":{table}}}"#).into_bytes());
    assert!(world.workers.state.known("GetItem", &known).is_some());
}

#[test]
fn what_was_read_while_something_was_written_is_not_kept() {
    let (opening, opens) = channel();
    let (go_on, going_on) = channel::<()>();
    let going_on = Mutex::new(going_on);
    let world = World::with_reader(move |path| {
        let _ = opening.send(());
        let _ = going_on.lock().unwrap().recv();
        Reader::open(path)
    });
    let read = world.get("a");
    opens.recv_timeout(PATIENCE).unwrap();
    let put = world.put("b");
    world.flush(Ok(()));
    assert_eq!(status(&put), 200);
    drop(go_on);
    assert_eq!(status(&read), 200);
    assert!(world.workers.state.known("GetItem", get("a").to_string().as_bytes()).is_none());
}

#[test]
fn what_was_handed_over_is_done_before_the_end() {
    let world = World::new();
    let puts: Vec<_> = (0..10).map(|number| world.put(&number.to_string())).collect();
    drop(world);
    assert!(puts.iter().all(|answer| status(answer) == 200));
}

/// The disk keeps what was there at the last flush: a copy of the files, taken whenever one begins.
#[test]
fn whatever_was_answered_outlives_a_power_cut_at_any_moment() {
    let (folder, disks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("x");
    let database = Database::new(file.to_str().unwrap()).unwrap();
    let flushes = Arc::new(AtomicUsize::new(0));
    let flush = {
        let (flushes, disks, folder) = (Arc::clone(&flushes), disks.path().to_owned(), folder.path().to_owned());
        move || {
            let disk = disks.join((flushes.load(SeqCst) + 1).to_string());
            fs::create_dir(&disk)?;
            for name in ["x", "x-wal"] {
                fs::copy(folder.join(name), disk.join(name))?;
            }
            flushes.fetch_add(1, SeqCst);
            Ok(())
        }
    };
    let path = file.to_str().unwrap().to_owned();
    let workers = Workers::start(database, Box::new(flush), Some(Box::new(move || Reader::open(&path)))).unwrap();
    let (send, created) = channel();
    let reply = Box::new(move |answer| drop(send.send(answer)));
    workers.hand_over(Job { operation: "CreateTable".into(), body: table().to_string().into(), reply });
    assert_eq!(status(&created), 200);

    // What was answered, and how many flushes were over then. Every third asks for what another puts.
    let answered = Arc::new(Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for client in 0..8 {
            let (workers, answered, flushes) = (&workers, &answered, &flushes);
            scope.spawn(move || {
                for number in 0..12 {
                    let id = format!("{}-{number}", if number % 3 == 0 { 0 } else { client });
                    let (answered, flushes) = (Arc::clone(answered), Arc::clone(flushes));
                    let (send, done) = channel();
                    let body = put(&id).to_string().into_bytes();
                    let reply = Box::new(move |(status, _): Answer| {
                        answered.lock().unwrap().push((id, status, flushes.load(SeqCst)));
                        let _ = send.send(());
                    });
                    workers.hand_over(Job { operation: "PutItem".into(), body, reply });
                    done.recv_timeout(PATIENCE).unwrap();
                }
            });
        }
    });
    let answered = answered.lock().unwrap();
    assert_eq!(answered.len(), 96);
    assert!(answered.iter().any(|(_, status, _)| *status == 400), "somebody came second");
    for (id, _, flush) in answered.iter() {
        // Who came second knows that the first was there.
        let disk = Database::new(disks.path().join(flush.to_string()).join("x").to_str().unwrap()).unwrap();
        assert!(holds(&disk, id), "{id} after {flush} flushes");
    }
    assert!(flushes.load(SeqCst) < 97, "some shared a flush");
    let log = fs::metadata(folder.path().join("x-wal")).unwrap().len();
    assert!(log < 1000 * 4096, "SQLite moved its log while it was copied: {log}");
}
