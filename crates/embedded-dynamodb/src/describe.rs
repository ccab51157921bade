//! DescribeTable from a table's definition alone. The engine counts and weighs all items for it, in the table and in each
//! index, which takes longer the more there are; DynamoDB says the same numbers from up to six hours ago ("ItemCount",
//! API reference), so whoever asks can't rely on them. Here they are left out. Tables with more to them than keys and
//! indexes are the engine's to describe.

use dynoxide::{
    Database,
    actions::{GlobalSecondaryIndexDescription, TableDescription, describe_table::DescribeTableResponse},
    storage::TableMetadata,
    streams::{index_arn, table_arn},
    types::GlobalSecondaryIndex,
};
use serde_json::{Value, json};

/// The answer's body, or `None` where the engine has to answer.
pub(crate) fn table(database: &Database, body: &[u8]) -> Option<String> {
    let request: Value = serde_json::from_slice(body).ok()?;
    let table = database.get_table_metadata(request.get("TableName")?.as_str()?).ok()??;
    serde_json::to_string(&DescribeTableResponse { table: description(table)? }).ok()
}

fn description(table: TableMetadata) -> Option<TableDescription> {
    let options = [
        &table.lsi_definitions,
        &table.provisioned_throughput,
        &table.sse_specification,
        &table.table_class,
        &table.on_demand_throughput,
        &table.vector_index_definitions,
    ];
    let is_plain = options.iter().all(|option| option.is_none()) && !table.stream_enabled;
    if !is_plain || table.billing_mode.as_deref() != Some("PAY_PER_REQUEST") {
        return None;
    }
    let on_demand = json!({ "ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0 });
    let throughput = serde_json::from_value(on_demand).ok()?;
    let index = |index: GlobalSecondaryIndex| {
        index.provisioned_throughput.is_none().then(|| GlobalSecondaryIndexDescription {
            index_arn: index_arn(&table.table_name, &index.index_name),
            index_name: index.index_name,
            key_schema: index.key_schema,
            projection: index.projection,
            index_status: "ACTIVE".to_owned(),
            provisioned_throughput: Some(Clone::clone(&throughput)),
            item_count: None,
            index_size_bytes: None,
        })
    };
    let indexes = match &table.gsi_definitions {
        None => None,
        Some(json) => {
            let indexes: Vec<GlobalSecondaryIndex> = serde_json::from_str(json).ok()?;
            Some(indexes.into_iter().map(index).collect::<Option<_>>()?)
        }
    };
    Some(TableDescription {
        table_arn: table_arn(&table.table_name),
        // Databases of older engines have none; a newer one says which it would be.
        table_id: Some(table.table_id?),
        table_status: table.table_status,
        key_schema: serde_json::from_str(&table.key_schema).ok()?,
        attribute_definitions: serde_json::from_str(&table.attribute_definitions).ok()?,
        creation_date_time: Some(table.created_at as f64),
        provisioned_throughput: Some(throughput),
        billing_mode_summary: serde_json::from_value(json!({ "BillingMode": "PAY_PER_REQUEST" })).ok(),
        table_throughput_mode_summary: serde_json::from_value(json!({ "TableThroughputMode": "PAY_PER_REQUEST" })).ok(),
        global_secondary_indexes: indexes,
        deletion_protection_enabled: Some(table.deletion_protection_enabled),
        table_name: table.table_name,
        ..TableDescription::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch;

    /// What the engine itself says, without its counts.
    fn of_the_engine(database: &Database, body: &Value) -> Value {
        let answer = database.describe_table(serde_json::from_value(body.clone()).unwrap()).unwrap();
        let mut answer = serde_json::to_value(&answer).unwrap();
        let table = answer["Table"].as_object_mut().unwrap();
        assert!(table.remove("ItemCount").is_some() && table.remove("TableSizeBytes").is_some());
        for index in table.get_mut("GlobalSecondaryIndexes").into_iter().flat_map(|all| all.as_array_mut().unwrap()) {
            let index = index.as_object_mut().unwrap();
            assert!(index.remove("ItemCount").is_some() && index.remove("IndexSizeBytes").is_some());
        }
        answer
    }

    #[test]
    fn a_table_is_described_as_the_engine_does_but_for_what_must_be_counted() {
        let database = Database::memory().unwrap();
        let attribute = |name| json!({ "AttributeName": name, "AttributeType": "S" });
        let key = |name, kind| json!({ "AttributeName": name, "KeyType": kind });
        let plain = json!({
            "TableName": "plain",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [attribute("id")],
            "KeySchema": [key("id", "HASH")],
        });
        let indexed = json!({
            "TableName": "indexed",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [attribute("id"), attribute("colour"), attribute("size")],
            "KeySchema": [key("id", "HASH")],
            "DeletionProtectionEnabled": true,
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by-colour",
                    "KeySchema": [key("colour", "HASH"), key("size", "RANGE")],
                    "Projection": { "ProjectionType": "ALL" },
                },
                {
                    "IndexName": "by-size",
                    "KeySchema": [key("size", "HASH")],
                    "Projection": { "ProjectionType": "KEYS_ONLY" },
                },
            ],
        });
        for create in [plain, indexed] {
            database.create_table(serde_json::from_value(create.clone()).unwrap()).unwrap();
            let body = json!({ "TableName": create["TableName"] });
            let ours: Value = table(&database, body.to_string().as_bytes()).unwrap().parse().unwrap();
            assert_eq!(ours, of_the_engine(&database, &body));
        }
    }

    #[test]
    fn what_has_more_to_it_is_the_engines_to_describe() {
        let database = Database::memory().unwrap();
        let create = json!({
            "TableName": "provisioned",
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "ProvisionedThroughput": { "ReadCapacityUnits": 5, "WriteCapacityUnits": 5 },
        });
        database.create_table(serde_json::from_value(create).unwrap()).unwrap();
        let asked = |body: &str| {
            (table(&database, body.as_bytes()), dispatch::answer(&database, "DescribeTable", body.as_bytes()))
        };
        let (ours, answered) = asked(r#"{"TableName":"provisioned"}"#);
        assert!(ours.is_none() && answered.0 == 200 && answered.1.contains("ItemCount"), "{answered:?}");
        for body in [r#"{"TableName":"nothing"}"#, r#"{"TableName":7}"#, "{}", "[]", "{"] {
            let (ours, answered) = asked(body);
            assert!(ours.is_none() && answered.0 == 400, "{answered:?}");
        }
    }
}
