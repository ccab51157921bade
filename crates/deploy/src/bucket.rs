//! A bucket of ours. Every call says whose it must be, so a bucket of somebody else under the same name never gets a file
//! and is never believed.

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{
        BucketLocationConstraint, CreateBucketConfiguration, Delete, ObjectIdentifier, PublicAccessBlockConfiguration,
        ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
        ServerSideEncryptionRule,
    },
};
use futures_util::future::join_all;

use crate::{
    cloud::{Cloud, failed},
    error::{Error, Result},
    site::File,
};

/// The user metadata that holds the digest of an object's body.
const DIGEST: &str = "sha256";

/// A bucket.
pub struct Bucket<'a> {
    cloud: &'a Cloud,
    /// Its name.
    pub name: String,
}

/// What is known of an object without its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    digest: Option<String>,
    content_type: Option<String>,
    cache_control: Option<String>,
    content_encoding: Option<String>,
}

/// How a file and the object under its key differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// There is no object.
    New,
    /// Another body.
    Changed,
    /// The same body under other headers.
    Headers,
    /// None.
    Same,
}

impl<'a> Bucket<'a> {
    /// A bucket by its name.
    pub fn new(cloud: &'a Cloud, name: impl Into<String>) -> Self {
        Self { cloud, name: name.into() }
    }

    /// Where it is.
    pub fn cloud(&self) -> &'a Cloud {
        self.cloud
    }

    /// Whether it is there. One of somebody else is an error.
    pub async fn exists(&self) -> Result<bool> {
        let head = self.cloud.objects.head_bucket().bucket(&self.name).expected_bucket_owner(&self.cloud.account);
        let Err(error) = head.send().await else { return Ok(true) };
        match error.raw_response().map(|response| response.status().as_u16()) {
            Some(404) => Ok(false),
            Some(403) => Err(Error::ForeignBucket { bucket: self.name.clone() }),
            Some(301 | 400) => Err(Error::Build(format!(
                "The bucket {} is in another region than {}.\nName another one with --artifact-bucket.",
                self.name, self.cloud.region
            ))),
            _ => Err(failed(format!("look at the bucket {}", self.name))(error)),
        }
    }

    /// Makes it: private and encrypted.
    pub async fn create(&self) -> Result<()> {
        let mut create = self.cloud.objects.create_bucket().bucket(&self.name);
        if self.cloud.region != "us-east-1" {
            let region = BucketLocationConstraint::from(self.cloud.region.as_str());
            let location = CreateBucketConfiguration::builder().location_constraint(region).build();
            create = create.create_bucket_configuration(location);
        }
        let made = create.send().await;
        made.map(drop).map_err(|error| match error.as_service_error() {
            Some(taken) if taken.is_bucket_already_exists() => Error::ForeignBucket { bucket: self.name.clone() },
            _ => failed(format!("make the bucket {}", self.name))(error),
        })
    }

    /// Closes it to the public where it isn't, and has it encrypted: a deploy may have been interrupted in between.
    pub async fn close(&self) -> Result<()> {
        let (cloud, owner) = (self.cloud, &self.cloud.account);
        let block =
            cloud.objects.get_public_access_block().bucket(&self.name).expected_bucket_owner(owner).send().await;
        let is_closed = block.ok().and_then(|block| block.public_access_block_configuration).is_some_and(|block| {
            let set = [
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets,
            ];
            set == [Some(true); 4]
        });
        if is_closed {
            return Ok(());
        }
        let rule = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256).build();
        let rule = rule.expect("it has what it must have");
        let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(rule).build();
        let encryption = ServerSideEncryptionConfiguration::builder().rules(rule).build();
        let encrypt = cloud.objects.put_bucket_encryption().bucket(&self.name).expected_bucket_owner(owner);
        let encrypt = encrypt.server_side_encryption_configuration(encryption.expect("it has a rule")).send().await;
        encrypt.map_err(failed(format!("encrypt the bucket {}", self.name)))?;
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        let close = cloud.objects.put_public_access_block().bucket(&self.name).expected_bucket_owner(owner);
        let close = close.public_access_block_configuration(block).send().await;
        close.map(drop).map_err(failed(format!("close the bucket {} to the public", self.name)))
    }

    /// What is there under a key.
    pub async fn standing(&self, key: &str) -> Result<Option<Standing>> {
        let head = self.cloud.objects.head_object().bucket(&self.name).key(key);
        match head.expected_bucket_owner(&self.cloud.account).send().await {
            Ok(head) => Ok(Some(Standing {
                digest: head.metadata().and_then(|metadata| metadata.get(DIGEST)).cloned(),
                content_type: head.content_type,
                cache_control: head.cache_control,
                content_encoding: head.content_encoding,
            })),
            Err(error) if error.as_service_error().is_some_and(|error| error.is_not_found()) => Ok(None),
            Err(error) => Err(failed(format!("look at {key} in the bucket {}", self.name))(error)),
        }
    }

    /// Writes a file with its headers.
    pub async fn put(&self, file: &File) -> Result<()> {
        let put = self.cloud.objects.put_object().bucket(&self.name).key(&file.key);
        let put = put
            .expected_bucket_owner(&self.cloud.account)
            .body(ByteStream::from(file.body.clone()))
            .content_type(file.content_type)
            .cache_control(file.cache_control)
            .set_content_encoding(file.content_encoding.map(str::to_owned))
            .metadata(DIGEST, &file.digest);
        let put = put.send().await;
        put.map(drop).map_err(failed(format!("write {} to the bucket {}", file.key, self.name)))
    }

    /// Reads an object.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let doing = || format!("read {key} from the bucket {}", self.name);
        let get = self.cloud.objects.get_object().bucket(&self.name).key(key);
        match get.expected_bucket_owner(&self.cloud.account).send().await {
            Ok(object) => {
                let body = object.body.collect().await;
                let body = body.map_err(|error| Error::NoAnswer { doing: doing(), reason: error.to_string() })?;
                Ok(Some(body.to_vec()))
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => Ok(None),
            Err(error) => Err(failed(doing())(error)),
        }
    }

    /// All keys.
    pub async fn keys(&self) -> Result<Vec<String>> {
        let list = self.cloud.objects.list_objects_v2().bucket(&self.name);
        let mut pages = list.expected_bucket_owner(&self.cloud.account).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(format!("list the bucket {}", self.name)))?;
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        Ok(keys)
    }

    /// Deletes objects, a thousand at a time, as S3 takes them.
    pub async fn delete(&self, objects: &[ObjectIdentifier]) -> Result<()> {
        for some in objects.chunks(1000) {
            let delete = Delete::builder().set_objects(Some(some.to_vec())).quiet(true).build();
            let delete = delete.expect("it names objects");
            let call = self.cloud.objects.delete_objects().bucket(&self.name).delete(delete);
            let answer = call.expected_bucket_owner(&self.cloud.account).send().await;
            let answer = answer.map_err(failed(format!("delete from the bucket {}", self.name)))?;
            if let Some(error) = answer.errors().first() {
                return Err(Error::Call {
                    doing: format!("delete {} from the bucket {}", error.key().unwrap_or_default(), self.name),
                    code: error.code().unwrap_or_default().to_owned(),
                    message: error.message().unwrap_or_default().to_owned(),
                    remedy: String::new(),
                });
            }
        }
        Ok(())
    }

    /// Deletes every version of every object; answers how many there were.
    pub async fn empty(&self) -> Result<usize> {
        let mut deleted = 0;
        // What is deleted is listed no more, so the first page is always the next one. A bucket that somebody fills as
        // fast as this empties it would be endless.
        for _ in 0..10_000 {
            let list = self.cloud.objects.list_object_versions().bucket(&self.name);
            let page = list.expected_bucket_owner(&self.cloud.account).send().await;
            let page = page.map_err(failed(format!("list the bucket {}", self.name)))?;
            let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
            let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let objects: Vec<_> =
                versions.chain(markers).filter_map(|(key, version)| identifier(key?, version)).collect();
            if objects.is_empty() {
                return Ok(deleted);
            }
            self.delete(&objects).await?;
            deleted += objects.len();
        }
        Err(Error::Build(format!("The bucket {} is being filled while it is emptied.\nStop that first.", self.name)))
    }

    /// Deletes the bucket, which must be empty.
    pub async fn remove(&self) -> Result<()> {
        let delete = self.cloud.objects.delete_bucket().bucket(&self.name);
        let answer = delete.expected_bucket_owner(&self.cloud.account).send().await;
        answer.map(drop).map_err(failed(format!("delete the bucket {}", self.name)))
    }

    /// How each file and what is there differ, in the files' order.
    pub async fn compare(&self, files: &[File]) -> Result<Vec<Difference>> {
        let mut differences = Vec::with_capacity(files.len());
        for some in files.chunks(16) {
            let asked = join_all(some.iter().map(|file| self.standing(&file.key))).await;
            for (file, standing) in some.iter().zip(asked) {
                differences.push(Difference::of(file, standing?.as_ref()));
            }
        }
        Ok(differences)
    }
}

/// One version of an object.
pub fn identifier(key: &str, version: Option<&str>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::builder().key(key).set_version_id(version.map(str::to_owned)).build().ok()
}

impl Difference {
    /// Between a file and what is there under its key.
    pub fn of(file: &File, standing: Option<&Standing>) -> Self {
        let Some(standing) = standing else { return Self::New };
        if standing.digest.as_deref() != Some(&*file.digest) {
            return Self::Changed;
        }
        let same = standing.content_type.as_deref() == Some(file.content_type)
            && standing.cache_control.as_deref() == Some(file.cache_control)
            && standing.content_encoding.as_deref().filter(|encoding| !encoding.is_empty()) == file.content_encoding;
        if same { Self::Same } else { Self::Headers }
    }

    /// In a plan.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Headers => "headers",
            Self::Same => "unchanged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_up_again_only_for_its_body_or_its_headers() {
        let file = File::new("a.js", b"x".to_vec(), false);
        let standing = Standing {
            digest: Some(file.digest.clone()),
            content_type: Some(file.content_type.into()),
            cache_control: Some(file.cache_control.into()),
            content_encoding: None,
        };
        let of = |standing: Standing| Difference::of(&file, Some(&standing));
        assert_eq!(Difference::of(&file, None), Difference::New);
        assert_eq!(of(standing.clone()), Difference::Same);
        assert_eq!(of(Standing { content_encoding: Some(String::new()), ..standing.clone() }), Difference::Same);
        assert_eq!(of(Standing { digest: None, ..standing.clone() }), Difference::Changed);
        assert_eq!(of(Standing { digest: Some("0".into()), ..standing.clone() }), Difference::Changed);
        assert_eq!(of(Standing { cache_control: None, ..standing.clone() }), Difference::Headers);
        assert_eq!(of(Standing { content_type: Some("text/plain".into()), ..standing.clone() }), Difference::Headers);
        assert_eq!(of(Standing { content_encoding: Some("gzip".into()), ..standing }), Difference::Headers);
    }
}
