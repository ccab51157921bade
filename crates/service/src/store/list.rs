//! Lists, a page at a time. A list is one or two walks, each along one partition of one index; a page is filled from
//! where the cursor stands and asks for one record more than it shows, so that it knows whether there is a next one.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Limit, ListQuery, Sort, Status};

use super::{
    PetRecord, Store, StoreError,
    cursor::{Binding, Shape},
    record::{Item, READ, number, status_type, text},
    table::{BUYER, BY_PRICE, BY_TIME, ID, IndexDefinition, LEDGER, STATUS, STATUS_TYPE, TABLE},
};

/// The hash key of the list of all sales.
pub(super) const SALES: &str = "sales";

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// As many as were asked for, fewer only at the end.
    pub records: Vec<PetRecord>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// Which part of a list of sales is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowQuery {
    /// How many records a page has.
    pub limit: Limit,
    /// Where the page begins, from the page before.
    pub cursor: Option<String>,
}

/// A way along one partition of one index.
struct Walk {
    hash: &'static str,
    partition: String,
    range: &'static str,
    forward: bool,
}

impl Store {
    /// Pets by status, kind and order; without a status what is for sale comes first. With an id at most that pet.
    pub async fn list(&self, query: &ListQuery) -> Result<Page, StoreError> {
        if let Some(id) = query.id {
            return self.list_of_one(id, query).await;
        }
        let statuses = match &query.status {
            Some(status) => std::slice::from_ref(status),
            None => &[Status::Available, Status::Sold],
        };
        let range = match query.sort {
            Sort::Id | Sort::IdDescending => ID,
            Sort::Price | Sort::PriceDescending => BY_PRICE,
        };
        let forward = matches!(query.sort, Sort::Id | Sort::Price);
        let walk = |&status: &Status| {
            let (hash, partition) = match &query.kind {
                Some(kind) => (STATUS_TYPE, status_type(status, kind)),
                None => (STATUS, status.as_str().to_owned()),
            };
            Walk { hash, partition, range, forward }
        };
        let walks: Vec<Walk> = statuses.iter().map(walk).collect();
        self.page(&walks, query.limit, query.cursor.as_deref()).await
    }

    /// Everything that was sold, the newest first, and also what was removed since.
    pub async fn sales(&self, window: &WindowQuery) -> Result<Page, StoreError> {
        let walk = Walk { hash: LEDGER, partition: SALES.to_owned(), range: BY_TIME, forward: false };
        self.page(&[walk], window.limit, window.cursor.as_deref()).await
    }

    /// What this buyer bought, the newest first.
    pub async fn purchases(&self, buyer_key: &str, window: &WindowQuery) -> Result<Page, StoreError> {
        let walk = Walk { hash: BUYER, partition: buyer_key.to_owned(), range: BY_TIME, forward: false };
        self.page(&[walk], window.limit, window.cursor.as_deref()).await
    }

    async fn page(&self, walks: &[Walk], limit: Limit, cursor: Option<&str>) -> Result<Page, StoreError> {
        let binding = Binding::new(walks.iter().flat_map(|walk| [walk.hash, &walk.partition, walk.direction()]));
        let shape = Shape::of(walks[0].range);
        let (mut from, mut after) = match cursor {
            Some(cursor) => {
                let (from, after) = binding.open(cursor, walks.len(), shape)?;
                (from, Some(after))
            }
            None => (0, None),
        };

        let limit = usize::from(limit.get());
        let mut items: Vec<(usize, Item)> = Vec::with_capacity(limit + 1);
        while from < walks.len() && items.len() <= limit {
            let wanted = limit + 1 - items.len();
            let found = self.walk(&walks[from], after.take(), wanted).await?;
            items.extend(found.into_iter().map(|item| (from, item)));
            from += 1;
        }

        let more = items.len() > limit;
        items.truncate(limit);
        let next = match items.last() {
            Some((from, last)) if more => Some(binding.seal(*from, walks[*from].position(last)?)),
            _ => None,
        };
        let records = items.iter().map(|(_, item)| PetRecord::from_item(item)).collect::<Result<_, _>>()?;
        Ok(Page { records, next })
    }

    /// Up to `wanted` items of one partition. DynamoDB may answer in parts (a part has at most 1 MB).
    async fn walk(&self, walk: &Walk, after: Option<String>, wanted: usize) -> Result<Vec<Item>, StoreError> {
        let (projection, names) = walk.projection();
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(walk.index().name)
            .scan_index_forward(walk.forward)
            .projection_expression(projection)
            .set_expression_attribute_names(Some(names))
            .expression_attribute_names("#hash", walk.hash)
            .expression_attribute_values(":hash", AttributeValue::S(walk.partition.clone()));
        let query = match after {
            None => query.key_condition_expression("#hash = :hash"),
            Some(after) => query
                .key_condition_expression(format!(
                    "#hash = :hash AND #range {} :after",
                    if walk.forward { ">" } else { "<" }
                ))
                .expression_attribute_names("#range", walk.range)
                .expression_attribute_values(":after", Shape::of(walk.range).attribute(after)),
        };
        let page = i32::try_from(wanted).unwrap_or(i32::MAX);
        let mut parts = query.limit(page).into_paginator().send();
        let mut items = Vec::with_capacity(wanted);
        while items.len() < wanted
            && let Some(part) = parts.next().await
        {
            items.extend(part?.items.unwrap_or_default());
        }
        items.truncate(wanted);
        Ok(items)
    }
}

impl Walk {
    fn index(&self) -> &'static IndexDefinition {
        let mut indexes = TABLE.indexes.iter();
        indexes.find(|index| (index.hash, index.range) == (self.hash, self.range)).expect("every list has its index")
    }

    /// The attributes that are read of each item, and what the expression calls them.
    fn projection(&self) -> (String, HashMap<String, String>) {
        let range = Some(self.range).filter(|range| !READ.contains(range));
        let attributes = READ.into_iter().chain(range);
        let names: Vec<_> = attributes.map(|name| (format!("#{name}"), name.to_owned())).collect();
        let list: Vec<&str> = names.iter().map(|(placeholder, _)| placeholder.as_str()).collect();
        (list.join(", "), names.into_iter().collect())
    }

    fn direction(&self) -> &'static str {
        match (self.range, self.forward) {
            (ID, true) => "id",
            (ID, false) => "-id",
            (BY_PRICE, true) => "price",
            (BY_PRICE, false) => "-price",
            _ => "-time",
        }
    }

    fn position<'a>(&self, item: &'a Item) -> Result<&'a str, StoreError> {
        text(item, self.range).or_else(|| number(item, self.range)).ok_or_else(|| StoreError::Corrupt {
            id: number(item, ID).unwrap_or("(none)").to_owned(),
            attribute: self.range,
        })
    }
}
