//! What CloudFormation takes from a bucket: the functions' zips, under names that hold their digests, so that a zip is
//! uploaded once and a function changes only when its zip does; and a template that is too large for a call.

use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest as _, Sha256};

use crate::{
    bucket::{Bucket, Difference, identifier},
    cloud::Cloud,
    error::{Error, Result},
    site::{File, hex},
    stack::{MAX_INLINE_TEMPLATE, Source},
    template::{Code, Template},
};

/// The bucket's name where none is given.
pub fn default_name(cloud: &Cloud) -> String {
    format!("pets-artifacts-{}-{}", cloud.account, cloud.region)
}

/// The zips of the functions, by logical id.
pub struct Zips(BTreeMap<String, File>);

impl Zips {
    /// Reads `ARCHITECTURE/NAME.zip` for each function of the template whose code is a path; `ListFunction` is `list`.
    pub fn read(template: &Template, functions: &Path, architecture: &str) -> Result<Self> {
        let mut zips = BTreeMap::new();
        for id in template.local_functions() {
            let name = name(id);
            let path = functions.join(architecture).join(format!("{name}.zip"));
            let remedy = format!("Build it: cargo xtask build-lambda --architecture {architecture}");
            let body = fs::read(&path).map_err(|error| {
                Error::Build(format!("The zip of {id}, {}, can't be read: {error}.\n{remedy}", path.display()))
            })?;
            if !body.starts_with(b"PK\x03\x04") {
                return Err(Error::Build(format!("{} is no zip.\n{remedy}", path.display())));
            }
            let key = key(&name, &hex(&Sha256::digest(&body)));
            zips.insert(id.to_owned(), object(key, body, "application/zip"));
        }
        Ok(Self(zips))
    }

    /// In place of zips that aren't built yet: names of the same length.
    pub fn placeholders(template: &Template) -> Self {
        let empty = |id: &str| object(key(&name(id), &"0".repeat(64)), Vec::new(), "application/zip");
        Self(template.local_functions().into_iter().map(|id| (id.to_owned(), empty(id))).collect())
    }

    /// Where each is going to be.
    pub fn code(&self, bucket: &str) -> BTreeMap<String, Code> {
        let code = |file: &File| Code { bucket: bucket.to_owned(), key: file.key.clone() };
        self.0.iter().map(|(id, file)| (id.clone(), code(file))).collect()
    }

    /// The zips as objects.
    pub fn files(&self) -> Vec<File> {
        self.0.values().cloned().collect()
    }

    /// Puts those there that aren't.
    pub async fn upload(&self, bucket: &Bucket<'_>) -> Result<()> {
        let files = self.files();
        for (file, difference) in files.iter().zip(bucket.compare(&files).await?) {
            if difference != Difference::Same {
                say!("  {}  {}", file.key, size(file.body.len()));
                bucket.put(file).await?;
            }
        }
        Ok(())
    }
}

/// A template on its way to CloudFormation, and what was put somewhere for it.
pub struct Staged {
    /// What CloudFormation is told.
    pub source: Source,
    object: Option<String>,
    made_bucket: bool,
}

impl Staged {
    /// Puts a large template into the bucket; a small one goes within the call.
    pub async fn put(cloud: &Cloud, bucket: &Bucket<'_>, bucket_exists: bool, body: String) -> Result<Self> {
        if body.len() <= MAX_INLINE_TEMPLATE {
            return Ok(Self { source: Source::Body(body), object: None, made_bucket: false });
        }
        if !bucket_exists {
            bucket.create().await?;
        }
        bucket.close().await?;
        let key = format!("templates/{}.json", hex(&Sha256::digest(&body)));
        bucket.put(&object(key.clone(), body.into_bytes(), "application/json")).await?;
        let source = Source::Url(address(cloud, &bucket.name, &key));
        Ok(Self { source, object: Some(key), made_bucket: !bucket_exists })
    }

    /// Leaves no trace.
    pub async fn take_back(self, bucket: &Bucket<'_>) -> Result<()> {
        let Some(key) = self.object else { return Ok(()) };
        bucket.delete(&identifier(&key, None).into_iter().collect::<Vec<_>>()).await?;
        if self.made_bucket { bucket.remove().await } else { Ok(()) }
    }
}

fn name(id: &str) -> String {
    id.strip_suffix("Function").filter(|name| !name.is_empty()).unwrap_or(id).to_lowercase()
}

fn key(name: &str, digest: &str) -> String {
    format!("functions/{name}-{digest}.zip")
}

fn object(key: String, body: Vec<u8>, content_type: &'static str) -> File {
    File::stored(key, body, content_type, site_files::IMMUTABLE)
}

/// As CloudFormation takes it.
fn address(cloud: &Cloud, bucket: &str, key: &str) -> String {
    if let Some(endpoint) = &cloud.endpoint {
        return format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/'));
    }
    let suffix = if cloud.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://{bucket}.s3.{}.{suffix}/{key}", cloud.region)
}

/// Bytes for people.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str =
        "Resources:\n  ListFunction: { Type: 'AWS::Lambda::Function', Properties: { Code: functions/ } }\n";

    #[test]
    fn a_zip_is_named_for_its_function_and_its_content() {
        let template = Template::parse(TEMPLATE).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("arm64")).unwrap();
        let read = |architecture| Zips::read(&template, folder.path(), architecture).map(|zips| zips.code("b"));
        let missing = read("arm64").unwrap_err().to_string();
        assert!(missing.contains("list.zip") && missing.contains("--architecture arm64"), "{missing}");
        fs::write(folder.path().join("arm64/list.zip"), "html").unwrap();
        assert!(read("arm64").unwrap_err().to_string().contains("no zip"));
        fs::write(folder.path().join("arm64/list.zip"), "PK\x03\x04one").unwrap();
        let one = read("arm64").unwrap()["ListFunction"].clone();
        assert!(one.key.starts_with("functions/list-") && one.key.len() == "functions/list-.zip".len() + 64, "{one:?}");
        fs::write(folder.path().join("arm64/list.zip"), "PK\x03\x04two").unwrap();
        assert_ne!(read("arm64").unwrap()["ListFunction"], one);
        let placeholder = &Zips::placeholders(&template).code("b")["ListFunction"];
        assert_eq!(placeholder.key.len(), one.key.len());
    }

    #[test]
    fn sizes_are_for_people() {
        assert_eq!([size(999), size(1500), size(2_340_000)], ["999 B", "1.5 kB", "2.3 MB"]);
    }
}
