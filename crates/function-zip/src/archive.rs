//! The zip that Lambda takes: one file, which it runs. Its time is always the same, and nothing of this machine is in
//! it, so that a program that didn't change is no new version of a function.

use std::io::{self, Cursor, Write as _};

use zip::{CompressionMethod, DateTime, System, ZipWriter, write::SimpleFileOptions};

/// What an OS-only runtime looks for ("Building a custom runtime for AWS Lambda", AWS Lambda developer guide).
pub const ENTRY: &str = "bootstrap";

/// The zip of a program.
pub fn of(program: &[u8]) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::DEFAULT)
        // Also where it is made on a system without such modes.
        .system(System::Unix)
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(ENTRY, options)?;
    archive.write_all(program)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn it_has_one_file_that_may_be_run() {
        let program = b"program".repeat(1000);
        let mut archive = zip::ZipArchive::new(Cursor::new(of(&program).unwrap())).unwrap();
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_index(0).unwrap();
        assert_eq!((file.name().unwrap().as_ref(), file.unix_mode()), ("bootstrap", Some(0o100_755)));
        let mut unpacked = Vec::new();
        file.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, program);
    }

    #[test]
    fn the_same_program_makes_the_same_bytes() {
        let archive = of(b"program").unwrap();
        assert_eq!(archive, of(b"program").unwrap());
        assert_ne!(archive, of(b"another").unwrap());
        // 1980-01-01 00:00, in the words of MS-DOS: at 10, after signature, version, flags and method.
        assert_eq!(archive[10..14], [0, 0, 0x21, 0]);
    }
}
