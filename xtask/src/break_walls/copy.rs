//! A copy of the working tree, in `target/walls`, to break things in. It stays for the next time, with what was built
//! from it; a file is written only where it differs, so that Cargo builds only what did change.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use super::list::Wall;
use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
    tidy::files,
};

/// The copy.
pub struct Copy {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Where Cargo puts what it builds from it.
    pub target: PathBuf,
    /// Held as long as the copy is, because two runs would break each other's walls.
    _lock: File,
}

impl Copy {
    /// A copy of what is or would be committed, as it is now.
    pub fn of(project: &Project) -> Result<Self> {
        let folder = project.root.join("target/walls");
        let copy = Self { root: folder.join("tree"), target: folder.join("target"), _lock: lock(&folder)? };
        let mut kept = HashSet::new();
        for path in files::paths(project)? {
            let (from, to) = (project.root.join(&path), copy.root.join(&path));
            let Ok(bytes) = fs::read(&from) else { continue };
            if fs::read(&to).ok().as_ref() != Some(&bytes) {
                fs::create_dir_all(to.parent().unwrap_or(&to))
                    .doing(|| format!("make a folder for {}", to.display()))?;
                fs::copy(&from, &to).doing(|| format!("copy {}", from.display()))?;
            }
            kept.insert(to);
        }
        remove_others(&copy.root, &kept)?;
        Ok(copy)
    }

    /// Breaks the wall until the answer is dropped.
    pub fn without<'a>(&self, wall: &'a Wall) -> Result<Broken<'a>> {
        let path = self.root.join(&wall.file);
        let whole = fs::read_to_string(&path).doing(|| format!("read {}", path.display()))?;
        if whole.matches(&wall.find).count() != 1 {
            return Err(Failure::new(format!("{} is no longer once in {}.", wall.name, wall.file)));
        }
        fs::write(&path, whole.replace(&wall.find, &wall.replace)).doing(|| format!("write {}", path.display()))?;
        Ok(Broken { wall, path, whole })
    }
}

/// A wall that is broken in the copy.
pub struct Broken<'a> {
    wall: &'a Wall,
    path: PathBuf,
    whole: String,
}

impl Drop for Broken<'_> {
    fn drop(&mut self) {
        // The next run copies it anew, and finds that it differs.
        if let Err(error) = fs::write(&self.path, &self.whole) {
            eprintln!("Failed to mend {} in {}: {error}.", self.wall.name, self.path.display());
        }
    }
}

fn lock(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).doing(|| format!("write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::new("Another run breaks walls in this copy.").remedy("Wait until it has ended."))
        }
        Err(TryLockError::Error(error)) => Err(error).doing(|| format!("lock {}", path.display())),
    }
}

/// What was in the tree earlier and is no longer.
fn remove_others(folder: &Path, kept: &HashSet<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).doing(|| format!("look into {}", folder.display()))?;
    for entry in entries {
        let path = entry.doing(|| format!("look into {}", folder.display()))?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
            // A folder of a crate that is gone would still count as one. What isn't empty stays.
            let _ = fs::remove_dir(&path);
        } else if !kept.contains(&path) && path.file_name().is_none_or(|name| name != "Cargo.lock") {
            fs::remove_file(&path).doing(|| format!("remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::break_walls::list;

    fn project(folder: &Path) -> Project {
        let status = Command::new("git").args(["init", "--quiet"]).current_dir(folder).status().unwrap();
        assert!(status.success());
        fs::write(folder.join(".gitignore"), "/target\n").unwrap();
        fs::create_dir(folder.join("src")).unwrap();
        fs::write(folder.join("src/sum.rs"), "a + b\n").unwrap();
        Project { root: folder.into(), tools: folder.join(".tools") }
    }

    #[test]
    fn the_copy_follows_the_tree_and_the_tree_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(folder.path());
        let copy = Copy::of(&project).unwrap();
        let there = copy.root.join("src/sum.rs");
        let written = fs::metadata(&there).unwrap().modified().unwrap();
        assert!(Copy::of(&project).err().unwrap().to_string().contains("Another run"));
        drop(copy);
        let copy = Copy::of(&project).unwrap();
        assert_eq!(fs::metadata(&there).unwrap().modified().unwrap(), written, "what is the same isn't written");

        let entry = "[[wall]]\nname = 'x'\nfile = 'src/sum.rs'\nfind = ' + b'\nreplace = ''\n\
                     test = 'cargo test -p pets --lib x'\n";
        let walls = list::parse("x.toml", entry).unwrap();
        let broken = copy.without(&walls[0]).unwrap();
        assert_eq!(fs::read_to_string(&there).unwrap(), "a\n");
        assert_eq!(fs::read_to_string(folder.path().join("src/sum.rs")).unwrap(), "a + b\n");
        drop(broken);
        assert_eq!(fs::read_to_string(&there).unwrap(), "a + b\n");

        drop(copy);
        fs::write(folder.path().join("src/sum.rs"), "a - b\n").unwrap();
        assert!(Copy::of(&project).unwrap().without(&walls[0]).is_err());
        fs::remove_file(folder.path().join("src/sum.rs")).unwrap();
        let copy = Copy::of(&project).unwrap();
        assert!(!there.exists());
        assert!(!copy.root.join("src").exists(), "an empty folder would still be there");
    }
}
