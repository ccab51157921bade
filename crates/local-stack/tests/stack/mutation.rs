//! A signed request is one request: whatever single byte of it changes, it is refused.

use crate::{
    client::{Call, send},
    world::World,
};

#[tokio::test]
async fn no_byte_of_a_signed_request_can_be_changed() {
    let world = World::start().await;
    let admin = world.admin().await;
    let call = Call::new("POST", "/test/pets?a=%7Cb%20c&a=1").header("content-type", "application/json");
    let call = world.signed(call.body(r#"{"type":"frog","price":4.99}"#), &admin);
    let bytes = call.bytes();
    assert_eq!(send(world.address(), &bytes).await.unwrap().status, 201);

    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    // What HTTP itself is made of isn't signed: the version, the lengths, the ends of lines.
    let first_line = bytes.iter().position(|&byte| byte == b'\r').unwrap();
    let framing = bytes.windows(14).position(|window| window == b"content-length").unwrap();
    let signed = (0..first_line - " HTTP/1.1".len()).chain(first_line + 2..framing).chain(head + 4..bytes.len());
    let mut changed = 0;
    for index in signed {
        if matches!(bytes[index], b'\r' | b'\n') {
            continue;
        }
        let mut mutant = bytes.clone();
        mutant[index] ^= 1;
        let answer = send(world.address(), &mutant).await;
        let status = answer.as_ref().map(|answer| answer.status);
        let context =
            String::from_utf8_lossy(&mutant[index.saturating_sub(20)..(index + 20).min(mutant.len())]).into_owned();
        assert!(status.is_some_and(|status| (400..500).contains(&status)), "{context:?}: {answer:?}");
        changed += 1;
    }
    assert!(changed > 700, "{changed} bytes were changed");
}
