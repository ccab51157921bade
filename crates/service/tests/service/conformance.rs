//! What a store must do on any server that speaks DynamoDB's API. Each check takes a [`Shop`] of its own; the macro
//! makes a test of each for one kind of server, so another server is one more line.

pub mod concurrency;
pub mod cost;
pub mod cursors;
pub mod lists;
pub mod lost;
pub mod meter;
pub mod one;
pub mod sales;
pub mod seeding;
pub mod single;

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::Client;
use domain::{BuyerName, Limit, ListQuery, NewPet, PetId, Sort, Status};
use service::{Buyer, Page, PetRecord, Store, WindowQuery};
use time::{Duration, OffsetDateTime};

/// A store with an empty table of its own.
pub struct Shop {
    pub client: Client,
    pub table: String,
    pub store: Store,
}

impl Shop {
    /// `client` should be made of [`Store::client_config`], as the cloud's is.
    pub async fn open(client: Client) -> Self {
        static TABLES: AtomicU32 = AtomicU32::new(0);
        let table = format!("pets-{}-{}", std::process::id(), TABLES.fetch_add(1, Ordering::Relaxed));
        let store = Store::new(client.clone(), &table);
        store.create_table_if_missing().await.unwrap();
        Self { client, table, store }
    }

    pub async fn add(&self, kind: &str, price: &str) -> PetId {
        self.store.add(&pet(kind, price)).await.unwrap().id
    }

    pub async fn buy(&self, id: PetId, who: &str, seconds: i64) -> PetRecord {
        self.store.purchase(id, &buyer(who), time(seconds)).await.unwrap()
    }

    /// The ids of one page, and the next cursor.
    pub async fn ids(&self, query: &ListQuery) -> (Vec<u64>, Option<String>) {
        ids(&self.store.list(query).await.unwrap())
    }

    /// Every page of a list, one after the other; each but the last must be full.
    pub async fn walk(&self, query: &ListQuery) -> Vec<u64> {
        let mut query = query.clone();
        let mut all = Vec::new();
        for _ in 0..1000 {
            let (page, next) = self.ids(&query).await;
            all.extend(&page);
            match next {
                None => return all,
                Some(_) => assert_eq!(page.len(), usize::from(query.limit.get()), "a page before the last is full"),
            }
            query.cursor = next;
        }
        panic!("the list does not end");
    }
}

pub fn ids(page: &Page) -> (Vec<u64>, Option<String>) {
    (page.records.iter().map(|record| record.id.get()).collect(), page.next.clone())
}

pub fn pet(kind: &str, price: &str) -> NewPet {
    NewPet { kind: kind.parse().unwrap(), price: price.parse().unwrap() }
}

pub fn buyer(who: &str) -> Buyer {
    Buyer { key: format!("amazon|{who}"), name: BuyerName::from_claim(who).unwrap() }
}

pub fn time(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::seconds(seconds)
}

pub fn query(status: Option<Status>, kind: Option<&str>, sort: Sort, limit: u16) -> ListQuery {
    let kind = kind.map(|kind| kind.parse().unwrap());
    ListQuery { kind, status, sort, limit: Limit::new(limit).unwrap(), ..ListQuery::default() }
}

pub fn window(limit: u16, cursor: Option<String>) -> WindowQuery {
    WindowQuery { limit: Limit::new(limit).unwrap(), cursor }
}

/// A test of each check, with these attributes, on the server that `$server` gives: its client, and what keeps it
/// running meanwhile.
#[macro_export]
macro_rules! conformance {
    (@test [$($attribute:meta)?] $server:expr; $module:ident::$check:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $check() {
            let (client, _server) = $server;
            let shop = $crate::conformance::Shop::open(client).await;
            $crate::conformance::$module::$check(shop).await;
        }
    };
    ($attribute:tt $server:expr) => {
        $crate::conformance! { $attribute $server;
            single::ids_count_up_and_are_never_used_twice,
            single::a_counter_behind_the_pets_overwrites_none,
            single::an_absent_pet_is_not_found,
            single::a_repeated_purchase_gets_the_same_answer,
            single::somebody_elses_pet_is_not_available,
            single::a_removed_pet_is_gone,
            single::a_removed_sold_pet_leaves_its_sale,
            single::a_table_of_another_shape_is_refused,
            concurrency::sixty_four_buyers_want_one_pet,
            concurrency::a_purchase_against_a_removal,
            concurrency::two_admins_add,
            concurrency::two_admins_remove,
            concurrency::two_admins_remove_a_sold_pet,
            lists::every_list_has_its_order_and_full_pages,
            lists::a_kind_is_compared_whole_and_without_case,
            lists::a_pet_moves_from_list_to_list,
            lost::a_purchase_whose_answer_is_lost_is_ones_own,
            lost::a_pet_whose_answer_is_lost_is_added_once,
            lost::a_removal_whose_answer_is_lost_is_done,
            one::a_list_of_one_id_is_that_pet_or_nothing,
            one::a_list_of_one_id_must_match_what_else_is_asked_for,
            one::a_list_of_one_id_takes_no_cursor,
            one::a_list_of_one_id_is_one_consistent_read,
            cursors::a_cursor_of_another_list_is_refused,
            cursors::a_cursor_that_was_changed_is_refused,
            sales::sales_are_listed_by_time,
            sales::a_buyer_sees_only_the_own_purchases,
            seeding::a_shop_is_seeded_once,
            seeding::a_shop_that_had_a_pet_is_not_seeded,
            cost::each_use_case_costs_its_writes,
            cost::a_page_of_a_large_shop_reads_what_a_page_of_a_small_one_reads,
        }
    };
    ($attribute:tt $server:expr; $($module:ident::$check:ident,)*) => {
        $($crate::conformance! { @test $attribute $server; $module::$check })*
    };
}
