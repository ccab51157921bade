//! A hundred people buy at once while the process is killed, fifty times, each time in another moment. Whoever was told
//! that a pet is theirs keeps it, and nobody else is told the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::{
    client::{Answer, Call, send},
    issuer::{CLIENT, TestIssuer, sign},
    signer::{Credentials, Signing},
    world::{self, ADMIN, ADMIN_ROLE, BUYER_ROLE},
};

const BUYERS: usize = 100;
const KILLS: usize = 50;
/// So many pets are put up while the hundred buy.
const NEW_PETS: usize = 25;

/// The program over a data folder.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(data: &Path, issuer: &TestIssuer) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local-stack"))
            .args(["--listen", "127.0.0.1:0", "--client-id", CLIENT, "--issuer", &issuer.url])
            .arg("--template")
            .arg(world::template())
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").expect("it starts again").parse().unwrap();
        Self { child, address }
    }

    /// No signal that it could answer, and no time to put anything in order.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn signed(&self, call: Call, credentials: &Credentials) -> Vec<u8> {
        Signing::new(credentials, OffsetDateTime::now_utc()).sign(call, &self.address.to_string()).bytes()
    }

    async fn ask(&self, call: Call, credentials: &Credentials) -> Answer {
        send(self.address, &self.signed(call, credentials)).await.unwrap()
    }

    /// A list to its end, as this person or as a visitor.
    async fn list(&self, target: &str, header: Option<(&str, &str)>, credentials: Option<&Credentials>) -> Vec<Value> {
        let mut pets = Vec::new();
        let mut next = Some(target.to_owned());
        while let Some(target) = next {
            let call = header.iter().fold(Call::new("GET", &target), |call, (name, value)| call.header(name, value));
            let answer = match credentials {
                Some(credentials) => self.ask(call, credentials).await,
                None => call.send(self.address).await,
            };
            assert_eq!(answer.status, 200, "{answer:?}");
            pets.extend(answer.json().as_array().unwrap().iter().cloned());
            next = answer.next_page();
        }
        pets
    }

    async fn available(&self) -> Vec<u64> {
        self.list("/test/pets?status=available&limit=100", None, None).await.iter().map(id).collect()
    }

    async fn credentials(&self, role: &str, token: &str) -> Credentials {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", "AssumeRoleWithWebIdentity")
            .append_pair("Version", "2011-06-15")
            .append_pair("RoleSessionName", "tests")
            .append_pair("RoleArn", role)
            .append_pair("WebIdentityToken", token)
            .finish();
        let call = Call::new("POST", "/sts/").header("content-type", "application/x-www-form-urlencoded").body(body);
        world::credentials(&call.send(self.address).await)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who buys. The sign-in is done once: a session outlives every process.
struct Buyer {
    name: String,
    token: String,
    credentials: Credentials,
}

impl Buyer {
    async fn arrive(number: usize, process: &Process, issuer: &TestIssuer) -> Self {
        let name = format!("Buyer {number}");
        let mut claims = issuer.claims(&format!("amazon|{number}"), OffsetDateTime::now_utc().unix_timestamp());
        claims["name"] = json!(name);
        let token = sign(&claims);
        Self { credentials: process.credentials(BUYER_ROLE, &token).await, token, name }
    }

    fn purchase(&self, pet: u64) -> Call {
        let body = json!({ "petId": pet, "authToken": self.token }).to_string();
        Call::new("POST", "/test/pets/purchase").header("content-type", "application/json").body(body)
    }

    async fn purchases(&self, process: &Process) -> Vec<Value> {
        let token = ("x-identity-token", self.token.as_str());
        process.list("/test/pets/purchases?limit=100", Some(token), Some(&self.credentials)).await
    }
}

fn id(pet: &Value) -> u64 {
    pet["id"].as_u64().unwrap()
}

fn frog() -> Call {
    Call::new("POST", "/test/pets").body(r#"{"type":"frog","price":4.99}"#)
}

/// Numbers that only depend on the seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % limit
    }
}

/// A seed of one's own is given as `PETS_SEED`, to have the same choices again.
fn seed() -> u64 {
    let given = std::env::var("PETS_SEED").ok().map(|seed| seed.parse().expect("PETS_SEED is a number"));
    given.unwrap_or_else(|| u64::from(OffsetDateTime::now_utc().nanosecond()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answered_sale_is_lost_and_none_is_sold_twice_however_often_the_process_dies() {
    let seed = seed();
    println!("PETS_SEED={seed}");
    let mut chance = Chance(seed);
    let folder = tempfile::tempdir().unwrap();
    let issuer = TestIssuer::start().await;
    let mut process = Process::start(folder.path(), &issuer);
    let admin = issuer.token(ADMIN, OffsetDateTime::now_utc().unix_timestamp());
    let admin = process.credentials(ADMIN_ROLE, &admin).await;
    let mut buyers = Vec::new();
    for number in 0..BUYERS {
        buyers.push(Buyer::arrive(number, &process, &issuer).await);
    }

    // Who was told that a pet is theirs, and which pets were put up for certain.
    let (mut told, mut put_up) = (BTreeMap::<u64, usize>::new(), BTreeSet::<u64>::new());
    let (mut interrupted, mut too_late) = (0, 0);
    for _ in 0..KILLS {
        let mut pets = process.available().await;
        while pets.len() < NEW_PETS {
            pets.push(id(&process.ask(frog(), &admin).await.json()));
        }
        let mut crowd = JoinSet::new();
        for (number, buyer) in buyers.iter().enumerate() {
            let address = process.address;
            let pet = pets[chance.below(pets.len())];
            let bytes = process.signed(buyer.purchase(pet), &buyer.credentials);
            crowd.spawn(async move { (Some((number, pet)), send(address, &bytes).await) });
            if number % (BUYERS / NEW_PETS) == 0 {
                let bytes = process.signed(frog(), &admin);
                crowd.spawn(async move { (None, send(address, &bytes).await) });
            }
        }
        let last = chance.below(BUYERS + NEW_PETS);
        let mut answers = 0;
        loop {
            if answers == last {
                process.kill();
            }
            let Some(outcome) = crowd.join_next().await else { break };
            answers += 1;
            match outcome.unwrap() {
                (_, None) => interrupted += 1,
                (None, Some(answer)) => {
                    assert_eq!(answer.status, 201, "{answer:?}");
                    put_up.insert(id(&answer.json()));
                }
                (Some((number, pet)), Some(answer)) if answer.status == 200 => {
                    let known = told.insert(pet, number);
                    assert!(known.is_none_or(|known| known == number), "{pet} is {known:?}'s and {number}'s");
                }
                (Some(_), Some(answer)) => {
                    assert_eq!(answer.status, 409, "{answer:?}");
                    too_late += 1;
                }
            }
        }
        process = Process::start(folder.path(), &issuer);
    }
    println!("{} told, {interrupted} interrupted, {too_late} too late, {} put up", told.len(), put_up.len());
    assert!(told.len() >= 100 && interrupted >= KILLS && too_late >= KILLS, "it was a rush");

    // Whoever was told so is told so again.
    for (pet, number) in &told {
        let again = process.ask(buyers[*number].purchase(*pet), &buyers[*number].credentials).await;
        assert_eq!((again.status, &again.json()["id"]), (200, &json!(pet)), "{pet} of {number}: {again:?}");
    }
    // Each sale is on record once, on both sides, also those that nobody was told of.
    let mut owners = BTreeMap::new();
    for buyer in &buyers {
        for pet in buyer.purchases(&process).await {
            let other = owners.insert(id(&pet), buyer.name.clone());
            assert_eq!(other, None, "{pet} is on two records");
        }
    }
    let sales = process.list("/test/pets/sales?limit=100", None, Some(&admin)).await;
    let sold_to = |pet: &Value| pet["soldTo"].as_str().unwrap().to_owned();
    let on_record: BTreeMap<u64, String> = sales.iter().map(|pet| (id(pet), sold_to(pet))).collect();
    assert_eq!(sales.len(), on_record.len(), "none is there twice");
    assert_eq!(on_record, owners);
    for (pet, number) in &told {
        assert_eq!(on_record[pet], buyers[*number].name);
    }
    // What was put up and not sold is still there.
    let there: BTreeSet<u64> = process.available().await.into_iter().chain(owners.into_keys()).collect();
    let gone: Vec<_> = put_up.difference(&there).collect();
    assert!(gone.is_empty(), "{gone:?} were put up, and are gone");
}
