//! Lists of pets: order, filter, pages.

use domain::{Sort, Status};

use super::{Shop, query};

pub async fn every_list_has_its_order_and_full_pages(shop: Shop) {
    // Kind, price in cents, whether sold; the id is the place in this list.
    let mut pets = Vec::new();
    for n in 1..=23_u64 {
        let kind = ["dog", "cat", "guinea pig"][n as usize % 3];
        // Few prices, so that many are equal; and of different lengths, so that text order must be number order.
        let cents = [999, 100_000_000, 24_999, 1][n as usize % 4];
        let price = format!("{}.{:02}", cents / 100, cents % 100);
        let id = shop.add(kind, &price).await;
        assert_eq!(id.get(), n);
        let sold = n % 5 == 0;
        if sold {
            shop.buy(id, "fred", n as i64).await;
        }
        pets.push((n, kind, cents, sold));
    }

    for status in [None, Some(Status::Available), Some(Status::Sold)] {
        for kind in [None, Some("dog"), Some("Guinea Pig"), Some("ferret")] {
            for sort in Sort::ALL {
                let expected = expected(&pets, status, kind, sort);
                for limit in [1, 2, 5, 18, 19, 23, 100] {
                    let query = query(status, kind, sort, limit);
                    assert_eq!(shop.walk(&query).await, expected, "{query:?}");
                }
            }
        }
    }
}

fn expected(pets: &[(u64, &str, u64, bool)], status: Option<Status>, kind: Option<&str>, sort: Sort) -> Vec<u64> {
    let part = |sold: bool| {
        let kind = kind.map(str::to_lowercase);
        let mut part: Vec<_> = pets
            .iter()
            .filter(|pet| pet.3 == sold && kind.as_ref().is_none_or(|kind| pet.1 == kind))
            .map(|&(id, _, cents, _)| match sort {
                Sort::Id | Sort::IdDescending => (0, id),
                Sort::Price | Sort::PriceDescending => (cents, id),
            })
            .collect();
        part.sort_unstable();
        if matches!(sort, Sort::IdDescending | Sort::PriceDescending) {
            part.reverse();
        }
        part.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    };
    match status {
        Some(status) => part(status == Status::Sold),
        None => [part(false), part(true)].concat(),
    }
}

pub async fn a_kind_is_compared_whole_and_without_case(shop: Shop) {
    for kind in ["dog", "DOG", "dogs", "do", "dog#1", "Ö", "sold#dog"] {
        shop.add(kind, "1").await;
    }
    let check = async |kind: &str, expected: &[u64]| {
        for sort in Sort::ALL {
            let mut found = shop.walk(&query(None, Some(kind), sort, 3)).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{kind}");
        }
    };
    check("Dog", &[1, 2]).await;
    check("dogs", &[3]).await;
    check("d", &[]).await;
    check("dog#1", &[5]).await;
    check("ö", &[6]).await;
    check("sold#dog", &[7]).await;
}

pub async fn a_pet_moves_from_list_to_list(shop: Shop) {
    let id = shop.add("dog", "249.99").await;
    let lists = async |status, sort| {
        (
            shop.walk(&query(Some(status), None, sort, 10)).await.len(),
            shop.walk(&query(Some(status), Some("dog"), sort, 10)).await.len(),
        )
    };
    for sort in Sort::ALL {
        assert_eq!((lists(Status::Available, sort).await, lists(Status::Sold, sort).await), ((1, 1), (0, 0)));
    }
    shop.buy(id, "fred", 0).await;
    for sort in Sort::ALL {
        assert_eq!((lists(Status::Available, sort).await, lists(Status::Sold, sort).await), ((0, 0), (1, 1)));
    }
    shop.store.remove(id).await.unwrap();
    for sort in Sort::ALL {
        assert_eq!((lists(Status::Available, sort).await, lists(Status::Sold, sort).await), ((0, 0), (0, 0)));
    }
}
