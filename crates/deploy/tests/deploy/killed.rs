//! A deploy that is killed after each of its changes, right when AWS has made the change and the deploy doesn't know yet.

use crate::world::{ARTIFACTS, FIRST, World, missing};

/// Far more changes than a deploy makes.
const MANY: usize = 60;

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_first_deploy_that_is_killed_anywhere_is_ended_by_the_next() {
    let world = World::new();
    let arguments: Vec<_> = FIRST.into_iter().chain(["--yes"]).collect();
    let whole = world.run("deploy", &arguments).ok();
    let end: Vec<_> = world.site().into_keys().collect();
    let zips: Vec<_> = world.objects(ARTIFACTS).into_keys().collect();
    assert!(whole.changes.len() > 12 && whole.changes.len() < MANY, "{:?}", whole.changes);
    for changes in 1..=whole.changes.len() {
        world.run("destroy", &["--yes", "--table", "--artifacts"]).ok();
        assert_eq!(world.buckets(), Vec::<String>::new());
        let killed = world.run_until("deploy", &arguments, changes);
        assert!(!killed.is_ok, "it ended before change {changes}");
        assert_eq!(missing(&world.site()), Vec::<String>::new(), "after change {changes}, {:?}", killed.changes.last());
        world.run("deploy", &arguments).ok();
        assert_eq!(world.site().into_keys().collect::<Vec<_>>(), end, "after change {changes}");
        assert_eq!(
            world.objects(ARTIFACTS).into_keys().filter(|key| key.starts_with("functions/")).collect::<Vec<_>>(),
            zips
        );
        let again = world.run("deploy", &["--yes"]).ok();
        assert_eq!(again.lasting(), Vec::<&str>::new(), "after change {changes}");
    }
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn an_update_that_is_killed_anywhere_leaves_a_page_that_works_and_is_ended_by_the_next() {
    let world = World::new();
    world.run("deploy", &FIRST.into_iter().chain(["--yes"]).collect::<Vec<_>>()).ok();
    for changes in 1..MANY {
        // Another build, and another address of the API in the page's configuration, each time.
        world.build(changes + 1);
        let stage = format!("StageName=stage{changes}");
        let arguments = ["--yes", "--grace", "0", "--parameter", &stage];
        let killed = world.run_until("deploy", &arguments, changes);
        assert_eq!(missing(&world.site()), Vec::<String>::new(), "after change {changes}, {:?}", killed.changes.last());
        let rest = if killed.is_ok { killed.changes.clone() } else { world.run("deploy", &arguments).ok().changes };
        let site = world.site();
        let page = String::from_utf8(site["index.html"].body.clone()).unwrap();
        assert!(page.contains(&format!("pets-{:016x}_bg.wasm", changes + 1)), "after change {changes}: {page}");
        let config = String::from_utf8(site["config.json"].body.clone()).unwrap();
        assert!(config.contains(&format!("/stage{changes}\"")), "after change {changes}: {config}");
        assert_eq!(site.len(), 7, "after change {changes}: {:?}", site.keys());
        // Whoever was told of a change: CloudFront was, by one of the two.
        let told = killed.changes.iter().chain(&rest).any(|change| change.contains("<Path>/index.html</Path>"));
        assert!(told, "after change {changes}: {:?} {rest:?}", killed.changes);
        let again = world.run("deploy", &["--yes", "--grace", "0"]).ok();
        assert_eq!(again.lasting(), Vec::<&str>::new(), "after change {changes}");
        if killed.is_ok {
            for one in ["ExecuteChangeSet", "config.json", "invalidate", "DELETE"] {
                assert!(killed.changes.iter().any(|change| change.contains(one)), "no {one} in {:?}", killed.changes);
            }
            return;
        }
    }
    panic!("a deploy makes more than {MANY} changes");
}
