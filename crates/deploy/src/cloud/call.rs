//! What a failed call becomes: the action in our words, AWS's code and message, and the remedy where the code has one.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::error::Error;

/// The error of a call to any of the services.
pub type Failing<E> = aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>;

/// Turns a failed call into our error. `doing` continues "AWS refused to …".
pub fn failed<E>(doing: impl Into<String>) -> impl FnOnce(Failing<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let doing = doing.into();
    move |error| {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let Some(service) = error.as_service_error() else {
            return Error::NoAnswer { doing, reason: chain(&error) };
        };
        let code = service.code().map_or_else(|| format!("HTTP {}", status.unwrap_or_default()), str::to_owned);
        let message = if code.contains("Signature") { None } else { service.message() };
        let message = message.unwrap_or("it doesn't say why").trim_end_matches('.');
        let remedy = remedy(&code, message);
        Error::Call { doing, message: format!("{message}."), code, remedy }
    }
}

fn remedy(code: &str, message: &str) -> String {
    let remedy = match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "HTTP 403" => {
            "Give whoever deploys this permission, or choose another --profile."
        }
        "ExpiredToken" | "ExpiredTokenException" => {
            "The session ended meanwhile: sign in again, then run it again; it goes on where it stopped."
        }
        "Throttling" | "ThrottlingException" | "SlowDown" => "Run it again in a minute; it goes on where it stopped.",
        "ValidationError" if message.contains("TerminationProtection") => {
            "The stack is protected: `aws cloudformation update-termination-protection --no-enable-termination-protection`."
        }
        _ => return String::new(),
    };
    format!("\n{remedy}")
}

/// An error and its reasons, without what comes twice.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut words: Vec<String> = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !words.iter().any(|word| word.contains(&text)) {
            words.push(text);
        }
        source = error.source();
    }
    words.join(": ")
}
