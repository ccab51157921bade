//! Tells Lambda why the function can't start, so that a person sees the reason where the function is managed too, and
//! not only in its log. "Initialization error" in the "Lambda runtime API" of the AWS Lambda developer guide.

use std::{env, time::Duration};

use serde_json::json;
use ureq::Agent;

use crate::settings::Faults;

/// Tries once. Whoever calls ends the process, which says enough where this fails.
pub(crate) fn report(faults: &Faults) {
    let Ok(api) = env::var("AWS_LAMBDA_RUNTIME_API") else { return };
    let agent = Agent::new_with_config(
        Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).proxy(None).build(),
    );
    let body = json!({"errorType": "Function.Environment", "errorMessage": faults.to_string(), "stackTrace": []});
    let request = agent
        .post(format!("http://{api}/2018-06-01/runtime/init/error"))
        .header("content-type", "application/json")
        .header("lambda-runtime-function-error-type", "Function.Environment");
    if let Err(error) = request.send(body.to_string()) {
        tracing::warn!("Lambda wasn't told: {error}");
    }
}
