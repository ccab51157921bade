//! Rules of packages: who of ours may depend on whom, and under which licences the others are.

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

/// What each package of the workspace may use of the others. Tests may use more.
const MAY_USE: [(&str, &[&str]); 21] = [
    ("aws-emulator", &[]),
    ("bench", &["domain", "embedded-dynamodb", "explain", "iam", "local-stack", "service", "template"]),
    ("deploy", &["sealed-page", "site-files"]),
    ("domain", &[]),
    ("explain", &["domain", "iam", "template"]),
    ("function-zip", &[]),
    ("fuzz", &["service", "iam", "domain", "local-stack", "template"]),
    ("iam", &[]),
    ("embedded-dynamodb", &[]),
    ("service", &["domain"]),
    ("lambda", &["service"]),
    (
        "local-stack",
        &["service", "iam", "domain", "embedded-dynamodb", "explain", "post-login", "site-files", "template"],
    ),
    ("page-size", &[]),
    ("pets", &["domain"]),
    ("post-login", &[]),
    ("sealed-page", &["site-files"]),
    ("signer-bench", &[]),
    ("site-files", &[]),
    ("split-page", &["sealed-page"]),
    ("template", &["iam"]),
    ("xtask", &[]),
];

/// Licences that ask for no more than to be named.
const PERMISSIVE: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What is wrong in what `cargo metadata` says.
pub fn breaches(metadata: &Value) -> Vec<String> {
    let packages = || metadata["packages"].as_array().into_iter().flatten();
    // Packages of the workspace come from nowhere else.
    let ours = packages().filter(|package| package["source"].is_null());
    ours.flat_map(dependency_breaches).chain(packages().filter_map(licence_breach)).collect()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

fn dependency_breaches(package: &Value) -> Vec<String> {
    let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name(package)) else {
        return vec![format!("{}: what it may use isn't said in {}", name(package), file!())];
    };
    let used = package["dependencies"].as_array().into_iter().flatten();
    let ours = used.filter(|dependency| dependency["path"].is_string() && dependency["kind"] != "dev");
    ours.filter(|dependency| !allowed.contains(&name(dependency)))
        .map(|dependency| format!("{} may not use {}", name(package), name(dependency)))
        .collect()
}

fn licence_breach(package: &Value) -> Option<String> {
    let Some(licence) = package["license"].as_str() else {
        return Some(format!("{}: doesn't say its licence", name(package)));
    };
    let is_permissive = |licence: &LicenseReq| licence.license.id().is_some_and(|id| PERMISSIVE.contains(&id.name));
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(is_permissive) => None,
        Ok(_) => Some(format!("{}: its licence, {licence}, asks for more than to be named", name(package))),
        Err(error) => Some(format!("{}: its licence, {licence}, can't be understood: {}", name(package), error.reason)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, licence: &str, dependencies: &Value) -> Value {
        json!({"packages": [
            {"name": name, "license": licence, "source": null, "dependencies": dependencies},
        ]})
    }

    fn licensed(licence: &str) -> Vec<String> {
        breaches(&package("iam", licence, &json!([])))
    }

    #[test]
    fn a_package_may_use_what_the_table_says_and_more_in_tests() {
        let ours = |name: &str, kind: &Value| json!([{"name": name, "path": "/x", "kind": kind}]);
        let of = |dependencies: Value| breaches(&package("service", "MIT", &dependencies));
        assert!(of(ours("domain", &Value::Null)).is_empty());
        assert!(of(ours("embedded-dynamodb", &json!("dev"))).is_empty());
        assert_eq!(of(ours("iam", &Value::Null)), ["service may not use iam"]);
        assert_eq!(of(ours("iam", &json!("build"))), ["service may not use iam"]);
        assert!(of(json!([{"name": "iam", "source": "registry", "kind": null}])).is_empty());
    }

    #[test]
    fn a_package_that_the_table_does_not_know_is_a_breach() {
        assert_eq!(breaches(&package("shop", "MIT", &json!([]))).len(), 1);
    }

    #[test]
    fn one_permissive_licence_of_several_to_choose_from_is_enough() {
        for licence in ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "Apache-2.0 WITH LLVM-exception AND Zlib"] {
            assert_eq!(licensed(licence), Vec::<String>::new(), "{licence}");
        }
    }

    #[test]
    fn other_licences_and_none_are_breaches() {
        for licence in ["GPL-3.0-only", "MIT AND MPL-2.0", "LicenseRef-ours", "who knows"] {
            assert_eq!(licensed(licence).len(), 1, "{licence}");
        }
        let none = json!({"packages": [{"name": "x", "source": "registry", "license": null}]});
        assert_eq!(breaches(&none).len(), 1);
    }
}
