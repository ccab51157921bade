//! Cursors that nobody gave, or that belong elsewhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ListQuery, Sort, Status};
use service::StoreError;

use super::{Shop, query, window};

pub async fn a_cursor_of_another_list_is_refused(shop: Shop) {
    for n in 0..4 {
        let id = shop.add("dog", "1").await;
        if n % 2 == 0 {
            shop.buy(id, "fred", n).await;
        }
    }
    let mut lists = Vec::new();
    for status in [None, Some(Status::Available), Some(Status::Sold)] {
        for kind in [None, Some("dog")] {
            lists.extend(Sort::ALL.map(|sort| query(status, kind, sort, 1)));
        }
    }
    for from in &lists {
        let cursor = shop.ids(from).await.1;
        assert!(cursor.is_some(), "{from:?}");
        for to in &lists {
            let answer = shop.store.list(&ListQuery { cursor: cursor.clone(), ..to.clone() }).await;
            match answer {
                Ok(_) => assert_eq!(from, to),
                Err(StoreError::InvalidCursor) => assert_ne!(from, to),
                Err(other) => panic!("{other}"),
            }
        }
        assert!(matches!(shop.store.sales(&window(1, cursor)).await, Err(StoreError::InvalidCursor)));
    }
    let sales = shop.store.sales(&window(1, None)).await.unwrap().next;
    let fred = shop.store.purchases("amazon|fred", &window(1, None)).await.unwrap().next;
    assert!(sales.is_some() && fred.is_some());
    for cursor in [&sales, &fred] {
        let wilma = shop.store.purchases("amazon|wilma", &window(1, cursor.clone())).await;
        assert!(matches!(wilma, Err(StoreError::InvalidCursor)));
    }
    assert!(matches!(shop.store.sales(&window(1, fred)).await, Err(StoreError::InvalidCursor)));
}

pub async fn a_cursor_that_was_changed_is_refused(shop: Shop) {
    for kind in ["dog", "cat", "dog"] {
        shop.add(kind, "1").await;
    }
    let list = query(Some(Status::Available), Some("dog"), Sort::Id, 1);
    let cursor = shop.ids(&list).await.1.unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();

    // Every single byte changed in several ways, every cut, and some tails.
    let mut forged: Vec<Vec<u8>> = (0..bytes.len()).map(|end| bytes[..end].to_vec()).collect();
    for place in 0..bytes.len() {
        for change in [0x01, 0x02, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[place] ^= change;
            forged.push(changed);
        }
    }
    for tail in ["0", "9007199254740991", "99999999999999999999", " OR 1", "\0"] {
        forged.push([&bytes[..], tail.as_bytes()].concat());
    }
    for forged in &forged {
        let cursor = Some(URL_SAFE_NO_PAD.encode(forged));
        let answer = shop.store.list(&ListQuery { cursor, ..list.clone() }).await;
        assert!(matches!(answer, Err(StoreError::InvalidCursor)), "{forged:?}");
    }
    for text in ["", "x", "null", "../..", "%00", "AAAA", &"A".repeat(100_000), &format!("{cursor}=="), "🐕"] {
        let answer = shop.store.list(&ListQuery { cursor: Some(text.to_owned()), ..list.clone() }).await;
        assert!(matches!(answer, Err(StoreError::InvalidCursor)), "{text:.20}");
    }
}
