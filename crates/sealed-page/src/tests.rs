use super::*;

const GLUE: &str = "async function __wbg_init(module) {}\nexport { initSync, __wbg_init as default };\n";

const HTML: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Pets</title>\
    <link href=/base-1.css integrity=sha384-INTEGRITY rel=stylesheet><script src=/shell.js></script>\
    <script data-wasm=/pets-0123456789abcdef_bg.wasm src=/pets-0123456789abcdef.js type=module></script><p>é";

/// What Trunk leaves, with these texts in the place of others.
fn build(changes: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut html = HTML.replace("sha384-INTEGRITY", &content::integrity(b"p{}"));
    for (before, after) in changes {
        assert!(html.contains(before), "{before}");
        html = html.replace(before, after);
    }
    let files = [
        ("index.html", html.as_str()),
        ("base-1.css", "p{}"),
        ("shell.js", "shell"),
        ("pets-0123456789abcdef.js", GLUE),
        ("pets-0123456789abcdef_bg.wasm", "\0asm"),
    ];
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn one<'a>(names: &'a [String], start: &str, end: &str) -> &'a str {
    let found: Vec<_> = names.iter().filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
    assert_eq!(found.len(), 1, "{names:?}");
    found[0]
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn scripts_are_named_for_their_content_and_pinned_and_no_other_may_run() {
    let build = build(&[]);
    seal(build.path(), true).unwrap();
    let names = names(build.path());
    let (shell, script) = (one(&names, "shell-", ".js"), one(&names, "pets-", ".js"));
    let module = one(&names, "pets-", ".wasm");
    assert_eq!(names.len(), 5, "{names:?}");
    for name in [shell, script, module] {
        assert!(site_files::has_digest(name), "{name}");
    }
    let pinned = |name: &str| content::integrity(&fs::read(build.path().join(name)).unwrap());
    let policy = site_files::page_policy(&[pinned(shell), pinned(script)]);
    let expected = [
        "<meta charset=utf-8><meta http-equiv=\"Content-Security-Policy\" content=\"",
        &policy,
        "\"><title>Pets</title>",
    ];
    let html = read(build.path(), INDEX);
    assert!(html.contains(&expected.concat()), "{html}");
    assert!(html.contains(&format!("<script src=\"/{shell}\" integrity=\"{}\"></script>", pinned(shell))), "{html}");
    let start = format!("<script type=\"module\" src=\"/{script}\" integrity=\"{}\"></script><p>é", pinned(script));
    assert!(html.ends_with(&start), "{html}");
    let fetched =
        format!("__wbg_init({{ module_or_path: fetch('/{module}', {{ integrity: '{}' }}) }});", pinned(module));
    assert_eq!(read(build.path(), script), format!("{GLUE}\n{fetched}\n"));
    assert!(html.contains(&format!("href=\"/{module}\"")), "{html}");
    assert_eq!(faults(&html, build.path()), []);
}

#[test]
fn a_workers_script_is_named_for_its_content_and_the_page_is_told_where_it_is() {
    let build = build(&[("<title>", "<meta content=/shelf.js name=shelf><title>")]);
    fs::write(build.path().join("shelf.js"), "onconnect = keep;").unwrap();
    seal(build.path(), true).unwrap();
    let names = names(build.path());
    let script = one(&names, "shelf-", ".js");
    assert!(names.len() == 6 && site_files::has_digest(script), "{names:?}");
    assert_eq!(read(build.path(), script), "onconnect = keep;");
    let html = read(build.path(), INDEX);
    assert!(html.contains(&format!("<meta name=\"shelf\" content=\"/{script}\"><title>")), "{html}");
}

#[test]
fn style_sheets_become_one_in_their_order_and_one_that_waits_stays() {
    let more = "<link rel=stylesheet href=/b.css><link rel=stylesheet media=print href=/c.css \
        integrity=sha384-INTEGRITY><script src";
    let more = more.replace("sha384-INTEGRITY", &content::integrity(b"c{}"));
    let build = build(&[("<script src", &more)]);
    fs::write(build.path().join("b.css"), "b{}\n").unwrap();
    fs::write(build.path().join("c.css"), "c{}").unwrap();
    seal(build.path(), true).unwrap();
    let names = names(build.path());
    let style = one(&names, "style-", ".css");
    assert_eq!((names.len(), read(build.path(), style).as_str()), (6, "p{}b{}"), "{names:?}");
    let link = format!("<link rel=\"stylesheet\" href=\"/{style}\" integrity=\"{}\">", content::integrity(b"p{}b{}"));
    let html = read(build.path(), INDEX);
    assert!(html.contains(&format!("{link}<link rel=stylesheet media=print href=/c.css")), "{html}");
}

#[test]
fn the_place_for_the_apis_address_is_as_whoever_fills_it_looks_for_it() {
    let build = build(&[("<title>", "<meta content name=api><title>")]);
    seal(build.path(), true).unwrap();
    let html = read(build.path(), INDEX);
    assert!(html.contains(&format!("{}<title>", site_files::NO_API)), "{html}");
}

#[test]
fn the_development_servers_script_stays_and_a_developer_meets_trusted_types() {
    let reload = "<script>const address = '{{__TRUNK_ADDRESS__}}';</script>";
    let build = build(&[("<p>", &format!("{reload}<p>"))]);
    fs::write(build.path().join("pets-0123456789abcdef.js"), GLUE.replace("{}", "{ a.innerHTML = b }")).unwrap();
    seal(build.path(), false).unwrap();
    let html = read(build.path(), INDEX);
    assert!(html.contains(reload) && html.contains(&format!("content=\"{}\"", site_files::TRUSTED_TYPES)), "{html}");
}

#[test]
fn what_can_not_be_sealed_is_named() {
    for (before, after, named) in [
        ("<p>", "\n<script>go()</script><p>", "line 2: a <script>"),
        ("<p>", "<script type=module>import '/x.js'</script><p>", "a <script>"),
        ("src=/shell.js", "src=https://evil.example/shell.js", "https://evil.example/shell.js"),
        ("src=/shell.js", "src=/../shell.js", "/../shell.js"),
        ("src=/shell.js", "src=/missing.js", "missing.js"),
        ("data-wasm=/pets-0123456789abcdef_bg.wasm", "", "data-wasm"),
        ("<meta charset=utf-8>", "", "charset"),
        ("<p>", "<p onclick=go()>", "inline onclick"),
        ("<title>", "<meta name=shelf content=//evil.example/shelf.js><title>", "//evil.example/shelf.js"),
    ] {
        let error = seal(build(&[(before, after)]).path(), true).unwrap_err().to_string();
        assert!(error.contains(named), "{after}: {error}");
    }
    for (glue, named) in [
        ("const a = 1;", "as default"),
        ("import { a } from './snippets/a.js';\nexport { init as default };", "imports another script"),
        ("a.innerHTML = b; export { init as default };", "`innerHTML`"),
        ("new Function(a); export { init as default };", "`new Function`"),
    ] {
        let build = build(&[]);
        fs::write(build.path().join("pets-0123456789abcdef.js"), glue).unwrap();
        fs::write(build.path().join("pets-0123456789abcdef_bg.wasm"), "\0asm<h2>Sold</h2>\0").unwrap();
        let error = seal(build.path(), true).unwrap_err().to_string();
        assert!(error.contains(named), "{glue}: {error}");
        assert_eq!(named == "`innerHTML`" || named == "`new Function`", error.contains("<h2>Sold</h2>"), "{error}");
    }
}

#[test]
fn a_sealed_page_is_not_sealed_again() {
    let build = build(&[]);
    seal(build.path(), true).unwrap();
    assert!(matches!(seal(build.path(), true), Err(Error::NoBundle | Error::File { .. })));
}

#[test]
fn every_fault_of_a_page_is_found() {
    let build = build(&[]);
    seal(build.path(), true).unwrap();
    let html = read(build.path(), INDEX);
    let all = names(build.path());
    let style = one(&all, "style-", ".css");
    for (before, after, what) in [
        ("<p>", "<p style='color:red'>", "<p> has an inline style"),
        ("<p>", "<p ONCLICK=x()>", "<p> has an inline onclick"),
        ("<p>", "<a href=' java\nscript:x()'>", "<a> has an inline href"),
        ("<p>", "<style>p{}</style>", "an inline <style>"),
        ("<p>", "<script>x()</script>", "an inline <script>"),
        ("<p>", "<script type=importmap>{}</script>", "an inline <script>"),
        ("<p>", "<base href=/x>", "a <base>"),
        ("<p>", "<iframe src=/x></iframe>", "a <iframe>"),
        ("<p>", "<img src=//evil.example/x>", "<img> is from elsewhere: //evil.example/x"),
        ("<p>", "<img src='/\\evil.example/x'>", "<img> is from elsewhere: /\\evil.example/x"),
        ("<p>", "<link rel=icon href=https://evil.example/x>", "<link> is from elsewhere: https://evil.example/x"),
        ("<p>", "<link rel=modulepreload href=/shell.js>", "/shell.js has no integrity"),
        ("<p>", "<link rel=stylesheet href=/x.css integrity=sha384-x>", "/x.css isn't in the build"),
        (style, "index.html", "/index.html isn't what its integrity says"),
        ("http-equiv", "name", "a script without a Content-Security-Policy before it"),
        (
            "'wasm-unsafe-eval'",
            "'self' 'wasm-unsafe-eval'",
            "script-src doesn't name the page's scripts by their hashes, and nothing else",
        ),
    ] {
        assert!(html.contains(before), "{before}");
        let found = faults(&html.replacen(before, after, 1), build.path());
        assert!(found.iter().any(|fault| fault.what == what), "{after}: {found:?}");
    }
    fs::write(build.path().join(style), "p{color:red}").unwrap();
    let found = faults(&html, build.path());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].to_string(), format!("line 1: /{style} isn't what its integrity says"));
}
