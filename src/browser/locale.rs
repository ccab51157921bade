//! Numbers and times as the reader writes them.

use std::cell::RefCell;

use domain::Price;
use js_sys::{Array, Date, Function, Intl, JsString, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    /// The formatter of the last currency: making one is a hundred times dearer than using it.
    static PRICE: RefCell<Option<(String, Function)>> = const { RefCell::new(None) };
}

/// Makes the formatter of a currency, if it isn't there.
pub fn prepare_prices(currency: &str) {
    PRICE.with_borrow_mut(|held| {
        if held.as_ref().is_none_or(|(of, _)| of != currency) {
            let options = options(&[("style", "currency"), ("currency", currency)]);
            *held = Some((currency.to_owned(), Intl::NumberFormat::new(&Array::new(), &options).format()));
        }
    });
}

/// A price with its currency: `$249.99`, `249,99 $`.
pub fn price(price: Price, currency: &str) -> String {
    prepare_prices(currency);
    PRICE.with_borrow(|held| {
        // An amount this small is exact to the cent as a float; only the reader sees it.
        let amount = JsValue::from_f64(f64::from(price.cents()) / 100.0);
        let text = held.as_ref().and_then(|(_, format)| format.call1(&JsValue::UNDEFINED, &amount).ok()?.as_string());
        text.unwrap_or_else(|| format!("{price} {currency}"))
    })
}

/// In small letters. The browser has Unicode's tables for that; the page would carry 7 kB of them (Brotli).
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { JsString::from(text).to_lower_case().into() }
}

/// A moment, given as RFC 3339 has it, to the minute. What is no moment stays as it is.
pub fn instant(rfc3339: &str) -> String {
    let date = Date::new(&JsValue::from_str(rfc3339));
    if date.get_time().is_nan() {
        return rfc3339.to_owned();
    }
    let options = options(&[("dateStyle", "medium"), ("timeStyle", "short")]);
    let format = Intl::DateTimeFormat::new(&Array::new(), &options).format();
    let text = format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string());
    text.unwrap_or_else(|| rfc3339.to_owned())
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let set = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
        set.expect("a plain new object takes every property");
    }
    options
}
