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
    let build = Build::read(folder.path(), false).unwrap().with_config("{}".into(), false);
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
fn an_inline_script_becomes_a_file_that_is_named_for_its_content() {
    let html = "<!doctype html><script src=/shell.js></script>\n<script type=module nonce=\"a>b\">import x from '/x.js';\
                if (1 < 2) go('</p>')</script><script></script><script type=application/json>{}</script><p>é";
    let page = page::without_inline_scripts("index.html", html).unwrap();
    let [(name, script)] = page.scripts.as_slice() else { panic!("{:?}", page.scripts) };
    assert_eq!(script, "import x from '/x.js';if (1 < 2) go('</p>')");
    assert!(name.starts_with("inline-") && site_files::has_digest(name), "{name}");
    let expected = html.replace("nonce=\"a>b\">", &format!("nonce=\"a>b\" src=\"/{name}\">")).replace(script, "");
    assert_eq!(page.html, expected);
    let folder = dist(&[("index.html", html)]);
    let build = Build::read(folder.path(), true).unwrap();
    assert_eq!(keys(&build), [name, "index.html"]);
    assert_eq!(build.files[0].cache_control, site_files::IMMUTABLE);
}

#[test]
fn a_page_without_inline_scripts_stays_to_the_byte() {
    let html = "<!doctype html>\r\n<html><!-- <script>x</script> --><title><style></title><body class=a>&amp;<svg><path/></svg>";
    let page = page::without_inline_scripts("index.html", html).unwrap();
    assert_eq!((page.html.as_str(), page.scripts.len()), (html, 0));
}

#[test]
fn what_the_policy_forbids_is_refused_with_its_line() {
    for (html, line, named) in [
        ("<p>\n<p style='color:red'>", 2, "inline style"),
        ("<style>p{}</style>", 1, "<style>"),
        ("\n\n<body ONLOAD=x()>", 3, "inline onload"),
        ("<a href=' JavaScript:x()'>", 1, "inline href"),
        ("<script type=importmap>{}</script>", 1, "importmap"),
    ] {
        let error = page::without_inline_scripts("index.html", html).unwrap_err();
        assert!(matches!(&error, Error::Inline { line: at, .. } if *at == line), "{html}: {error}");
        assert!(error.to_string().contains(named), "{html}: {error}");
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
