//! What is taken down, and what stays.

use crate::world::{ARTIFACTS, FIRST, World};

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn a_shop_is_taken_down_but_for_its_pets() {
    let world = World::new();
    world.run("destroy", &["--yes"]).refused(&["There is no stack pets", "--region"]);
    world.run("deploy", &FIRST.into_iter().chain(["--yes"]).collect::<Vec<_>>()).ok();
    let table = world.output("TableName");
    let asked = world.run("destroy", &[]).refused(&["no terminal"]);
    for named in
        ["auth0-api-role", "SiteBucket  AWS::S3::Bucket", "What stays", "about 0 pets", "delete-table --table-name"]
    {
        assert!(asked.output.contains(named), "no {named:?} in {}", asked.output);
    }
    assert_eq!(asked.changes, Vec::<String>::new());
    world.run("destroy", &["--yes"]).ok();
    assert!(world.stack().is_none_or(|(state, _)| state == "DELETE_COMPLETE"));
    assert_eq!(world.buckets(), [ARTIFACTS]);
    world.wait(world.tables.describe_table().table_name(&table).send()).expect("the table stays");
    world.run("destroy", &["--yes", "--artifacts"]).ok();
    assert_eq!(world.buckets(), Vec::<String>::new());
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test deploy"]
fn the_pets_go_when_that_is_asked_for() {
    let world = World::new();
    world.run("deploy", &FIRST.into_iter().chain(["--yes"]).collect::<Vec<_>>()).ok();
    let table = world.output("TableName");
    world.run("destroy", &["--yes", "--table"]).ok();
    assert!(world.wait(world.tables.describe_table().table_name(&table).send()).is_err());
}
