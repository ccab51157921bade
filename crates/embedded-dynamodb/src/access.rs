//! What a request would do, for a guard that lets clients do some of it only: one access for each action on a table or
//! an index, as the "Service Authorization Reference" lists DynamoDB's actions. What can't be told is no access, but a
//! refusal. Next: `connector` asks the guard, then the engine.

use serde::Deserialize;
use serde_json::Value;

/// One action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The action without its service, such as `Query`.
    pub action: &'static str,
    /// The table's name.
    pub table: String,
    /// The index that is read, if it isn't the table itself.
    pub index: Option<String>,
}

/// Why a guard lets a request not through, in a sentence for the client's `AccessDeniedException`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub String);

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Body {
    table_name: Option<String>,
    index_name: Option<String>,
    transact_items: Vec<serde_json::Map<String, Value>>,
}

/// What this operation with this body does. `None` where that isn't known.
pub(crate) fn accesses(operation: &str, body: &[u8]) -> Option<Vec<Access>> {
    let body: Body = serde_json::from_slice(body).ok()?;
    let on_table = |action| {
        let (table, index) = (name(body.table_name.as_deref()?)?, body.index_name.as_deref());
        Some(Access { action, table, index: index.map(str::to_owned) })
    };
    match operation {
        "DeleteItem" => Some(vec![on_table("DeleteItem")?]),
        "DescribeTable" => Some(vec![on_table("DescribeTable")?]),
        "GetItem" => Some(vec![on_table("GetItem")?]),
        "PutItem" => Some(vec![on_table("PutItem")?]),
        "Query" => Some(vec![on_table("Query")?]),
        "Scan" => Some(vec![on_table("Scan")?]),
        "UpdateItem" => Some(vec![on_table("UpdateItem")?]),
        "TransactGetItems" | "TransactWriteItems" if !body.transact_items.is_empty() => {
            body.transact_items.iter().map(transacted).collect()
        }
        _ => None,
    }
}

/// A transaction needs the right of each of its parts.
fn transacted(item: &serde_json::Map<String, Value>) -> Option<Access> {
    let mut parts = item.iter();
    let (Some((part, request)), None) = (parts.next(), parts.next()) else { return None };
    let action = match part.as_str() {
        "ConditionCheck" => "ConditionCheckItem",
        "Delete" => "DeleteItem",
        "Get" => "GetItem",
        "Put" => "PutItem",
        "Update" => "UpdateItem",
        _ => return None,
    };
    Some(Access { action, table: name(request.get("TableName")?.as_str()?)?, index: None })
}

/// A table's plain name. An ARN would be a second name of the same table.
fn name(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains(':')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operation: &str, body: &str, expected: Option<&[(&str, &str, Option<&str>)]>) {
        let found = accesses(operation, body.as_bytes());
        let found: Option<Vec<_>> = found.as_ref().map(|accesses| {
            accesses.iter().map(|one| (one.action, one.table.as_str(), one.index.as_deref())).collect()
        });
        assert_eq!(found.as_deref(), expected, "{operation} {body}");
    }

    #[test]
    fn an_index_is_another_resource_than_its_table() {
        check("Query", r#"{"TableName":"Pets"}"#, Some(&[("Query", "Pets", None)]));
        check("Query", r#"{"TableName":"Pets","IndexName":"sales"}"#, Some(&[("Query", "Pets", Some("sales"))]));
    }

    #[test]
    fn a_transaction_is_all_of_its_parts() {
        check(
            "TransactWriteItems",
            r#"{"TransactItems":[{"Put":{"TableName":"A"}},{"ConditionCheck":{"TableName":"B"}}]}"#,
            Some(&[("PutItem", "A", None), ("ConditionCheckItem", "B", None)]),
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_let_through() {
        for (operation, body) in [
            ("Query", "{}"),
            ("Query", "no JSON"),
            ("Query", r#"{"TableName":"arn:aws:dynamodb:us-east-1:123456789012:table/Pets"}"#),
            ("BatchWriteItem", r#"{"TableName":"Pets"}"#),
            ("DeleteTable", r#"{"TableName":"Pets"}"#),
            ("TransactWriteItems", r#"{"TransactItems":[]}"#),
            ("TransactWriteItems", r#"{"TransactItems":[{}]}"#),
            ("TransactWriteItems", r#"{"TransactItems":[{"Put":{"TableName":"A"},"Delete":{"TableName":"B"}}]}"#),
            ("TransactWriteItems", r#"{"TransactItems":[{"Put":{"TableName":"A"}},{"Other":{"TableName":"B"}}]}"#),
        ] {
            check(operation, body, None);
        }
    }
}
