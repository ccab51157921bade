//! Who bought what.

use super::{Shop, buyer, ids, window};

pub async fn sales_are_listed_by_time(shop: Shop) {
    // Bought in another order than added, two at the same moment.
    for _ in 0..6 {
        shop.add("dog", "1").await;
    }
    for (id, seconds) in [(3, 0), (1, 10), (6, 20), (2, 20), (5, 86_400)] {
        shop.buy(domain::PetId::new(id).unwrap(), ["fred", "wilma"][id as usize % 2], seconds).await;
    }
    for limit in [1, 2, 4, 5, 100] {
        let mut all = Vec::new();
        let mut cursor = None;
        for _ in 0..10 {
            let (page, next) = ids(&shop.store.sales(&window(limit, cursor)).await.unwrap());
            all.extend(page);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(all, [5, 6, 2, 1, 3], "pages of {limit}");
    }
}

pub async fn a_buyer_sees_only_the_own_purchases(shop: Shop) {
    for (n, who) in ["fred", "wilma", "fred", "barney"].iter().enumerate() {
        let id = shop.add("dog", "1").await;
        shop.buy(id, who, n as i64).await;
    }
    let check = async |key: &str, expected: &[u64]| {
        let page = shop.store.purchases(key, &window(10, None)).await.unwrap();
        assert_eq!(ids(&page).0, expected, "{key}");
        assert!(page.records.iter().all(|record| record.sale.as_ref().unwrap().buyer.key == key));
    };
    check(&buyer("fred").key, &[3, 1]).await;
    check(&buyer("wilma").key, &[2]).await;
    check(&buyer("betty").key, &[]).await;
    check("amazon|fre", &[]).await;
    check("AMAZON|fred", &[]).await;
}
