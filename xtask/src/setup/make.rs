//! GNU Make, which AWS SAM runs to build the functions.

use crate::{
    failure::{Failure, Result},
    project::Project,
    setup::apt,
};

pub fn is_ready(project: &Project) -> bool {
    project.which("make").is_some()
}

pub fn install(project: &Project) -> Result<()> {
    if apt::is_there() {
        return apt::install(project, "make", &["make"]);
    }
    Err(Failure::new("make isn't there: AWS SAM needs it.").remedy("Install it, then try again."))
}
