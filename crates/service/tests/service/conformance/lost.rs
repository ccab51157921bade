//! Answers that are lost on their way. The SDK sends the request again, and what it finds then is its own work: nobody
//! is told that somebody came first.

use domain::Sort;
use service::StoreError;

use super::{Shop, buyer, ids, pet, query, time, window};
use crate::faults::{
    self,
    Fault::{LostAnswer, None},
};

pub async fn a_purchase_whose_answer_is_lost_is_ones_own(shop: Shop) {
    let id = shop.add("dog", "1").await;
    let (store, faults) = faults::store(&shop, [LostAnswer, LostAnswer], None);
    let record = store.purchase(id, &buyer("fred"), time(0)).await.unwrap();
    assert_eq!(faults.calls(), 3);
    assert_eq!(record.sale.as_ref().unwrap().buyer, buyer("fred"));
    assert_eq!(shop.store.pet(id).await.unwrap(), record);
    assert_eq!(ids(&shop.store.sales(&window(10, Option::None)).await.unwrap()).0, [id.get()]);

    let (store, _) = faults::store(&shop, [LostAnswer, LostAnswer], None);
    let second = store.purchase(id, &buyer("wilma"), time(1)).await;
    assert!(matches!(second, Err(StoreError::PetNotAvailable(_))), "{second:?}");
}

pub async fn a_pet_whose_answer_is_lost_is_added_once(shop: Shop) {
    // The counter's answer, then the pet's.
    let (store, faults) = faults::store(&shop, [LostAnswer, None, LostAnswer, LostAnswer], None);
    let record = store.add(&pet("dog", "249.99")).await.unwrap();
    assert_eq!(faults.calls(), 5);
    assert_eq!(shop.walk(&query(Option::None, Option::None, Sort::Id, 10)).await, [record.id.get()]);
    assert_eq!(shop.store.pet(record.id).await.unwrap(), record);
    assert_eq!(shop.add("cat", "1").await.get(), record.id.get() + 1);
}

pub async fn a_removal_whose_answer_is_lost_is_done(shop: Shop) {
    let (for_sale, sold) = (shop.add("dog", "1").await, shop.add("dog", "1").await);
    shop.buy(sold, "fred", 0).await;
    // Of a sold pet the first answer says that it isn't for sale.
    for (id, script) in [(for_sale, vec![LostAnswer, LostAnswer]), (sold, vec![LostAnswer, None, LostAnswer])] {
        let (store, faults) = faults::store(&shop, script, None);
        store.remove(id).await.unwrap();
        assert!(faults.calls() > 2);
        let again = store.remove(id).await;
        assert!(matches!(again, Err(StoreError::PetNotFound(_))), "{again:?}");
    }
    assert!(shop.walk(&query(Option::None, Option::None, Sort::Id, 10)).await.is_empty());
    assert_eq!(ids(&shop.store.sales(&window(10, Option::None)).await.unwrap()).0, [sold.get()]);
}
