//! The list of the one pet with an id.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use aws_sdk_dynamodb::{Client, operation::get_item::GetItemInput};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeSerializationInterceptorContextRef, dyn_dispatch_hint},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use domain::{ListQuery, PetId, Sort, Status};
use service::{Store, StoreError};

use super::{Shop, query};

fn one(id: u64) -> ListQuery {
    ListQuery { id: Some(PetId::new(id).unwrap()), ..ListQuery::default() }
}

pub async fn a_list_of_one_id_is_that_pet_or_nothing(shop: Shop) {
    for _ in 0..4 {
        shop.add("dog", "249.99").await;
    }
    let sold = shop.buy(PetId::new(2).unwrap(), "fred", 0).await;
    shop.buy(PetId::new(4).unwrap(), "fred", 0).await;
    for removed in [3, 4] {
        shop.store.remove(PetId::new(removed).unwrap()).await.unwrap();
    }
    for (id, expected) in [(1, &[1][..]), (2, &[2]), (3, &[]), (4, &[]), (5, &[]), (9_007_199_254_740_991, &[])] {
        assert_eq!(shop.ids(&one(id)).await, (expected.to_vec(), None), "{id}");
    }
    assert_eq!(shop.store.list(&one(2)).await.unwrap().records, [sold]);
}

pub async fn a_list_of_one_id_must_match_what_else_is_asked_for(shop: Shop) {
    shop.add("Guinea Pig", "1").await;
    let sold = shop.add("dog", "1").await;
    shop.buy(sold, "fred", 0).await;
    for status in [None, Some(Status::Available), Some(Status::Sold)] {
        for kind in [None, Some("guinea pig"), Some("DOG"), Some("guinea"), Some("do")] {
            for sort in Sort::ALL {
                let without = query(status, kind, sort, 1);
                let all = shop.walk(&without).await;
                for id in 1..=3 {
                    let found = shop.ids(&ListQuery { id: one(id).id, ..without.clone() }).await;
                    let expected: Vec<_> = all.iter().copied().filter(|&listed| listed == id).collect();
                    assert_eq!(found, (expected, None), "{id} in {without:?}");
                }
            }
        }
    }
}

pub async fn a_list_of_one_id_takes_no_cursor(shop: Shop) {
    shop.add("dog", "1").await;
    shop.add("dog", "1").await;
    let cursor = shop.ids(&query(None, None, Sort::Id, 1)).await.1;
    assert!(cursor.is_some());
    for cursor in [cursor, Some(String::new()), Some("abc".to_owned())] {
        let answer = shop.store.list(&ListQuery { cursor, ..one(2) }).await;
        assert!(matches!(answer, Err(StoreError::InvalidCursor)), "{answer:?}");
    }
}

pub async fn a_list_of_one_id_is_one_consistent_read(shop: Shop) {
    let id = shop.add("dog", "1").await;
    let reads = ConsistentReads::default();
    let config = shop.client.config().to_builder().interceptor(reads.clone()).build();
    let store = Store::new(Client::from_conf(config), &shop.table);
    for (id, expected) in [(id.get(), 1), (7, 0)] {
        assert_eq!(store.list(&one(id)).await.unwrap().records.len(), expected);
        assert_eq!(reads.0.swap(0, Ordering::SeqCst), 1);
    }
    assert!(store.list(&ListQuery::default()).await.is_err(), "a Query would have been noticed");
}

/// Counts consistent GetItems and allows nothing else.
#[derive(Clone, Debug, Default)]
struct ConsistentReads(Arc<AtomicU32>);

#[dyn_dispatch_hint]
impl Intercept for ConsistentReads {
    fn name(&self) -> &'static str {
        "ConsistentReads"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let read = context.input().downcast_ref::<GetItemInput>().ok_or("something else than a GetItem")?;
        if read.consistent_read() != Some(true) {
            return Err("a read that may be of yesterday".into());
        }
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}
