//! The local stack as a program: reads the command line, starts, prints where it listens and who can sign in, and
//! stops on Ctrl-C. Exit status 1 when it can't start, 2 when it was called wrongly. The log goes to stderr.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use local_stack::{Command, HELP, Handle, Options, serve};

/// A request is hundreds of small texts, made on one thread and let go on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Command::parse(std::env::args_os().skip(1)) {
        Ok(Command::Serve(options)) => *options,
        Ok(Command::Help) => return say(HELP),
        Ok(Command::Version) => return say(concat!("local-stack ", env!("CARGO_PKG_VERSION"), "\n")),
        Err(error) => return fail(&error, 2),
    };
    // Fixed: a library's finer levels may hold what no log may.
    tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(io::stderr).with_ansi(false).init();
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error, 1),
    }
}

async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let stop = stop_signal()?;
    let handle = serve(options).await?;
    say(&greeting(&handle));
    stop.await;
    handle.stop().await;
    Ok(())
}

/// The first line is for programs; the rest for people.
fn greeting(handle: &Handle) -> String {
    let mut text = format!("listening on http://{}\n", handle.address());
    for person in handle.samples() {
        let how = match person.password {
            Some(password) => format!("{} / {password}", person.email),
            None => person.name.to_owned(),
        };
        text.push_str(&format!("sign in through {}: {how}\n", person.connection));
    }
    text
}

/// Ends with Ctrl-C, or with SIGTERM where there is one.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}

fn say(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn fail(error: &dyn std::error::Error, status: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "local-stack: {error}");
    status.into()
}
