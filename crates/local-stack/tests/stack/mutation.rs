//! A signed request is one request: whatever byte of it is changed, taken out or doubled, it is refused and nothing
//! happens, or it says the same as before in another spelling (`meaning`), and what happens is what was signed.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::{
    client::{Answer, Call, send},
    meaning::Meaning,
    signer::Signing,
    world::World,
};

/// A way to spoil one byte.
type Spoil = fn(&mut Vec<u8>, usize);

const SPOILS: [(&str, Spoil); 5] = [
    ("its lowest bit", |bytes, at| bytes[at] ^= 0x01),
    ("its case", |bytes, at| bytes[at] ^= 0x20),
    ("its highest bit", |bytes, at| bytes[at] ^= 0x80),
    ("taken out", |bytes, at| _ = bytes.remove(at)),
    ("doubled", |bytes, at| bytes.insert(at, bytes[at])),
];

/// A signed request and what is known of it.
struct Original {
    bytes: Vec<u8>,
    /// Where its body begins.
    body: usize,
    meaning: Meaning,
}

impl Original {
    fn new(call: &Call) -> Self {
        let bytes = call.bytes();
        let body = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        Self { meaning: Meaning::of(&bytes).unwrap(), body, bytes }
    }

    /// Whether a byte is of the HTTP version, of the lengths or of a line's end: what a connection is made of, and what
    /// nobody signs.
    fn is_framing(&self, at: usize) -> bool {
        let version = self.bytes.windows(11).position(|window| window == b" HTTP/1.1\r\n").unwrap();
        let lengths = self.bytes.windows(14).position(|window| window == b"content-length").unwrap();
        (version..version + 11).contains(&at)
            || (lengths..self.body).contains(&at)
            || at < self.body && matches!(self.bytes[at], b'\r' | b'\n')
    }

    /// Every mutant of the bytes for which `wanted` holds, with the words for what was done.
    fn mutants(&self, wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = (String, Vec<u8>)> {
        let places = (0..self.bytes.len()).filter(move |&at| wanted(at));
        places.flat_map(|at| SPOILS.iter().map(move |spoil| (at, spoil))).map(|(at, (what, spoil))| {
            let mut mutant = self.bytes.clone();
            spoil(&mut mutant, at);
            if at >= self.body {
                mutant = self.with_its_length(&mutant);
            }
            let around = &self.bytes[at.saturating_sub(20)..(at + 20).min(self.bytes.len())];
            (format!("byte {at}, {what}, in {:?}", String::from_utf8_lossy(around)), mutant)
        })
    }

    /// The same with the length that its body now has, or the server would wait for the rest.
    fn with_its_length(&self, mutant: &[u8]) -> Vec<u8> {
        let (head, body) = mutant.split_at(self.body);
        let line = |length: usize| format!("content-length: {length}\r\n");
        let old = line(self.bytes.len() - self.body);
        let head = std::str::from_utf8(head).unwrap();
        assert!(head.contains(&old));
        [head.replace(&old, &line(body.len())).as_bytes(), body].concat()
    }

    /// Whether it was refused. If it wasn't, it says what was signed.
    fn refused(&self, what: &str, mutant: &[u8], answer: Option<&Answer>) -> bool {
        if answer.is_none_or(|answer| (400..500).contains(&answer.status)) {
            return true;
        }
        assert_eq!(Meaning::of(mutant).as_ref(), Some(&self.meaning), "{what}: {answer:?}");
        false
    }
}

fn frog() -> Call {
    let call = Call::new("POST", "/test/pets?a=%7Cb%20c&a=1").header("content-type", "application/json");
    call.header("x-anything", "a  b, c").body(r#"{"type":"frog","price":4.99}"#)
}

/// The shop with so many frogs more, each as it was signed.
async fn has_grown(world: &World, before: &[Value], frogs: RangeInclusive<usize>) {
    let now = world.everything().await;
    let more = now.len() - before.len();
    assert!(frogs.contains(&more), "{more} are more than before; {frogs:?} were answered with success");
    for pet in now.iter().filter(|pet| !before.contains(pet)) {
        assert_eq!((&pet["type"], &pet["price"], &pet["isSold"]), (&json!("frog"), &json!(4.99), &json!(false)));
    }
}

#[tokio::test]
async fn no_byte_of_a_signed_request_can_be_changed() {
    let world = World::start().await;
    let admin = world.admin().await;
    let original = Original::new(&world.signed(frog(), &admin));
    let before = world.everything().await;
    assert_eq!(send(world.address(), &original.bytes).await.unwrap().status, 201);

    let (mut refused, mut same) = (0, 0);
    for (what, mutant) in original.mutants(|at| !original.is_framing(at)) {
        let answer = send(world.address(), &mutant).await;
        if original.refused(&what, &mutant, answer.as_ref()) {
            refused += 1;
        } else {
            same += 1;
        }
    }
    assert!(refused > 3_500, "{refused} mutants were refused");
    // Letters of header names in the other case, spaces around values, digits of percent-encodings.
    assert!((50..200).contains(&same), "{same} were only spelled in another way");
    has_grown(&world, &before, 1 + same..=1 + same).await;
}

#[tokio::test]
async fn no_byte_of_a_connection_makes_another_request() {
    let world = World::start().await;
    let admin = world.admin().await;
    let original = Original::new(&world.signed(frog(), &admin));
    let before = world.everything().await;
    let mut mutants = Vec::new();
    for (what, mutant) in original.mutants(|at| original.is_framing(at)) {
        let address = world.address();
        let patience = std::time::Duration::from_secs(3);
        // Some never end, and the server waits longer for the rest than a test would.
        mutants.push(tokio::spawn(async move {
            let answer = tokio::time::timeout(patience, send(address, &mutant)).await.ok().flatten();
            (what, answer)
        }));
    }
    let (mut taken, mut silent) = (0, 0);
    for mutant in mutants {
        let (what, answer) = mutant.await.unwrap();
        match answer.map(|answer| answer.status) {
            // A line may end without its carriage return, the connection may stay open, HTTP may be 1.0.
            Some(201) => taken += 1,
            // Given up by us; on a busy machine that can be one that was taken.
            None => silent += 1,
            Some(status) => assert!((400..506).contains(&status), "{what}: {status}"),
        }
    }
    assert!(taken > 0);
    has_grown(&world, &before, taken..=taken + silent).await;
}

#[tokio::test]
async fn no_byte_of_a_signed_address_can_be_changed() {
    let world = World::start().await;
    let admin = world.admin().await;
    let host = world.address().to_string();
    let signing = Signing { presigned: Some(600), ..Signing::new(&admin, world.now()) };
    let original = Original::new(&signing.sign(Call::new("DELETE", "/test/pets/%37?b=%C3%BC"), &host));
    let before = world.everything().await;
    // A removed pet can't be removed again: whoever comes as the same request is told so, and not that it is signed
    // wrongly.
    assert_eq!(send(world.address(), &original.bytes).await.unwrap().status, 204);
    let after = world.everything().await;
    assert_eq!(before.len() - after.len(), 1);

    let mut same = 0;
    for (what, mutant) in original.mutants(|at| !original.is_framing(at)) {
        let Some(answer) = send(world.address(), &mutant).await else { continue };
        assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
        if answer.body.contains("pet_not_found") {
            assert_eq!(Meaning::of(&mutant).as_ref(), Some(&original.meaning), "{what}: {answer:?}");
            same += 1;
        }
    }
    assert!((10..200).contains(&same), "{same} were only spelled in another way");
    assert_eq!(world.everything().await, after);
}
