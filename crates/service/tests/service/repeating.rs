//! What is repeated, what isn't, and until when. The clock is the runtime's and stands still: it moves to the next
//! timer when everything waits, so nothing here takes as long as it says.

use std::{collections::BTreeSet, time::Duration};

use domain::{PetId, Sort, Status};
use http::{Method, Request, StatusCode};
use service::{BuyerIdentity, RequestContext, Router, RouterSettings, Store, StoreError};
use tokio::time::Instant;

use crate::{
    conformance::{Shop, buyer, pet, query, time},
    embedded,
    faults::{self, Fault, canceled, refusal},
};

async fn shop() -> Shop {
    Shop::open(embedded::client()).await
}

/// What a network and a busy table do to any request.
fn passing() -> Vec<Fault> {
    let codes = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];
    let mut faults: Vec<_> = codes.map(refusal).into();
    faults.extend([500, 502, 503, 504].map(|status| Fault::Answer(status, "{}".to_owned())));
    let internal = r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#;
    faults.push(Fault::Answer(500, internal.to_owned()));
    faults.extend([Fault::Unreachable, Fault::Silence, Fault::LostAnswer, Fault::LateAnswer]);
    faults
}

#[derive(Clone, Copy, Debug)]
enum UseCase {
    List,
    Purchase,
    Add,
    Remove,
}

impl UseCase {
    async fn run(self, store: &Store, id: PetId) -> Result<(), StoreError> {
        let available = query(Some(Status::Available), None, Sort::Id, 10);
        let done = async {
            match self {
                Self::List => store.list(&available).await.map(|_| ()),
                Self::Purchase => store.purchase(id, &buyer("fred"), time(0)).await.map(|_| ()),
                Self::Add => store.add(&pet("dog", "1")).await.map(|_| ()),
                Self::Remove => store.remove(id).await,
            }
        };
        tokio::time::timeout(Duration::from_secs(600), done).await.expect("ten attempts have an end")
    }

    /// How many requests it takes when nothing happens.
    fn requests(self) -> usize {
        if matches!(self, Self::Add) { 2 } else { 1 }
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_repeated() {
    let shop = shop().await;
    for use_case in [UseCase::List, UseCase::Purchase, UseCase::Add, UseCase::Remove] {
        for fault in passing() {
            let id = shop.add("dog", "1").await;
            let (store, faults) = faults::store(&shop, vec![fault.clone(); 3], Fault::None);
            let done = use_case.run(&store, id).await;
            assert!(done.is_ok(), "{use_case:?} after {fault:?}: {done:?}");
            assert_eq!(faults.calls(), 3 + use_case.requests(), "{use_case:?} after {fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_met_another_one_is_repeated() {
    let shop = shop().await;
    let check = async |use_case: UseCase, before: usize, fault: Fault| {
        let id = shop.add("dog", "1").await;
        let script = [vec![Fault::None; before], vec![fault.clone(); 3]].concat();
        let (store, faults) = faults::store(&shop, script, Fault::None);
        let done = use_case.run(&store, id).await;
        assert!(done.is_ok(), "{use_case:?} after {fault:?}: {done:?}");
        assert_eq!(faults.calls(), 3 + use_case.requests(), "{use_case:?} after {fault:?}");
    };
    for code in ["TransactionConflictException", "ReplicatedWriteConflictException"] {
        check(UseCase::Purchase, 0, refusal(code)).await;
        check(UseCase::Add, 0, refusal(code)).await;
    }
    for reason in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
        check(UseCase::Add, 1, canceled(&[reason])).await;
        check(UseCase::Remove, 0, canceled(&[reason])).await;
        check(UseCase::Remove, 0, canceled(&["None", reason])).await;
    }
    check(UseCase::Remove, 0, refusal("TransactionInProgressException")).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_final_is_not_repeated() {
    let shop = shop().await;
    let id = shop.add("dog", "1").await;
    let check = async |use_case: UseCase, fault: Fault| {
        let (store, faults) = faults::store(&shop, [], fault.clone());
        let refused = use_case.run(&store, id).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{use_case:?} after {fault:?}: {refused}");
        assert_eq!(faults.calls(), 1, "{use_case:?} after {fault:?}");
    };
    for use_case in [UseCase::List, UseCase::Purchase, UseCase::Add, UseCase::Remove] {
        for code in ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"] {
            check(use_case, refusal(code)).await;
        }
    }
    check(UseCase::Remove, canceled(&["ValidationError"])).await;
    check(UseCase::Remove, canceled(&["ItemCollectionSizeLimitExceeded", "TransactionConflict"])).await;
    check(UseCase::Remove, refusal("TransactionCanceledException")).await;
    assert_eq!(shop.walk(&query(None, None, Sort::Id, 10)).await, [id.get()]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_table_is_given_up_after_ten_attempts() {
    let shop = shop().await;
    let id = shop.add("dog", "1").await;
    for fault in passing().into_iter().chain([refusal("TransactionConflictException")]) {
        let (store, faults) = faults::store(&shop, [], fault.clone());
        let given_up = UseCase::Purchase.run(&store, id).await.unwrap_err();
        assert!(matches!(given_up, StoreError::Unavailable(_)), "{fault:?}: {given_up}");
        assert_eq!(faults.calls(), 10, "{fault:?}");
    }
    let (store, faults) = faults::store(&shop, [], canceled(&["TransactionConflict"]));
    let given_up = store.remove(id).await.unwrap_err();
    assert!(matches!(given_up, StoreError::Unavailable(_)), "{given_up}");
    assert_eq!(faults.calls(), 10);
}

#[tokio::test(start_paused = true)]
async fn waits_are_random_parts_of_spans_that_double_to_a_second() {
    let shop = shop().await;
    let mut first_waits = BTreeSet::new();
    for _ in 0..20 {
        let (store, faults) = faults::store(&shop, [], refusal("ThrottlingException"));
        UseCase::List.run(&store, PetId::new(1).unwrap()).await.unwrap_err();
        let times = faults.times();
        let waits: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        for (n, wait) in waits.iter().enumerate() {
            let span = Duration::from_millis(25 << n).min(Duration::from_secs(1));
            // The runtime's timers have a resolution of a millisecond.
            assert!(*wait <= span + Duration::from_millis(1), "{waits:?}");
        }
        first_waits.insert(waits[0]);
    }
    assert!(first_waits.len() > 1, "without jitter all who were refused come again at the same moment");
}

#[tokio::test(start_paused = true)]
async fn a_silent_table_costs_an_attempt_a_second_and_a_half() {
    let shop = shop().await;
    let (store, faults) = faults::store(&shop, [Fault::Silence], Fault::None);
    let started = Instant::now();
    UseCase::List.run(&store, PetId::new(1).unwrap()).await.unwrap();
    assert_eq!(faults.times()[0], started);
    let second = faults.times()[1] - started;
    let attempt = Duration::from_millis(1500);
    assert!(second >= attempt && second <= attempt + Duration::from_millis(26), "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_on_beyond_the_callers_deadline() {
    let shop = shop().await;
    let id = shop.add("dog", "1").await;
    let limit = Duration::from_millis(2500);
    for fault in [Fault::Silence, Fault::LateAnswer, Fault::Unreachable, refusal("ThrottlingException")] {
        let (store, faults) = faults::store(&shop, [], fault.clone());
        let settings = RouterSettings {
            allowed_origin: "*".parse().unwrap(),
            buyer_identity: BuyerIdentity::Claimed,
            social_connections: Vec::new(),
        };
        let context = RequestContext { request_id: "1".into(), base_url: "https://x.example".into(), now: time(0) };
        let request = Request::builder().method(Method::POST).uri("/pets/purchase");
        let request = request.body(format!(r#"{{"petId":{id},"userName":"fred"}}"#)).unwrap();

        let started = Instant::now();
        let answer = Router::new(store, settings).respond_within(limit, request, &context).await;
        assert!(started.elapsed() <= limit + Duration::from_millis(1), "{fault:?}: {:?}", started.elapsed());
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
        let body = String::from_utf8(answer.into_body()).unwrap();
        assert!(body.contains(r#""code":"unavailable""#), "{body}");
        let calls = faults.calls();
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(faults.calls(), calls, "{fault:?}: somebody goes on alone");
    }
    // Whoever was told "unavailable" may find that the write was done, and gets the receipt by asking again.
    let receipt = shop.store.purchase(id, &service::Buyer { key: "fred".into(), ..buyer("fred") }, time(1)).await;
    assert_eq!(receipt.unwrap().sale.unwrap().at, "2024-10-04T00:00:00.000Z");
}
