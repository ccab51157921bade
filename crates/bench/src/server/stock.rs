//! A data folder with as many pets as are wanted. The local stack makes the table and its first pets; here they are
//! multiplied, by the engine's own bulk import, because a million pets put up one by one would take an hour.

use std::{fs, path::Path};

use dynoxide::{AttributeValue, Database, ImportOptions, Item};
use embedded_dynamodb::EmbeddedDynamoDb;
use serde_json::{Value, json};

use super::process::Process;
use crate::failure::{Doing, Failure, Result};

/// Where the engine keeps its data in the folder of `embedded-dynamodb`.
pub const FILE: &str = "dynamodb.sqlite3";

/// How many of the first pets the others are copies of.
pub const PATTERNS: u64 = 8;
/// So many are imported in one transaction.
const PORTION: u64 = 20_000;
/// What a pet takes on the disk with its entries in the indexes, and as much again for the log while it is written.
const BYTES: u64 = 4096;
/// What a measurement leaves of a disk.
const RESERVE: u64 = 1024 * 1024 * 1024;

/// A disk that fills up in the middle takes more with it than a measurement.
fn has_room(data: &Path, bytes: u64) -> Result<()> {
    let below = data.parent().unwrap_or(data);
    let disk =
        rustix::fs::statvfs(below).map_err(Into::into).doing(format!("look how much room {} has", below.display()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free >= bytes + RESERVE {
        return Ok(());
    }
    let [free, needed] = [free, bytes + RESERVE].map(|bytes| bytes / (1024 * 1024));
    Err(Failure::wrong(format!(
        "{} has {free} MiB of room and {needed} are needed: make room, or leave this part out with --only",
        below.display()
    )))
}

/// The first pets, as the local stack makes them.
fn patterns(database: &EmbeddedDynamoDb, table: &str) -> Result<Vec<Value>> {
    let key = |id: u64| json!({ "TableName": table, "Key": { "id": { "N": id.to_string() } } });
    (1..=PATTERNS).map(|id| Ok(ask(database, "GetItem", &key(id))?["Item"].take())).collect()
}

/// Fills a folder with pets 1 to `pets`, all for sale. Answers the name of the table.
pub async fn fill(program: &Path, template: &Path, data: &Path, pets: u64) -> Result<String> {
    has_room(data, pets * BYTES)?;
    drop(Process::start(program, template, data, None).await?);
    let database = EmbeddedDynamoDb::open(data).map_err(Failure::wrong)?;
    let tables = ask(&database, "ListTables", &json!({}))?;
    let table = tables["TableNames"][0].as_str().ok_or_else(|| Failure::wrong("there is no table"))?.to_owned();
    let patterns = patterns(&database, &table)?;
    let counter = json!({ "id": { "N": "0" }, "lastId": { "N": pets.to_string() } });
    ask(&database, "PutItem", &json!({ "TableName": table, "Item": counter }))?;
    drop(database);

    let file = data.join(FILE);
    let database = Database::new(&file.to_string_lossy()).map_err(Failure::wrong)?;
    database.enable_bulk_loading().map_err(Failure::wrong)?;
    for first in (1..=pets).step_by(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        let ids = first..=pets.min(first + PORTION - 1);
        let items = ids.map(|id| copy(&patterns[(id % PATTERNS) as usize], id)).collect::<Result<Vec<_>>>()?;
        database.import_items(&table, items, ImportOptions::default()).map_err(Failure::wrong)?;
    }
    Ok(table)
}

/// What another server needs to keep the same pets: the table as it is described, and pets 1 to `pets`.
pub fn copies(database: &EmbeddedDynamoDb, table: &str, pets: u64) -> Result<(Value, Vec<Value>)> {
    let described = ask(database, "DescribeTable", &json!({ "TableName": table }))?;
    let patterns = patterns(database, table)?;
    let item = |id: u64| serde_json::to_value(copy(&patterns[(id % PATTERNS) as usize], id)?).map_err(Failure::wrong);
    Ok((described, (1..=pets).map(item).collect::<Result<_>>()?))
}

/// The pattern under another id. Prices differ, so that an index by price isn't one by id.
fn copy(pattern: &Value, id: u64) -> Result<Item> {
    let mut item: Item = serde_json::from_value(pattern.clone()).map_err(Failure::wrong)?;
    item.insert("id".into(), AttributeValue::N(id.to_string()));
    item.insert("price".into(), AttributeValue::N(cents(id).to_string()));
    item.insert("byPrice".into(), AttributeValue::S(by_price(id)));
    Ok(item)
}

fn cents(id: u64) -> u64 {
    100 + id.wrapping_mul(2_654_435_761) % 1_000_000
}

/// The place of a copy in the order of prices.
pub fn by_price(id: u64) -> String {
    format!("{:09}#{id:016}", cents(id))
}

/// One operation of the engine, which must succeed.
pub fn ask(database: &EmbeddedDynamoDb, operation: &str, body: &Value) -> Result<Value> {
    match database.answer(operation, body.to_string().as_bytes()) {
        (200, answer) => answer.parse().map_err(Failure::wrong),
        (status, answer) => Err(Failure::wrong(format!("{operation} is answered with {status}: {answer}"))),
    }
}

/// How large the folder's database is, with its log, in MiB.
pub fn size(data: &Path) -> f64 {
    let length = |end: &str| fs::metadata(data.join(format!("{FILE}{end}"))).map_or(0, |data| data.len());
    (length("") + length("-wal")) as f64 / (1024.0 * 1024.0)
}
