//! Everything that can be known to be wrong before a build and before the first change: arguments, template, credentials,
//! region, the buckets' owners, the stack's state, the parameters, and CloudFormation's own look at the template.

use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;

use crate::{
    artifacts::{self, Zips},
    bucket::Bucket,
    cloud::{Cloud, failed},
    config_file::Overrides,
    error::{Error, Result},
    options::Options,
    parameters::Parameters,
    stack::{MAX_INLINE_TEMPLATE, Stack, Way},
    template::Template,
};

/// What the checks found.
pub struct Preflight {
    /// The template.
    pub template: Template,
    /// A value for each parameter.
    pub parameters: Parameters,
    /// `--config`
    pub overrides: Overrides,
    /// The account.
    pub cloud: Cloud,
    /// The name of the bucket for zips.
    pub artifacts: String,
    /// Whether it is there.
    pub has_artifacts: bool,
    /// The stack, where there is one.
    pub stack: Option<Stack>,
    /// Whether it is created or updated.
    pub way: Way,
}

impl Preflight {
    /// Runs the checks, the nearest first. Changes nothing; waits where the stack is being changed.
    pub async fn run(options: &Options) -> Result<Self> {
        let template = Template::open(&options.template)?;
        let overrides = Overrides::parse(&options.config)?;
        let cloud = Cloud::connect(options).await?;
        say!("Account {}, region {}, stack {}.", cloud.account, cloud.region, options.stack);
        let artifacts = options.artifact_bucket.clone().unwrap_or_else(|| artifacts::default_name(&cloud));
        let has_artifacts = Bucket::new(&cloud, &artifacts).exists().await?;
        let stack = match Stack::find(&cloud, &options.stack).await? {
            Some(stack) => stack.settled(&cloud).await?,
            None => None,
        };
        let way = Way::of(stack.as_ref())?;
        let kept = stack.as_ref().filter(|_| way == Way::Update).map(|stack| stack.parameters.clone());
        let parameters = Parameters::choose(&template, &options.parameters, &kept.unwrap_or_default())?;
        for note in &parameters.notes {
            say!("{note}");
        }
        validate(&cloud, &template, &parameters, &artifacts).await?;
        if let Some(bucket) = stack.as_ref().and_then(|stack| stack.outputs.get("SiteBucket"))
            && !Bucket::new(&cloud, bucket).exists().await?
        {
            return Err(Error::Build(format!(
                "The stack's bucket {bucket} is gone.\nMake a bucket of this name again, or take the stack down and \
                 deploy anew: cargo xtask destroy --stack {}. Nothing was changed.",
                options.stack
            )));
        }
        Ok(Self { template, parameters, overrides, cloud, artifacts, has_artifacts, stack, way })
    }

    /// What the functions are built for.
    pub fn architecture(&self) -> &str {
        self.parameters.get("Architecture").unwrap_or("arm64")
    }

    /// Whether nothing between the bucket and the browser compresses.
    pub fn compresses(&self) -> bool {
        self.parameters.get("Hosting") == Some("website")
    }
}

/// What CloudFormation says of the template. One that is too large for the call is looked at when it's planned.
async fn validate(cloud: &Cloud, template: &Template, parameters: &Parameters, artifacts: &str) -> Result<()> {
    let code = Zips::placeholders(template).code(artifacts);
    let body = template.packaged(&code, &parameters.values());
    if body.len() > MAX_INLINE_TEMPLATE {
        return Ok(());
    }
    let answer = cloud.stacks.validate_template().template_body(body).send().await;
    answer.map(drop).map_err(|error| match error.as_service_error().and_then(|service| service.meta().message()) {
        Some(message) if error.code() == Some("ValidationError") => {
            Error::TemplateContent(format!("CloudFormation doesn't take it: {message}\nNothing was changed."))
        }
        _ => failed("look at the template")(error),
    })
}
