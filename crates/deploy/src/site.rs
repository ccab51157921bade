//! The page's files as the objects they become: key, body, headers. It reads the build and never changes it; nothing
//! here talks to anybody. Next: `bucket`, which compares them with what is there and uploads what differs.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};

use crate::{
    config_file::{self, Config},
    error::{Error, Result},
};

/// The page itself; written last, because it names all others.
pub const INDEX: &str = "index.html";

/// One object, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path in the build, with slashes.
    pub key: String,
    /// As it is stored: compressed where it says so.
    pub body: Vec<u8>,
    /// `Content-Type`
    pub content_type: &'static str,
    /// `Cache-Control`
    pub cache_control: &'static str,
    /// `Content-Encoding`
    pub content_encoding: Option<&'static str>,
    /// SHA-256 of the stored body, hexadecimal.
    pub digest: String,
}

/// Files go up in this order, so that whatever is there names only what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Their names hold a digest: no page that is there asks for them yet.
    Hashed,
    /// The rest.
    Other,
    /// `config.json`
    Config,
    /// `index.html`
    Index,
}

/// The build: what goes up, and what doesn't.
#[derive(Clone, Debug)]
pub struct Build {
    /// In the order of their phases.
    pub files: Vec<File>,
    /// Hidden files, left out.
    pub left_out: Vec<String>,
    /// The page's text.
    index: String,
}

impl File {
    /// A file with the headers of its name. `compress` it where that pays.
    pub fn new(key: impl Into<String>, content: Vec<u8>, compress: bool) -> Self {
        let key = key.into();
        let name = key.rsplit('/').next().unwrap_or_default();
        let (content_type, cache_control) = (site_files::content_type(name), site_files::cache_control(name));
        let compressed = (compress && site_files::is_compressible(content_type)).then(|| gzip(&content));
        let compressed = compressed.filter(|compressed| compressed.len() < content.len());
        let content_encoding = compressed.is_some().then_some("gzip");
        let body = compressed.unwrap_or(content);
        Self { content_encoding, ..Self::stored(key, body, content_type, cache_control) }
    }

    /// A file as it is, with these headers.
    pub fn stored(key: String, body: Vec<u8>, content_type: &'static str, cache_control: &'static str) -> Self {
        let digest = hex(&Sha256::digest(&body));
        Self { key, body, content_type, cache_control, content_encoding: None, digest }
    }

    /// When it goes up.
    pub fn phase(&self) -> Phase {
        match self.key.as_str() {
            INDEX => Phase::Index,
            config_file::KEY => Phase::Config,
            _ if self.cache_control == site_files::IMMUTABLE => Phase::Hashed,
            _ => Phase::Other,
        }
    }
}

impl Build {
    /// Reads a build. `compress` where nothing between the bucket and the browser does it.
    pub fn read(dist: &Path, compress: bool) -> Result<Self> {
        if !dist.join(INDEX).is_file() {
            return Err(Error::Build(format!(
                "{} has no index.html, so it is no built page.\nBuild it: cargo xtask deploy without --no-build.",
                dist.display()
            )));
        }
        let mut found = Found::default();
        found.folder(dist, "")?;
        let mut files = Vec::new();
        let mut index = String::new();
        for (key, path) in found.files {
            let content = fs::read(&path).map_err(Error::read(&path))?;
            if key == config_file::KEY {
                let what = format!("{key} is in the build, but it is written from the stack's outputs.\nTake it away.");
                return Err(Error::Build(what));
            }
            if key.ends_with(".html") {
                let html = str::from_utf8(&content)
                    .map_err(|_| Error::Build(format!("{key} isn't UTF-8.\nSave it as UTF-8.")))?;
                let faults = sealed_page::faults(html, dist);
                if !faults.is_empty() {
                    return Err(Error::Page { file: key, faults });
                }
                if key == INDEX {
                    index = html.to_owned();
                }
            }
            files.push(File::new(key, content, compress));
        }
        files.sort_by(|one, other| (one.phase(), &one.key).cmp(&(other.phase(), &other.key)));
        Ok(Self { files, left_out: found.left_out, index })
    }

    /// Puts `config.json` in its place, and tells the page where its API is.
    pub fn with_config(mut self, config: &Config, compress: bool) -> Self {
        let html = site_files::with_api(&self.index, &config.api_url);
        for index in self.files.iter_mut().filter(|file| file.key == INDEX) {
            *index = File::new(INDEX, html.clone().into_bytes(), compress);
        }
        let config = File::new(config_file::KEY, config.text.clone().into_bytes(), compress);
        let place = self.files.partition_point(|file| file.phase() < Phase::Config);
        self.files.insert(place, config);
        self
    }
}

#[derive(Default)]
struct Found {
    files: Vec<(String, PathBuf)>,
    left_out: Vec<String>,
}

impl Found {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
            let entry = entry.map_err(Error::read(folder))?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| {
                Error::Build(format!("{} has a name that isn't UTF-8.\nGive it another.", path.display()))
            })?;
            let key = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(Error::read(&path))?;
            if name.starts_with('.') && name != ".well-known" {
                self.left_out.push(key);
            } else if kind.is_dir() {
                self.folder(&path, &format!("{key}/"))?;
            } else if kind.is_file() {
                self.files.push((key, path));
            } else {
                // What a link leads to needn't be meant for the public.
                return Err(Error::Build(format!("{} is no file of its own.\nPut a copy there.", path.display())));
            }
        }
        Ok(())
    }
}

/// The same bytes for the same content: no name and no time inside.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("writing to memory doesn't fail")
}

/// Small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
