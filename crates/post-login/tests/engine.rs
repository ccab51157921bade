//! The engine: what Actions may do in it, and what ends them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use post_login::{Action, Event, Failure, Limits, Run, Stopped};
use serde_json::{Value, json};

/// More time than anything takes that ends by itself, however busy the machine is.
const LIMITS: Limits = Limits { time: Duration::from_secs(60), memory: 16 * 1024 * 1024 };
const IMPATIENT: Limits = Limits { time: Duration::from_millis(200), ..LIMITS };

fn fred() -> Event {
    Event::complete(json!({
        "user": { "user_id": "amazon|1", "name": "Fred\u{2028}\u{0} 🦕" },
        "connection": { "name": "amazon", "strategy": "amazon" },
    }))
    .unwrap()
}

/// Runs a script whose `onExecutePostLogin` has this body.
fn body(body: &str) -> Run {
    run(body, LIMITS)
}

fn run(body: &str, limits: Limits) -> Run {
    let source = format!("exports.onExecutePostLogin = async (event, api) => {{\n{body}\n}};");
    Action::new("code.js", source, limits).unwrap().run(&fred())
}

#[track_caller]
fn failure(run: Run) -> Failure {
    match run.result {
        Err(Stopped::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_action_sees_the_event_and_sets_claims() {
    let run = body(
        "await null;
         const { user, connection, request, transaction } = event;
         api.idToken.setCustomClaim('https://x.example/a', [user.name, connection.strategy, request.query.none]);
         api.idToken.setCustomClaim('https://x.example/gone', 1).idToken.setCustomClaim('https://x.example/gone', undefined);
         api.accessToken.setCustomClaim('b', { protocol: transaction.protocol });
         console.log('plain', { a: 1 }, undefined, null, new Error('bad'));
         console.warn(Symbol('s'), 1n);",
    );
    assert_eq!(run.warnings, [""; 0]);
    assert_eq!(run.logged, ["plain {\"a\":1} undefined null Error: bad", "Symbol(s) 1"]);
    let claims = run.result.unwrap();
    let expected = json!({ "https://x.example/a": ["Fred\u{2028}\u{0} 🦕", "amazon", null] });
    assert_eq!(Value::Object(claims.id_token), expected);
    assert_eq!(Value::Object(claims.access_token), json!({ "b": { "protocol": "oidc-basic-profile" } }));
}

#[test]
fn every_way_to_export_and_to_return_is_taken() {
    for source in [
        "exports.onExecutePostLogin = (event, api) => { api.idToken.setCustomClaim('a', 1); };",
        "module.exports = { onExecutePostLogin: async (event, api) => { api.idToken.setCustomClaim('a', 1); } };",
        "'use strict'; const go = (event, api) => Promise.resolve().then(() => api.idToken.setCustomClaim('a', 1)); \
         exports.onExecutePostLogin = go;",
    ] {
        let run = Action::new("code.js", source, LIMITS).unwrap().run(&fred());
        assert_eq!(run.result.unwrap().id_token["a"], 1, "{source}");
    }
}

#[test]
fn one_login_knows_nothing_of_another() {
    let source = "let count = 0; exports.onExecutePostLogin = (event, api) => { globalThis.seen = (globalThis.seen ?? 0) + 1; \
                  count += 1; api.idToken.setCustomClaim('a', count + globalThis.seen); };";
    let action = Action::new("code.js", source, LIMITS).unwrap();
    for _ in 0..2 {
        assert_eq!(action.run(&fred()).result.unwrap().id_token["a"], 2);
    }
}

#[test]
fn a_denial_ends_the_login_with_its_reason_and_without_claims() {
    let run = body("api.idToken.setCustomClaim('a', 1); api.access.deny('not you'); console.log('after');");
    assert_eq!(run.result, Err(Stopped::Denied("not you".into())));
    assert_eq!(run.logged, ["after"]);
}

#[test]
fn claims_that_auth0_drops_are_dropped_with_a_warning() {
    let run = body(
        "for (const n of ['sub', 'sub', 'roles', 'https://a.auth0.com/x', 'ok']) api.idToken.setCustomClaim(n, 'auth0|1');",
    );
    assert_eq!(run.warnings.len(), 3, "{:?}", run.warnings);
    assert!(run.warnings[0].contains("\"sub\""), "{:?}", run.warnings);
    assert_eq!(Value::Object(run.result.unwrap().id_token), json!({ "ok": "auth0|1" }));
}

#[test]
fn what_auth0_offers_and_is_not_here_fails_by_name() {
    for (script, name) in [
        ("api.multifactor.enable('any');", "api.multifactor is not supported by the local engine"),
        ("api.idToken.addScope('x');", "api.idToken.addScope is not supported"),
        ("api.user.setAppMetadata('a', 1);", "api.user is not supported"),
        ("require('auth0');", "require(\"auth0\") is not supported"),
        ("await fetch('https://x.example');", "fetch is not defined"),
        ("process.exit(1);", "process is not defined"),
        ("await import('fs');", "fs"),
    ] {
        let message = failure(body(script)).to_string();
        assert!(message.contains(name), "{script}: {message}");
    }
}

#[test]
fn an_error_says_where_it_is() {
    for (script, expected) in [
        ("\n  null.x;", "code.js:3:3: TypeError: "),
        ("await null;\nthrow new RangeError('too\\nmuch\\u001b');", "code.js:3:11: RangeError: too much\u{fffd}"),
        ("throw 'plain';", "code.js: threw plain, which is no Error"),
        ("throw { toString() { throw 1 } };", "code.js: threw something, which is no Error"),
        ("throw Object.create(null);", "code.js: threw something, which is no Error"),
    ] {
        let message = failure(body(script)).to_string();
        assert!(message.starts_with(expected), "{script}: {message}");
    }
    for (source, expected) in [
        ("exports.x = 1;\nconst = 2;", "code.js:2:"),
        ("\n\nnope();", "code.js:3:"),
        ("", "exports no function onExecutePostLogin"),
        ("exports.onExecutePostLogin = 'text';", "exports no function onExecutePostLogin"),
        ("while (true);", "endless loop"),
        ("exports.onExecutePostLogin = () => {}; \u{0}", "code.js"),
    ] {
        let limits = if source.starts_with("while") { IMPATIENT } else { LIMITS };
        let message = Action::new("code.js", source, limits).unwrap_err().to_string();
        assert!(message.contains(expected), "{source:?}: {message}");
    }
}

#[test]
fn what_does_not_end_is_ended() {
    for script in [
        "while (true);",
        "for (;;) { try { while (true); } catch {} finally { continue; } }",
        "const again = () => Promise.resolve().then(again); await again();",
        "while (true) await null;",
        "/(a+)+$/.test('a'.repeat(100) + 'b');",
        "const f = () => { try { f(); } catch { f(); } }; f();",
        "new Array(1e9).fill(0).sort(() => { while (true); });",
        "[1, 2].sort(() => { while (true); });",
        "throw { get stack() { while (true); }, toString() { while (true); } };",
    ] {
        let failure = failure(run(script, IMPATIENT));
        let stopped = matches!(failure, Failure::TimeLimit { .. } | Failure::MemoryLimit { .. });
        assert!(stopped, "{script}: {failure}");
    }
    let failure = failure(body("await new Promise(() => {});"));
    assert!(matches!(failure, Failure::NeverSettles { .. }), "{failure}");
}

#[test]
fn what_takes_too_much_memory_is_ended() {
    for script in [
        "const all = []; while (true) all.push(new Array(1000).fill(all.length));",
        "let text = 'x'; while (true) { text += text; text.at(-1); }",
        "'x'.repeat(2 ** 29);",
        "new Uint8Array(2 ** 30);",
        "const all = []; while (true) { try { all.push('x'.repeat(1e6) + all.length); } catch (error) { throw error; } }",
    ] {
        let failure = failure(body(script));
        assert!(matches!(failure, Failure::MemoryLimit { .. }), "{script}: {failure}");
    }
}

#[test]
fn endless_recursion_is_an_error_of_the_script() {
    let message = failure(body("const f = () => f() + 1; f();")).to_string();
    assert!(message.contains("stack"), "{message}");
    let message =
        failure(body("let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; JSON.stringify(deep);")).to_string();
    assert!(message.contains("stack"), "{message}");
}

#[test]
fn neither_logs_nor_claims_grow_without_end() {
    let run = body("for (let i = 0; i < 1e5; i++) console.log('line ' + i);");
    assert!(run.logged.len() < 2_000, "{}", run.logged.len());
    assert!(run.warnings.concat().contains("cut"), "{:?}", run.warnings);
    let failure = failure(body("api.idToken.setCustomClaim('a', 'x'.repeat(100000));"));
    assert!(matches!(failure, Failure::ClaimsTooLarge { limit: 100, .. }), "{failure}");
}
