//! Marks that an installation is complete: a copy of what it was made from, written as its last act.

use std::{fs, path::Path};

use crate::failure::{Doing as _, Result};

/// Whether the installation that `stamp` belongs to was completed with these contents.
pub fn matches(stamp: &Path, contents: &[u8]) -> bool {
    fs::read(stamp).is_ok_and(|stamped| stamped == contents)
}

/// Whether the installation was completed with the present contents of a file.
pub fn matches_file(stamp: &Path, file: &Path) -> bool {
    fs::read(file).is_ok_and(|contents| matches(stamp, &contents))
}

/// Marks the installation as complete.
pub fn write(stamp: &Path, contents: &[u8]) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    }
    fs::write(stamp, contents).doing(|| format!("write {}", stamp.display()))
}

/// Marks the installation as complete with what `file` holds.
pub fn write_file(stamp: &Path, file: &Path) -> Result<()> {
    let contents = fs::read(file).doing(|| format!("read {}", file.display()))?;
    write(stamp, &contents)
}

/// Removes a folder with all it holds; one that isn't there is fine.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).doing(|| format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
