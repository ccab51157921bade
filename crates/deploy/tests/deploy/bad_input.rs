//! What bad input gets: a message that names the problem and the remedy, and no change.

use crate::world::{ARTIFACTS, FIRST, Ran, World};

fn first(more: &[&'static str]) -> Vec<&'static str> {
    FIRST.into_iter().chain(["--yes"]).chain(more.iter().copied()).collect()
}

#[track_caller]
fn unchanged(ran: &Ran) {
    assert_eq!(ran.changes, Vec::<String>::new(), "{}", ran.output);
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn credentials_and_region_are_looked_at_first() {
    let world = World::new();
    let mut none = world.command("deploy", &first(&[]));
    none.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    unchanged(&world.start(none, None).refused(&["no AWS credentials", "aws sso login"]));
    // Never the environment's or the machine's credentials in place of those of a profile that is named.
    let profile = world.command("deploy", &first(&["--profile", "nobody"]));
    unchanged(&world.start(profile, None).refused(&["no AWS credentials", "profile nobody"]));
    let mut profile = world.command("deploy", &first(&[]));
    profile.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").env("AWS_PROFILE", "nobody");
    unchanged(&world.start(profile, None).refused(&["no AWS credentials", "profile nobody"]));
    world.write("aws.ini", "[here]\naws_access_key_id = test\naws_secret_access_key = test\nregion = us-east-1\n");
    let mut profile = world.command("check", &["--profile", "here"].into_iter().chain(FIRST).collect::<Vec<_>>());
    profile.env("AWS_SHARED_CREDENTIALS_FILE", world.path("aws.ini")).env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    assert!(world.start(profile, None).ok().output.ends_with("architecture=x86_64\n"));
    let mut region = world.command("deploy", &first(&[]));
    region.env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION");
    unchanged(&world.start(region, None).refused(&["region isn't known", "--region eu-central-1"]));
    // The emulator believes its owner any secret, but knows no other key than the owner's.
    let mut unknown = world.command("deploy", &first(&[]));
    unknown.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "a-wrong-secret");
    let ran = world.start(unknown, None).refused(&["doesn't accept the credentials", "aws sso login"]);
    assert!(!ran.output.contains("a-wrong-secret") && !ran.output.contains("AKIA"), "{}", ran.output);
    unchanged(&ran);
    let mut away = world.command("deploy", &first(&[]));
    away.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    unchanged(&world.start(away, None).refused(&["Failed to ask AWS", "AWS_ENDPOINT_URL"]));
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn parameters_configuration_and_builds_are_looked_at_before_anything_is_changed() {
    let world = World::new();
    unchanged(
        &world.run("deploy", &["--yes"]).refused(&["--parameter Auth0Domain=VALUE", "--parameter Auth0ClientId=VALUE"]),
    );
    for (arguments, words) in [
        (&["--parameter", "Auth0domain=x"][..], &["no such parameter", "Auth0Domain"][..]),
        (&["--parameter", "Hosting=s3"], &["Hosting: s3", "cloudfront, website"]),
        (&["--parameter", "SocialConnections=amazon,auth0"], &["SocialConnections: amazon,auth0"]),
        (&["--config", "api=x"], &["--config api", "apiUrl"]),
        (&["--dist", "nowhere"], &["nowhere has no index.html"]),
        (&["--functions", "nowhere"], &["list.zip", "build-lambda --architecture x86_64"]),
        (&["--template", "nowhere"], &["Failed to read nowhere"]),
    ] {
        unchanged(&world.run("deploy", &first(arguments)).refused(words));
    }
    for domain in ["http://tenant.eu.auth0.com", "tenant", "https://"] {
        let domain = format!("Auth0Domain={domain}");
        let arguments = ["--yes", "--parameter", "Auth0ClientId=abc", "--parameter", &domain];
        unchanged(&world.run("deploy", &arguments).refused(&["Auth0Domain", "such as tenant.eu.auth0.com"]));
    }
    world.write("dist/index.html", "<p>\n<p onclick='x()'>");
    unchanged(&world.run("deploy", &first(&[])).refused(&["index.html, line 2", "inline onclick"]));
    assert_eq!(world.buckets(), Vec::<String>::new());
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_template_that_cloudformation_would_not_take_is_not_sent() {
    let world = World::new();
    let template = std::fs::read_to_string(world.path("template.yaml")).unwrap();
    world.write("template.yaml", &template.replace("AWS::S3::BucketPolicy", "AWS::S3::BucketPolice"));
    unchanged(&world.run("deploy", &first(&[])).refused(&["CloudFormation doesn't take it", "BucketPolice"]));
    world.write("template.yaml", &template.replace("Resources:\n", "Resources:\n  Api: {}\n"));
    unchanged(&world.run("deploy", &first(&[])).refused(&["The template, line", "the key Api is there twice"]));
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_bucket_of_somebody_else_is_never_written_to() {
    let world = World::new();
    world.front.notes.lock().unwrap().foreign = Some(ARTIFACTS.to_owned());
    unchanged(&world.run("deploy", &first(&[])).refused(&["belongs to somebody else", "--artifact-bucket"]));
    world.run("deploy", &first(&["--artifact-bucket", "another-one"])).ok();
    // The page's bucket, too: a stack's output isn't proof of whose it is.
    world.front.notes.lock().unwrap().foreign = Some(world.output("SiteBucket"));
    unchanged(
        &world.run("deploy", &first(&["--artifact-bucket", "another-one"])).refused(&["belongs to somebody else"]),
    );
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_change_that_would_replace_the_table_is_refused() {
    let world = World::new();
    world.run("deploy", &first(&[])).ok();
    let template = std::fs::read_to_string(world.path("template.yaml")).unwrap();
    let other = template.replace(
        "    UpdateReplacePolicy: Retain\n    Properties:\n",
        "    UpdateReplacePolicy: Retain\n    Properties:\n      TableName: other\n",
    );
    assert_ne!(template, other);
    world.write("template.yaml", &other);
    let ran = world.run("deploy", &["--yes"]).refused(&["replace the table PetsTable", "Nothing was changed"]);
    assert_eq!(ran.lasting(), Vec::<&str>::new());
    world.write(
        "template.yaml",
        &template.replace("  PetsTable:\n", "  CatsTable:\n").replace("PetsTable", "CatsTable"),
    );
    let ran = world.run("deploy", &["--yes"]).refused(&["remove the table PetsTable", "copy the pets"]);
    assert_eq!(ran.lasting(), Vec::<&str>::new());
    assert_eq!(world.stack().unwrap().0, "CREATE_COMPLETE");
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_stack_that_is_being_changed_is_waited_for_and_one_that_is_stuck_is_left_alone() {
    let world = World::new();
    world.run("deploy", &first(&[])).ok();
    for (state, remedy) in [
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name pets"),
        ("UPDATE_FAILED", "rollback-stack --stack-name pets"),
        ("DELETE_FAILED", "cargo xtask destroy --stack pets"),
        ("ROLLBACK_FAILED", "cargo xtask destroy --stack pets"),
    ] {
        world.front.notes.lock().unwrap().states = vec![state];
        unchanged(&world.run("deploy", &["--yes"]).refused(&[state, remedy]));
    }
    world.front.notes.lock().unwrap().states = vec!["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_IN_PROGRESS"];
    let ran = world.run("deploy", &["--yes"]).ok();
    assert!(ran.output.contains("state UPDATE_IN_PROGRESS; waiting"), "{}", ran.output);
    assert!(world.front.notes.lock().unwrap().states.is_empty());
    let bucket = world.output("SiteBucket");
    world.run("destroy", &["--yes"]).ok();
    assert!(!world.buckets().contains(&bucket));
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_bucket_that_was_deleted_by_hand_is_named() {
    let world = World::new();
    world.run("deploy", &first(&[])).ok();
    let bucket = world.output("SiteBucket");
    for key in world.site().into_keys() {
        world.wait(world.s3.delete_object().bucket(&bucket).key(key).send()).unwrap();
    }
    world.wait(world.s3.delete_bucket().bucket(&bucket).send()).unwrap();
    unchanged(&world.run("deploy", &["--yes"]).refused(&[&bucket, "is gone", "cargo xtask destroy --stack pets"]));
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_stack_that_failed_names_the_first_resource_and_then_the_way_out() {
    let world = World::new();
    let template = std::fs::read_to_string(world.path("template.yaml")).unwrap();
    let taken =
        format!("Resources:\n  Taken: {{ Type: 'AWS::S3::Bucket', Properties: {{ BucketName: {ARTIFACTS} }} }}\n");
    world.write("template.yaml", &template.replace("Resources:\n", &taken));
    let ran = world
        .run("deploy", &first(&[]))
        .refused(&["The first to fail was Taken (AWS::S3::Bucket)", "cargo xtask destroy"]);
    assert!(ran.changes.contains(&"ExecuteChangeSet".to_owned()), "{:?}", ran.changes);
    assert_eq!(world.site().len(), 0);
    world.write("template.yaml", &template);
    let state = world.stack().unwrap().0;
    unchanged(&world.run("deploy", &first(&[])).refused(&[&state, "cargo xtask destroy --stack pets"]));
    world.run("destroy", &["--yes"]).ok();
    world.run("deploy", &first(&[])).ok();
}
