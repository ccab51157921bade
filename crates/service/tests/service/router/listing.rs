//! What a visitor sees.

use serde_json::json;

use super::{Admin, Buyer, Shop};

#[tokio::test]
async fn an_empty_shop_is_an_empty_list() {
    let answer = Shop::open().await.get("/pets").await.is(200);
    assert_eq!(answer.body, json!([]));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(answer.next().is_none());
}

#[tokio::test]
async fn a_visitor_sees_that_a_pet_is_sold_and_hardly_to_whom() {
    let shop = Shop::open().await;
    let (dog, cat) = (Admin(&shop).add("dog", 249.99).await, Admin(&shop).add("cat", 124.99).await);
    Buyer::new(&shop, "amazon|fred", "fred@example.com").buy(dog).await.is(200);
    let list = shop.get("/pets").await.is(200);
    assert_eq!(
        list.body,
        json!([
            {"id": cat, "type": "cat", "price": 124.99, "isSold": false},
            {"id": dog, "type": "dog", "price": 249.99, "isSold": true, "soldTo": "f•••"},
        ])
    );
}

#[tokio::test]
async fn pages_link_to_each_other() {
    let shop = Shop::open().await;
    for n in 0..7 {
        Admin(&shop).add(["guinea pig", "cat"][n % 2], 1.0 + n as f64).await;
    }
    let mut target = "/pets?type=Guinea+Pig&sort=-price&limit=2".to_owned();
    let mut pages = Vec::new();
    for _ in 0..5 {
        let page = shop.get(&target).await.is(200);
        pages.push(page.ids());
        match page.next() {
            Some(next) => target = next,
            None => break,
        }
        assert!(target.starts_with("/pets?type=Guinea+Pig&sort=-price&limit=2&cursor="), "{target}");
    }
    assert_eq!(pages, [vec![7, 5], vec![3, 1]]);
    assert_eq!(shop.get("/pets?status=available&limit=7").await.is(200).next(), None);
    assert_eq!(shop.get("/pets?status=sold").await.is(200).ids(), Vec::<u64>::new());
    assert_eq!(shop.get("/pets?type=%67uinea%20pig&status=&X-Amz-Date=x").await.is(200).ids(), [1, 3, 5, 7]);
}

#[tokio::test]
async fn one_pet_can_be_asked_for() {
    let shop = Shop::open().await;
    for id in 1..=3 {
        assert_eq!(Admin(&shop).add("dog", 249.99).await, id);
    }
    let fred = Buyer::new(&shop, "amazon|fred", "fred@example.com");
    for id in [2, 3] {
        fred.buy(id).await.is(200);
    }
    Admin(&shop).remove(3).await.is(204);
    let dog = json!({"id": 1, "type": "dog", "price": 249.99, "isSold": false});
    let sold = json!({"id": 2, "type": "dog", "price": 249.99, "isSold": true, "soldTo": "f•••"});
    for (query, body) in [
        ("id=1", json!([dog])),
        ("id=2", json!([sold])),
        ("id=3", json!([])),
        ("id=4", json!([])),
        ("id=1&type=Dog&status=available", json!([dog])),
        ("id=1&type=cat", json!([])),
        ("id=1&status=sold", json!([])),
        ("limit=1&sort=-price&id=2&cursor=", json!([sold])),
    ] {
        let answer = shop.get(&format!("/pets?{query}")).await.is(200);
        assert_eq!((&answer.body, answer.next()), (&body, None), "{query}");
        assert_eq!(answer.headers["cache-control"], "no-cache");
    }
    assert_eq!(shop.get("/pets?id=").await.is(200).ids(), [1, 2]);

    for (query, code, field) in [
        ("id=0", "invalid_pet_id", "id"),
        ("id=one", "invalid_pet_id", "id"),
        ("id=%31%2C2", "invalid_pet_id", "id"),
        ("id=9007199254740992", "invalid_pet_id", "id"),
        ("id=1&cursor=abc", "invalid_cursor", "cursor"),
    ] {
        let answer = shop.get(&format!("/pets?{query}")).await.refuses(400, code);
        assert_eq!(answer.body["field"], field, "{query}");
    }
    shop.get("/pets?id=1&id=2").await.refuses(400, "invalid_request");
    Admin(&shop).sales("?id=1").await.refuses(400, "invalid_request");
    fred.purchases("?id=2").await.refuses(400, "invalid_request");
}

#[tokio::test]
async fn a_wrong_question_is_told_so() {
    let shop = Shop::open().await;
    for (query, code) in [
        ("limit=0", "invalid_request"),
        ("limit=101", "invalid_request"),
        ("limit=ten", "invalid_request"),
        ("sort=name", "invalid_request"),
        ("status=Sold", "invalid_request"),
        ("page=2", "invalid_request"),
        ("limit=1&limit=2", "invalid_request"),
        ("type=%", "invalid_request"),
        ("type=%ff", "invalid_request"),
        ("type=a%0Ab", "invalid_type"),
        ("cursor=abc", "invalid_cursor"),
        ("cursor=%00", "invalid_cursor"),
    ] {
        shop.get(&format!("/pets?{query}")).await.refuses(400, code);
    }
    Admin(&shop).add("dog", 1.0).await;
    Admin(&shop).add("dog", 1.0).await;
    let next = shop.get("/pets?limit=1").await.next().unwrap();
    shop.get(&format!("{next}&sort=-id")).await.refuses(400, "invalid_cursor");
}
