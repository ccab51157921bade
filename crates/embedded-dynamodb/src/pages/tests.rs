//! Every answer is held against the engine's own.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::dispatch;

struct World {
    database: dynoxide::Database,
    pages: Pages,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x").to_str().unwrap().to_owned();
        let database = dynoxide::Database::new(&path).unwrap();
        let attribute = |name, kind| json!({ "AttributeName": name, "AttributeType": kind });
        let keys = |hash, range| json!([{ "AttributeName": hash, "KeyType": "HASH" }, { "AttributeName": range, "KeyType": "RANGE" }]);
        let index = |name, hash, range, projection| json!({ "IndexName": name, "KeySchema": keys(hash, range), "Projection": { "ProjectionType": projection } });
        let world = Self { database, pages: Pages::open(&path).unwrap(), _folder: folder };
        world.ask(
            "CreateTable",
            &json!({
                "TableName": "things",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [attribute("id", "N"), attribute("kind", "S"), attribute("at", "S")],
                "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
                "GlobalSecondaryIndexes": [
                    index("kind-id", "kind", "id", "ALL"),
                    index("kind-at", "kind", "at", "ALL"),
                    index("at-kind", "at", "kind", "ALL"),
                    index("id-kind", "id", "kind", "ALL"),
                    index("keys", "kind", "id", "KEYS_ONLY"),
                ],
            }),
        );
        for id in 1..=40 {
            let mut item = json!({
                "id": { "N": id.to_string() },
                "kind": { "S": if id % 3 == 0 { "cät \"\\#" } else { "dog" } },
                "more": { "M": { "list": { "L": [{ "BOOL": true }, { "NULL": true }, { "B": "AAECAw==" }] } } },
                "price": { "N": (100_000 - id * 7).to_string() },
            });
            if id % 4 != 0 {
                item["at"] = json!({ "S": format!("{:02}\n", id % 5) });
            }
            world.put(&item);
        }
        world
    }

    fn ask(&self, operation: &str, body: &Value) -> Value {
        let (status, answer) = dispatch::answer(&self.database, operation, body.to_string().as_bytes());
        assert_eq!(status, 200, "{body}: {answer}");
        answer.parse().unwrap()
    }

    fn put(&self, item: &Value) {
        self.ask("PutItem", &json!({ "TableName": "things", "Item": item }));
    }

    /// The answer, if it isn't left to the engine; it must be as the engine's.
    fn page(&mut self, body: &Value) -> Option<Value> {
        let answer = self.pages.answer("Query", body.to_string().as_bytes())?;
        let answer = answer.parse().unwrap();
        assert_eq!(self.ask("Query", body), answer, "{body}");
        Some(answer)
    }
}

fn question(index: &str, hash: &str, partition: Value) -> Value {
    json!({
        "TableName": "things",
        "IndexName": index,
        "KeyConditionExpression": "#hash = :hash",
        "ExpressionAttributeNames": { "#hash": hash },
        "ExpressionAttributeValues": { ":hash": partition },
        "Limit": 7,
    })
}

fn bounded(mut question: Value, range: &str, operator: &str, value: Value) -> Value {
    question["KeyConditionExpression"] = format!("#hash = :hash AND #range {operator} :after").into();
    question["ExpressionAttributeNames"]["#range"] = range.into();
    question["ExpressionAttributeValues"][":after"] = value;
    question
}

/// Only these attributes, and the range key if the question names it.
fn wanting(mut question: Value, attributes: &[&str]) -> Value {
    let mut placeholders = Vec::new();
    if question["ExpressionAttributeNames"]["#range"].is_string() {
        placeholders.push("#range".to_owned());
    }
    for (number, attribute) in attributes.iter().enumerate() {
        placeholders.push(format!("#p{number}"));
        question["ExpressionAttributeNames"][format!("#p{number}")] = (*attribute).into();
    }
    question["ProjectionExpression"] = placeholders.join(", ").into();
    question
}

#[test]
fn a_page_is_as_the_engine_would_give_it() {
    let mut world = World::new();
    let mut found = 0;
    let text = |text: &str| json!({ "S": text });
    let number = |number: u32| json!({ "N": number.to_string() });
    for (index, hash, range, partitions, bounds) in [
        (
            "kind-id",
            "kind",
            "id",
            vec![text("dog"), text("cät \"\\#"), text("frog")],
            vec![number(0), number(9), number(10)],
        ),
        ("kind-at", "kind", "at", vec![text("dog"), text("cät \"\\#")], vec![text("02\n"), text("02"), text("~")]),
        ("at-kind", "at", "kind", vec![text("01\n"), text("02")], vec![text("dog"), text("d")]),
        ("id-kind", "id", "kind", vec![number(7), number(8), number(99)], vec![text("cat"), text("e")]),
    ] {
        for partition in partitions {
            let whole = question(index, hash, partition);
            let some = bounds.iter().flat_map(|bound| {
                ["<", "<=", ">", ">="].map(|operator| bounded(whole.clone(), range, operator, bound.clone()))
            });
            let some = some.chain([whole.clone()]).flat_map(|body| [wanting(body.clone(), &["price", "none"]), body]);
            for mut body in some {
                for limit in [1, 7, 13, 1000] {
                    for forward in [None, Some(true), Some(false)] {
                        body["Limit"] = limit.into();
                        match forward {
                            Some(forward) => body["ScanIndexForward"] = forward.into(),
                            None => drop(body.as_object_mut().unwrap().remove("ScanIndexForward")),
                        }
                        found += world.page(&body).unwrap()["Count"].as_u64().unwrap();
                    }
                }
            }
        }
    }
    let whole = question("kind-id", "kind", json!({ "S": "dog" }));
    for wanted in [&["id"][..], &["kind", "id"], &["none"], &["id", "kind", "at", "more", "price"]] {
        assert_eq!(world.page(&wanting(whole.clone(), wanted)).unwrap()["Count"], 7);
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn what_was_written_meanwhile_is_in_the_page() {
    let mut world = World::new();
    let body = question("kind-id", "kind", json!({ "S": "frog" }));
    for count in 0..3_u64 {
        assert_eq!(world.page(&body).unwrap()["Count"], count);
        world.put(&json!({ "id": { "N": (1000 + count).to_string() }, "kind": { "S": "frog" } }));
    }
}

#[test]
fn other_questions_are_the_engines() {
    let mut world = World::new();
    let plain = question("kind-id", "kind", json!({ "S": "dog" }));
    assert!(world.page(&plain).is_some());
    let with = |name: &str, value: Value| {
        let mut body = plain.clone();
        body[name] = value;
        body
    };
    let mut unlimited = plain.clone();
    unlimited.as_object_mut().unwrap().remove("Limit");
    let mut unused = plain.clone();
    unused["ExpressionAttributeNames"]["#other"] = "x".into();
    for body in [
        with("TableName", "others".into()),
        with("IndexName", "other".into()),
        with("ConsistentRead", false.into()),
        with("ExclusiveStartKey", json!({ "id": { "N": "1" }, "kind": { "S": "dog" } })),
        with("FilterExpression", "attribute_exists(at)".into()),
        with("ProjectionExpression", "price".into()),
        with("ProjectionExpression", "#hash.a".into()),
        with("ProjectionExpression", "#hash,".into()),
        wanting(plain.clone(), &["price", "price"]),
        with("ReturnConsumedCapacity", "TOTAL".into()),
        with("Select", "COUNT".into()),
        with("KeyConditionExpression", "kind = :hash".into()),
        with("KeyConditionExpression", "#hash=:hash".into()),
        with("KeyConditionExpression", "#hash > :hash".into()),
        with("KeyConditionExpression", "#hash = :hash AND #hash = :hash".into()),
        with("Limit", 0.into()),
        with("Limit", (-1).into()),
        with("Limit", 100_000.into()),
        with("ExpressionAttributeNames", json!({ "#hash": "id" })),
        with("ExpressionAttributeValues", json!({ ":hash": { "S": "dog" }, ":other": { "S": "dog" } })),
        unlimited,
        unused,
        question("keys", "kind", json!({ "S": "dog" })),
        question("kind-id", "kind", json!({ "S": "" })),
        question("kind-id", "kind", json!({ "N": "1" })),
        question("kind-id", "kind", json!({ "S": "x".repeat(2000) })),
        question("kind-id", "kind", json!({ "S": "dog", "N": "1" })),
        question("id-kind", "id", json!({ "N": "1.0" })),
        question("id-kind", "id", json!({ "N": "01" })),
        question("id-kind", "id", json!({ "N": "" })),
        bounded(plain.clone(), "at", ">", json!({ "S": "0" })),
        bounded(plain.clone(), "id", ">", json!({ "S": "0" })),
        bounded(plain.clone(), "id", "=", json!({ "N": "1" })),
        bounded(plain.clone(), "id", "<>", json!({ "N": "1" })),
    ] {
        assert_eq!(world.page(&body), None, "{body}");
    }
    assert!(world.pages.answer("Scan", plain.to_string().as_bytes()).is_none());
    for body in ["", "{", "[]", "null"] {
        assert!(world.pages.answer("Query", body.as_bytes()).is_none());
    }
}

#[test]
fn what_the_engine_would_cut_or_put_in_order_is_the_engines() {
    let mut world = World::new();
    let body = question("kind-id", "kind", json!({ "S": "frog" }));
    let frog = |id: u32, more: Value| json!({ "id": { "N": id.to_string() }, "kind": { "S": "frog" }, "more": more });
    for id in 100..103 {
        world.put(&frog(id, json!({ "S": "x".repeat(300_000) })));
    }
    assert!(world.page(&body).is_some());
    world.put(&frog(103, json!({ "S": "x".repeat(300_000) })));
    assert_eq!(world.page(&body), None);
    let body = question("kind-id", "kind", json!({ "S": "bird" }));
    for set in [json!({ "NS": ["2", "10"] }), json!({ "SS": ["a"] }), json!({ "L": [{ "BS": ["AA=="] }] })] {
        world.put(&json!({ "id": { "N": "200" }, "kind": { "S": "bird" }, "more": set }));
        assert_eq!(world.page(&body), None, "{set}");
    }
    world.put(&json!({ "id": { "N": "200" }, "kind": { "S": "bird" } }));
    assert!(world.page(&body).is_some());
}
