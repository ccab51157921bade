//! Starting, stopping, and why a stack doesn't start.

use std::fs;

use local_stack::{Options, serve};
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    client::Call,
    issuer::TestIssuer,
    world::{ADMIN, ADMIN_ROLE, World, credentials},
};

#[tokio::test]
async fn it_says_when_it_serves_and_what_the_page_needs() {
    let world = World::start().await;
    assert_eq!(world.send(&Call::new("GET", "/healthz")).await.status, 200);
    let port = world.address().port();
    let config = world.send(&Call::new("GET", "/config.json")).await.json();
    assert_eq!(config["issuer"], world.issuer.url);
    assert_eq!(config["apiUrl"], format!("http://localhost:{port}/test"));
    assert_eq!(config["stsUrl"], format!("http://localhost:{port}/sts/"));
    assert_eq!(config["socialConnections"], json!(["amazon", "google-oauth2", "facebook", "apple", "github"]));
    assert_eq!(world.send(&Call::new("GET", "/")).await.status, 404);
}

#[tokio::test]
async fn the_built_in_issuer_is_there_unless_another_is() {
    let world = World::start_with(|_, options| Options { issuer: None, ..options }).await.unwrap();
    let discovery = world.send(&Call::new("GET", "/idp/.well-known/openid-configuration")).await.json();
    assert_eq!(discovery["issuer"], format!("http://localhost:{}/idp/", world.address().port()));
    assert_eq!(world.handle.samples().len(), 4);
    let other = World::start().await;
    assert_eq!(other.send(&Call::new("GET", "/idp/.well-known/openid-configuration")).await.status, 404);
    assert!(other.handle.samples().is_empty());
}

#[tokio::test]
async fn a_port_or_a_folder_in_use_is_said_in_words() {
    let world = World::start().await;
    let port = Options { listen: world.address(), data: world.folder.path().join("other"), ..world.options.clone() };
    let error = serve(port).await.err().unwrap().to_string();
    assert!(error.contains("--listen"), "{error}");
    let error = serve(world.options.clone()).await.err().unwrap().to_string();
    assert!(error.contains("in use"), "{error}");
    let file = world.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = serve(Options { data: file, ..world.options.clone() }).await.err().unwrap().to_string();
    assert!(error.contains("can't be written"), "{error}");
    let error = serve(Options { template: "missing.yaml".into(), ..world.options.clone() }).await.err().unwrap();
    assert!(error.to_string().contains("--template"), "{error}");
}

#[tokio::test]
async fn pets_are_there_again_after_a_restart_and_samples_do_not_come_back() {
    let world = World::start().await;
    let admin = world.admin().await;
    for id in [1, 2] {
        assert_eq!(world.send_signed(Call::new("DELETE", &format!("/test/pets/{id}")), &admin).await.status, 204);
    }
    let world = world.restart().await;
    let first = world.send(&Call::new("GET", "/test/pets?limit=1")).await.json();
    assert_eq!(first[0]["id"], 3);
}

#[tokio::test]
async fn an_issuer_without_a_trailing_slash_is_trusted_to_the_letter() {
    let issuer = TestIssuer::start().await;
    let bare = issuer.url.trim_end_matches('/').to_owned();
    let world = World::start_with(|_, options| Options { issuer: Some(bare.clone()), ..options }).await.unwrap();
    let config = world.send(&Call::new("GET", "/config.json")).await.json();
    assert_eq!(config["issuer"], bare);
}

#[tokio::test]
async fn an_action_that_is_not_there_or_does_not_parse_is_named_before_any_data_is_touched() {
    for (text, expected) in
        [(None, "can't be read"), (Some("const = 1;"), "action.js:1:"), (Some(""), "onExecutePostLogin")]
    {
        let mut data = None;
        let start = World::start_with(|folder, options| {
            let action = folder.join("action.js");
            if let Some(text) = text {
                std::fs::write(&action, text).unwrap();
            }
            data = Some(options.data.clone());
            Options { issuer: None, action: Some(action), ..options }
        });
        let error = start.await.err().unwrap().to_string();
        assert!(error.contains(expected) && error.contains("--action"), "{error}");
        assert!(!data.unwrap().exists());
    }
    // Another issuer runs an Action of its own.
    World::start_with(|_, options| Options { action: Some("missing.js".into()), ..options }).await.unwrap();
}

#[tokio::test]
async fn lives_can_be_cut_short_to_try_out_what_happens_then() {
    let short = time::Duration::seconds(5);
    let world = World::start_with(|_, options| Options { credentials_life: Some(short), ..options }).await.unwrap();
    let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &world.token(ADMIN))]).await;
    let ends = OffsetDateTime::parse(answer.xml("Expiration"), &Rfc3339).unwrap();
    assert!(ends - world.now() <= short, "{answer:?}");
    let admin = credentials(&answer);
    let sales = || Call::new("GET", "/test/pets/sales");
    assert_eq!(world.send_signed(sales(), &admin).await.status, 200);
    world.pass(5);
    assert_eq!(world.send_signed(sales(), &admin).await.refusal(), "ExpiredTokenException");
}
