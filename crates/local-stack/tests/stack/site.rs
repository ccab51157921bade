//! A release build, served as the deployed site serves it.

use std::fs;

use local_stack::Options;

use crate::{client::Call, world::World};

#[tokio::test]
async fn a_build_is_served_with_the_live_configuration() {
    let world = World::start_with(|folder, options| {
        let dist = folder.join("dist");
        fs::create_dir(&dist).unwrap();
        fs::write(dist.join("index.html"), "<p>page</p>").unwrap();
        fs::write(dist.join("config.json"), "{}").unwrap();
        Options { dist: Some(dist), ..options }
    })
    .await
    .unwrap();
    let page = world.send(&Call::new("GET", "/pets/1/purchase")).await;
    assert_eq!((page.status, page.body.as_str()), (200, "<p>page</p>"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(world.issuer.url.trim_end_matches('/')), "{policy}");
    let config = world.send(&Call::new("GET", "/config.json")).await.json();
    assert_eq!(config["issuer"], world.issuer.url);
    assert_eq!(world.send(&Call::new("GET", "/../data/session.key")).await.status, 404);
}
