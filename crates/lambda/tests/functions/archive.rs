//! A function out of its zip, unpacked as Lambda does it.

use std::{
    collections::HashMap,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

use zip::ZipArchive;

static UNPACKED: LazyLock<Mutex<HashMap<String, PathBuf>>> = LazyLock::new(Mutex::default);

/// The program of a function, in a folder of this build.
pub fn unpacked(zips: &Path, function: &str) -> PathBuf {
    let mut unpacked = UNPACKED.lock().unwrap();
    unpacked
        .entry(function.to_owned())
        .or_insert_with(|| unpack(&zips.join(format!("{function}.zip")), function))
        .clone()
}

fn unpack(zip: &Path, function: &str) -> PathBuf {
    let file = File::open(zip).unwrap_or_else(|error| panic!("{}: {error}", zip.display()));
    let mut archive = ZipArchive::new(file).unwrap();
    assert_eq!(archive.len(), 1, "nothing beside the program");
    let mut entry = archive.by_name("bootstrap").unwrap();
    let mode = entry.unix_mode().unwrap();
    assert_eq!(mode & 0o777, 0o755, "everybody may run it");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("functions").join(function);
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("bootstrap");
    // One that runs from an earlier test can't be written over, but can be removed.
    let _ = fs::remove_file(&program);
    io::copy(&mut entry, &mut File::create(&program).unwrap()).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(mode)).unwrap();
    program
}
