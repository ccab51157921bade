//! A release build of the app, served as the deployed site serves it: the same headers, the same fallback for deep
//! links, the same caching. Nothing outside of the folder is ever served, and `config.json` is the stack's own.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use site_files::{cache_control, content_type};
use template::path::segments;

/// The site.
#[derive(Clone)]
pub struct Site {
    root: Arc<PathBuf>,
    policy: HeaderValue,
    api_url: Arc<str>,
}

/// Why a folder can't be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No `index.html` that can be read.
    #[error(
        "{} has no index.html that can be read ({source}); build the page (trunk build --release), or name another \
         folder with --dist", folder.display()
    )]
    NoIndex {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An address that no header can hold.
    #[error("the page's policy can't name the addresses that it calls: {0}")]
    Policy(#[from] http::header::InvalidHeaderValue),
}

impl Site {
    /// A site in this folder. `connect` are the origins, besides its own, that the page may call; `api_url` is where it
    /// finds its pets.
    pub fn open(folder: &Path, connect: &[String], api_url: &str) -> Result<Self, Error> {
        let no_index = |source| Error::NoIndex { folder: folder.to_owned(), source };
        let root = folder.canonicalize().map_err(no_index)?;
        fs::read_to_string(root.join("index.html")).map_err(no_index)?;
        let policy = HeaderValue::from_str(&site_files::policy(connect))?;
        Ok(Self { root: Arc::new(root), policy, api_url: api_url.into() })
    }

    /// Answers one request. Reads from the disk, so it may block.
    pub fn respond<B>(&self, request: &Request<B>) -> Response<Vec<u8>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = self.plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let path = request.uri().path();
        let segments = if path == "/" { Some(Vec::new()) } else { segments(path) };
        let Some(segments) = segments else {
            return self.plain(StatusCode::NOT_FOUND, "There is no such page.");
        };
        match segments.last() {
            // A file has a dot in its name; every other path is one of the app's pages.
            Some(name) if name.contains('.') && segments != ["index.html"] => match self.read(&segments) {
                Some(body) => self.file(name, body),
                None => self.plain(StatusCode::NOT_FOUND, "There is no such file."),
            },
            _ => match self.read(&["index.html".to_owned()]) {
                Some(body) => self.file("index.html", self.told(body)),
                None => self.plain(StatusCode::NOT_FOUND, "The page is being built, or was removed."),
            },
        }
    }

    /// A file under the root: no hidden one, and none that a link leads out to.
    fn read(&self, segments: &[String]) -> Option<Vec<u8>> {
        if segments.iter().any(|segment| segment.starts_with('.') || segment.contains(':')) {
            return None;
        }
        let path = segments.iter().fold(self.root.to_path_buf(), |path, segment| path.join(segment));
        let path = path.canonicalize().ok()?;
        if !path.starts_with(self.root.as_path()) || !path.is_file() {
            return None;
        }
        fs::read(path).ok()
    }

    /// The page, told where its API is.
    fn told(&self, page: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(page) {
            Ok(html) => site_files::with_api(&html, &self.api_url).into_bytes(),
            Err(other) => other.into_bytes(),
        }
    }

    fn file(&self, name: &str, body: Vec<u8>) -> Response<Vec<u8>> {
        self.answer(StatusCode::OK, content_type(name), cache_control(name), body)
    }

    fn plain(&self, status: StatusCode, text: &str) -> Response<Vec<u8>> {
        self.answer(status, "text/plain; charset=utf-8", "no-store", format!("{text}\n").into_bytes())
    }

    /// Every answer stands behind the same walls.
    fn answer(&self, status: StatusCode, kind: &'static str, cache: &'static str, body: Vec<u8>) -> Response<Vec<u8>> {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers: &mut HeaderMap = response.headers_mut();
        for (name, value) in site_files::FIXED {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }
}

#[cfg(test)]
mod tests;
