//! Several callers at the same moment.

use std::collections::BTreeSet;

use domain::{PetId, Sort};
use service::StoreError;

use super::{Shop, buyer, ids, pet, query, time, window};

pub async fn sixty_four_buyers_want_one_pet(shop: Shop) {
    let id = shop.add("dog", "249.99").await;
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let store = shop.store.clone();
            tokio::spawn(async move { (n, store.purchase(id, &buyer(&format!("buyer {n}")), time(n)).await) })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (n, Ok(record)) => winners.push((n, record)),
            (_, Err(StoreError::PetNotAvailable(_))) => {}
            (n, Err(other)) => panic!("buyer {n}: {other}"),
        }
    }
    let [(n, record)] = &winners[..] else { panic!("{} buyers have it", winners.len()) };
    assert_eq!(record.sale.as_ref().unwrap().buyer, buyer(&format!("buyer {n}")));
    assert_eq!(&shop.store.pet(id).await.unwrap(), record);
    assert_eq!(ids(&shop.store.sales(&window(100, None)).await.unwrap()).0, [id.get()]);
}

pub async fn a_purchase_against_a_removal(shop: Shop) {
    let mut bought = BTreeSet::new();
    for round in 0..30 {
        let id = shop.add("dog", "1").await;
        let (buying, removing) = (shop.store.clone(), shop.store.clone());
        let purchase = tokio::spawn(async move { buying.purchase(id, &buyer("fred"), time(round)).await });
        let removal = tokio::spawn(async move { removing.remove(id).await });
        removal.await.unwrap().unwrap();
        match purchase.await.unwrap() {
            Ok(_) => assert!(bought.insert(id.get())),
            Err(StoreError::PetNotFound(_)) => {}
            Err(other) => panic!("{other}"),
        }
        assert!(matches!(shop.store.pet(id).await, Err(StoreError::PetNotFound(_))));
    }
    let kept = ids(&shop.store.purchases("amazon|fred", &window(100, None)).await.unwrap()).0;
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), bought, "who was told that it's theirs still has it");
    assert!(shop.walk(&query(None, None, Sort::Id, 100)).await.is_empty());
}

pub async fn two_admins_add(shop: Shop) {
    let admins: Vec<_> = ["dog", "cat"]
        .map(|kind| {
            let store = shop.store.clone();
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for _ in 0..25 {
                    ids.push(store.add(&pet(kind, "1")).await.unwrap().id.get());
                }
                ids
            })
        })
        .into();
    let mut given = Vec::new();
    for admin in admins {
        given.extend(admin.await.unwrap());
    }
    given.sort_unstable();
    assert_eq!(given, (1..=50).collect::<Vec<_>>());
    assert_eq!(shop.walk(&query(None, None, Sort::Id, 100)).await, given);
    assert_eq!(shop.walk(&query(None, Some("dog"), Sort::Id, 100)).await.len(), 25);
}

pub async fn two_admins_remove(shop: Shop) {
    for _ in 0..10 {
        let id = shop.add("dog", "1").await;
        one_of_two_removes(&shop, id).await;
    }
}

pub async fn two_admins_remove_a_sold_pet(shop: Shop) {
    for round in 1..=20 {
        let id = shop.add("dog", "1").await;
        shop.buy(id, "fred", round).await;
        one_of_two_removes(&shop, id).await;
        let sales = shop.store.sales(&window(1, None)).await.unwrap();
        assert_eq!(sales.records[0].id, id, "the sale stays");
    }
}

async fn one_of_two_removes(shop: &Shop, id: PetId) {
    let (one, two) = (shop.store.clone(), shop.store.clone());
    let both = (tokio::spawn(async move { one.remove(id).await }), tokio::spawn(async move { two.remove(id).await }));
    let outcomes = [both.0.await.unwrap(), both.1.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(StoreError::PetNotFound(_)))), "{outcomes:?}");
}
