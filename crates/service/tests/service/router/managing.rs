//! What an admin does.

use serde_json::json;

use super::{Admin, Buyer, Shop};

#[tokio::test]
async fn an_added_pet_is_answered_with_its_address() {
    let shop = Shop::open().await;
    let body = json!({"type": " guinea  pig ", "price": 12.5, "isSold": true, "id": 99, "soldTo": "x"}).to_string();
    let answer = shop.call("POST", "/pets", body).await.is(201);
    assert_eq!(answer.body, json!({"id": 1, "type": "guinea pig", "price": 12.5, "isSold": false}));
    assert_eq!(answer.headers["location"], "https://api.example.com/test/pets/1");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_pet_that_can_not_be_is_refused() {
    let shop = Shop::open().await;
    for (body, code, field) in [
        ("", "invalid_request", None),
        ("{", "invalid_request", None),
        ("[]", "invalid_request", None),
        (r#"{"price":1}"#, "invalid_type", Some("type")),
        (r#"{"type":"","price":1}"#, "invalid_type", Some("type")),
        (r#"{"type":"dog"}"#, "invalid_price", Some("price")),
        (r#"{"type":"dog","price":1e400}"#, "invalid_price", Some("price")),
        (r#"{"type":"dog","price":-1}"#, "invalid_price", Some("price")),
        (r#"{"type":"dog","price":0.001}"#, "invalid_price", Some("price")),
        (r#"{"type":"dog","price":NaN}"#, "invalid_request", None),
    ] {
        let answer = shop.call("POST", "/pets", body).await.refuses(400, code);
        assert_eq!(answer.body["field"].as_str(), field, "{body}");
    }
    assert!(shop.get("/pets").await.ids().is_empty());
    assert_eq!(Admin(&shop).add("dog", 1.0).await, 1, "a refused pet took no number");
}

#[tokio::test]
async fn a_removed_pet_is_gone() {
    let shop = Shop::open().await;
    let (admin, fred) = (Admin(&shop), Buyer::new(&shop, "amazon|fred", "fred"));
    let id = admin.add("dog", 1.0).await;
    let answer = admin.remove(id).await.is(204);
    assert!(answer.body.is_null());
    admin.remove(id).await.refuses(404, "pet_not_found");
    fred.buy(id).await.refuses(404, "pet_not_found");
    assert!(shop.get("/pets").await.ids().is_empty());

    let id = admin.add("cat", 1.0).await;
    fred.buy(id).await.is(200);
    admin.remove(id).await.is(204);
    assert!(shop.get("/pets").await.ids().is_empty());
    assert_eq!(admin.sales("").await.is(200).ids(), [id]);
}

#[tokio::test]
async fn a_path_that_is_no_pet_is_refused() {
    let shop = Shop::open().await;
    Admin(&shop).add("dog", 1.0).await;
    for id in ["0", "-1", "01", "1.0", "abc", "%31%20", "1%2F2", "99999999999999999999"] {
        shop.call("DELETE", &format!("/pets/{id}"), "").await.refuses(400, "invalid_pet_id");
    }
    for id in ["%", "%zz", "%ff"] {
        shop.call("DELETE", &format!("/pets/{id}"), "").await.refuses(400, "invalid_request");
    }
    shop.call("DELETE", "/pets/%31", "").await.is(204);
}

#[tokio::test]
async fn sales_name_the_buyer_and_the_time() {
    let shop = Shop::open().await;
    let admin = Admin(&shop);
    for _ in 0..3 {
        let id = admin.add("dog", 249.99).await;
        Buyer::new(&shop, "amazon|fred", "fred flintstone").buy(id).await.is(200);
    }
    let first = admin.sales("?limit=2").await.is(200);
    assert_eq!(first.headers["cache-control"], "no-store");
    assert_eq!(
        first.body[0],
        json!({"id": 3, "type": "dog", "price": 249.99, "isSold": true, "soldTo": "fred flintstone",
               "soldAt": "2027-01-15T08:00:00.000Z"})
    );
    let next = first.next().unwrap();
    assert!(next.starts_with("/pets/sales?limit=2&cursor="), "{next}");
    assert_eq!((first.ids(), shop.get(&next).await.is(200).ids()), (vec![3, 2], vec![1]));
    admin.sales("?type=dog").await.refuses(400, "invalid_request");
    admin.sales("?cursor=x").await.refuses(400, "invalid_cursor");
}
