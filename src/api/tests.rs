use domain::{ErrorCode, ListQuery, NewPet, PetId};
use futures::{executor::block_on, join};
use serde_json::{Value, json};

use super::CallError;
use crate::session::{
    Answer, NetworkError, Refusal, Request, SessionError,
    fake::{Fake, json_answer, refusal, sts_refusal},
};

fn dog() -> NewPet {
    NewPet { kind: "dog".parse().unwrap(), price: "249.99".parse().unwrap() }
}

fn id() -> PetId {
    PetId::new(1).unwrap()
}

#[test]
fn a_list_is_unsigned_and_its_next_page_is_a_cursor() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let query = ListQuery { kind: Some("guinea pig".parse().unwrap()), ..ListQuery::default() };
        let mut answer = json_answer(200, &json!([{ "id": 7, "type": "cat", "price": 1, "isSold": false }]));
        answer.headers.set("link", "<https://api.example/test/pets?cursor=abc>; rel=\"next\"");
        fake.order("/pets", Ok(answer));
        let page = shop.list(&query).await.unwrap();
        assert_eq!((page.pets[0].id.get(), page.next.as_deref()), (7, Some("abc")));
        let sent = &fake.requests.borrow()[0];
        assert_eq!(sent.url, "https://api.example/test/pets?type=guinea%20pig");
        assert_eq!(sent.headers.iter().count(), 0);
    });
}

#[test]
fn every_other_call_is_signed_and_says_what_it_should() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        shop.add(&dog()).await.unwrap();
        shop.remove(id()).await.unwrap();
        shop.purchase(id()).await.unwrap();
        shop.sales(None).await.unwrap();
        shop.purchases(Some("a/b")).await.unwrap();
        let sent = fake.sent("api.example");
        let lines: Vec<String> = sent.iter().map(|request| format!("{} {}", request.method, request.url)).collect();
        let url = "https://api.example/test/pets";
        assert_eq!(
            lines,
            [
                format!("POST {url}"),
                format!("DELETE {url}/1"),
                format!("POST {url}/purchase"),
                format!("GET {url}/sales"),
                format!("GET {url}/purchases?cursor=a%2Fb"),
            ]
        );
        for request in &sent {
            let header = |name: &str| request.headers.get(name);
            assert!(header("authorization").unwrap().starts_with("AWS4-HMAC-SHA256 Credential=ASIA1/"));
            assert_eq!((header("x-amz-security-token"), header("host")), (Some("token/+="), None));
        }
        assert_eq!(sent[0].body, br#"{"type":"dog","price":249.99}"#);
        let purchase: Value = serde_json::from_slice(&sent[2].body).unwrap();
        let token = purchase["authToken"].as_str().unwrap();
        assert_eq!((&purchase["petId"], token.split('.').count()), (&json!(1), 3));
        assert_eq!(sent[4].headers.get("x-identity-token"), Some(token));
        assert_eq!(sent[3].headers.get("x-identity-token"), None);
        assert_eq!(fake.sent("sts.example").len(), 1);
    });
}

#[test]
fn who_has_no_role_is_refused_by_the_server() {
    block_on(async {
        let fake = Fake::new();
        let visitor = super::Shop::new(fake.session());
        let enterprise = fake.shop("adfs|ida").await;
        for shop in [visitor, enterprise] {
            fake.requests.borrow_mut().clear();
            let results = [
                shop.add(&dog()).await.err(),
                shop.remove(id()).await.err(),
                shop.purchase(id()).await.err(),
                shop.sales(None).await.err(),
                shop.purchases(None).await.err(),
            ];
            for error in results {
                let Some(CallError::Refused(refusal)) = error else { panic!("{error:?}") };
                assert_eq!(refusal.error_type, "MissingAuthenticationTokenException");
            }
            let sent = fake.sent("api.example");
            assert_eq!(sent.len(), 5);
            let words = |request: &Request| String::from_utf8_lossy(&request.body).contains("authToken");
            let header = |request: &Request| request.headers.get("x-identity-token").is_some();
            assert!(!sent.iter().any(|request| words(request) || header(request)));
        }
    });
}

#[test]
fn expired_credentials_are_renewed_and_the_call_is_repeated_once() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.first_good_key.set(2);
        let dog = dog();
        let (one, other) = join!(shop.purchase(id()), shop.add(&dog));
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(fake.keys_given.get(), 2, "both calls share one renewal");
        assert_eq!(fake.sent("api.example").len(), 4);

        fake.requests.borrow_mut().clear();
        fake.first_good_key.set(u64::MAX);
        let Err(CallError::Refused(refusal)) = shop.purchase(id()).await else { panic!("no refusal") };
        assert_eq!(refusal.error_type, "ExpiredTokenException");
        assert_eq!((fake.sent("api.example").len(), fake.sent("sts.example").len()), (2, 1));
    });
}

#[test]
fn a_wrong_clock_is_repaired_without_the_person_noticing() {
    block_on(async {
        for minutes in [-26 * 60, -10, 10, 26 * 60] {
            for hides_date in [false, true] {
                let fake = Fake::new();
                let shop = fake.shop("amazon|1").await;
                shop.session().prepare().await;
                // The clock jumps after the servers were last heard.
                fake.device_off_ms.set(minutes * 60_000);
                if hides_date {
                    let mut answer = refusal("InvalidSignatureException", "Signature expired: x");
                    answer.headers.set("x-no-date", "1");
                    fake.order("/purchase", Ok(answer));
                }
                shop.purchase(id()).await.unwrap();
                assert!(fake.sent("/purchase").len() <= 2, "{minutes}");
                assert!((shop.session().now_ms() - fake.now_ms.get()).abs() <= 1000, "{minutes}");
            }
        }
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        for _ in 0..3 {
            fake.order("/purchase", Ok(refusal("InvalidSignatureException", "Signature not yet current: x")));
        }
        assert!(matches!(shop.purchase(id()).await, Err(CallError::Refused(_))));
        assert_eq!(fake.sent("/purchase").len(), 2);
    });
}

#[test]
fn other_refusals_are_not_repeated() {
    block_on(async {
        for error_type in ["AccessDeniedException", "InvalidSignatureException", "UnrecognizedClientException"] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            fake.order("/pets", Ok(refusal(error_type, "no")));
            assert!(matches!(shop.add(&dog()).await, Err(CallError::Refused(_))));
            assert_eq!(fake.sent("/pets").len(), 1);
        }
    });
}

#[test]
fn a_lost_answer_is_asked_for_again_only_where_that_is_safe() {
    block_on(async {
        for lost in [NetworkError::TimedOut, NetworkError::Unreachable] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            fake.order("/purchase", Err(lost));
            shop.purchase(id()).await.unwrap();
            assert_eq!(fake.sent("/purchase").len(), 2);
            fake.order("/test/pets", Err(lost));
            shop.list(&ListQuery::default()).await.unwrap();
            for _ in 0..4 {
                fake.order("/sales", Err(lost));
            }
            assert_eq!(shop.sales(None).await.err(), Some(CallError::Network(lost)));
            assert_eq!(fake.sent("/sales").len(), 4);

            fake.requests.borrow_mut().clear();
            fake.order("/test/pets", Err(lost));
            assert_eq!(shop.add(&dog()).await.err(), Some(CallError::Uncertain(lost)));
            fake.order("/test/pets", Err(lost));
            assert_eq!(shop.remove(id()).await.err(), Some(CallError::Uncertain(lost)));
            assert_eq!(fake.sent("/test/pets").len(), 2);
        }
    });
}

#[test]
fn what_passes_by_itself_is_waited_for_where_that_is_safe() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        for status in [429, 500, 502, 503, 504] {
            fake.order("/purchase", Ok(json_answer(status, &json!({}))));
            assert!(shop.purchase(id()).await.is_ok());
            fake.order("/test/pets", Ok(json_answer(status, &json!({}))));
            assert_eq!(shop.add(&dog()).await.err(), Some(CallError::Unexpected { status }));
        }
        fake.order("/purchase", Ok(json_answer(501, &json!({}))));
        assert_eq!(shop.purchase(id()).await.err(), Some(CallError::Unexpected { status: 501 }));

        let began_ms = fake.now_ms.get();
        for _ in 0..100 {
            fake.order("/purchase", Err(NetworkError::Offline));
        }
        assert_eq!(shop.purchase(id()).await.err(), Some(CallError::Network(NetworkError::Offline)));
        assert!((5_000..30_000).contains(&(fake.now_ms.get() - began_ms)));
    });
}

#[test]
fn an_id_token_that_the_shop_refuses_is_replaced_once() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let refused =
            || Ok(json_answer(401, &json!({ "code": "invalid_identity_token", "message": "No.", "requestId": "r" })));
        fake.order("/purchase", refused());
        assert!(shop.purchase(id()).await.is_ok());
        let sent = fake.sent("/purchase");
        assert!(sent.len() == 2 && sent[0].body != sent[1].body);
        fake.order("/purchase", refused());
        fake.order("/purchase", refused());
        assert!(matches!(shop.purchase(id()).await, Err(CallError::Shop(_))));
        assert_eq!(fake.sent("/purchase").len(), 4);
    });
}

#[test]
fn a_call_that_never_left_is_not_uncertain() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("auth0|1").await;
        fake.order("sts.example", Err(NetworkError::Offline));
        assert_eq!(shop.add(&dog()).await.err(), Some(CallError::Network(NetworkError::Offline)));
        assert!(fake.sent("api.example").is_empty());
    });
}

#[test]
fn an_answer_after_sign_out_is_nobodys() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        shop.session().prepare().await;
        let (answer, _) = join!(shop.purchases(None), async { shop.session().forget() });
        assert_eq!(answer.err(), Some(CallError::SignedOut));
        assert_eq!(fake.sent("/purchases").len(), 1);

        let shop = fake.shop("amazon|1").await;
        fake.requests.borrow_mut().clear();
        let dog = dog();
        let (answer, _) = join!(shop.add(&dog), async { shop.session().forget() });
        assert_eq!(answer.err(), Some(CallError::SignedOut));
        assert!(fake.sent("api.example").is_empty(), "what had not left does not leave unsigned");
    });
}

#[test]
fn every_refusal_on_the_way_has_its_own_kind() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.order("sts.example", Ok(sts_refusal("AccessDenied")));
        let Err(CallError::Refused(refused)) = shop.purchase(id()).await else { panic!("no refusal") };
        assert_eq!(refused.error_type, "AccessDenied");

        let body = json!({ "code": "pet_not_available", "message": "That pet is not available.", "requestId": "r" });
        fake.order("/purchase", Ok(json_answer(409, &body)));
        let error = shop.purchase(id()).await.unwrap_err();
        assert!(matches!(&error, CallError::Shop(body) if body.code == ErrorCode::PetNotAvailable));
        assert_eq!(error.to_string(), "That pet is not available.");

        *fake.refresh_token.borrow_mut() = None;
        fake.pass(700);
        assert_eq!(shop.purchase(id()).await.err(), Some(CallError::SignInNeeded));
        assert_eq!(shop.session().person(), None);
    });
}

#[test]
fn a_hostile_answer_is_an_error_and_no_panic() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let deep = "[".repeat(100_000);
        for body in ["", "null", "{}", "[{}]", "[1]", "\u{0}", &deep] {
            fake.order("/test/pets", Ok(Answer::new(200, body.as_bytes().to_vec())));
            let result = shop.list(&ListQuery::default()).await;
            assert_eq!(result, Err(CallError::Unexpected { status: 200 }), "{body:.20}");
        }
        fake.order("/test/pets", Ok(Answer::new(200, vec![b' '; 1024 * 1024 + 1])));
        assert_eq!(shop.list(&ListQuery::default()).await, Err(CallError::Network(NetworkError::TooLong)));
    });
}

#[test]
fn a_list_needs_no_session() {
    block_on(async {
        let fake = Fake::new();
        fake.order("/test/pets", Err(NetworkError::Unreachable));
        let page = super::list(&fake, fake.session().config(), &ListQuery::default()).await.unwrap();
        assert_eq!(page.pets[0].id.get(), 1);
        assert_eq!(fake.sent("/test/pets").len(), 2);
    });
}

#[test]
fn what_goes_to_another_thread_comes_back_the_same() {
    let errors = [
        CallError::Network(NetworkError::Offline),
        CallError::Session(SessionError::Claim("who (sub)".into())),
        CallError::Refused(Box::new(Refusal { error_type: "AccessDenied".to_owned(), ..Refusal::default() })),
        CallError::Unexpected { status: 200 },
    ];
    for error in errors {
        let text = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<CallError>(&text).unwrap(), error, "{text}");
    }
}
