//! The browser's side of the app, in a browser: what the host can't run.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{cell::RefCell, rc::Rc};

use http::Request;
use js_sys::Promise;
use pets::{
    browser::{self, Browser, StartError},
    session::{NetworkError, Platform},
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{BroadcastChannel, MessageEvent};

wasm_bindgen_test_configure!(run_in_browser);

fn origin() -> String {
    web_sys::window().unwrap().location().origin().unwrap()
}

async fn get(url: &str, timeout_ms: u32) -> Result<http::Response<Vec<u8>>, NetworkError> {
    Browser::new().send(Request::get(url).body(Vec::new()).unwrap(), timeout_ms).await
}

#[wasm_bindgen_test]
async fn an_answer_comes_with_its_status_headers_and_body() {
    let answer = get(&format!("{}/", origin()), 10_000).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(String::from_utf8_lossy(answer.body()).contains("<script"));
    assert_eq!(get(&format!("{}/not/there", origin()), 10_000).await.unwrap().status(), 404);
}

#[wasm_bindgen_test]
async fn what_goes_wrong_on_the_way_is_told_apart() {
    let nobody_there = get("http://127.0.0.1:1/", 10_000).await;
    assert!(matches!(nobody_there, Err(NetworkError::Unreachable | NetworkError::Offline)), "{nobody_there:?}");
    // This test's own module is longer than any answer may be.
    let long = get(&format!("{}/wasm-bindgen-test_bg.wasm", origin()), 10_000).await;
    assert_eq!(long.map(|answer| answer.status()), Err(NetworkError::TooLong));
    let late = get(&format!("{}/", origin()), 0).await;
    assert_eq!(late.map(|answer| answer.status()), Err(NetworkError::TimedOut));
}

#[wasm_bindgen_test]
async fn a_query_is_sent_to_the_letter() {
    // A signature holds for the address as it was signed.
    let address = format!("{}/?limit=1&type=guinea%20pig&cursor=a-_~.%2B", origin());
    get(&address, 10_000).await.unwrap();
    let sent = js_sys::eval("performance.getEntriesByType('resource').map(entry => entry.name).join('\\n')").unwrap();
    let sent = sent.as_string().unwrap();
    assert!(sent.lines().any(|line| line == address), "{sent}");
}

#[wasm_bindgen_test]
fn the_app_takes_the_place_of_the_shell() {
    let document = web_sys::window().unwrap().document().unwrap();
    let (before, shell) = (document.create_element("p").unwrap(), document.create_element("div").unwrap());
    shell.set_id("shell");
    for element in [&before, &shell] {
        document.body().unwrap().append_child(element).unwrap();
    }
    let app = browser::mount_point();
    assert_eq!((app.id().as_str(), app.tag_name().as_str()), ("app", "DIV"));
    assert!(app.is_connected() && !shell.is_connected());
    assert_eq!(before.next_element_sibling().as_ref(), Some(app.as_ref()));
    app.remove();
    assert!(browser::mount_point().is_connected(), "even without a shell");
}

#[wasm_bindgen_test]
async fn the_app_does_not_start_without_its_configuration() {
    assert_eq!(browser::open_shop().await.err(), Some(StartError::Missing(404)));
}

#[wasm_bindgen_test]
fn a_sign_in_is_kept_once_and_the_hint_until_it_is_taken_back() {
    let browser = Browser::new();
    assert!(browser.keep_sign_in("a") && browser.keep_sign_in("b"));
    assert_eq!(browser.take_sign_in().as_deref(), Some("b"));
    assert_eq!(browser.take_sign_in(), None);
    browser.set_was_signed_in(true);
    assert!(Browser::new().was_signed_in());
    browser.set_was_signed_in(false);
    assert!(!browser.was_signed_in());
}

#[wasm_bindgen_test]
fn random_bytes_are_filled_and_differ() {
    let (mut one, mut other) = ([0; 32], [0; 32]);
    Browser::new().random(&mut one);
    Browser::new().random(&mut other);
    assert!(one != other && one != [0; 32]);
}

#[wasm_bindgen_test]
async fn a_sign_out_is_announced_without_a_secret() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&heard);
    let other_tab = BroadcastChannel::new("pets").unwrap();
    let arrived = Promise::new(&mut |resolve, _| {
        let log = Rc::clone(&log);
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            log.borrow_mut().push(event.data().as_string());
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        });
        other_tab.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
    });
    Browser::new().announce_sign_out();
    JsFuture::from(arrived).await.unwrap();
    assert_eq!(*heard.borrow(), [Some("signed-out".to_owned())]);
    other_tab.close();
}

#[wasm_bindgen_test]
fn prices_and_times_are_written_for_the_reader() {
    let price = |text: &str, currency: &str| browser::price(text.parse().unwrap(), currency);
    let dollars = price("1249.9", "USD");
    assert!(dollars.contains('$') && dollars.contains("249") && dollars.contains("90"), "{dollars}");
    assert!(price("0.01", "EUR").contains('€'));
    assert!(price("1000000", "USD").contains('$'), "the formatter follows the currency");
    assert_ne!(browser::instant("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z");
    assert_eq!(browser::instant("not a time"), "not a time");
}
