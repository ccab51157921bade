//! The first pets.

use domain::{NewPet, PetId, Sort};
use service::{MAX_SEEDS, StoreError};

use super::{Shop, pet, query};

fn seeds(count: usize) -> Vec<NewPet> {
    (0..count).map(|_| pet("dog", "1")).collect()
}

pub async fn a_shop_is_seeded_once(shop: Shop) {
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = shop.store.clone();
            tokio::spawn(async move { store.seed(&seeds(33)).await })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(seeded) => done += usize::from(seeded),
            Err(StoreError::Unavailable(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(done, 1);
    let all = query(None, None, Sort::Id, 100);
    assert_eq!(shop.walk(&all).await, (1..=33).collect::<Vec<_>>());

    for id in 1..=33 {
        shop.store.remove(PetId::new(id).unwrap()).await.unwrap();
    }
    assert!(!shop.store.seed(&seeds(33)).await.unwrap());
    assert!(shop.walk(&all).await.is_empty(), "what was removed stays removed");
    assert_eq!(shop.add("cat", "1").await.get(), 34);
}

pub async fn a_shop_that_had_a_pet_is_not_seeded(shop: Shop) {
    assert!(matches!(shop.store.seed(&seeds(MAX_SEEDS + 1)).await, Err(StoreError::TooManySeeds(100))));
    let id = shop.add("cat", "1").await;
    shop.store.remove(id).await.unwrap();
    assert!(!shop.store.seed(&seeds(3)).await.unwrap());
    assert!(shop.walk(&query(None, None, Sort::Id, 100)).await.is_empty());

    let full = Shop::open(shop.client).await;
    assert!(full.store.seed(&seeds(MAX_SEEDS)).await.unwrap());
    assert_eq!(full.walk(&query(None, None, Sort::Id, 100)).await.len(), MAX_SEEDS);
}
