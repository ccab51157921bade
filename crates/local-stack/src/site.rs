//! A release build of the app, served as the deployed site serves it: the same headers, the same fallback for deep
//! links, the same caching. Nothing outside of the folder is ever served, and `config.json` is the stack's own.

mod headers;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use site_files::{cache_control, content_type};

use crate::gateway::segments;
use headers::security_headers;

/// The site.
#[derive(Clone)]
pub struct Site {
    root: Arc<PathBuf>,
    connect: Arc<[String]>,
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
}

impl Site {
    /// A site in this folder. `connect` are the origins, besides its own, that the page may call.
    pub fn open(folder: &Path, connect: Vec<String>) -> Result<Self, Error> {
        let no_index = |source| Error::NoIndex { folder: folder.to_owned(), source };
        let root = folder.canonicalize().map_err(no_index)?;
        fs::read_to_string(root.join("index.html")).map_err(no_index)?;
        Ok(Self { root: Arc::new(root), connect: connect.into() })
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
            Some(name) if name.contains('.') => match self.read(&segments) {
                Some(body) => self.file(name, body),
                None => self.plain(StatusCode::NOT_FOUND, "There is no such file."),
            },
            _ => match self.read(&["index.html".to_owned()]) {
                Some(body) => self.file("index.html", body),
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

    fn file(&self, name: &str, body: Vec<u8>) -> Response<Vec<u8>> {
        let html = if name.ends_with(".html") { String::from_utf8_lossy(&body).into_owned() } else { String::new() };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        security_headers(headers, &html, &self.connect);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(name)));
        response
    }

    fn plain(&self, status: StatusCode, text: &str) -> Response<Vec<u8>> {
        let mut response = Response::new(format!("{text}\n").into_bytes());
        *response.status_mut() = status;
        let headers: &mut HeaderMap = response.headers_mut();
        security_headers(headers, "", &self.connect);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests;
