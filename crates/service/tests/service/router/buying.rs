//! What a buyer does.

use http::Request;
use serde_json::json;
use service::BuyerIdentity;

use super::{Admin, Buyer, Shop};
use crate::issuer::{EC, EC_2, Keys, NOW, claims, claims_with};

#[tokio::test]
async fn a_pet_is_bought_by_whom_the_token_names() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 249.99).await;
    let fred = Buyer::new(&shop, "amazon|fred", "fred flintstone");
    let receipt = fred.buy(id).await.is(200);
    let sold = json!({"id": id, "type": "dog", "price": 249.99, "isSold": true, "soldTo": "fred flintstone",
                      "soldAt": "2027-01-15T08:00:00.000Z"});
    assert_eq!(receipt.body, sold);
    assert_eq!(receipt.headers["cache-control"], "no-store");

    assert_eq!(fred.buy(id).await.is(200).body, sold, "once more is the same");
    // Another person of the same name is another person.
    let answer = Buyer::new(&shop, "amazon|other", "fred flintstone").buy(id).await.refuses(409, "pet_not_available");
    assert!(!answer.body.to_string().contains("fred"));
    fred.buy(7).await.refuses(404, "pet_not_found");
}

#[tokio::test]
async fn the_callers_own_words_name_nobody() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 1.0).await;
    let buy = async |body: serde_json::Value| shop.call("POST", "/pets/purchase", body.to_string()).await;
    buy(json!({"petId": id, "userName": "fred"})).await.refuses(401, "missing_identity_token");
    buy(json!({"petId": id, "authToken": ""})).await.refuses(401, "missing_identity_token");
    buy(json!({"petId": id, "authToken": 1})).await.refuses(401, "missing_identity_token");
    let token = EC.token(&claims("amazon|wilma", "wilma"));
    let receipt = buy(json!({"petId": id, "authToken": token, "userName": "fred", "soldTo": "fred"})).await.is(200);
    assert_eq!(receipt.body["soldTo"], "wilma");
}

#[tokio::test]
async fn only_an_identity_that_is_a_buyers_buys() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 1.0).await;
    for sub in ["auth0|betty", "samlp|initech|barney", "facebook|not-listed", "nobody"] {
        let other = Buyer::new(&shop, sub, "somebody");
        other.buy(id).await.refuses(403, "forbidden");
        other.purchases("").await.refuses(403, "forbidden");
    }
    assert_eq!(shop.get("/pets?status=available").await.ids(), [id]);
}

#[tokio::test]
async fn a_bad_token_buys_nothing() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 1.0).await;
    let expired = claims_with(&json!({"exp": NOW - 3600, "iat": NOW - 7200}));
    for token in ["secret".to_owned(), EC.token(&expired), EC_2.token(&claims("amazon|fred", "fred"))] {
        let body = json!({"petId": id, "authToken": token}).to_string();
        let answer = shop.call("POST", "/pets/purchase", body).await.refuses(401, "invalid_identity_token");
        assert!(!answer.body.to_string().contains(&token), "{}", answer.body);
        let request = Request::get("/pets/purchases").header("x-identity-token", token);
        shop.send(request.body(Vec::new()).unwrap()).await.refuses(401, "invalid_identity_token");
    }
    assert_eq!(shop.get("/pets?status=available").await.ids(), [id]);
}

#[tokio::test]
async fn keys_that_can_not_be_had_are_our_trouble() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 1.0).await;
    shop.keys.fail();
    Buyer::new(&shop, "amazon|fred", "fred").buy(id).await.refuses(503, "unavailable");
}

#[tokio::test]
async fn a_bad_body_is_told_so() {
    let shop = Shop::open().await;
    for (body, code) in [
        ("", "invalid_request"),
        ("null", "invalid_request"),
        (r#"{"authToken":"x"}"#, "invalid_pet_id"),
        (r#"{"petId":"1","authToken":"x"}"#, "invalid_pet_id"),
        (r#"{"petId":0,"authToken":"x"}"#, "invalid_pet_id"),
        (r#"{"petId":1.5,"authToken":"x"}"#, "invalid_pet_id"),
        (r#"{"petId":1,"petId":2,"authToken":"x"}"#, "invalid_request"),
    ] {
        shop.call("POST", "/pets/purchase", body).await.refuses(400, code);
    }
}

#[tokio::test]
async fn purchases_are_the_callers_own() {
    let shop = Shop::open().await;
    let admin = Admin(&shop);
    let (fred, wilma) = (Buyer::new(&shop, "amazon|fred", "fred"), Buyer::new(&shop, "amazon|wilma", "wilma"));
    for n in 0..5 {
        let id = admin.add("dog", 1.0).await;
        if n % 2 == 0 { &fred } else { &wilma }.buy(id).await.is(200);
    }
    let first = fred.purchases("?limit=2").await.is(200);
    assert_eq!(first.headers["cache-control"], "no-store");
    assert_eq!(first.body[0]["soldTo"], "fred");
    let query = first.next().unwrap().strip_prefix("/pets/purchases").unwrap().to_owned();
    assert_eq!((first.ids(), fred.purchases(&query).await.is(200).ids()), (vec![5, 3], vec![1]));
    wilma.purchases(&query).await.refuses(400, "invalid_cursor");
    assert_eq!(wilma.purchases("").await.is(200).ids(), [4, 2]);
    let betty = Buyer::new(&shop, "amazon|betty", "betty");
    assert_eq!(betty.purchases("").await.is(200).body, json!([]));

    shop.get("/pets/purchases").await.refuses(401, "missing_identity_token");
    let twice = Request::get("/pets/purchases").header("x-identity-token", &fred.token);
    let twice = twice.header("x-identity-token", &wilma.token).body(Vec::new()).unwrap();
    shop.send(twice).await.refuses(401, "missing_identity_token");
}

#[tokio::test]
async fn a_claimed_name_counts_only_where_the_shop_says_so() {
    let shop = Shop::with(BuyerIdentity::Claimed, Keys::of(&[]), "*").await;
    let id = Admin(&shop).add("dog", 1.0).await;
    let buy = async |name: serde_json::Value| {
        let body = json!({"petId": id, "userName": name, "authToken": "not looked at"}).to_string();
        shop.call("POST", "/pets/purchase", body).await
    };
    for name in [json!(""), json!("a\nb"), json!("x".repeat(101)), json!(1), json!(null)] {
        let answer = buy(name).await.refuses(400, "invalid_request");
        assert_eq!(answer.body["field"], "userName");
    }
    assert_eq!(buy(json!("fred flintstone")).await.is(200).body["soldTo"], "fred flintstone");
    buy(json!("fred flintstone")).await.is(200);
    buy(json!("wilma")).await.refuses(409, "pet_not_available");
    Buyer::new(&shop, "amazon|fred", "fred").purchases("").await.refuses(403, "forbidden");
}
