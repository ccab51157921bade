//! Whatever can come as a body: JSON that is none, that is too deep, too large or says things twice, and numbers.

use domain::MAX_BODY_BYTES;
use http::Request;
use serde_json::json;

use super::{Admin, Buyer, Shop};

/// Adds this body as a pet, and answers the status, the code and the pet's price as they are on the wire.
async fn added(shop: &Shop, body: impl Into<Vec<u8>>) -> (u16, String) {
    let answer = shop.call("POST", "/pets", body).await;
    let said = if answer.status == 201 { &answer.body["price"] } else { &answer.body["code"] };
    (answer.status.as_u16(), said.to_string().trim_matches('"').to_owned())
}

#[tokio::test]
async fn only_one_json_object_in_utf_8_is_a_body() {
    let shop = Shop::open().await;
    let good = r#"{"type":"dog","price":1}"#;
    let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bad: [(&str, Vec<u8>); 24] = [
        ("nothing", vec![]),
        ("white space", b" \r\n\t".to_vec()),
        ("a byte order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat()),
        ("UTF-16", [&b"\xff\xfe"[..], &utf_16].concat()),
        ("UTF-16 without a mark", utf_16),
        ("Latin-1", b"{\"type\":\"k\xf6ter\",\"price\":1}".to_vec()),
        ("an overlong slash", b"{\"type\":\"\xc0\xaf\",\"price\":1}".to_vec()),
        ("a NUL before it", [b"\0", good.as_bytes()].concat()),
        ("a NUL behind it", [good.as_bytes(), b"\0"].concat()),
        ("two", [good, good].concat().into()),
        ("a line each", format!("{good}\n{good}").into()),
        ("a list", format!("[{good}]").into()),
        ("a list of the fields", br#"["dog",1]"#.to_vec()),
        ("text", format!("{good:?}").into()),
        ("a number", b"1".to_vec()),
        ("cut", good[..good.len() - 1].into()),
        ("a comma more", br#"{"type":"dog","price":1,}"#.to_vec()),
        ("a comment", br#"{"type":"dog",/* */"price":1}"#.to_vec()),
        ("single quotes", b"{'type':'dog','price':1}".to_vec()),
        ("names without quotes", br#"{type:"dog",price:1}"#.to_vec()),
        ("a form", b"type=dog&price=1".to_vec()),
        ("XML", b"<pet><type>dog</type></pet>".to_vec()),
        ("a prefix against hijacking", format!(")]}}',\n{good}").into()),
        ("a bare control character", b"{\"type\":\"a\nb\",\"price\":1,}".to_vec()),
    ];
    for (what, body) in bad {
        assert_eq!(added(&shop, body).await, (400, "invalid_request".to_owned()), "{what}");
    }
    assert!(shop.get("/pets").await.ids().is_empty());
    assert_eq!(added(&shop, format!("\r\n\t {good} \n")).await.0, 201, "white space around it");
}

#[tokio::test]
async fn a_field_is_there_once_however_it_is_written() {
    let shop = Shop::open().await;
    for body in [
        r#"{"type":"dog","type":"cat","price":1}"#,
        r#"{"type":"dog","price":1,"price":1}"#,
        r#"{"type":"dog","price":1,"pr\u0069ce":2}"#,
        r#"{"\u0074ype":"cat","type":"dog","price":1}"#,
        r#"{"type":null,"type":"dog","price":1}"#,
    ] {
        assert_eq!(added(&shop, body).await, (400, "invalid_request".to_owned()), "{body}");
    }
    let fred = Buyer::new(&shop, "amazon|fred", "fred");
    let id = Admin(&shop).add("dog", 1.0).await;
    for body in [
        format!(r#"{{"petId":{id},"authToken":"x","authToken":"{}"}}"#, fred.token),
        format!(r#"{{"petId":{id},"auth\u0054oken":"x","authToken":"{}"}}"#, fred.token),
        format!(r#"{{"petId":{id},"petId":2,"authToken":"{}"}}"#, fred.token),
    ] {
        shop.call("POST", "/pets/purchase", body).await.refuses(400, "invalid_request");
    }
    assert_eq!(shop.get("/pets?status=available").await.ids(), [id]);
}

#[tokio::test]
async fn what_is_not_asked_for_decides_nothing() {
    let shop = Shop::open().await;
    let body = json!({"type": "dog", "price": 1, "id": 7, "isSold": true, "soldTo": "x", "soldAt": "x", "status": "sold",
        "lastId": 9, "ledger": "sales", "buyer": "amazon|fred", "__proto__": {"isSold": true}, "constructor": {},
        "Price": 2, "TYPE": "cat", "price ": 3, "": 4});
    let answer = shop.call("POST", "/pets", body.to_string()).await.is(201);
    assert_eq!(answer.body, json!({"id": 1, "type": "dog", "price": 1, "isSold": false}));
    assert_eq!(Admin(&shop).add("cat", 1.0).await, 2, "the counter is where it was");
    assert!(Admin(&shop).sales("").await.is(200).ids().is_empty());
}

#[tokio::test]
async fn a_body_may_be_deep_and_large_and_does_no_harm() {
    let shop = Shop::open().await;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for (body, expected) in [
        (format!(r#"{{"type":"dog","price":1,"x":{}}}"#, nested(20_000)), (201, "1")),
        (format!(r#"{{"type":"dog","price":1,"x":{}}}"#, objects(10_000)), (201, "1")),
        (format!(r#"{{"type":{},"price":1}}"#, nested(20_000)), (400, "invalid_type")),
        (format!(r#"{{"type":"dog","price":{}}}"#, nested(20_000)), (400, "invalid_price")),
        (nested(30_000), (400, "invalid_request")),
        ("[".repeat(60_000), (400, "invalid_request")),
        (objects(10_000).replace(":1", ":"), (400, "invalid_request")),
        (format!(r#"{{"type":"{}","price":1}}"#, "x".repeat(60_000)), (400, "invalid_type")),
        (format!(r#"{{"type":"{}","price":1}}"#, " ".repeat(60_000)), (400, "invalid_type")),
        (format!(r#"{{"type":"dog","price":{}}}"#, "9".repeat(60_000)), (400, "invalid_price")),
        (format!(r#"{{"type":"dog","price":0.{}1}}"#, "0".repeat(60_000)), (400, "invalid_price")),
        (format!(r#"{{"type":"dog",{}"price":1}}"#, r#""a":0,"#.repeat(8_000)), (201, "1")),
        (format!(r#"{{"type":"dog","price":1,"x":"{}"}}"#, "x".repeat(MAX_BODY_BYTES)), (413, "body_too_large")),
    ] {
        assert_eq!(added(&shop, body.as_str()).await, (expected.0, expected.1.to_owned()), "{body:.60}");
    }
}

#[tokio::test]
async fn a_price_is_cents_between_one_and_a_hundred_million() {
    let shop = Shop::open().await;
    let refused = (400, "invalid_price".to_owned());
    for (price, kept) in [
        ("0.01", "0.01"),
        ("1000000", "1000000"),
        ("1000000.00", "1000000"),
        ("249.90", "249.9"),
        ("1e6", "1000000"),
        ("1E+2", "100"),
        ("1e-2", "0.01"),
        ("24999e-2", "249.99"),
        ("0.1e1", "1"),
        ("100000000e-2", "1000000"),
    ] {
        let body = format!(r#"{{"type":"dog","price":{price}}}"#);
        assert_eq!(added(&shop, body).await, (201, kept.to_owned()), "{price}");
    }
    for price in [
        "0",
        "0.00",
        "-0",
        "-0.01",
        "-1",
        "-249.99",
        "0.001",
        "0.009",
        "0.019",
        "249.999",
        "1.000",
        "1e-3",
        "1000000.01",
        "1000001",
        "1e7",
        "1e400",
        "1e-400",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "1e2147483648",
        "9223372036854775808",
        "18446744073709551616",
        "100000000000000000000000",
        "4294967296.01",
        "42949672.97",
        "\"1\"",
        "\"249.99\"",
        "\"\"",
        "null",
        "true",
        "[1]",
        "{}",
        "[]",
    ] {
        let body = format!(r#"{{"type":"dog","price":{price}}}"#);
        assert_eq!(added(&shop, body).await, refused, "{price}");
    }
    for price in ["NaN", "Infinity", "-Infinity", "0x10", "+1", ".5", "5.", "01", "1_000", "1,5", "1e", "--1", "١"] {
        let body = format!(r#"{{"type":"dog","price":{price}}}"#);
        assert_eq!(added(&shop, body).await, (400, "invalid_request".to_owned()), "{price} is no JSON");
    }
}

#[tokio::test]
async fn an_id_in_a_body_is_a_whole_number_that_javascript_holds() {
    let shop = Shop::open().await;
    let fred = Buyer::new(&shop, "amazon|fred", "fred");
    let id = Admin(&shop).add("dog", 1.0).await;
    let buy = async |id: &str| {
        let body = format!(r#"{{"petId":{id},"authToken":"{}"}}"#, fred.token);
        shop.call("POST", "/pets/purchase", body).await
    };
    for bad in [
        "0",
        "-1",
        "-0",
        "1.0",
        "1.5",
        "1e0",
        "10e-1",
        "9007199254740992",
        "9007199254740993",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "1e400",
        "\"1\"",
        "\" 1\"",
        "null",
        "true",
        "[1]",
        "{\"petId\":1}",
        "\"\"",
    ] {
        let answer = buy(bad).await.refuses(400, "invalid_pet_id");
        assert_eq!(answer.body["field"], "petId", "{bad}");
    }
    for bad in ["01", "+1", "0x1", "１", "1 1", ""] {
        buy(bad).await.refuses(400, "invalid_request");
    }
    buy("9007199254740991").await.refuses(404, "pet_not_found");
    buy("2").await.refuses(404, "pet_not_found");
    assert_eq!(shop.get("/pets?status=available").await.ids(), [id]);
}

/// The body is JSON whatever a header says of it, so no header can have it read as something else.
#[tokio::test]
async fn a_content_type_decides_nothing() {
    let shop = Shop::open().await;
    let send = async |content_type: &str, body: &str| {
        let request = Request::post("/pets").header("content-type", content_type).header("content-encoding", "gzip");
        shop.send(request.body(body.as_bytes().to_vec()).unwrap()).await
    };
    for content_type in [
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ] {
        send(content_type, r#"{"type":"dog","price":1}"#).await.is(201);
        send(content_type, "type=dog&price=1").await.refuses(400, "invalid_request");
        send(content_type, "--x\r\nContent-Disposition: form-data; name=type\r\n\r\ndog")
            .await
            .refuses(400, "invalid_request");
    }
}
