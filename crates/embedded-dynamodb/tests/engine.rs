//! The engine through the SDK: what it keeps, what it refuses, and how that looks.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path};

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    operation::{transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
    types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put,
        ReturnValuesOnConditionCheckFailure, ScalarAttributeType, TransactWriteItem,
    },
};
use embedded_dynamodb::{EmbeddedDynamoDb, OpenError};

const TABLE: &str = "things";

async fn create_table(client: &Client) {
    let attribute = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
    let table = client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    let table = table.attribute_definitions(attribute.build().unwrap()).key_schema(key.build().unwrap());
    table.send().await.unwrap();
}

async fn put(client: &Client, id: &str) {
    client.put_item().table_name(TABLE).item("id", text(id)).send().await.unwrap();
}

async fn is_there(client: &Client, id: &str) -> bool {
    client.get_item().table_name(TABLE).key("id", text(id)).send().await.unwrap().item.is_some()
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[tokio::test]
async fn a_folder_keeps_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new").join("deep");
    let client = EmbeddedDynamoDb::open(&folder).unwrap().client();
    create_table(&client).await;
    put(&client, "a").await;
    drop(client);
    let client = EmbeddedDynamoDb::open(&folder).unwrap().client();
    assert!(is_there(&client, "a").await && !is_there(&client, "b").await);
}

/// A process that is killed leaves its files as they are: what is beside the open ones now.
#[tokio::test]
async fn what_was_answered_is_there_after_a_kill() {
    let (folder, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let client = EmbeddedDynamoDb::open(folder.path()).unwrap().client();
    create_table(&client).await;
    put(&client, "a").await;
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), left.path().join(file.file_name())).unwrap();
    }
    put(&client, "b").await;
    let left = EmbeddedDynamoDb::open(left.path()).unwrap().client();
    assert!(is_there(&left, "a").await && !is_there(&left, "b").await);
    // The table's first write after the crash isn't lost either.
    put(&left, "c").await;
    assert!(is_there(&left, "c").await && is_there(&client, "b").await);
}

#[tokio::test]
async fn readers_know_the_tables_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let client = EmbeddedDynamoDb::open(folder.path()).unwrap().client();
    let get = || client.get_item().table_name(TABLE).key("id", text("a")).send();
    for _ in 0..3 {
        assert_eq!(get().await.unwrap_err().code(), Some("ResourceNotFoundException"));
        create_table(&client).await;
        assert!(get().await.unwrap().item.is_none());
        put(&client, "a").await;
        assert!(get().await.unwrap().item.is_some());
        client.delete_table().table_name(TABLE).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_in_use_is_refused_until_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let first = EmbeddedDynamoDb::open(folder.path()).unwrap();
    let client = first.client();
    drop(first);
    let refused = EmbeddedDynamoDb::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse(_)), "a client still has it: {refused}");
    let words = refused.to_string();
    assert!(words.contains("in use") && words.contains(folder.path().to_str().unwrap()), "{words}");
    drop(client);
    assert!(EmbeddedDynamoDb::open(folder.path()).is_ok());
}

#[test]
fn a_folder_that_can_not_be_written_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    let check = |folder: &Path| {
        let refused = EmbeddedDynamoDb::open(folder).unwrap_err();
        assert!(matches!(refused, OpenError::NotWritable { .. }), "{refused}");
        assert!(refused.to_string().contains(folder.to_str().unwrap()), "{refused}");
    };
    check(&file);
    check(&file.join("below"));
    // A folder where a file should be can't be written either, whoever asks.
    let odd = place.path().join("odd");
    fs::create_dir_all(odd.join("dynamodb.sqlite3")).unwrap();
    check(&odd);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dynamodb.sqlite3");
    let text = "somebody's letters\n".repeat(1000);
    fs::write(&file, &text).unwrap();
    let refused = EmbeddedDynamoDb::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Unreadable { .. }), "{refused}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_failed_condition_brings_the_item() {
    let client = EmbeddedDynamoDb::memory().unwrap().client();
    create_table(&client).await;
    put(&client, "a").await;
    let refused = client
        .update_item()
        .table_name(TABLE)
        .key("id", text("a"))
        .update_expression("SET colour = :red")
        .condition_expression("attribute_not_exists(id)")
        .expression_attribute_values(":red", text("red"))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let UpdateItemError::ConditionalCheckFailedException(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.item().unwrap()["id"], text("a"));
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing_and_says_why() {
    let client = EmbeddedDynamoDb::memory().unwrap().client();
    create_table(&client).await;
    put(&client, "a").await;
    let put = |id: &str| {
        let put =
            Put::builder().table_name(TABLE).item("id", text(id)).condition_expression("attribute_not_exists(id)");
        TransactWriteItem::builder().put(put.build().unwrap()).build()
    };
    let both = client.transact_write_items().transact_items(put("b")).transact_items(put("a"));
    let refused = both.send().await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(refused) = refused else { panic!("{refused:?}") };
    let reasons: Vec<_> = refused.cancellation_reasons().iter().map(|reason| reason.code().unwrap()).collect();
    assert_eq!(reasons, ["None", "ConditionalCheckFailed"]);
    assert!(!is_there(&client, "b").await);
}

#[tokio::test]
async fn a_refusal_has_its_name() {
    let client = EmbeddedDynamoDb::memory().unwrap().client();
    let missing = client.describe_table().table_name("nothing").send().await.unwrap_err();
    assert_eq!(missing.code(), Some("ResourceNotFoundException"));
    create_table(&client).await;
    let invalid = client.query().table_name(TABLE).send().await.unwrap_err();
    assert_eq!(invalid.raw_response().unwrap().status().as_u16(), 400);
    assert_eq!(invalid.code(), Some("ValidationException"), "{invalid:?}");
    let unknown = client.list_backups().send().await.unwrap_err();
    assert_eq!(unknown.code(), Some("UnknownOperationException"));
}
