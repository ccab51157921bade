//! Whether Lambda's `provided.al2023` could run a program: a 64-bit ELF file for the function's architecture, which asks
//! the C library for no symbol that came after version 2.34, the one of Amazon Linux 2023. Otherwise the first to find
//! out would be whoever calls the deployed function.

/// The C library of `provided.al2023`.
const LIBC: (u32, u32) = (2, 34);

/// A processor as Lambda calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    Arm64,
    X86_64,
}

/// Why a program is of no use.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it is no 64-bit program for Linux")]
    NoProgram,
    #[error("it was built for another processor than the function's")]
    OtherProcessor,
    #[error(
        "it needs version {}.{} of the C library, and Lambda has {}.{}; link it against that one, as cargo-zigbuild does",
        needed.0, needed.1, LIBC.0, LIBC.1
    )]
    Libc { needed: (u32, u32) },
}

impl Architecture {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "arm64" => Some(Self::Arm64),
            "x86_64" => Some(Self::X86_64),
            _ => None,
        }
    }
}

/// Looks at the header, and at the versions of symbols, by their names: `GLIBC_2.34`. Those stand in the table of
/// dynamic strings, but wherever else one stands it would only make the check stricter.
pub fn check(program: &[u8], architecture: Architecture) -> Result<(), Unfit> {
    // "\x7fELF", 64 bits, little-endian; the machine is at 18.
    let machine = match program {
        [0x7f, b'E', b'L', b'F', 2, 1, ..] => program.get(18..20).ok_or(Unfit::NoProgram)?,
        _ => return Err(Unfit::NoProgram),
    };
    let expected: [u8; 2] = match architecture {
        Architecture::Arm64 => [0xb7, 0],
        Architecture::X86_64 => [0x3e, 0],
    };
    if machine != expected {
        return Err(Unfit::OtherProcessor);
    }
    match needed_libc(program) {
        Some(needed) if needed > LIBC => Err(Unfit::Libc { needed }),
        _ => Ok(()),
    }
}

/// The highest version that is named.
fn needed_libc(program: &[u8]) -> Option<(u32, u32)> {
    const PREFIX: &[u8] = b"GLIBC_";
    let names = program.windows(PREFIX.len()).enumerate().filter(|(_, window)| *window == PREFIX);
    names.filter_map(|(at, _)| version(&program[at + PREFIX.len()..])).max()
}

/// `2.34` or `2.2.5`, of which the first two numbers count.
fn version(text: &[u8]) -> Option<(u32, u32)> {
    let end = text.iter().position(|c| !c.is_ascii_digit() && *c != b'.').unwrap_or(text.len());
    let mut numbers = std::str::from_utf8(&text[..end]).ok()?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The beginning of a program for this machine, with these names in it.
    pub fn elf(machine: u8, names: &str) -> Vec<u8> {
        let mut program = b"\x7fELF\x02\x01\x01".to_vec();
        program.resize(18, 0);
        program.extend([machine, 0]);
        program.extend(names.as_bytes());
        program.extend(b"\0end");
        program
    }

    #[test]
    fn the_processor_must_be_the_functions() {
        assert_eq!(check(&elf(0xb7, ""), Architecture::Arm64), Ok(()));
        assert_eq!(check(&elf(0x3e, ""), Architecture::X86_64), Ok(()));
        assert_eq!(check(&elf(0x3e, ""), Architecture::Arm64), Err(Unfit::OtherProcessor));
        assert_eq!(check(&elf(0xb7, ""), Architecture::X86_64), Err(Unfit::OtherProcessor));
        for no_program in [&b""[..], b"#!/bin/sh\n", b"\x7fELF", b"\x7fELF\x01\x01", b"\x7fELF\x02\x01\x01\0"] {
            assert_eq!(check(no_program, Architecture::X86_64), Err(Unfit::NoProgram));
        }
    }

    #[test]
    fn the_newest_symbol_decides() {
        let check = |names: &str| check(&elf(0x3e, names), Architecture::X86_64);
        for names in ["GLIBC_2.34", "GLIBC_2.2.5\0GLIBC_2.9\0GLIBC_2.17", "GLIBC_PRIVATE", "GLIBC_", "GLIBC_2"] {
            assert_eq!(check(names), Ok(()), "{names}");
        }
        let unfit = |needed| Err(Unfit::Libc { needed });
        assert_eq!(check("GLIBC_2.34\0GLIBC_2.35\0GLIBC_2.4"), unfit((2, 35)));
        assert_eq!(check("GLIBC_2.100"), unfit((2, 100)));
        assert_eq!(check("GLIBC_3.0.1"), unfit((3, 0)));
    }
}
