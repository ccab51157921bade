use super::*;

fn get(site: &Site, path: &str) -> Response<Vec<u8>> {
    site.respond(&Request::get(path).body(()).unwrap())
}

fn site() -> (tempfile::TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    fs::create_dir_all(dist.join("pictures")).unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    fs::write(dist.join("index.html"), format!("{}<p>é", site_files::NO_API)).unwrap();
    fs::write(dist.join("pets-0123456789abcdef_bg.wasm"), "\0asm").unwrap();
    fs::write(dist.join("pictures/dog.svg"), "<svg/>").unwrap();
    fs::write(dist.join(".hidden.txt"), "hidden").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("secret.txt"), dist.join("link.txt")).unwrap();
    let site = Site::open(&dist, &["http://localhost:9000".into()], "http://localhost:9000/test").unwrap();
    (folder, site)
}

#[test]
fn pages_fall_back_to_the_app_and_files_do_not() {
    let (_folder, site) = site();
    for page in ["/", "/login", "/pets/1/purchase", "/index.html"] {
        let response = get(&site, page);
        assert_eq!(
            (response.status(), &response.headers()[header::CACHE_CONTROL]),
            (StatusCode::OK, &"no-cache".parse().unwrap())
        );
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    }
    assert_eq!(get(&site, "/missing.js").status(), StatusCode::NOT_FOUND);
    let wasm = get(&site, "/pets-0123456789abcdef_bg.wasm");
    assert_eq!(wasm.headers()[header::CONTENT_TYPE], "application/wasm");
    assert_eq!(wasm.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(get(&site, "/pictures/dog.svg").headers()[header::CACHE_CONTROL], "no-cache");
    let post = site.respond(&Request::post("/").body(()).unwrap());
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn the_page_is_told_where_its_api_is() {
    let (folder, site) = site();
    for page in ["/", "/login", "/index.html"] {
        let html = String::from_utf8(get(&site, page).into_body()).unwrap();
        assert_eq!(html, site_files::with_api(&format!("{}<p>é", site_files::NO_API), "http://localhost:9000/test"));
        assert!(html.contains("content=\"http://localhost:9000/test\""), "{html}");
    }
    fs::write(folder.path().join("dist/index.html"), b"\xff").unwrap();
    assert_eq!(get(&site, "/").into_body(), b"\xff");
}

#[test]
fn nothing_outside_of_the_folder_is_served() {
    let (_folder, site) = site();
    for path in [
        "/../secret.txt",
        "/pictures/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/link.txt",
        "/.hidden.txt",
        "/pictures%00.txt",
        "/c:secret.txt",
    ] {
        assert_eq!(get(&site, path).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn every_answer_stands_behind_the_same_walls() {
    let (_folder, site) = site();
    let post = site.respond(&Request::post("/").body(()).unwrap());
    let paths = ["/", "/pets/1/purchase", "/pets-0123456789abcdef_bg.wasm", "/missing.js", "/../secret.txt"];
    for response in paths.map(|path| get(&site, path)).into_iter().chain([post]) {
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert_eq!(policy, site_files::policy(&["http://localhost:9000".into()]));
        for (name, value) in site_files::FIXED {
            assert_eq!(response.headers()[name], value);
        }
    }
}

#[test]
fn a_folder_without_a_page_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let error = Site::open(folder.path(), &[], "").err().unwrap().to_string();
    assert!(error.contains("trunk build --release"), "{error}");
}
