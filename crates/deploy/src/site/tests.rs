use super::*;

const DIGEST: &str = "0123456789abcdef";

fn dist(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (key, content) in files {
        let path = folder.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn keys(build: &Build) -> Vec<&str> {
    build.files.iter().map(|file| file.key.as_str()).collect()
}

fn config() -> Config {
    Config { text: "{}".to_owned(), api_url: "https://api.example.com/test".to_owned() }
}

#[test]
fn the_page_is_told_where_its_api_is() {
    let html = format!("{}<p>é", site_files::NO_API);
    let build = Build::read(dist(&[("index.html", &html)]).path(), false).unwrap().with_config(&config(), false);
    let told = site_files::with_api(&html, "https://api.example.com/test");
    assert!(told.contains("https://api.example.com/test"), "{told}");
    let index = File::new(INDEX, told.into_bytes(), false);
    assert_eq!(build.files.last(), Some(&index));
}

#[test]
fn hashed_files_go_first_and_the_page_last() {
    let (js, wasm) = (format!("pets-{DIGEST}.js"), format!("pets-{DIGEST}_bg.wasm"));
    let folder = dist(&[
        ("index.html", "<p>"),
        ("a.txt", "a"),
        (&js, "js"),
        (&wasm, "\0asm"),
        ("pictures/dog.svg", "<svg/>"),
        (".well-known/security.txt", "x"),
        (".stage/left", "x"),
        ("pictures/.DS_Store", "x"),
    ]);
    let build = Build::read(folder.path(), false).unwrap().with_config(&config(), false);
    let expected = [&js, &wasm, ".well-known/security.txt", "a.txt", "pictures/dog.svg", "config.json", "index.html"];
    assert_eq!(keys(&build), expected);
    let mut left_out = build.left_out.clone();
    left_out.sort();
    assert_eq!(left_out, [".stage", "pictures/.DS_Store"]);
    let headers = |key: &str| {
        let file = build.files.iter().find(|file| file.key == key).unwrap();
        (file.content_type, file.cache_control)
    };
    assert_eq!(headers(&wasm), ("application/wasm", "public, max-age=31536000, immutable"));
    assert_eq!(headers("index.html"), ("text/html; charset=utf-8", "no-cache"));
    assert_eq!(headers("config.json"), ("application/json", "no-cache"));
    assert_eq!(headers("pictures/dog.svg"), ("image/svg+xml", "no-cache"));
}

#[test]
fn compressed_is_what_becomes_smaller_and_always_to_the_same_bytes() {
    let long = "the same words ".repeat(100);
    let file = File::new("a.js", long.clone().into_bytes(), true);
    assert_eq!(file.content_encoding, Some("gzip"));
    assert_eq!(file, File::new("a.js", long.clone().into_bytes(), true));
    let mut back = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file.body.as_slice()), &mut back).unwrap();
    assert_eq!(back, long);
    assert_eq!(File::new("a.js", b"x".to_vec(), true).content_encoding, None);
    assert_eq!(File::new("a.png", long.clone().into_bytes(), true).content_encoding, None);
    let plain = File::new("a.js", long.clone().into_bytes(), false);
    assert_eq!((plain.content_encoding, plain.body.len()), (None, long.len()));
}

#[test]
fn a_page_goes_up_to_the_byte_and_only_if_its_policy_lets_all_of_it_through() {
    let integrity = sealed_page::integrity(b"shell");
    let html = format!(
        "<!doctype html>\r\n<meta http-equiv=Content-Security-Policy content=\"{}\"><!-- <script>x</script> --><title><style>\
         </title><script src=/shell.js integrity={integrity}></script><p>&amp;é",
        site_files::page_policy(std::slice::from_ref(&integrity))
    );
    let build = Build::read(dist(&[("index.html", &html), ("shell.js", "shell")]).path(), false).unwrap();
    assert_eq!((keys(&build), build.files[1].body.as_slice()), (vec!["shell.js", "index.html"], html.as_bytes()));
    for (page, shell, said) in [
        (format!("{html}\n<p style='color:red'>"), "shell", "page.html, line 3: <p> has an inline style"),
        (html.replace("<p>", "<script>x()</script>"), "shell", "line 2: an inline <script>"),
        (html, "another", "line 2: /shell.js isn't what its integrity says"),
    ] {
        let folder = dist(&[("index.html", ""), ("page.html", &page), ("shell.js", shell)]);
        let error = Build::read(folder.path(), false).unwrap_err();
        assert!(matches!(&error, Error::Page { faults, .. } if faults.len() == 1), "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn a_build_that_could_not_work_is_refused() {
    let empty = Build::read(dist(&[("a.js", "")]).path(), false).unwrap_err().to_string();
    assert!(empty.contains("index.html") && empty.contains("cargo xtask deploy"), "{empty}");
    let config = Build::read(dist(&[("index.html", ""), ("config.json", "{}")]).path(), false).unwrap_err();
    assert!(config.to_string().contains("config.json"), "{config}");
    let folder = dist(&[("index.html", "")]);
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link.txt")).unwrap();
    assert!(Build::read(folder.path(), false).unwrap_err().to_string().contains("link.txt"));
}
