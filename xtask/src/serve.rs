//! `cargo xtask serve`: the local stack and the page on this machine, until Ctrl-C or until one of them ends.
//!
//! Both run in process groups of their own and are stopped together, whatever ends this command.

mod http;
mod running;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    process::{Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    thread,
    time::{Duration, Instant},
};

use lexopt::{Arg, ValueExt as _};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::{
    binary,
    failure::{Doing as _, Failure, Result},
    logged::spoken,
    page,
    project::Project,
    setup, usage_error,
};
use running::Running;

const USAGE: &str = "\
cargo xtask serve [--port 8080] [--open] [-- OPTIONS OF THE LOCAL STACK]

  --port PORT   the page's port
  --open        open the page in the browser

What follows `--` goes to the local stack, such as `-- --data .pets`.";

/// Where the page's `config.json` says that the stack is.
const STACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9000);
const TICK: Duration = Duration::from_millis(100);
/// How long Ctrl-C may have to wait for a server that doesn't answer.
const PATIENCE: Duration = Duration::from_secs(1);

struct Options {
    port: u16,
    open: bool,
    for_stack: Vec<std::ffi::OsString>,
}

/// `cargo xtask serve`.
pub fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    let Some(options) = parse(arguments)? else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    check_ports(options.port)?;
    setup::ensure(project, &setup::PAGE)?;
    let stack = binary::build(project, "local-stack")?;
    // From here on Ctrl-C is ours: it must stop what was started.
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).doing(|| "wait for Ctrl-C".into())?;
    }
    let mut command = project.command(stack);
    let origin = format!("http://localhost:{}", options.port);
    command.args(["--listen", &STACK.to_string(), "--app-origin", &origin]).args(&options.for_stack);
    command.stdout(Stdio::piped());
    let mut stack = Running::start("The local stack", command)?;
    let words = stack.words();
    let mut page = Running::start("Trunk", trunk(project, options.port)?)?;
    let outcome = watch(&mut stack, &mut page, &words, &stop, &options);
    // Both at once, so that the slower one doesn't keep the other up.
    stack.ask_to_stop();
    page.ask_to_stop();
    outcome
}

fn parse(mut arguments: lexopt::Parser) -> Result<Option<Options>> {
    let mut options = Options { port: 8080, open: false, for_stack: Vec::new() };
    loop {
        if let Some(mut rest) = arguments.try_raw_args().filter(|rest| rest.peek() == Some("--".as_ref())) {
            rest.next();
            options.for_stack = rest.collect();
            return Ok(Some(options));
        }
        let Some(argument) = arguments.next().map_err(usage_error)? else { return Ok(Some(options)) };
        match argument {
            Arg::Long("port") => {
                options.port = arguments.value().and_then(|value| value.parse()).map_err(usage_error)?;
            }
            Arg::Long("open") => options.open = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(usage_error(other.unexpected())),
        }
    }
}

/// Says in words that a port is taken, before anything is built or started.
fn check_ports(port: u16) -> Result<()> {
    if is_taken(STACK) {
        return Err(Failure::new(format!("Port {} is in use, and the local stack needs it.", STACK.port()))
            .remedy("Another `cargo xtask serve` may be running: stop it, then try again."));
    }
    let loopbacks = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    if loopbacks.into_iter().any(|address| is_taken(SocketAddr::new(address, port))) {
        return Err(Failure::new(format!("Port {port} is in use, and the page needs it."))
            .remedy("Stop what uses it, or choose another: `cargo xtask serve --port 8081`."));
    }
    Ok(())
}

fn is_taken(address: SocketAddr) -> bool {
    // Any other error, such as no IPv6 on this machine, is no sign of another program.
    TcpListener::bind(address).is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

fn trunk(project: &Project, port: u16) -> Result<Command> {
    let mut command = page::trunk(project)?;
    // Not `dist`, where the tests have their release build.
    command.args(["serve", "--dist", "target/page", "--port", &port.to_string()]);
    Ok(command)
}

/// Waits until both answer, says so once, and returns when one of them ends or `stop` is set.
///
/// What the stack says of who can sign in is held back until then: a build's messages would push it out of sight.
fn watch(
    stack: &mut Running,
    page: &mut Running,
    words: &Receiver<String>,
    stop: &AtomicBool,
    options: &Options,
) -> Result<ExitCode> {
    let started = Instant::now();
    let page_address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), options.port);
    let mut ready = false;
    while !stop.load(Ordering::Relaxed) {
        stack.check()?;
        page.check()?;
        if !ready && http::answers(STACK, "/healthz", PATIENCE) && http::answers(page_address, "/", PATIENCE) {
            ready = true;
            let url = format!("http://localhost:{}/", options.port);
            println!("\nThe shop is open at {url} after {}. Ctrl-C closes it.", spoken(started.elapsed()));
            if options.open {
                open(&url);
            }
        }
        if ready {
            words.try_iter().for_each(|line| println!("  {line}"));
        }
        thread::sleep(TICK);
    }
    println!("\nStopping the page and the local stack.");
    // Ctrl-C is the way to end an open shop; one that isn't open yet was interrupted.
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::from(130) })
}

fn open(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if let Err(error) = Command::new(program).arg(url).spawn() {
        println!("No browser was opened: {program}: {error}.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        assert!(is_taken(address));
        drop(listener);
        assert!(!is_taken(address));
    }

    #[test]
    fn what_follows_two_dashes_is_for_the_stack() {
        let parser = lexopt::Parser::from_args(["--port", "8081", "--", "--data", "/shop"]);
        let options = parse(parser).unwrap().unwrap();
        assert_eq!((options.port, options.for_stack.len()), (8081, 2));
        assert!(parse(lexopt::Parser::from_args(["--prot", "8081"])).is_err());
        assert!(parse(lexopt::Parser::from_args(["8081"])).is_err());
    }
}
