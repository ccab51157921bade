//! A file by its content: its name holds a digest, its hash pins it.

use std::{fs, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

use crate::Error;

/// A file of the build.
#[derive(Debug)]
pub struct Content {
    /// Its path on the site, such as `/shell.js`.
    pub address: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Content {
    /// The file at this address of the site, which the folder holds.
    pub fn read(folder: &Path, address: &str) -> Result<Self, Error> {
        let name = name(address).ok_or_else(|| Error::Elsewhere(address.to_owned()))?;
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(Error::file("read", &path))?;
        Ok(Self { address: address.to_owned(), bytes })
    }

    /// These bytes under a name that says which they are: instead of `/shell.js`, `/shell-0123456789abcdef.js`.
    pub fn named_after(address: &str, bytes: Vec<u8>) -> Self {
        let (stem, ending) = address.rsplit_once('.').unwrap_or((address, ""));
        // Trunk has named it for what it was made of, which isn't what it is.
        let stem = if site_files::has_digest(address) { stem.split('-').next().unwrap_or(stem) } else { stem };
        let digest: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { address: format!("{stem}-{digest}.{ending}"), bytes }
    }

    /// Puts it into the folder, in the place of what is at the address `before`.
    pub fn write_instead_of(&self, before: &str, folder: &Path) -> Result<(), Error> {
        let path = folder.join(before.trim_start_matches('/'));
        fs::remove_file(&path).map_err(Error::file("remove", path))?;
        self.write(folder)
    }

    /// Puts it into the folder.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(self.address.trim_start_matches('/'));
        fs::write(&path, &self.bytes).map_err(Error::file("write", path))
    }

    /// As the attribute `integrity` and a policy say it.
    pub fn integrity(&self) -> String {
        integrity(&self.bytes)
    }
}

/// Subresource Integrity's words for these bytes.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// The name of a file in the site's root, if the address is one.
pub fn name(address: &str) -> Option<&str> {
    let name = address.strip_prefix('/')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain)).then_some(name)
}
