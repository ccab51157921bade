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
    let first = issuer(&data).unwrap().jwks();
    assert_eq!(issuer(&data).unwrap().jwks(), first);
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
fn without_a_folder_every_start_has_a_key_of_its_own() {
    let start = || Issuer::new(Config::new(ISSUER, "pets-spa", APP)).unwrap().jwks();
    assert_ne!(start(), start());
}
