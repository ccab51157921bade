//! What the store's operations take in a shop of a hundred pets and in one of a million: a list must cost by its page and
//! not by the catalogue. In process, through the SDK, without HTTP; one call at a time, the two shops in turn.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use domain::{Limit, ListQuery, NewPet, PetId};
use embedded_dynamodb::EmbeddedDynamoDb;
use service::{Buyer, Store};
use time::OffsetDateTime;

use super::{Setting, stock};
use crate::{
    failure::{Failure, Result},
    summary::Summary,
    table::{Cell, Table},
};

const SMALL: u64 = 100;

/// A shop, with what is needed to ask it everywhere.
struct Shop {
    store: Store,
    pets: u64,
    /// A list that begins in the middle.
    middle: ListQuery,
    /// The next pet to be bought.
    next: u64,
}

/// What is done, and on how many records.
const OPERATIONS: [&str; 7] = [
    "first page of 50",
    "a page of 50 in the middle",
    "first page of one type",
    "first page by price",
    "one pet",
    "purchase",
    "add",
];

/// The operations at both sizes.
pub async fn operations(setting: &Setting) -> Result<Vec<Table>> {
    let large = if setting.quick { 20_000 } else { 1_000_000 };
    let mut shops = Vec::new();
    for pets in [SMALL, large] {
        shops.push(Shop::open(setting, pets).await?);
    }
    let repeats = if setting.quick { 5 } else { 40 };
    let mut times: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
    for _ in 0..setting.rounds() {
        for (operation, name) in OPERATIONS.iter().enumerate() {
            for (size, shop) in shops.iter_mut().enumerate() {
                // A hundred pets would be sold out at once, or two hundred.
                let repeats = if ["purchase", "add"].contains(name) { 5 } else { repeats };
                for _ in 0..repeats {
                    let time = shop.time(name).await?;
                    times.entry((operation, size)).or_default().push(time.as_secs_f64() * 1e6);
                }
            }
        }
    }
    let columns: &[&str] =
        &["100 pets, µs", if setting.quick { "20,000 pets, µs" } else { "1,000,000 pets, µs" }, "ratio"];
    let mut table = Table::new("Operations of the store", columns);
    for (operation, name) in OPERATIONS.iter().enumerate() {
        let [small, large] = [0, 1].map(|size| Summary::of(&times[&(operation, size)]));
        let ratio = Cell::Number(large.median / small.median);
        table.row(*name, vec![Cell::Measured(small), Cell::Measured(large), ratio]);
    }
    Ok(vec![table])
}

impl Shop {
    async fn open(setting: &Setting, pets: u64) -> Result<Self> {
        let (kept, folder) = (setting.kept(&format!("stock-{pets}")), setting.folder(&pets.to_string()));
        let table = stock::copy_of(&kept, &setting.program, &setting.template, &folder, pets).await?;
        let store = Store::new(EmbeddedDynamoDb::open(&folder).map_err(Failure::wrong)?.client(), table);
        // A cursor can't be made up: the way to the middle has to be walked once.
        let step = (pets / 2).min(100);
        let limit = Limit::new(u16::try_from(step).unwrap_or(1)).map_err(Failure::wrong)?;
        let mut middle = ListQuery { limit, ..ListQuery::default() };
        for _ in 0..pets / 2 / step {
            middle.cursor = store.list(&middle).await.map_err(Failure::wrong)?.next;
        }
        middle.limit = Limit::default();
        Ok(Self { store, pets, middle, next: 1 })
    }

    async fn time(&mut self, operation: &str) -> Result<Duration> {
        let mid = PetId::new(self.pets / 2).map_err(Failure::wrong)?;
        let dogs = query("type", "dog")?;
        let by_price = query("sort", "price")?;
        let frog = NewPet::from_json(br#"{"type":"frog","price":4.99}"#).map_err(Failure::wrong)?;
        let buyer = Buyer { key: "amazon|1".into(), name: "Fred Flintstone".parse().map_err(Failure::wrong)? };
        let store = &self.store;
        let begin = Instant::now();
        let found = match operation {
            "first page of 50" => store.list(&ListQuery::default()).await.map(|page| page.records.len()),
            "a page of 50 in the middle" => store.list(&self.middle).await.map(|page| page.records.len()),
            "first page of one type" => store.list(&dogs).await.map(|page| page.records.len()),
            "first page by price" => store.list(&by_price).await.map(|page| page.records.len()),
            "one pet" => store.pet(mid).await.map(|_| 1),
            "purchase" => {
                let id = PetId::new(self.next).map_err(Failure::wrong)?;
                self.next += 1;
                store.purchase(id, &buyer, OffsetDateTime::now_utc()).await.map(|_| 1)
            }
            _ => store.add(&frog).await.map(|_| 1),
        };
        let time = begin.elapsed();
        match found.map_err(Failure::wrong)? {
            0 => Err(Failure::wrong(format!("{operation} found nothing"))),
            _ => Ok(time),
        }
    }
}

fn query(name: &str, value: &str) -> Result<ListQuery> {
    ListQuery::from_pairs([(name, value)]).map_err(Failure::wrong)
}
