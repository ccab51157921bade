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
const PATTERNS: u64 = 8;
/// So many are imported in one transaction.
const PORTION: u64 = 20_000;

/// Copies a folder with so many pets, which is filled first if `kept` isn't one yet or is one of other pets: a million take
/// a minute. Answers the name of the table.
pub async fn copy_of(kept: &Path, program: &Path, template: &Path, data: &Path, pets: u64) -> Result<String> {
    // What a pet looks like can change in many places; one of a new folder knows.
    let table = fill(program, template, data, PATTERNS).await?;
    let stamp = format!("{pets} {:#}", Value::from(patterns(&open(data)?, &table)?));
    let stamped = kept.join("stamp.json");
    if fs::read_to_string(&stamped).ok().as_ref() != Some(&stamp) {
        let _ = fs::remove_dir_all(kept);
        fill(program, template, kept, pets).await?;
        // With its log in it, and no longer beside it.
        drop(open(kept)?);
        fs::write(&stamped, stamp).doing(format!("write {}", stamped.display()))?;
    }
    fs::remove_dir_all(data).doing(format!("remove {}", data.display()))?;
    fs::create_dir_all(data).doing(format!("make {}", data.display()))?;
    for entry in fs::read_dir(kept).doing(format!("read {}", kept.display()))? {
        let file = entry.doing(format!("read {}", kept.display()))?;
        if file.path().is_file() {
            fs::copy(file.path(), data.join(file.file_name())).doing(format!("copy {}", file.path().display()))?;
        }
    }
    Ok(table)
}

fn open(data: &Path) -> Result<EmbeddedDynamoDb> {
    EmbeddedDynamoDb::open(data).map_err(Failure::wrong)
}

/// The first pets, as the local stack makes them.
fn patterns(database: &EmbeddedDynamoDb, table: &str) -> Result<Vec<Value>> {
    let key = |id: u64| json!({ "TableName": table, "Key": { "id": { "N": id.to_string() } } });
    (1..=PATTERNS).map(|id| Ok(ask(database, "GetItem", &key(id))?["Item"].take())).collect()
}

/// Fills a folder with pets 1 to `pets`, all for sale. Answers the name of the table.
pub async fn fill(program: &Path, template: &Path, data: &Path, pets: u64) -> Result<String> {
    drop(Process::start(program, template, data, None).await?);
    let database = open(data)?;
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
    let cents = 100 + id.wrapping_mul(2_654_435_761) % 1_000_000;
    item.insert("id".into(), AttributeValue::N(id.to_string()));
    item.insert("price".into(), AttributeValue::N(cents.to_string()));
    item.insert("byPrice".into(), AttributeValue::S(format!("{cents:09}#{id:016}")));
    Ok(item)
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
