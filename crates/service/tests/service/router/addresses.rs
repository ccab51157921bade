//! Whatever can come as an address: ids in a path, and query strings.

use super::{Admin, Buyer, Shop};

#[tokio::test]
async fn an_id_in_a_path_is_plain_digits() {
    let shop = Shop::open().await;
    let id = Admin(&shop).add("dog", 1.0).await;
    for segment in [
        "0",
        "00",
        "-1",
        "-0",
        "+1",
        "%2B1",
        "01",
        "001",
        "1.0",
        "1e0",
        "0x1",
        "1_0",
        "1;",
        "1;a=b",
        "1,2",
        "1|2",
        "1*",
        "*",
        "%31%00",
        "%00",
        "%001",
        "1%0A",
        "1%20",
        "%201",
        "%EF%BC%91",
        "%D9%A1",
        "%C2%B9",
        "1%2F",
        "1%2F1",
        "%2E%2E",
        "..",
        ".",
        "%252e",
        "9007199254740992",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "36893488147419103233",
        "1'",
        "1%22",
        "purchase%00",
        "%70urchase",
        "Sales",
        "sales%20",
        "purchases.",
        "null",
        "NaN",
        "undefined",
    ] {
        shop.call("DELETE", &format!("/pets/{segment}"), "").await.refuses(400, "invalid_pet_id");
    }
    for segment in ["%", "1%", "%3", "%zz", "%ff", "%c0%b1", "%f0%9f", "%u0031", "%%31"] {
        shop.call("DELETE", &format!("/pets/{segment}"), "").await.refuses(400, "invalid_request");
    }
    shop.call("DELETE", "/pets/9007199254740991", "").await.refuses(404, "pet_not_found");
    shop.call("DELETE", &format!("/pets/{}", "1".repeat(8_000)), "").await.refuses(400, "invalid_pet_id");
    assert_eq!(shop.get("/pets").await.ids(), [id], "it is still there");
    // A digit may be encoded; the gateway has decided by the same bytes.
    shop.call("DELETE", "/pets/%31?limit=0&x=%", "").await.is(204);
}

#[tokio::test]
async fn no_address_reaches_a_resource_by_another_way() {
    let shop = Shop::open().await;
    Admin(&shop).add("dog", 1.0).await;
    for path in [
        "/pets/.",
        "/pets/..",
        "/pets/../pets",
        "/pets/%2e%2e/sales",
        "/pets%2Fsales",
        "/pets%2fpurchase",
        "/%70ets",
        "/pets/./sales",
        "/pets//sales",
        "//pets/sales",
        "/pets/sales/",
        "/pets/sales;x",
        "/pets/SALES",
        "/pets/sales%20",
        "/pets/sale%73",
        "/pets;/sales",
        "/pets/sales/..",
        "/pets\\sales",
        "/pets/sales%00",
        "/pets/sales.json",
        "/",
        "/*",
    ] {
        let answer = shop.call("GET", path, "").await;
        assert!(matches!(answer.status.as_u16(), 404 | 405), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_parameter_is_there_once_and_known() {
    let shop = Shop::open().await;
    for query in [
        "limit=1&limit=1",
        "limit=1&%6Cimit=1",
        "limit=&limit=1",
        "cursor=&cursor=",
        "id=1&type=dog&id=1",
        "sort=id&sort=id",
        "type=dog&typ%65=cat",
        "Limit=1",
        "LIMIT=1",
        "limit[]=1",
        "limit%5B%5D=1",
        "limit.x=1",
        "limit%00=1",
        "limit%20=1",
        "+limit=1",
        "page=1",
        "offset=1",
        "fields=soldTo",
        "_method=DELETE",
        "callback=alert",
        "jsonp=x",
        "=1",
        "=",
        "%20",
        "limit=1;sort=id",
        "limit=1%26sort=id",
        "?limit=1",
        "status=sold&sold_to=fred",
        "soldTo=fred",
        "x-amz=1",
        "xamz-date=1",
    ] {
        shop.get(&format!("/pets?{query}")).await.refuses_query(query);
    }
    for query in [
        "",
        "&",
        "&&&",
        "limit=1&",
        "limit",
        "limit=",
        "cursor",
        "type=&status=&sort=&limit=&cursor=&id=",
        "X-Amz-Signature=a&X-Amz-Signature=b&x-amz-date=%zz",
        "%6Cimit=%31",
    ] {
        shop.get(&format!("/pets?{query}")).await.is(200);
    }
    shop.get(&format!("/pets?{}", "&".repeat(20_000))).await.is(200);
    shop.get(&format!("/pets?{}", "limit=1&".repeat(4_000))).await.refuses(400, "invalid_request");
}

#[tokio::test]
async fn a_wrongly_encoded_query_is_refused() {
    let shop = Shop::open().await;
    for bad in
        ["%", "%1", "%zz", "%%31", "%u0031", "%ff", "%c0%af", "%ed%a0%80", "%f5%80%80%80", "%e2%82", "%-1", "%+1"]
    {
        for query in [format!("type={bad}"), format!("{bad}=1"), format!("limit=1&sort={bad}"), format!("cursor={bad}")]
        {
            shop.get(&format!("/pets?{query}")).await.refuses(400, "invalid_request");
        }
        for path in ["/pets/sales", "/pets/purchases"] {
            shop.get(&format!("{path}?cursor={bad}")).await.refuses(400, "invalid_request");
        }
    }
}

#[tokio::test]
async fn a_limit_is_one_to_a_hundred_in_plain_digits() {
    let shop = Shop::open().await;
    let fred = Buyer::new(&shop, "amazon|fred", "fred");
    for limit in [
        "0",
        "-1",
        "101",
        "256",
        "257",
        "65536",
        "65537",
        "4294967297",
        "18446744073709551617",
        "1e1",
        "1.0",
        "0x1",
        "01",
        "001",
        "%2B1",
        "+1",
        "1+",
        "%201",
        "1%0A",
        "1%00",
        "%D9%A1",
        "%EF%BC%91",
        "NaN",
        "all",
        "null",
        "true",
        "1,2",
        "-0",
    ] {
        shop.get(&format!("/pets?limit={limit}")).await.refuses(400, "invalid_request");
        Admin(&shop).sales(&format!("?limit={limit}")).await.refuses(400, "invalid_request");
        fred.purchases(&format!("?limit={limit}")).await.refuses(400, "invalid_request");
    }
    for limit in ["1", "100", "%31", ""] {
        shop.get(&format!("/pets?limit={limit}")).await.is(200);
    }
}

#[tokio::test]
async fn an_id_in_a_query_is_plain_digits() {
    let shop = Shop::open().await;
    Admin(&shop).add("dog", 1.0).await;
    for id in [
        "0",
        "-1",
        "%2B1",
        "+1",
        "01",
        "1.0",
        "1e0",
        "0x1",
        "1%00",
        "%D9%A1",
        "9007199254740992",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551617",
        "1,1",
        "1;",
        "*",
        "1%20OR%201",
        "%5B1%5D",
    ] {
        let answer = shop.get(&format!("/pets?id={id}")).await.refuses(400, "invalid_pet_id");
        assert_eq!(answer.body["field"], "id", "{id}");
    }
    assert_eq!(shop.get("/pets?id=9007199254740991").await.is(200).ids(), Vec::<u64>::new());
    assert_eq!(shop.get("/pets?id=%31").await.is(200).ids(), [1]);
}

impl super::Answer {
    #[track_caller]
    fn refuses_query(&self, query: &str) {
        assert_eq!(
            (self.status.as_u16(), &self.body["code"]),
            (400, &"invalid_request".into()),
            "{query}: {}",
            self.body
        );
    }
}
