//! The browser's side of the app, in a browser: what the host can't run.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pets::{
    browser::{self, Browser, Hint, StartError, Tabs},
    session::{Answer, NetworkError, Platform, Request},
    shop::PageShop,
};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::BroadcastChannel;

wasm_bindgen_test_configure!(run_in_browser);

fn origin() -> String {
    web_sys::window().unwrap().location().origin().unwrap()
}

async fn get(url: &str, timeout_ms: u32) -> Result<Answer, NetworkError> {
    Browser::new().send(Request::get(url), timeout_ms).await
}

#[wasm_bindgen_test]
async fn an_answer_comes_with_its_status_headers_and_body() {
    let answer = get(&format!("{}/", origin()), 10_000).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("Content-Type").unwrap().starts_with("text/html"));
    assert!(String::from_utf8_lossy(&answer.body).contains("<script"));
    assert_eq!(get(&format!("{}/not/there", origin()), 10_000).await.unwrap().status, 404);
    // The server is on this machine, and its `Date` may be read.
    let date_ms = answer.date_ms.unwrap();
    assert!((js_sys::Date::now() as i64 - date_ms).abs() < 3_600_000, "{date_ms}");
}

#[wasm_bindgen_test]
async fn a_request_that_cannot_be_one_is_an_error_and_not_sent() {
    for value in ["a\r\nauthorization: b", "a\nb", "a\0b", "\u{20ac}"] {
        let mut request = Request::get(format!("{}/", origin()));
        request.headers.set("x-identity-token", value);
        assert_eq!(Browser::new().send(request, 10_000).await, Err(NetworkError::Unreachable), "{value:?}");
    }
    for url in ["https://", "https://user:word@localhost/", "nowhere:"] {
        assert_eq!(get(url, 10_000).await, Err(NetworkError::Unreachable), "{url:?}");
    }
}

#[wasm_bindgen_test]
async fn what_goes_wrong_on_the_way_is_told_apart() {
    let nobody_there = get("http://127.0.0.1:1/", 10_000).await;
    assert!(matches!(nobody_there, Err(NetworkError::Unreachable | NetworkError::Offline)), "{nobody_there:?}");
    // This test's own module is longer than any answer may be.
    let long = get(&format!("{}/wasm-bindgen-test_bg.wasm", origin()), 10_000).await;
    assert_eq!(long.map(|answer| answer.status), Err(NetworkError::TooLong));
    let late = get(&format!("{}/", origin()), 0).await;
    assert_eq!(late.map(|answer| answer.status), Err(NetworkError::TimedOut));
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
    let early = document.create_element("ul").unwrap();
    early.set_id("shell-pets");
    shell.append_child(&early).unwrap();
    let (app, waiting) = (RefCell::new(None), document.create_element("p").unwrap());
    waiting.set_id(browser::WAITING);
    browser::take_the_shells_place(|element| {
        element.append_child(&waiting).unwrap();
        app.replace(Some(element));
    });
    let app = app.take().unwrap();
    assert_eq!((app.id().as_str(), app.tag_name().as_str()), ("app", "DIV"));
    assert!(app.is_connected() && !shell.is_connected());
    assert_eq!(before.next_element_sibling().as_ref(), Some(app.as_ref()));
    assert_eq!(waiting.first_element_child().as_ref(), Some(&early), "the pets stay to be seen");
    app.remove();
    browser::take_the_shells_place(|element| assert!(element.is_connected(), "even without a shell"));
}

#[wasm_bindgen_test]
async fn the_app_does_not_start_without_its_configuration() {
    assert_eq!(PageShop::open(None).await.err(), Some(StartError::Missing(404)));
}

#[wasm_bindgen_test]
fn a_sign_in_is_kept_once_and_the_hint_until_it_is_taken_back() {
    let tabs = Tabs::new();
    assert!(tabs.keep_sign_in("a", true) && tabs.asked_nobody());
    assert!(tabs.keep_sign_in("b", false) && !tabs.asked_nobody());
    assert_eq!(tabs.take_sign_in().as_deref(), Some("b"));
    assert_eq!(tabs.take_sign_in(), None);
    tabs.set_was_signed_in(true);
    assert!(Tabs::new().was_signed_in());
    tabs.set_was_signed_in(false);
    assert!(!tabs.was_signed_in());
}

#[wasm_bindgen_test]
fn what_was_typed_is_kept_until_it_is_forgotten() {
    browser::keep_draft("a", "1");
    browser::keep_draft("b", "2");
    browser::keep_draft("b", "");
    assert_eq!((browser::draft("a").as_deref(), browser::draft("b")), (Some("1"), None));
    browser::forget_drafts();
    assert_eq!(browser::draft("a"), None);
}

#[wasm_bindgen_test]
async fn one_has_the_turn_at_a_time() {
    let browser = Browser::new();
    let first = browser.turn().await;
    let second = Rc::new(Cell::new(false));
    let waiting = (browser.clone(), Rc::clone(&second));
    spawn_local(async move {
        let _turn = waiting.0.turn().await;
        waiting.1.set(true);
    });
    browser.sleep(50).await;
    assert!(!second.get());
    drop(first);
    browser.sleep(50).await;
    assert!(second.get());
}

#[wasm_bindgen_test]
fn random_bytes_are_filled_and_differ() {
    let (mut one, mut other) = ([0; 32], [0; 32]);
    Browser::new().random(&mut one);
    Browser::new().random(&mut other);
    assert!(one != other && one != [0; 32]);
}

#[wasm_bindgen_test]
async fn other_tabs_are_told_without_a_secret() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&heard);
    let other_tab = Tabs::new();
    other_tab.on_hint(move |hint| log.borrow_mut().push(hint));
    let tab = Tabs::new();
    tab.tell(Hint::SignedIn);
    tab.tell(Hint::SignedOut);
    BroadcastChannel::new("pets").unwrap().post_message(&"something else".into()).unwrap();
    Browser::new().sleep(100).await;
    assert_eq!(*heard.borrow(), [Hint::SignedIn, Hint::SignedOut]);
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
