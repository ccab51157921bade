//! Cursors that were changed, or that belong to another list or to somebody else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Admin, Answer, Buyer, Shop};

/// Eight pets of two kinds, of which fred has two and wilma two.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    for n in 0..8 {
        let id = Admin(&shop).add(["dog", "cat"][n % 2], 1.0 + n as f64).await;
        match n {
            0 | 1 => drop(Buyer::new(&shop, "amazon|fred", "fred").buy(id).await.is(200)),
            2 | 3 => drop(Buyer::new(&shop, "amazon|wilma", "wilma").buy(id).await.is(200)),
            _ => {}
        }
    }
    shop
}

fn buyers(shop: &Shop) -> [Buyer<'_>; 2] {
    [Buyer::new(shop, "amazon|fred", "fred"), Buyer::new(shop, "amazon|wilma", "wilma")]
}

fn cursor(answer: &Answer) -> String {
    let next = answer.next().unwrap();
    next.rsplit_once("cursor=").unwrap().1.to_owned()
}

/// Asks for a list, as a buyer where it is a buyer's.
async fn ask(shop: &Shop, who: Option<&Buyer<'_>>, path: &str, query: &str) -> Answer {
    match who {
        Some(buyer) => buyer.purchases(query).await,
        None => shop.get(&format!("{path}{query}")).await,
    }
}

/// Each list with its path, who asks for it, and what it is asked for with.
fn lists<'a>([fred, wilma]: &'a [Buyer<'a>; 2]) -> Vec<(Option<&'a Buyer<'a>>, &'static str, String)> {
    let mut lists = vec![
        (None, "/pets/sales", "?limit=1".to_owned()),
        (Some(fred), "/pets/purchases", "?limit=1".to_owned()),
        (Some(wilma), "/pets/purchases", "?limit=1".to_owned()),
    ];
    for filter in ["", "&status=available", "&status=sold", "&type=dog", "&type=cat", "&type=dog&status=available"] {
        for sort in ["id", "-id", "price", "-price"] {
            lists.push((None, "/pets", format!("?limit=1{filter}&sort={sort}")));
        }
    }
    lists
}

#[tokio::test]
async fn a_cursor_is_of_one_list_and_of_one_person() {
    let shop = shop().await;
    let buyers = buyers(&shop);
    let mut given = Vec::new();
    for (who, path, query) in lists(&buyers) {
        given.push(cursor(&ask(&shop, who, path, &query).await.is(200)));
    }
    let mut taken = 0;
    for (from, cursor) in given.iter().enumerate() {
        for (to, (who, path, query)) in lists(&buyers).into_iter().enumerate() {
            let answer = ask(&shop, who, path, &format!("{query}&cursor={cursor}")).await;
            if from == to {
                assert_eq!(answer.is(200).ids().len(), 1, "{path}{query}");
                taken += 1;
            } else {
                answer.refuses(400, "invalid_cursor");
            }
        }
    }
    assert_eq!(taken, 27);
}

#[tokio::test]
async fn a_cursor_with_one_byte_changed_is_refused() {
    let shop = shop().await;
    let buyers = buyers(&shop);
    for (who, path, query) in lists(&buyers).into_iter().take(4) {
        let cursor = cursor(&ask(&shop, who, path, &query).await.is(200));
        let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        let mut bad = Vec::new();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            bad.push(URL_SAFE_NO_PAD.encode(changed));
            bad.push(URL_SAFE_NO_PAD.encode([&bytes[..place], &bytes[place + 1..]].concat()));
            bad.push(URL_SAFE_NO_PAD.encode([&bytes[..place], b"0", &bytes[place..]].concat()));
        }
        for place in 0..cursor.len() {
            let mut changed = cursor.clone();
            changed.replace_range(place..=place, if &cursor[place..=place] == "A" { "B" } else { "A" });
            bad.push(changed);
        }
        bad.extend((1..cursor.len()).map(|end| cursor[..end].to_owned()));
        for bad in bad.iter().filter(|bad| **bad != cursor) {
            ask(&shop, who, path, &format!("{query}&cursor={bad}")).await.refuses(400, "invalid_cursor");
        }
    }
}

#[tokio::test]
async fn what_was_never_a_cursor_is_refused() {
    let shop = shop().await;
    let good = cursor(&shop.get("/pets?limit=1").await);
    let (padded, spaced) = (format!("{good}%3D%3D"), format!("{good}%20"));
    let (standard, double) = (good.replace(['-', '_'], "%2B") + "%2B", format!("{good}{good}"));
    let long = "A".repeat(50_000);
    for bad in [
        "0",
        "1",
        "-1",
        "null",
        "undefined",
        "x",
        "..",
        "%00",
        "%0d%0aX:%20y",
        "%F0%9F%90%95",
        "eyJpZCI6MX0",
        "' OR 1=1 --",
        "AAAA",
        "AQ",
        "Ag",
        &padded,
        &spaced,
        &standard,
        &double,
        &long,
    ]
    .map(|bad| bad.replace([' ', '\''], "%20"))
    {
        for path in ["/pets", "/pets/sales"] {
            let answer = shop.get(&format!("{path}?limit=1&cursor={bad}")).await.refuses(400, "invalid_cursor");
            assert_eq!(answer.body["field"], "cursor");
        }
        let fred = Buyer::new(&shop, "amazon|fred", "fred");
        fred.purchases(&format!("?limit=1&cursor={bad}")).await.refuses(400, "invalid_cursor");
    }
}

/// A cursor in a log or a link gives nobody away.
#[tokio::test]
async fn a_cursor_holds_no_name() {
    let shop = shop().await;
    let (sales, own) =
        (Admin(&shop).sales("?limit=1").await, Buyer::new(&shop, "amazon|fred", "x").purchases("?limit=1").await);
    for answer in [sales, own] {
        let bytes = URL_SAFE_NO_PAD.decode(cursor(&answer)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("fred") && !text.contains("amazon"), "{text:?}");
    }
}
