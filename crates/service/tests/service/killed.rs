//! An answered write survives its process, however that ends.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use domain::PetId;
use embedded_dynamodb::EmbeddedDynamoDb;
use service::{Store, StoreError};

use crate::conformance::{buyer, pet, time};

const FOLDER: &str = "PETS_TEST_FOLDER";
const ANSWERED: &str = "answered ";

async fn open(folder: &Path) -> Store {
    let store = Store::new(EmbeddedDynamoDb::open(folder).unwrap().client(), "pets");
    store.create_table_if_missing().await.unwrap();
    store
}

/// The process that is killed: adds, sells and removes pets for ever, and says each time what was answered.
#[tokio::test]
#[ignore = "only as a child process of the test below"]
async fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder)).await;
    // Not for ever after all, should nobody kill it.
    for round in 0..100_000 {
        let id = store.add(&pet("dog", "249.99")).await.unwrap().id;
        say("added", id);
        if round % 3 == 1 {
            store.purchase(id, &buyer("fred"), time(round)).await.unwrap();
            say("sold", id);
        }
        if round % 3 == 2 {
            store.remove(id).await.unwrap();
            say("removed", id);
        }
    }
}

fn say(what: &str, id: PetId) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{ANSWERED}{what} {id}").unwrap();
    out.flush().unwrap();
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = 0;
    for _ in 0..3 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "killed::writes_until_it_is_killed", "--ignored", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut answered: Vec<String> = Vec::new();
        let keep = |line: &String| line.contains(ANSWERED);
        answered.extend(lines.by_ref().filter(keep).take(60));
        // SIGKILL where there is one; whatever was said before the end counts too.
        child.kill().unwrap();
        answered.extend(lines.filter(keep));
        child.wait().unwrap();
        assert!(answered.len() >= 60, "the child said only {answered:?}");

        let store = open(folder.path()).await;
        let said = |what: &str, id: PetId| answered.iter().any(|line| line.ends_with(&format!("{what} {id}")));
        for line in &answered {
            let (what, id) = line.split_once(ANSWERED).unwrap().1.split_once(' ').unwrap();
            let id: PetId = id.parse().unwrap();
            last = last.max(id.get());
            match (what, store.pet(id).await) {
                ("removed", found) => assert!(matches!(found, Err(StoreError::PetNotFound(_))), "{line}"),
                ("sold", found) => assert_eq!(found.unwrap().sale.unwrap().buyer, buyer("fred"), "{line}"),
                (_, Ok(_)) => {}
                // A removal may be done and not yet answered.
                (_, Err(_)) => assert!(said("removed", id) || id.get() == last, "{line} is lost"),
            }
        }
        let next = store.add(&pet("cat", "1")).await.unwrap().id;
        assert!(next.get() > last, "an id came twice");
    }
}
