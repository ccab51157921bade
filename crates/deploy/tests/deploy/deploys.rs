//! What a deploy leaves, and what it changes.

use std::io::Read as _;

use crate::world::{ARTIFACTS, FIRST, Seen, World, missing};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    FIRST.into_iter().chain(more.iter().copied()).collect()
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_dry_run_shows_everything_and_leaves_nothing() {
    let world = World::new();
    let ran = world.run("deploy", &with(&["--dry-run"])).ok();
    for shown in [
        "Auth0Domain https://tenant.eu.auth0.com/ is taken as tenant.eu.auth0.com.",
        "Add      PetsTable  AWS::DynamoDB::Table",
        "new        functions/list-",
        "new        pets-0000000000000001_bg.wasm  5 B\n             Content-Type: application/wasm; Cache-Control: public",
        "Content-Type: text/html; charset=utf-8; Cache-Control: no-cache",
        "config.json is written from the new stack's outputs",
    ] {
        assert!(ran.output.contains(shown), "no {shown:?} in {}", ran.output);
    }
    assert!(world.stack().is_none_or(|(state, _)| state == "DELETE_COMPLETE"));
    assert_eq!(world.buckets(), Vec::<String>::new());
    // Nobody can be asked here, so nothing happens without --yes.
    world.run("deploy", &FIRST).refused(&["no terminal", "--yes"]);
    assert_eq!(world.buckets(), Vec::<String>::new());
    world.run("deploy", &with(&["--yes"])).ok();
    let (before, artifacts) = (world.site(), world.objects(ARTIFACTS));
    world.build(2);
    let ran = world.run("deploy", &["--dry-run", "--parameter", "Currency=EUR"]).ok();
    for shown in ["changed    index.html", "new        pets-0000000000000002.js", "unchanged  pictures/dog.svg"] {
        assert!(ran.output.contains(shown), "no {shown:?} in {}", ran.output);
    }
    assert_eq!(ran.lasting(), Vec::<&str>::new());
    assert_eq!((world.site(), world.objects(ARTIFACTS)), (before, artifacts));
    assert_eq!(world.output("PriceCurrency"), "USD");
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn every_object_has_its_headers_and_a_second_deploy_changes_nothing() {
    let world = World::new();
    let ran = world.run("deploy", &with(&["--yes"])).ok();
    assert!(ran.output.contains("/callback"), "{}", ran.output);
    assert_eq!(world.stack().unwrap().0, "CREATE_COMPLETE");
    let site = world.site();
    assert_eq!(missing(&site), Vec::<String>::new());
    let headers = |seen: &Seen| (seen.content_type.clone(), seen.cache_control.clone(), seen.content_encoding.clone());
    let js = "text/javascript; charset=utf-8";
    let expected = [
        ("base-00000000000000aa.css", "text/css; charset=utf-8", IMMUTABLE),
        ("config.json", "application/json", "no-cache"),
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("pets-0000000000000001.js", js, IMMUTABLE),
        ("pets-0000000000000001_bg.wasm", "application/wasm", IMMUTABLE),
        ("pictures/dog.svg", "image/svg+xml", "no-cache"),
        ("shell.js", js, "no-cache"),
    ];
    let expected: Vec<_> = expected
        .map(|(key, kind, cache)| (key.to_owned(), (kind.to_owned(), cache.to_owned(), String::new())))
        .into_iter()
        .collect();
    assert_eq!(site.iter().map(|(key, seen)| (key.clone(), headers(seen))).collect::<Vec<_>>(), expected);
    let config = String::from_utf8(site["config.json"].body.clone()).unwrap();
    assert!(
        config.contains(&world.output("ApiUrl")) && config.contains("\"issuer\": \"https://tenant.eu.auth0.com/\"")
    );
    let page = String::from_utf8(site["index.html"].body.clone()).unwrap();
    assert!(page.contains("<script type=\"module\" src=\"/pets-0000000000000001.js\" integrity="), "{page}");
    let block = world.wait(world.s3.get_public_access_block().bucket(ARTIFACTS).send()).unwrap();
    assert_eq!(block.public_access_block_configuration().unwrap().block_public_policy(), Some(true));
    // What was given stays, so a second deploy needs to be told nothing.
    let again = world.run("deploy", &["--yes"]).ok();
    assert_eq!(again.lasting(), Vec::<&str>::new(), "{}", again.output);
    assert_eq!(world.site(), site);
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_changed_file_goes_up_alone_and_cloudfront_hears_of_it() {
    let world = World::new();
    world.run("deploy", &with(&["--yes"])).ok();
    world.write("dist/pictures/dog.svg", "<svg></svg>");
    world.write("dist/added-00000000000000bb.js", "1");
    let ran = world.run("deploy", &["--yes"]).ok();
    let (bucket, history) = (world.output("SiteBucket"), format!("PUT /{ARTIFACTS}/sites/"));
    let site: Vec<_> = ran.lasting().into_iter().filter(|change| !change.starts_with(&history)).collect();
    assert_eq!(
        site[..2],
        [format!("PUT /{bucket}/added-00000000000000bb.js"), format!("PUT /{bucket}/pictures/dog.svg")]
    );
    assert!(site.len() == 3 && site[2].contains("<Items><Path>/pictures/dog.svg</Path></Items>"), "{site:?}");
    // Other headers over the same body are a change, too.
    let head = world.wait(world.s3.head_object().bucket(&bucket).key("shell.js").send()).unwrap();
    let copy = world.s3.copy_object().bucket(&bucket).key("shell.js").copy_source(format!("{bucket}/shell.js"));
    let copy = copy.metadata_directive(aws_sdk_s3::types::MetadataDirective::Replace).content_type("text/plain");
    world.wait(copy.set_metadata(head.metadata).cache_control("no-cache").send()).unwrap();
    let ran = world.run("deploy", &["--yes"]).ok();
    assert!(ran.lasting().contains(&&*format!("PUT /{bucket}/shell.js")), "{:?}", ran.changes);
    assert_eq!(world.site()["shell.js"].content_type, "text/javascript; charset=utf-8");
    // And what the page's configuration is told in place of an output.
    let ran = world.run("deploy", &["--yes", "--config", "apiUrl=http://127.0.0.1:1/test"]).ok();
    assert!(ran.lasting().contains(&&*format!("PUT /{bucket}/config.json")), "{:?}", ran.changes);
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn an_old_file_goes_when_its_grace_time_is_over_and_not_before() {
    let world = World::new();
    world.run("deploy", &with(&["--yes"])).ok();
    world.build(2);
    world.run("deploy", &["--yes"]).ok();
    let old = "pets-0000000000000001.js";
    assert!(world.site().contains_key(old));
    // As if the second deploy had been eight days ago; one that changes nothing looks, too.
    let history = format!("sites/{}.json", world.output("SiteBucket"));
    let text = String::from_utf8(world.objects(ARTIFACTS)[&history].body.clone()).unwrap();
    let since: u64 = text.split("_bg.wasm\":").nth(1).unwrap().split(['}', ',']).next().unwrap().parse().unwrap();
    let days = |days: u64| text.replace(&since.to_string(), &(since - days * 24 * 60 * 60).to_string());
    let put = |text: String| {
        let put = world.s3.put_object().bucket(ARTIFACTS).key(&history).body(text.into_bytes().into());
        world.wait(put.send()).unwrap();
    };
    put(days(6));
    let ran = world.run("deploy", &["--yes"]).ok();
    assert_eq!(ran.lasting(), Vec::<&str>::new());
    put(days(8));
    let plan = world.run("deploy", &["--dry-run"]).ok();
    assert!(plan.output.contains(&format!("delete     {old}")) && world.site().contains_key(old), "{}", plan.output);
    world.run("deploy", &["--yes"]).ok();
    let site = world.site();
    assert!(!site.contains_key(old) && site.contains_key("config.json"), "{:?}", site.keys());
    assert_eq!(missing(&site), Vec::<String>::new());
    // The way back to an earlier build brings its files again.
    world.build(1);
    world.run("deploy", &["--yes"]).ok();
    assert_eq!(missing(&world.site()), Vec::<String>::new());
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_plain_website_gets_its_files_compressed() {
    let world = World::new();
    world.run("deploy", &with(&["--yes", "--parameter", "Hosting=website"])).ok();
    let site = world.site();
    let js = &site["pets-0000000000000001.js"];
    assert_eq!((js.content_encoding.as_str(), js.content_type.as_str()), ("gzip", "text/javascript; charset=utf-8"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(js.body.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, format!("start(1, fetch('/pets-0000000000000001_bg.wasm')); {}", "/* the same */ ".repeat(20)));
    // Too small to become smaller.
    assert_eq!(site["pictures/dog.svg"].content_encoding, "");
    assert_eq!(world.run("deploy", &["--yes"]).ok().lasting(), Vec::<&str>::new());
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_template_that_is_too_large_for_the_call_goes_by_a_bucket_and_a_dry_run_takes_it_back() {
    let world = World::new();
    let template = std::fs::read_to_string(world.path("template.yaml")).unwrap();
    let long = format!("Metadata:\n  Padding: {}\n", "x".repeat(40_000));
    world.write("template.yaml", &template.replacen("Metadata:\n", &long, 1));
    world.run("deploy", &with(&["--dry-run"])).ok();
    assert_eq!(world.buckets(), Vec::<String>::new());
    world.run("deploy", &with(&["--yes"])).ok();
    assert!(world.objects(ARTIFACTS).keys().any(|key| key.starts_with("templates/")));
    assert_eq!(world.run("deploy", &["--yes"]).ok().output.matches("unchanged\n").count(), 2);
}
