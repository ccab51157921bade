//! What the three functions share: an event of API Gateway's REST proxy integration becomes a request to
//! [`service::Router`], and its answer the integration's response. A function answers only the routes that its binary
//! names; that its role can do no more is the cloud's, and this is the second lock. What lives longer than a request
//! (the client of the table, the issuer's keys) is made once a process. Nothing of an event gets into a log but the
//! request's id and which route it took. The next step of a request is `function`.

mod dynamodb;
mod function;
mod init_error;
mod log;
mod place;
mod route;
mod settings;

use std::{process::ExitCode, sync::Arc};

use lambda_http::{Error, service_fn};

use function::Function;
pub use route::Route;
use settings::Settings;

/// Runs a function until Lambda ends its process. Comes back only when it can't go on, and has said why in the log.
pub fn run(routes: &'static [Route]) -> ExitCode {
    log::init();
    let started = start(routes);
    if let Err(error) = &started {
        tracing::error!("{error}");
    }
    ExitCode::from(u8::from(started.is_err()))
}

/// One request comes at a time, so one thread is enough.
#[tokio::main(flavor = "current_thread")]
async fn start(routes: &'static [Route]) -> Result<(), Error> {
    let function = match Settings::from_env() {
        Ok(settings) => Arc::new(Function::new(routes, settings)),
        Err(faults) => {
            init_error::report(&faults);
            return Err(faults.into());
        }
    };
    lambda_http::run(service_fn(move |event| {
        let function = Arc::clone(&function);
        async move { Ok::<_, Error>(function.answer(event).await) }
    }))
    .await
}
