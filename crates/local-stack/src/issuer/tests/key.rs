//! The key in the data folder.

use std::fs;
use std::path::Path;

use super::*;
use crate::issuer::Error;

fn issuer(folder: &Path) -> Result<Issuer, Error> {
    let mut config = Config::new(ISSUER, "pets-spa", APP);
    config.data_dir = Some(folder.to_owned());
    Issuer::new(config)
}

#[test]
fn the_key_is_made_once_and_only_its_owner_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let keys = || issuer(&data).unwrap().jwks().unwrap();
    let first = keys();
    assert_eq!(keys(), first);
    let files: Vec<_> = fs::read_dir(&data).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["issuer-key.pem"], "nothing half-written is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(data.join("issuer-key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_key_file_that_cannot_be_used_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("issuer-key.pem");
    let small = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
    let small = rsa::pkcs8::EncodePrivateKey::to_pkcs8_pem(&small, rsa::pkcs8::LineEnding::LF).unwrap();
    for (text, problem) in [
        (&b""[..], "holds no RSA private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no RSA private key"),
        (b"\xff\xfe\x00", "holds no PEM text"),
        (small.as_bytes(), "fewer than 2048 bits"),
    ] {
        fs::write(&file, text).unwrap();
        let error = issuer(folder.path()).err().unwrap().to_string();
        assert!(error.contains(problem), "{error}");
        assert!(error.contains("issuer-key.pem") && error.contains("remove it"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), text);
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = issuer(&in_the_way.join("data")).err().unwrap().to_string();
    assert!(error.contains("issuer-key.pem") && error.contains("permissions"), "{error}");
    fs::create_dir(folder.path().join("issuer-key.pem")).unwrap();
    let error = issuer(folder.path()).err().unwrap().to_string();
    assert!(error.contains("can't be read"), "{error}");
}

#[test]
fn a_key_that_can_not_be_kept_is_no_key_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let issuer = issuer(&data).unwrap();
    // It takes a while to make a key, so this comes first; where it doesn't, the key is there and all is well.
    fs::remove_dir_all(&data).unwrap();
    fs::write(&data, "in the way").unwrap();
    let ask = |path: &str| {
        let request = Request::get(format!("/idp/{path}")).body(Vec::new()).unwrap();
        issuer.respond(&request, OffsetDateTime::UNIX_EPOCH).status()
    };
    let made = match issuer.jwks() {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            let error = error.to_string();
            assert!(error.contains("issuer-key.pem") && error.contains("can't be written"), "{error}");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    assert_eq!(ask(".well-known/jwks.json"), made);
    assert_eq!(ask(".well-known/openid-configuration"), StatusCode::OK);
}

#[test]
fn without_a_folder_every_start_has_a_key_of_its_own() {
    let start = || Issuer::new(Config::new(ISSUER, "pets-spa", APP)).unwrap().jwks().unwrap();
    assert_ne!(start(), start());
}
