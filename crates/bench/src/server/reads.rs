//! Reads from outside at 1, 8 and 64 clients. Answers that nothing was written since are remembered, so there are three
//! tables: the same again and again, which is as good as it gets; each something else, so that nothing is remembered;
//! and while somebody buys, which makes whatever is remembered old.

use std::{net::SocketAddr, time::Duration};

use embedded_dynamodb::EmbeddedDynamoDb;
use fastrand::Rng;
use serde_json::json;
use service::Store;

use super::{
    Setting,
    client::{Bytes, Connection, drive, get},
    cursors::Order,
    engine,
    issuer::Issuer,
    others::{self, Other},
    people::Buyer,
    process::Process,
    sides::{CLIENTS, Side, requests, turn},
    stock,
    timing::{Round, Rounds},
};
use crate::{
    failure::{Failure, Result},
    table::Table,
};

const PETS: u64 = 100_000;
/// Other servers are filled one by one.
const PETS_OF_OTHERS: u64 = 5_000;
/// Somebody who buys waits so long after each purchase.
const PAUSE: Duration = Duration::from_millis(5);
/// The same choice in each run.
const SEED: u64 = 2026;

/// What is asked for.
#[derive(Clone, Copy)]
enum Question {
    FirstPage,
    AnyPage,
    OnePet,
    AnyPet,
    Purchases,
}

/// Whom it is asked.
enum Of<'a> {
    Stack(Question),
    Engine,
    Other(&'a Other),
}

/// Questions that don't come again before all others of their kind: more than anybody remembers.
struct Questions {
    address: SocketAddr,
    table: String,
    buyer: Buyer,
    pets: Vec<u64>,
    next: usize,
}

impl Questions {
    fn one(&mut self, question: Question) -> Result<Bytes> {
        self.next += 1;
        match question {
            Question::FirstPage => Ok(get("/test/pets", self.address)),
            Question::AnyPage => {
                let cursor = Order::Id.after(self.pet(PETS - 50)).cursor.unwrap_or_default();
                Ok(get(&format!("/test/pets?cursor={cursor}"), self.address))
            }
            Question::OnePet => Ok(get("/test/pets?id=77", self.address)),
            Question::AnyPet => Ok(get(&format!("/test/pets?id={}", self.pet(PETS)), self.address)),
            Question::Purchases => self.buyer.purchases(self.address),
        }
    }

    /// One of the first pets.
    fn pet(&self, most: u64) -> u64 {
        1 + self.pets[self.next % self.pets.len()] % most
    }

    /// The read of a pet as the store makes it.
    fn get_item(&mut self, most: u64) -> Vec<u8> {
        self.next += 1;
        let id = self.pet(most).to_string();
        json!({ "TableName": self.table, "Key": { "id": { "N": id } } }).to_string().into_bytes()
    }
}

/// Reads a second at 1, 8 and 64 clients.
pub async fn reads(setting: &Setting) -> Result<Vec<Table>> {
    let issuer = Issuer::start().await?;
    let (folder, beside) = (setting.folder("reads"), setting.folder("reads-beside"));
    stock::fill(&setting.program, &setting.template, &folder, PETS).await?;
    let table = stock::fill(&setting.program, &setting.template, &beside, PETS).await?;
    let embedded = EmbeddedDynamoDb::open(&beside).map_err(Failure::wrong)?;
    Order::Id.check(&Store::new(embedded.client(), &table)).await?;
    let mut pets: Vec<u64> = (0..PETS).collect();
    Rng::with_seed(SEED).shuffle(&mut pets);

    let (process, _) = Process::start(&setting.program, &setting.template, &folder, Some(&issuer)).await?;
    let address = process.address;
    let buyer = Buyer::arrive(0, &issuer, address).await?;
    let mut connection = Connection::open(address).await?;
    for pet in 1..=10 {
        connection.ask(&buyer.purchase(pet, address)?).await?;
    }
    let mut questions = Questions { address, table: table.clone(), buyer, pets, next: 0 };
    let mut shopper = Shopper { buyer: Buyer::arrive(1, &issuer, address).await?, address, next: 11 };

    let stack = |name: &str, question| Side::new(name, Of::Stack(question));
    let mut same = vec![
        stack("a page of 50, by anybody", Question::FirstPage),
        stack("one pet, by anybody", Question::OnePet),
        stack("a buyer's ten purchases, signed", Question::Purchases),
    ];
    let (described, items) = stock::copies(&embedded, &table, PETS_OF_OTHERS)?;
    let others = others::with_table(setting, &described, &items).await;
    let mut different = vec![
        stack("a page of 50 from anywhere, by anybody", Question::AnyPage),
        stack("any pet, by anybody", Question::AnyPet),
        Side::new("engine alone, the read of any pet", Of::Engine),
    ];
    for other in &others.running {
        different.push(Side::new(format!("{}, the read of any pet alone", other.name), Of::Other(other)));
    }
    let mut meanwhile = vec![
        stack("a page of 50, by anybody", Question::FirstPage),
        stack("a page of 50 from anywhere, by anybody", Question::AnyPage),
        stack("any pet, by anybody", Question::AnyPet),
        stack("a buyer's ten purchases, signed", Question::Purchases),
    ];
    for round in 0..setting.rounds() {
        for (place, &clients) in CLIENTS.iter().enumerate() {
            let each = requests(clients, setting) * 2 / clients;
            for (sides, shopper) in [(&mut same, None), (&mut different, None), (&mut meanwhile, Some(&mut shopper))] {
                let mut shopper = shopper;
                for number in turn(sides.len(), round) {
                    let side = &mut sides[number];
                    if side.takes_part() {
                        let take = take(&side.of, &mut questions, &embedded, clients, each);
                        let took = match shopper.as_deref_mut() {
                            Some(shopper) => shopper.meanwhile(take).await,
                            None => take.await,
                        };
                        side.add(place, took);
                    }
                }
            }
        }
    }

    let lines = |title: &str, sides: &[Side<Of<'_>>]| {
        let mut table = Table::new(title, &Rounds::COLUMNS);
        (0..CLIENTS.len()).for_each(|place| sides.iter().for_each(|side| side.line(&mut table, place)));
        table
    };
    let mut known = lines("Reads, the same again and again", &same);
    known.note(
        "100,000 pets, and nothing is written meanwhile: whatever remembers answers has remembered these. Of the signed read, \
         signature, session, policies and ID token are verified each time all the same. The clients share the server's cores.",
    );
    let mut unknown = lines("Reads, each of something else", &different);
    others.tell(&mut unknown);
    unknown.note(
        "Nothing is written, and nothing is asked again before so much else that no answer is remembered: pages that begin after \
         any of 100,000 pets, and their ids, in an order by chance. Engine and others are asked for the record alone (GetItem), \
         without this project's checks; others have 5,000 pets.",
    );
    let mut ratios = Table::new("Reads of any pet: how many times as much as others", &Rounds::RATIOS);
    for place in 0..CLIENTS.len() {
        different[2..].iter().for_each(|other| different[1].by(other, &mut ratios, place));
    }
    let mut among = lines("Reads while somebody buys", &meanwhile);
    among.note(format!(
        "One more client buys a pet, waits {} ms, and buys the next; each purchase ends what was remembered.",
        PAUSE.as_millis()
    ));
    Ok(vec![known, unknown, ratios, among])
}

async fn take(
    of: &Of<'_>,
    questions: &mut Questions,
    engine: &EmbeddedDynamoDb,
    clients: usize,
    each: usize,
) -> Result<Round> {
    let mut all = |one: &mut dyn FnMut(&mut Questions) -> Result<Bytes>| -> Result<Vec<Vec<Bytes>>> {
        (0..clients).map(|_| (0..each).map(|_| one(questions)).collect()).collect()
    };
    match of {
        Of::Stack(question) => {
            let requests = all(&mut |questions| questions.one(*question))?;
            drive(questions.address, requests).await
        }
        Of::Engine => engine::reads(engine, all(&mut |questions| Ok(questions.get_item(PETS)))?),
        Of::Other(other) => {
            let read = |questions: &mut Questions| other.request("GetItem", &questions.get_item(PETS_OF_OTHERS));
            drive(other.address, all(&mut |questions| Ok(read(questions)))?).await
        }
    }
}

/// Somebody who buys one pet after the other.
struct Shopper {
    buyer: Buyer,
    address: SocketAddr,
    next: u64,
}

impl Shopper {
    /// Buys until the others have what they want.
    async fn meanwhile(&mut self, others: impl Future<Output = Result<Round>>) -> Result<Round> {
        let buys = async {
            let mut connection = Connection::open(self.address).await?;
            loop {
                let answer = connection.ask(&self.buyer.purchase(self.next, self.address)?).await?;
                if answer.status != 200 {
                    return Err(Failure::wrong(format!("the purchase of pet {} is refused", self.next)));
                }
                self.next += 1;
                tokio::time::sleep(PAUSE).await;
            }
        };
        // A purchase under way is the last of this shopper's connection, and its pet isn't asked for again.
        tokio::select! {
            took = others => took,
            failed = buys => failed,
        }
        .inspect(|_| self.next += 1)
    }
}
