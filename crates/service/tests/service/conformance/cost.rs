//! What a page costs, in the server's own figures: the items it looked at and the capacity it charged. A Scan, a
//! filter or a read of more than the page would raise them with the size of the shop.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::{
    Client,
    operation::query::{QueryInput, QueryOutput},
    types::{AttributeValue, PutRequest, ReturnConsumedCapacity, WriteRequest},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut},
            dyn_dispatch_hint,
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use domain::{ListQuery, PetId, Sort, Status};
use service::Store;

use super::{Shop, query, window};

const SMALL: u64 = 100;
const LARGE: u64 = 100_000;

pub async fn a_page_of_a_large_shop_reads_what_a_page_of_a_small_one_reads(shop: Shop) {
    let meter = Meter::default();
    let config = shop.client.config().to_builder().interceptor(meter.clone()).build();
    let metered = Store::new(Client::from_conf(config), &shop.table);

    fill(&shop, 1..=SMALL).await;
    let small = costs(&metered, &meter, SMALL).await;
    fill(&shop, SMALL + 1..=LARGE).await;
    let large = costs(&metered, &meter, LARGE).await;
    assert_eq!(small, large);
    for cost in small {
        assert!(cost.queries <= 2 && cost.looked_at <= 22, "{cost:?}");
        assert!(cost.capacity > 0.0, "the server must say what it charged: {cost:?}");
    }
}

/// A first page and one from the middle, of each kind of list.
async fn costs(store: &Store, meter: &Meter, pets: u64) -> Vec<Cost> {
    let mut costs = Vec::new();
    for sort in Sort::ALL {
        for kind in [None, Some("dog")] {
            for status in [Some(Status::Available), Some(Status::Sold), None] {
                let mut list = query(status, kind, sort, 20);
                let mut page = async |cursor: Option<String>| {
                    list = ListQuery { cursor, ..list.clone() };
                    let page = store.list(&list).await.unwrap();
                    assert_eq!(page.records.len(), 20, "{pets} pets, {list:?}");
                    costs.push(meter.take());
                    page.next
                };
                let next = page(None).await;
                assert!(page(next).await.is_some());
            }
        }
    }
    for cursor in [None, store.sales(&window(20, None)).await.unwrap().next] {
        meter.take();
        assert_eq!(store.sales(&window(20, cursor.clone())).await.unwrap().records.len(), 20);
        costs.push(meter.take());
    }
    let mine = store.purchases("amazon|fred", &window(20, None)).await.unwrap();
    assert_eq!(mine.records.len(), 20);
    costs.push(meter.take());
    costs
}

/// Copies of a pet that the store wrote, and of one that it sold, half and half, under new ids.
async fn fill(shop: &Shop, ids: std::ops::RangeInclusive<u64>) {
    let first = *ids.start();
    let mut models = Vec::new();
    for sold in [false, true] {
        let id = if first == 1 { shop.add("dog", "249.99").await } else { PetId::new(1 + u64::from(sold)).unwrap() };
        if sold {
            shop.buy(id, "fred", 0).await;
        }
        let key = AttributeValue::N(id.to_string());
        let found = shop.client.get_item().table_name(&shop.table).key("id", key).send().await.unwrap();
        models.push(found.item.unwrap());
    }
    let ids: Vec<u64> = ids.filter(|&id| id > 2).collect();
    for batch in ids.chunks(25) {
        let writes = batch.iter().map(|&id| {
            let mut item = models[id as usize % 2].clone();
            item.insert("id".to_owned(), AttributeValue::N(id.to_string()));
            for value in item.values_mut() {
                if let AttributeValue::S(text) = value
                    && let Some((start, _)) = text.rsplit_once("#00000")
                {
                    *text = format!("{start}#{id:016}");
                }
            }
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let mut left: Vec<WriteRequest> = writes.collect();
        for _ in 0..100 {
            let written = shop.client.batch_write_item().request_items(&shop.table, left).send().await.unwrap();
            left = written.unprocessed_items.unwrap_or_default().remove(&shop.table).unwrap_or_default();
            if left.is_empty() {
                break;
            }
        }
        assert!(left.is_empty());
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Cost {
    queries: u32,
    looked_at: i32,
    capacity: f64,
}

/// Asks for the figures with every Query, adds them up, and allows no other operation.
#[derive(Clone, Debug, Default)]
struct Meter(Arc<Mutex<Cost>>);

impl Meter {
    fn take(&self) -> Cost {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let query =
            context.input_mut().downcast_mut::<QueryInput>().ok_or("a list made something else than a Query")?;
        query.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Ok(output) = context.output_or_error() {
            let output = output.downcast_ref::<QueryOutput>().ok_or("not the answer of a Query")?;
            let mut cost = self.0.lock().unwrap();
            cost.queries += 1;
            cost.looked_at += output.scanned_count();
            cost.capacity += output.consumed_capacity().and_then(|capacity| capacity.capacity_units()).unwrap_or(0.0);
        }
        Ok(())
    }
}
