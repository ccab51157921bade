//! Signatures that nobody should be able to use: for another place, of another time, with another session's token. What
//! is refused changes nothing.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use local_stack::Options;
use time::{Duration, OffsetDateTime};

use crate::{
    client::Call,
    disguise::{INCOMPLETE, INVALID, NO_ROUTE, Shop, UNKNOWN, timestamp},
    signer::{Credentials, Signing},
    world::{ADMIN, ADMIN_ROLE, World},
};

#[tokio::test]
async fn a_good_signature_for_another_place_or_day_is_refused() {
    let shop = Shop::new().await;
    let canonical = ("/test/pets/7", "");
    let remove = || Call::new("DELETE", "/test/pets/7");
    let day = timestamp(shop.world.now());
    let (tomorrow, yesterday) = [1, -1].map(|days| timestamp(shop.world.now() + Duration::days(days))).into();
    for scope in [
        [&day[..8], "eu-west-1", "execute-api", "aws4_request"],
        [&day[..8], "US-EAST-1", "execute-api", "aws4_request"],
        [&day[..8], "us-east-1", "s3", "aws4_request"],
        [&day[..8], "us-east-1", "sts", "aws4_request"],
        [&day[..8], "us-east-1", "execute-api", "aws4_request2"],
        [&day[..8], "us-east-1", "execute-api", ""],
        [&tomorrow[..8], "us-east-1", "execute-api", "aws4_request"],
        [&yesterday[..8], "us-east-1", "execute-api", "aws4_request"],
        ["", "us-east-1", "execute-api", "aws4_request"],
    ] {
        let call = shop.by_hand(remove(), canonical, |by_hand| by_hand.scope = scope.map(str::to_owned));
        assert_eq!(shop.world.send(&call).await.refusal(), INVALID, "{scope:?}");
        // The same words over a signature that is right otherwise.
        let words = shop.by_hand(remove(), canonical, |_| {});
        let words = words.with("authorization", |value| {
            let (_, rest) = value.split_once("aws4_request").unwrap();
            format!("AWS4-HMAC-SHA256 Credential={}/{}{rest}", shop.admin.id, scope.join("/"))
        });
        assert_eq!(shop.world.send(&words).await.refusal(), INVALID, "{scope:?} in words");
    }
    for payload in ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "", "e3b0"] {
        let call = shop.by_hand(remove(), canonical, |by_hand| by_hand.payload = Some(payload));
        assert_eq!(shop.world.send(&call).await.refusal(), INVALID, "{payload}");
        let said = remove().header("x-amz-content-sha256", payload);
        let call = shop.by_hand(said, canonical, |by_hand| {
            by_hand.payload = Some(payload);
            by_hand.signed = &["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
        });
        assert_eq!(shop.world.send(&call).await.refusal(), INVALID, "{payload}, said");
    }
    for (signed, expected) in [
        (&["x-amz-date", "x-amz-security-token"][..], INCOMPLETE),
        (&["host", "x-amz-date"], INVALID),
        (&["host", "x-amz-security-token"], INVALID),
        (&["host"], INVALID),
        (&[], INCOMPLETE),
        (&["x-amz-date", "host", "x-amz-security-token"], INCOMPLETE),
        (&["host", "host", "x-amz-date", "x-amz-security-token"], INCOMPLETE),
        (&["Host", "x-amz-date", "x-amz-security-token"], INCOMPLETE),
        (&["host", "x-absent", "x-amz-date", "x-amz-security-token"], INVALID),
        (&["host", "x-amz-absent", "x-amz-date", "x-amz-security-token"], INVALID),
    ] {
        let call = shop.by_hand(remove(), canonical, |by_hand| by_hand.signed = signed);
        assert_eq!(shop.world.send(&call).await.refusal(), expected, "{signed:?}");
    }
    shop.nothing_changed().await;
    let call = shop.by_hand(remove(), canonical, |_| {});
    assert_eq!(shop.world.send(&call).await.status, 204, "and by hand it can be done right");
}

#[tokio::test]
async fn a_request_can_be_repeated_for_five_minutes_either_way_and_no_longer() {
    let second = Arc::new(AtomicI64::new(OffsetDateTime::now_utc().unix_timestamp()));
    let clock = Arc::clone(&second);
    let clock = move || OffsetDateTime::from_unix_timestamp(clock.load(Ordering::SeqCst)).unwrap();
    let world = World::start_with(|_, options| Options { clock: Arc::new(clock), ..options }).await.unwrap();
    let admin = world.admin().await;
    let sales = || Call::new("GET", "/test/pets/sales");
    let at = |seconds: i64, presigned| {
        let signing = Signing { presigned, ..Signing::new(&admin, world.now() + Duration::seconds(seconds)) };
        signing.sign(sales(), &world.address().to_string())
    };
    for (seconds, good) in [(-300, true), (300, true), (-301, false), (301, false), (-86_400, false), (86_400, false)] {
        let answer = world.send(&at(seconds, None)).await;
        assert_eq!(answer.status == 200, good, "{seconds}: {answer:?}");
        assert!(good || answer.refusal() == INVALID);
    }
    for (seconds, lasts, good) in
        [(300, 1, true), (301, 1, false), (-1, 1, true), (-2, 1, false), (-600, 600, true), (-601, 600, false)]
    {
        let answer = world.send(&at(seconds, Some(lasts))).await;
        assert_eq!(answer.status == 200, good, "{seconds} for {lasts}: {answer:?}");
    }
    // One request, kept and sent again.
    let kept = world.signed(sales(), &admin);
    for (wait, good) in [(0, true), (300, true), (1, false), (3_000, false)] {
        second.fetch_add(wait, Ordering::SeqCst);
        assert_eq!(world.send(&kept).await.status == 200, good, "{wait} s later");
    }
}

#[tokio::test]
async fn a_presigned_address_is_read_to_the_letter() {
    let shop = Shop::new().await;
    let world = &shop.world;
    let signing = Signing { presigned: Some(600), ..Signing::new(&shop.admin, world.now()) };
    let good = signing.sign(Call::new("DELETE", "/test/pets/7"), &world.address().to_string());
    let token = shop.admin.token.as_deref().unwrap();
    let with = |from: &str, to: &str| {
        assert!(good.target.contains(from), "{from} in {}", good.target);
        Call { target: good.target.replace(from, to), ..good.clone() }
    };
    for (call, expected) in [
        (with("X-Amz-Expires=600", "X-Amz-Expires=0600"), INCOMPLETE),
        (with("X-Amz-Expires=600", "X-Amz-Expires=%2B600"), INCOMPLETE),
        (with("X-Amz-Expires=600", "X-Amz-Expires=600.0"), INCOMPLETE),
        (with("X-Amz-Expires=600", "X-Amz-Expires=0"), INCOMPLETE),
        (with("X-Amz-Expires=600", "X-Amz-Expires=-600"), INCOMPLETE),
        (with("X-Amz-Expires=600", "X-Amz-Expires=604800"), INVALID),
        (with("X-Amz-Expires", "x-amz-expires"), INCOMPLETE),
        (with("X-Amz-Algorithm", "X-Amz-algorithm"), NO_ROUTE),
        (with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), INCOMPLETE),
        (with("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), INCOMPLETE),
        (with("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders="), INCOMPLETE),
        (with("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=host%3Bx-other"), INVALID),
        (with("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=HOST"), INCOMPLETE),
        (with("X-Amz-Security-Token=", "X-Amz-Security-Tokens="), UNKNOWN),
        (with("X-Amz-Security-Token=", "X-Amz-Meta="), UNKNOWN),
        (with("X-Amz-Signature=", "X-Amz-Signature=0"), INCOMPLETE),
        (with("/test/pets/7", "/test/pets/8"), INVALID),
        (with("aws4_request", "aws4_requests"), INVALID),
        // In the header form, neither a time nor a token of the query counts.
        (good.clone().header("x-amz-security-token", token), INVALID),
        (good.clone().header("x-amz-date", &timestamp(world.now())), INVALID),
        (good.clone().header("authorization", "AWS4-HMAC-SHA256 x"), INCOMPLETE),
    ] {
        let answer = world.send(&call).await;
        assert_eq!(answer.refusal(), expected, "{call:?}: {answer:?}");
    }
    let mut headers = world.signed(Call::new("DELETE", "/test/pets/7"), &shop.admin);
    headers.target = format!("/test/pets/7?{}", encoded("X-Amz-Security-Token", token));
    assert_eq!(world.send(&headers.clone().without("x-amz-security-token")).await.refusal(), UNKNOWN);
    headers.target = format!("/test/pets/7?{}", encoded("X-Amz-Date", &timestamp(world.now())));
    assert_eq!(world.send(&headers.without("x-amz-date")).await.refusal(), INCOMPLETE);
    shop.nothing_changed().await;
    assert_eq!(world.send(&good).await.status, 204);
}

fn encoded(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

#[tokio::test]
async fn no_other_session_token_is_taken() {
    let shop = Shop::new().await;
    let world = &shop.world;
    let refused = async |credentials: Credentials, what: &str| {
        let answer = world.send_signed(Call::new("DELETE", "/test/pets/7"), &credentials).await;
        assert_eq!(answer.refusal(), UNKNOWN, "{what}");
        let message = answer.json()["message"].to_string();
        assert!(!message.contains(credentials.token.as_deref().unwrap_or("no token")), "{what}: {message}");
    };
    let token = shop.admin.token.clone().unwrap();
    // Whoever has the session signs with what its secret is; only the token is another.
    let with = |token: String| Credentials { token: Some(token), ..shop.admin.clone() };
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        refused(with(String::from_utf8(changed).unwrap()), &format!("letter {at}")).await;
    }
    for (other, what) in [
        (token[..token.len() - 4].to_owned(), "a shorter one"),
        (format!("{token}AAAA"), "a longer one"),
        (format!("{token}="), "padded"),
        (token.replace('+', "-").replace('/', "_") + "-", "in the alphabet of addresses"),
        (format!("{token}{token}"), "twice"),
        ("A".repeat(20_000), "too long"),
    ] {
        refused(with(other), what).await;
    }
    // Another stack's, which is good there.
    let elsewhere = World::start().await;
    let stranger = elsewhere.credentials(ADMIN_ROLE, ADMIN).await;
    assert_eq!(elsewhere.send_signed(Call::new("GET", "/test/pets/sales"), &stranger).await.status, 200);
    refused(stranger.clone(), "another folder's").await;
    refused(Credentials { id: shop.admin.id.clone(), ..stranger }, "another folder's under this key id").await;
    // A buyer's session doesn't become an admin's by the name of it.
    let buyer = world.buyer().await;
    refused(Credentials { id: shop.admin.id.clone(), ..buyer.clone() }, "a buyer's under an admin's key id").await;
    refused(Credentials { token: Some(token), ..buyer }, "an admin's under a buyer's key id").await;
    shop.nothing_changed().await;
}
