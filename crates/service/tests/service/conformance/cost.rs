//! What is charged, in the server's own figures. A Scan, a filter or a read of more than the page would raise a page's
//! with the size of the shop.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::timeout::TimeoutConfig,
    types::{AttributeValue, PutRequest, WriteRequest},
};
use domain::{ListQuery, PetId, Sort, Status};
use service::Store;

use super::{
    Shop, buyer,
    meter::{Cost, Meter},
    pet, query, time, window,
};

const SMALL: u64 = 100;
const LARGE: u64 = 100_000;

pub async fn a_page_of_a_large_shop_reads_what_a_page_of_a_small_one_reads(shop: Shop) {
    let (metered, meter) = metered(&shop);
    fill(&shop, 1..=SMALL).await;
    let small = costs(&metered, &meter, SMALL).await;
    fill(&shop, SMALL + 1..=LARGE).await;
    let large = costs(&metered, &meter, LARGE).await;
    assert_eq!(small, large);
    for cost in small {
        assert!(cost.queries() && cost.requests.len() <= 2 && cost.looked_at <= 22, "{cost:?}");
        // A page without a status may go on in a second list; a unit is 8 KB, and 20 sold pets have 6 KB.
        assert!(cost.units > 0.0 && cost.units <= 1.5, "the server must say what it charged: {cost:?}");
    }
}

/// By the rules of "DynamoDB read and write operations" in the developer guide: a unit for each write of up to 1 KB, two
/// in a transaction, and one for each entry of an index that comes, goes or changes (two where its key changes).
pub async fn each_use_case_costs_its_writes(shop: Shop) {
    let (store, meter) = metered(&shop);
    let check = |what: &str, requests: &[&str], units: f64| {
        let cost = meter.take();
        assert_eq!((&cost.requests[..], cost.units), (requests, units), "{what}");
    };

    let sold = store.add(&pet("dog", "249.99")).await.unwrap().id;
    check("add: the counter, the pet, four lists", &["UpdateItem", "TransactWriteItems"], 1.0 + 2.0 + 4.0);
    let for_sale = store.add(&pet("dog", "249.99")).await.unwrap().id;
    meter.take();

    store.purchase(sold, &buyer("fred"), time(0)).await.unwrap();
    check("purchase: the pet, from list to list, and two new lists", &["UpdateItem"], 1.0 + 4.0 * 2.0 + 2.0);

    store.list(&ListQuery { id: Some(sold), ..ListQuery::default() }).await.unwrap();
    check("one pet, as it is now", &["GetItem"], 1.0);
    store.purchases(&buyer("fred").key, &window(20, None)).await.unwrap();
    check("one's own purchases", &["Query"], 0.5);

    store.remove(for_sale).await.unwrap();
    check("remove: the pet, four lists", &["TransactWriteItems"], 2.0 + 4.0);
    // What the first one costs, which fails, is in no answer: two units.
    store.remove(sold).await.unwrap();
    let requests = ["TransactWriteItems", "TransactWriteItems"];
    check(
        "remove what is sold: the pet, four lists that it leaves, two in which it changes",
        &requests,
        2.0 + 4.0 + 2.0,
    );
}

fn metered(shop: &Shop) -> (Store, Meter) {
    let meter = Meter::default();
    // Units are counted here, not seconds: not every server has an index behind its indexes.
    let patience = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build();
    let config = shop.client.config().to_builder().timeout_config(patience).interceptor(meter.clone());
    (Store::new(Client::from_conf(config.build()), &shop.table), meter)
}

/// A first page and one from the middle, of each kind of list.
async fn costs(store: &Store, meter: &Meter, pets: u64) -> Vec<Cost> {
    let mut costs = Vec::new();
    for sort in Sort::ALL {
        for kind in [None, Some("dog")] {
            // Without a status it is both, one after the other, in each order in the same way.
            let both = (sort == Sort::Id).then_some(None);
            for status in [Some(Status::Available), Some(Status::Sold)].into_iter().chain(both) {
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
