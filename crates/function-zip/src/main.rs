//! Makes the zips of Lambda functions: `function-zip ARCHITECTURE FROM TO NAME…` takes the program `FROM/NAME`, looks
//! whether Lambda could run it (`program`), and writes `TO/NAME/bootstrap` and `TO/NAME.zip` (`archive`). A zip that is
//! there is whole, and the same program makes the same bytes. `cargo xtask build-lambda` runs it; it is no part of
//! xtask because compression would make every command's first compilation longer.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

mod archive;
mod program;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{self, ExitCode},
};

use program::{Architecture, Unfit};

/// How it ends when a program needs a newer C library than Lambda has: a linker that takes an older one can help.
const NEEDS_NEWER_LIBC: u8 = 3;

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("usage: function-zip arm64|x86_64 FROM TO NAME…")]
    Usage,
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{}: {unfit}", path.display())]
    Unfit { path: PathBuf, unfit: Unfit },
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let is_libc = matches!(error, Error::Unfit { unfit: Unfit::Libc { .. }, .. });
            if is_libc { ExitCode::from(NEEDS_NEWER_LIBC) } else { ExitCode::FAILURE }
        }
    }
}

fn run() -> Result<(), Error> {
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.into_string().unwrap_or_default()).collect();
    let [architecture, from, to, names @ ..] = arguments.as_slice() else { return Err(Error::Usage) };
    let architecture = Architecture::named(architecture).ok_or(Error::Usage)?;
    for name in names {
        let (size, zipped) = make(architecture, &Path::new(from).join(name), Path::new(to), name)?;
        println!("  {name}.zip  {}, {} unpacked", megabytes(zipped), megabytes(size));
    }
    Ok(())
}

/// The sizes of the program and of its zip.
fn make(architecture: Architecture, from: &Path, to: &Path, name: &str) -> Result<(usize, usize), Error> {
    let at = |path: &Path| {
        let path = path.to_owned();
        |source| Error::File { path, source }
    };
    let program = fs::read(from).map_err(at(from))?;
    program::check(&program, architecture).map_err(|unfit| Error::Unfit { path: from.to_owned(), unfit })?;

    let folder = to.join(name);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let (bootstrap, zip) = (folder.join(archive::ENTRY), to.join(format!("{name}.zip")));
    let archive = archive::of(&program).map_err(at(&zip))?;
    // A copy keeps that it may be executed.
    whole(&bootstrap, |unfinished| fs::copy(from, unfinished).map(drop)).map_err(at(&bootstrap))?;
    whole(&zip, |unfinished| fs::write(unfinished, &archive)).map_err(at(&zip))?;
    Ok((program.len(), archive.len()))
}

/// Makes a file that is there as a whole or not at all, whoever else makes it or reads it at the same time.
fn whole(file: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let unfinished = file.with_added_extension(format!("{}.part", process::id()));
    make(&unfinished).and_then(|()| fs::rename(&unfinished, file)).inspect_err(|_| {
        // The first failure is what matters.
        let _ = fs::remove_file(&unfinished);
    })
}

fn megabytes(bytes: usize) -> String {
    format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_that_is_there_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("list");
        let bytes = program::tests::elf(0x3e, "GLIBC_2.34");
        fs::write(&program, &bytes).unwrap();
        let to = folder.path().join("to");
        make(Architecture::X86_64, &program, &to, "list").unwrap();
        assert_eq!(fs::read(to.join("list/bootstrap")).unwrap(), bytes);
        assert_eq!(fs::read(to.join("list.zip")).unwrap(), archive::of(&bytes).unwrap());
        let mut names: Vec<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["list", "list.zip"]);
    }

    #[test]
    fn nothing_is_made_of_a_program_that_lambda_could_not_run() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("list");
        fs::write(&program, program::tests::elf(0x3e, "GLIBC_2.36")).unwrap();
        let to = folder.path().join("to");
        let error = make(Architecture::X86_64, &program, &to, "list").unwrap_err();
        assert!(error.to_string().contains("2.36"), "{error}");
        assert!(!to.exists());
    }

    #[test]
    fn sizes_are_in_megabytes() {
        assert_eq!(megabytes(5_705_064), "5.70 MB");
        assert_eq!(megabytes(9_999), "0.00 MB");
    }
}
