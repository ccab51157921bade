use serde_json::{Value, json};

use super::*;

fn good() -> Value {
    json!({ "issuer": "http://localhost:9000/idp/", "clientId": "pets-spa",
        "apiUrl": "http://localhost:9000/test", "stsUrl": "http://localhost:9000/sts/", "region": "us-east-1",
        "roles": { "admin": "arn:aws:iam::123456789012:role/auth0-api-role",
                   "buyer": "arn:aws:iam::123456789012:role/auth0-api-social-role" },
        "socialConnections": ["amazon", "google-oauth2"], "currency": "USD" })
}

fn read(value: &Value) -> Result<Config, ConfigError> {
    Config::from_json(value.to_string().as_bytes())
}

#[test]
fn a_whole_configuration_is_read() {
    let config = read(&good()).unwrap();
    assert_eq!(config.issuer, "http://localhost:9000/idp/");
    assert_eq!(config.roles.buyer, "arn:aws:iam::123456789012:role/auth0-api-social-role");
    assert_eq!(config.social_connections, ["amazon", "google-oauth2"]);
    let mut slash = good();
    slash["apiUrl"] = json!("https://abc.execute-api.us-east-1.amazonaws.com/test/");
    slash["nobodyKnows"] = json!(1);
    slash["explainUrl"] = json!("http://localhost:9000/explain");
    assert_eq!(read(&slash).unwrap().explain_url.as_deref(), Some("http://localhost:9000/explain"));
    slash["explainUrl"] = Value::Null;
    assert_eq!((config.explain_url, read(&slash).unwrap().explain_url), (None, None));
    assert_eq!(read(&slash).unwrap().api_url, "https://abc.execute-api.us-east-1.amazonaws.com/test");
}

#[test]
fn a_missing_field_names_itself() {
    for field in ["issuer", "clientId", "apiUrl", "stsUrl", "region", "roles", "socialConnections", "currency"] {
        for missing in [None, Some(Value::Null)] {
            let mut value = good();
            match missing {
                None => drop(value.as_object_mut().unwrap().remove(field)),
                Some(null) => value[field] = null,
            }
            let error = read(&value).unwrap_err();
            assert!(matches!(error, ConfigError::Missing { field: named, .. } if named == field), "{error}");
        }
    }
    for role in ["admin", "buyer"] {
        let mut value = good();
        value["roles"].as_object_mut().unwrap().remove(role);
        assert!(read(&value).unwrap_err().to_string().contains(&format!("roles.{role} is missing")));
    }
}

#[test]
fn a_wrong_field_names_itself() {
    let check = |path: &str, wrong: Value| {
        let mut value = good();
        value["explainUrl"] = json!("http://localhost:9000/explain");
        let pointer = format!("/{}", path.replace('.', "/"));
        *value.pointer_mut(&pointer).unwrap() = wrong.clone();
        let error = read(&value).unwrap_err();
        assert!(matches!(error, ConfigError::Wrong { field, .. } if field == path), "{path} = {wrong}: {error}");
    };
    for field in ["issuer", "apiUrl", "stsUrl", "explainUrl"] {
        for wrong in [
            "",
            "/idp/",
            "localhost:9000",
            "//example.com/x",
            "ftp://example.com/x",
            "javascript:alert(1)",
            "http://example.com/x",
            "http://localhost.example.com/x",
            "http://127.0.0.1.example.com/x",
            "https://user@example.com/x",
            "https://example.com/x?y=1",
            "https://example.com/x#y",
            "https:///x",
            "https://example.com:/x",
            " https://example.com/x",
        ] {
            check(field, json!(wrong));
        }
        check(field, json!(1));
        check(field, json!(["https://example.com/x"]));
    }
    for wrong in ["https://example.com", "https://example.com/", "https://example.com//test"] {
        check("apiUrl", json!(wrong));
    }
    check("clientId", json!(""));
    check("clientId", json!("with space"));
    for wrong in ["", "us", "US-EAST-1", "us-east-1 ", "us--1"] {
        check("region", json!(wrong));
    }
    for wrong in [
        json!(""),
        json!("auth0-api-role"),
        json!("arn:aws:iam::12345678901:role/x"),
        json!("arn:aws:iam::123456789012:role/"),
        json!("arn:aws:sts::123456789012:assumed-role/x/y"),
        json!("arn:aws:iam::123456789012:user/x"),
        json!(7),
    ] {
        check("roles.admin", wrong.clone());
        check("roles.buyer", wrong);
    }
    check("roles.buyer", json!("arn:aws:iam::123456789012:role/auth0-api-role"));
    for wrong in [json!("x"), json!(["a", "b"]), json!(1)] {
        check("roles", wrong);
    }
    for wrong in [json!("amazon"), json!([1]), json!(["a|b"]), json!(["amazon", "auth0"]), json!([""])] {
        check("socialConnections", wrong);
    }
    for wrong in ["", "usd", "US", "USDX", "U$D", "€"] {
        check("currency", json!(wrong));
    }
}

#[test]
fn what_is_no_json_object_is_refused_with_its_place() {
    for text in ["", "<!doctype html>", "[]", "null", "\"x\"", "{", "{\"issuer\":\"a\",\"issuer\":\"b\"}", "{} x"] {
        let error = Config::from_json(text.as_bytes()).unwrap_err();
        assert!(matches!(error, ConfigError::NotJson { .. }), "{text}: {error}");
    }
    assert!(Config::from_json(b"\xff\xfe{}").is_err());
}
