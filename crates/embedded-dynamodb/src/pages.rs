//! Pages of an index from the items as they are kept. The engine reads each item of a page into a value, copies it and
//! writes it again, which is most of what a page takes. Here the kept text is the answer's, where that must come out as
//! the same: plain questions (`question`) of indexes that keep whole items. Every other question is the engine's, and so
//! is every refusal. It writes nothing. The tests hold each answer against the engine's own.

mod question;

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry};

use dynoxide::{
    AttributeValue, TableMetadata,
    storage::{QueryParams, Storage},
    types::{
        AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, KeyType, ProjectionType, ScalarAttributeType,
    },
};
use serde_json::value::RawValue;

use question::Question;

/// DynamoDB ends a page where its items have a megabyte. A kept text is never shorter than the size that counts.
const MOST_BYTES: usize = 1024 * 1024;
/// The beginning of a set, as it stands in an item's text. The engine gives a set's members an order when it answers.
const SET: &str = "S\":[";

/// A connection of its own, and what is known of the indexes. It must be opened anew when a table changes.
pub(crate) struct Pages {
    storage: Storage,
    /// By table and name.
    indexes: HashMap<(String, String), Index>,
}

/// An index that keeps whole items, with one hash key and one range key.
struct Index {
    hash: Key,
    range: Key,
    /// What tells one entry from another: the keys of index and table, in this order, each once.
    all: Vec<String>,
}

struct Key {
    name: String,
    kind: ScalarAttributeType,
}

impl Pages {
    pub(crate) fn open(path: &str) -> dynoxide::Result<Self> {
        Ok(Self { storage: Storage::new(path)?, indexes: HashMap::new() })
    }

    /// The body of the answer, or `None` where the engine has to answer.
    pub(crate) fn answer(&mut self, operation: &str, body: &[u8]) -> Option<String> {
        if operation != "Query" {
            return None;
        }
        let question = Question::read(body)?;
        let Self { storage, indexes } = self;
        let index = known(indexes, storage, &question)?;
        if question.hash != index.hash.name || question.range.is_some_and(|range| range != index.range.name) {
            return None;
        }
        let partition = key_text(question.partition, &index.hash)?;
        let bound = match question.bound {
            Some((operator, value)) => Some((format!("AND sk {operator} ?2"), key_text(value, &index.range)?)),
            None => None,
        };
        let bounds: Vec<&str> = bound.iter().map(|(_, value)| value.as_str()).collect();
        let params = QueryParams {
            sk_condition: bound.as_ref().map(|(condition, _)| condition.as_str()),
            sk_params: &bounds,
            forward: question.forward,
            limit: Some(question.limit),
            ..QueryParams::default()
        };
        let rows = storage.query_gsi_items(question.table, question.index, &partition, &params).ok()?;
        let items: Vec<&str> = rows.iter().map(|(_, _, item)| item.as_str()).collect();
        page(&items, question.limit, question.wanted.as_ref(), &index.all)
    }
}

fn known<'a>(
    indexes: &'a mut HashMap<(String, String), Index>,
    storage: &Storage,
    Question { table, index, .. }: &Question<'_>,
) -> Option<&'a Index> {
    Some(match indexes.entry(((*table).to_owned(), (*index).to_owned())) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(Index::find(&storage.get_table_metadata(table).ok()??, index)?),
    })
}

impl Index {
    fn find(table: &TableMetadata, name: &str) -> Option<Self> {
        // What a vector weighs isn't what its text has.
        if table.table_status != "ACTIVE" || table.vector_index_definitions.is_some() {
            return None;
        }
        let indexes: Vec<GlobalSecondaryIndex> = serde_json::from_str(table.gsi_definitions.as_ref()?).ok()?;
        let index = indexes.into_iter().find(|index| index.index_name == name)?;
        let [hash, range] = &index.key_schema[..] else { return None };
        let keys = (&hash.key_type, &range.key_type) == (&KeyType::HASH, &KeyType::RANGE);
        if !keys || index.projection.projection_type != Some(ProjectionType::ALL) {
            return None;
        }
        let attributes: Vec<AttributeDefinition> = serde_json::from_str(&table.attribute_definitions).ok()?;
        let key = |name: &str| {
            let attribute = attributes.iter().find(|attribute| attribute.attribute_name == name)?;
            Some(Key { name: name.to_owned(), kind: attribute.attribute_type.clone() })
        };
        let (hash, range) = (key(&hash.attribute_name)?, key(&range.attribute_name)?);
        let of_table: Vec<KeySchemaElement> = serde_json::from_str(&table.key_schema).ok()?;
        let mut all = vec![hash.name.clone(), range.name.clone()];
        for key in of_table {
            if !all.contains(&key.attribute_name) {
                all.push(key.attribute_name);
            }
        }
        Some(Self { hash, range, all })
    }
}

/// How a key stands in an index, if it is of the kind that the table asks for.
fn key_text(value: AttributeValue, key: &Key) -> Option<String> {
    let fits = matches!(
        (&value, &key.kind),
        (AttributeValue::S(_), ScalarAttributeType::S) | (AttributeValue::N(_), ScalarAttributeType::N)
    );
    fits.then(|| value.to_key_string()).flatten()
}

/// The answer of these items. After as many as were asked for it says where it ended.
fn page(items: &[&str], limit: usize, wanted: Option<&BTreeSet<&str>>, keys: &[String]) -> Option<String> {
    let bytes: usize = items.iter().map(|item| item.len()).sum();
    if bytes > MOST_BYTES || items.iter().any(|item| item.contains(SET)) {
        return None;
    }
    let mut answer = String::with_capacity(bytes + items.len() + 512);
    answer.push_str("{\"Items\":[");
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            answer.push(',');
        }
        match wanted {
            None => answer.push_str(item),
            Some(wanted) => part(item, wanted, &mut answer)?,
        }
    }
    let count = items.len();
    answer.push_str(&format!("],\"Count\":{count},\"ScannedCount\":{count}"));
    if let Some(last) = items.last().filter(|_| count >= limit) {
        answer.push_str(",\"LastEvaluatedKey\":");
        part(last, &keys.iter().map(String::as_str).collect(), &mut answer)?;
    }
    answer.push('}');
    Some(answer)
}

/// What is wanted of an item, as far as the item has it.
fn part(item: &str, wanted: &BTreeSet<&str>, answer: &mut String) -> Option<()> {
    let attributes: BTreeMap<&str, &RawValue> = serde_json::from_str(item).ok()?;
    answer.push('{');
    let mut is_first = true;
    for (name, value) in attributes.iter().filter(|(name, _)| wanted.contains(*name)) {
        // Names that would have to be escaped aren't read.
        for text in [if is_first { "\"" } else { ",\"" }, name, "\":", value.get()] {
            answer.push_str(text);
        }
        is_first = false;
    }
    answer.push('}');
    Some(())
}

#[cfg(test)]
mod tests;
