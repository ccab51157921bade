//! The file decides: what is changed in it changes what happens.

use crate::{
    client::Call,
    world::{ADMIN, ADMIN_ROLE, World},
};

fn add() -> Call {
    Call::new("POST", "/test/pets").body(r#"{"type":"frog","price":4.99}"#)
}

#[tokio::test]
async fn a_changed_permission_is_obeyed() {
    let world = World::start_changed("/POST/pets\n", "/POST/cats\n").await.unwrap();
    let admin = world.admin().await;
    assert_eq!(world.send_signed(add(), &admin).await.refusal(), "AccessDeniedException");
    assert_eq!(world.send_signed(Call::new("DELETE", "/test/pets/1"), &admin).await.status, 204);
}

#[tokio::test]
async fn a_deny_goes_over_every_allow() {
    let deny = "              - Sid: NoSales
                Effect: Deny
                Action: execute-api:*
                Resource: '*'
              - Sid: ManagePets
";
    let world = World::start_changed("              - Sid: ManagePets\n", deny).await.unwrap();
    let admin = world.admin().await;
    let refused = world.send_signed(add(), &admin).await;
    assert!(refused.json()["message"].as_str().unwrap().contains("explicit deny"), "{refused:?}");
}

#[tokio::test]
async fn a_changed_trust_policy_is_obeyed() {
    let world = World::start_changed(r#"": "auth0|*""#, r#"": "waad|*""#).await.unwrap();
    let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &world.token(ADMIN))]).await;
    assert_eq!((answer.status, answer.xml("Code")), (403, "AccessDenied"));
    let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &world.token("waad|1"))]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_changed_authorization_type_is_obeyed() {
    let world = World::start_changed("AuthorizationType: AWS_IAM", "AuthorizationType: NONE").await.unwrap();
    assert_eq!(world.send(&add()).await.status, 201);
}

#[tokio::test]
async fn changed_headers_of_gateway_responses_are_sent() {
    let world =
        World::start_changed("gatewayresponse.header.Vary: \"'Origin'\"", "gatewayresponse.header.Vary: \"'Nothing'\"")
            .await
            .unwrap();
    assert_eq!(world.send(&add()).await.header("vary"), Some("Nothing"));
}

#[tokio::test]
async fn a_changed_stage_is_another_address() {
    let world = World::start_changed("    Default: test\n", "    Default: live\n").await.unwrap();
    assert_eq!(world.send(&Call::new("GET", "/live/pets")).await.status, 200);
    assert_eq!(world.send(&Call::new("GET", "/test/pets")).await.status, 404);
    let admin = world.admin().await;
    let sales = world.send_signed(Call::new("GET", "/live/pets/sales"), &admin).await;
    assert_eq!(sales.status, 200);
}

#[tokio::test]
async fn another_table_than_the_code_needs_stops_the_start() {
    let started = World::start_changed("AttributeName: buyer,", "AttributeName: owner,").await;
    let error = started.err().unwrap().to_string();
    assert!(error.contains("keys or indexes"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_obeyed_stops_the_start_with_its_line() {
    let started = World::start_changed("      RoleName: auth0-api-role\n", "      PermissionsBoundary: x\n").await;
    let error = started.err().unwrap().to_string();
    let line = std::fs::read_to_string(crate::world::template())
        .unwrap()
        .lines()
        .position(|line| line == "      RoleName: auth0-api-role")
        .unwrap()
        + 1;
    assert!(error.contains(&format!("template.yaml:{line}: AdminRole.PermissionsBoundary")), "{error}");
}
