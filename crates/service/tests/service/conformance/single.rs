//! One caller at a time.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use domain::{PetId, Sort};
use service::{Store, StoreError};

use super::{Shop, buyer, ids, pet, query, time, window};

pub async fn ids_count_up_and_are_never_used_twice(shop: Shop) {
    assert_eq!(shop.add("dog", "249.99").await.get(), 1);
    let second = shop.add("cat", "124.99").await;
    shop.store.remove(second).await.unwrap();
    assert_eq!(shop.add("frog", "4.99").await.get(), 3);

    let pet = shop.store.pet(PetId::new(1).unwrap()).await.unwrap();
    assert_eq!((pet.kind.as_str(), pet.price.cents(), pet.sale), ("dog", 24_999, None));
}

pub async fn a_counter_behind_the_pets_overwrites_none(shop: Shop) {
    let id = shop.add("dog", "249.99").await;
    let sold = shop.buy(id, "fred", 0).await;
    let number = |text: &str| AttributeValue::N(text.to_owned());
    let put = shop.client.put_item().table_name(&shop.table).item("id", number("0")).item("lastId", number("0"));
    put.send().await.unwrap();
    let added = shop.store.add(&pet("cat", "1")).await;
    assert!(matches!(added, Err(StoreError::Counter)), "{added:?}");
    assert_eq!(shop.store.pet(id).await.unwrap(), sold);
}

pub async fn an_absent_pet_is_not_found(shop: Shop) {
    shop.add("dog", "1").await;
    let absent = PetId::new(7).unwrap();
    assert!(matches!(shop.store.pet(absent).await, Err(StoreError::PetNotFound(id)) if id == absent));
    assert!(matches!(shop.store.remove(absent).await, Err(StoreError::PetNotFound(_))));
    let bought = shop.store.purchase(absent, &buyer("fred"), time(0)).await;
    assert!(matches!(bought, Err(StoreError::PetNotFound(_))));
    assert_eq!(shop.walk(&query(None, None, Sort::Id, 10)).await, [1]);
}

pub async fn a_repeated_purchase_gets_the_same_answer(shop: Shop) {
    let id = shop.add("dog", "249.99").await;
    let first = shop.buy(id, "fred", 0).await;
    let sale = first.sale.clone().unwrap();
    assert_eq!((sale.buyer, sale.at.as_str()), (buyer("fred"), "2024-10-04T00:00:00.000Z"));
    assert_eq!(shop.buy(id, "fred", 3600).await, first);
    assert_eq!(shop.store.pet(id).await.unwrap(), first);
}

pub async fn somebody_elses_pet_is_not_available(shop: Shop) {
    let id = shop.add("dog", "249.99").await;
    let first = shop.buy(id, "fred", 0).await;
    let second = shop.store.purchase(id, &buyer("wilma"), time(1)).await;
    assert!(matches!(second, Err(StoreError::PetNotAvailable(_))));
    assert_eq!(shop.store.pet(id).await.unwrap(), first);
}

pub async fn a_removed_pet_is_gone(shop: Shop) {
    let id = shop.add("dog", "1").await;
    shop.store.remove(id).await.unwrap();
    assert!(matches!(shop.store.pet(id).await, Err(StoreError::PetNotFound(_))));
    assert!(matches!(shop.store.remove(id).await, Err(StoreError::PetNotFound(_))));
    assert!(matches!(shop.store.purchase(id, &buyer("fred"), time(0)).await, Err(StoreError::PetNotFound(_))));
    assert!(shop.walk(&query(None, None, Sort::Id, 10)).await.is_empty());
    assert!(matches!(shop.store.pet(id).await, Err(StoreError::PetNotFound(_))), "a late purchase made nothing");
}

pub async fn a_removed_sold_pet_leaves_its_sale(shop: Shop) {
    let id = shop.add("dog", "1").await;
    let sold = shop.buy(id, "fred", 0).await;
    shop.store.remove(id).await.unwrap();
    for sort in Sort::ALL {
        assert!(shop.walk(&query(None, None, sort, 10)).await.is_empty());
        assert!(shop.walk(&query(None, Some("dog"), sort, 10)).await.is_empty());
    }
    assert!(matches!(shop.store.pet(id).await, Err(StoreError::PetNotFound(_))));
    assert!(matches!(shop.store.remove(id).await, Err(StoreError::PetNotFound(_))));
    assert!(matches!(shop.store.purchase(id, &buyer("wilma"), time(1)).await, Err(StoreError::PetNotFound(_))));
    assert_eq!(shop.buy(id, "fred", 1).await, sold);
    assert_eq!(ids(&shop.store.sales(&window(10, None)).await.unwrap()).0, [id.get()]);
    assert_eq!(ids(&shop.store.purchases("amazon|fred", &window(10, None)).await.unwrap()).0, [id.get()]);
}

pub async fn a_table_of_another_shape_is_refused(shop: Shop) {
    shop.store.create_table_if_missing().await.unwrap();
    let other = format!("{}-other", shop.table);
    let attribute = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::N);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
    shop.client
        .create_table()
        .table_name(&other)
        .attribute_definitions(attribute.build().unwrap())
        .key_schema(key.build().unwrap())
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
    let refused = Store::new(shop.client, &other).create_table_if_missing().await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::OtherShape { difference, .. } if difference.contains("status")),
        "{refused}"
    );
}
