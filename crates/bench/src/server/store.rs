//! What the store's operations take in a shop of a hundred pets and in one of a million: a list must cost by its page and
//! not by the catalogue. In process, through the SDK, without HTTP; one call at a time, the two shops in turn.

use std::time::{Duration, Instant};

use domain::{Limit, ListQuery, NewPet, PetId};
use embedded_dynamodb::EmbeddedDynamoDb;
use fastrand::Rng;
use serde_json::json;
use service::{Buyer, Store};
use time::OffsetDateTime;

use super::{Setting, cursors::Order, sides::turn, stock};
use crate::{
    failure::{Failure, Result},
    summary::Summary,
    table::{Cell, Table},
};

const SIZES: [u64; 2] = [100, 1_000_000];
/// Pets of a full page.
const FULL: u64 = 50;
/// The same choice in each run.
const SEED: u64 = 2026;

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Known,
    First,
    Anywhere,
    Last,
    OfType,
    ByPrice,
    ByPriceAnywhere,
    Pet,
    Purchase,
    Add,
}

use Operation::{Add, Anywhere, ByPrice, ByPriceAnywhere, First, Known, Last, OfType, Pet, Purchase};

/// Reads come first: they are of a shop in which nothing is sold yet.
const READS: [(Operation, &str); 8] = [
    (Known, "first page of 50, known: the same again, nothing written since"),
    (First, "first page of 50"),
    (Anywhere, "a page of 50 from anywhere"),
    (Last, "the last full page of 50"),
    (OfType, "first page of 10 of one type"),
    (ByPrice, "first page of 50 by price"),
    (ByPriceAnywhere, "a page of 50 by price from anywhere"),
    (Pet, "any pet by its id"),
];
const WRITES: [(Operation, &str); 2] = [(Purchase, "purchase"), (Add, "add")];

/// The operations at both sizes.
pub async fn operations(setting: &Setting) -> Result<Vec<Table>> {
    let mut shops = Vec::new();
    for pets in SIZES {
        shops.push(Shop::open(setting, pets).await?);
    }
    let mut table = Table::new("Operations of the store", &["100 pets, µs", "1,000,000 pets, µs", "ratio"]);
    let rounds = setting.rounds();
    for (operations, repeats) in [(&READS[..], 20), (&WRITES[..], 5)] {
        let mut times: Vec<[Vec<f64>; SIZES.len()]> = operations.iter().map(|_| Default::default()).collect();
        for round in 0..rounds {
            for ((operation, _), times) in operations.iter().zip(&mut times) {
                for size in turn(shops.len(), round) {
                    for _ in 0..repeats {
                        times[size].push(shops[size].time(*operation).await?.as_secs_f64() * 1e6);
                    }
                }
            }
        }
        for ((_, name), times) in operations.iter().zip(&times) {
            let [small, large] = [0, 1].map(|size| Summary::of(&times[size]));
            let ratio = Cell::Number(large.median / small.median);
            table.row(*name, vec![Cell::Measured(small), Cell::Measured(large), ratio]);
        }
    }
    table.note(format!(
        "Each {} times for a read and {} for a write, one at a time, the two shops in turn; positions and ids by chance. \
         Before each read but the first line's something is written (and not timed), so that no answer is remembered. A \
         page of one type has 10, because of a hundred pets twelve are of one type. The database of a million has {:.0} MiB.",
        rounds * 20,
        rounds * 5,
        shops[1].size,
    ));
    Ok(vec![table])
}

/// A shop, with what is needed to ask it everywhere.
struct Shop {
    database: EmbeddedDynamoDb,
    store: Store,
    table: String,
    pets: u64,
    /// The pets in the order of their prices, without the last page.
    by_price: Vec<u64>,
    /// A type that an eighth of them is of.
    kind: String,
    random: Rng,
    /// The next pet to be bought.
    next: u64,
    /// What it takes on the disk, in MiB.
    size: f64,
}

impl Shop {
    async fn open(setting: &Setting, pets: u64) -> Result<Self> {
        let folder = setting.folder(&pets.to_string());
        let begin = Instant::now();
        let table = stock::fill(&setting.program, &setting.template, &folder, pets).await?;
        let database = EmbeddedDynamoDb::open(&folder).map_err(Failure::wrong)?;
        let store = Store::new(database.client(), &table);
        for order in [Order::Id, Order::Price] {
            order.check(&store).await?;
        }
        let mut by_price: Vec<u64> = (1..=pets).collect();
        by_price.sort_by_cached_key(|&pet| stock::by_price(pet));
        by_price.truncate(usize::try_from(pets - FULL).map_err(Failure::wrong)?);
        let kind = store.pet(id(stock::PATTERNS)?).await.map_err(Failure::wrong)?.kind.to_string();
        eprintln!("bench: a shop of {pets} pets is filled after {:.0} s", begin.elapsed().as_secs_f64());
        let (random, size) = (Rng::with_seed(SEED), stock::size(&folder));
        Ok(Self { database, store, table, pets, by_price, kind, random, next: 0, size })
    }

    async fn time(&mut self, operation: Operation) -> Result<Duration> {
        let before_last = self.pets - FULL;
        let list = match operation {
            Anywhere => Order::Id.after(self.random.u64(1..=before_last)),
            Last => Order::Id.after(before_last),
            OfType => ListQuery { limit: Limit::new(10).map_err(Failure::wrong)?, ..query("type", &self.kind)? },
            ByPrice => Order::Price.list(),
            ByPriceAnywhere => {
                let after = self.random.choice(&self.by_price).copied();
                Order::Price.after(after.ok_or_else(|| Failure::wrong("a shop of one page"))?)
            }
            _ => ListQuery::default(),
        };
        let wanted = usize::from(list.limit.get());
        let any = id(self.random.u64(1..=self.pets))?;
        let frog = NewPet::from_json(br#"{"type":"frog","price":4.99}"#).map_err(Failure::wrong)?;
        let buyer = Buyer { key: "amazon|1".into(), name: "Fred Flintstone".parse().map_err(Failure::wrong)? };
        if operation == Known {
            self.store.list(&list).await.map_err(Failure::wrong)?;
        } else {
            self.write()?;
        }
        let begin = Instant::now();
        let found = match operation {
            Pet => self.store.pet(any).await.map(|_| wanted),
            Purchase => {
                self.next += 1;
                self.store.purchase(id(self.next)?, &buyer, OffsetDateTime::now_utc()).await.map(|_| wanted)
            }
            Add => self.store.add(&frog).await.map(|_| wanted),
            _ => self.store.list(&list).await.map(|page| page.records.len()),
        };
        let time = begin.elapsed();
        match found.map_err(Failure::wrong)? {
            found if found == wanted => Ok(time),
            found => Err(Failure::wrong(format!("a page of {wanted} in a shop of {} pets has {found}", self.pets))),
        }
    }

    /// A write to the shop's own record, of which no list and no pet is made.
    fn write(&mut self) -> Result<()> {
        let update = json!({
            "TableName": self.table, "Key": { "id": { "N": "0" } }, "UpdateExpression": "SET bench = :now",
            "ExpressionAttributeValues": { ":now": { "N": self.random.u32(..).to_string() } },
        });
        stock::ask(&self.database, "UpdateItem", &update).map(drop)
    }
}

fn id(number: u64) -> Result<PetId> {
    PetId::new(number).map_err(Failure::wrong)
}

fn query(name: &str, value: &str) -> Result<ListQuery> {
    ListQuery::from_pairs([(name, value)]).map_err(Failure::wrong)
}
