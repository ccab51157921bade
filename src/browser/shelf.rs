//! The way to `public/shelf.js`, a worker that all tabs of this origin share: the session is there for each new tab as
//! long as one is open, and every change comes to all. The way is a port of this page's own; nobody can listen in.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, MessagePort};

use super::page;
use crate::session::Secret;

#[wasm_bindgen]
extern "C" {
    /// Where the worker's script is, as Trusted Types want it: `public/shell.js` vouches for this one address.
    #[wasm_bindgen(js_name = shelfUrl, catch)]
    fn shelf_url() -> Result<JsValue, JsValue>;

    // web-sys's constructor takes a text, and Trusted Types take none.
    #[wasm_bindgen(extends = web_sys::SharedWorker)]
    type SharedWorker;
    #[wasm_bindgen(constructor, catch)]
    fn new(url: &JsValue, name: &str) -> Result<SharedWorker, JsValue>;
}

/// An open way. A clone is the same one.
#[derive(Clone)]
pub struct Shelf(Rc<Inner>);

struct Inner {
    port: MessagePort,
    /// The worker's count when it told something last.
    seen: Cell<Option<f64>>,
    questions: Cell<u32>,
    asking: RefCell<HashMap<u32, Function>>,
    /// What is there changes: the listener of this page.
    changed: RefCell<Option<Listener>>,
}

type Listener = Rc<dyn Fn(Option<Secret>)>;

impl Shelf {
    /// Opens the way. `None` in a browser without shared workers: there each tab has a session of its own.
    pub fn open() -> Option<Self> {
        let worker = SharedWorker::new(&shelf_url().ok()?, "shelf").ok()?;
        let shelf = Self(Rc::new(Inner {
            port: worker.port(),
            seen: Cell::default(),
            questions: Cell::default(),
            asking: RefCell::default(),
            changed: RefCell::default(),
        }));
        let hearing = shelf.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(told) = event.data().dyn_into::<Array>() {
                hearing.hear(&told);
            }
        });
        shelf.0.port.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let failing = shelf.clone();
        let failed = Closure::<dyn Fn()>::new(move || failing.fail());
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let leaving = shelf.clone();
        page::on_leave(move || leaving.post(["gone".into(), JsValue::NULL, JsValue::NULL]));
        // They listen as long as the page lives.
        heard.forget();
        failed.forget();
        Some(shelf)
    }

    /// Calls `changed` with what is there, whenever a tab has put something.
    pub fn on_change(&self, changed: impl Fn(Option<Secret>) + 'static) {
        *self.0.changed.borrow_mut() = Some(Rc::new(changed));
    }

    /// What is there now.
    pub async fn get(&self) -> Option<Secret> {
        let question = self.0.questions.get();
        self.0.questions.set(question.wrapping_add(1));
        let answer = Promise::new(&mut |resolve, _| {
            self.0.asking.borrow_mut().insert(question, resolve);
            self.post(["get".into(), question.into(), JsValue::NULL]);
        });
        JsFuture::from(answer).await.ok()?.as_string().map(Secret::from)
    }

    /// Puts something there. With `unless_changed` only over what this page has seen.
    pub fn put(&self, text: Option<&str>, unless_changed: bool) {
        let seen = self.0.seen.get().filter(|_| unless_changed);
        // What is put there counts one; if it comes too late, the worker tells what is there instead.
        self.0.seen.set(seen.map(|seen| seen + 1.0));
        self.post(["put".into(), text.into(), seen.into()]);
    }

    fn hear(&self, told: &Array) {
        let (count, text, question) = (told.get(0), told.get(1), told.get(2));
        self.0.seen.set(count.as_f64());
        match question.as_f64() {
            Some(question) => {
                let asking = self.0.asking.borrow_mut().remove(&(question as u32));
                asking.map(|resolve| resolve.call1(&JsValue::UNDEFINED, &text));
            }
            None => {
                let changed = self.0.changed.borrow().clone();
                changed.inspect(|changed| changed(text.as_string().map(Secret::from)));
            }
        }
    }

    /// The worker could not start: there is nothing on it, for whoever asks and whoever will.
    fn fail(&self) {
        for (_, resolve) in self.0.asking.take() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }

    fn post(&self, message: [JsValue; 3]) {
        // Texts and numbers can always be sent.
        let _ = self.0.port.post_message(&Array::from_iter(message));
    }
}
