//! Starts and ends of the emulator.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::TcpStream,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use aws_emulator::{Emulator, EmulatorError, PROGRAM};

const CHILD: &str = "PETS_TEST_EMULATOR_CHILD";

#[test]
#[ignore = "needs MiniStack: cargo xtask test cloud"]
fn it_answers_while_it_is_held_and_is_gone_with_its_files_after() {
    let emulator = Emulator::start();
    let address = emulator.endpoint().strip_prefix("http://").unwrap().to_owned();
    let health = ureq::get(&emulator.url("/_ministack/health")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(health.contains("dynamodb"), "{health}");
    assert!(emulator.output().contains("Ready"), "{}", emulator.output());
    assert!(address.starts_with("127.0.0.1:"));
    drop(emulator);
    assert!(TcpStream::connect(&address).is_err(), "{address} still answers");
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test cloud"]
fn tests_share_one_as_long_as_one_of_them_holds_it() {
    let (one, two) = (Emulator::shared(), Emulator::shared());
    assert!(Arc::ptr_eq(&one, &two));
    let first = one.endpoint().to_owned();
    drop(one);
    assert_eq!(Emulator::shared().endpoint(), first);
}

/// The process that is killed.
#[test]
#[ignore = "only as a child process of the test below"]
fn holds_one_until_it_is_killed() {
    if env::var_os(CHILD).is_some() {
        let emulator = Emulator::start();
        eprintln!("\nat {}", emulator.endpoint());
        std::thread::sleep(Duration::from_secs(60));
    }
}

#[test]
#[ignore = "needs MiniStack: cargo xtask test cloud"]
fn it_does_not_outlive_a_test_that_is_killed() {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "holds_one_until_it_is_killed", "--ignored", "--nocapture"])
        .env(CHILD, "1")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| line.strip_prefix("at http://").map(str::to_owned)).unwrap();
    assert!(TcpStream::connect(&address).is_ok());
    child.kill().unwrap();
    child.wait().unwrap();
    let is_gone = || TcpStream::connect(&address).is_err();
    let gone = (0..200).any(|_| {
        is_gone() || {
            std::thread::sleep(Duration::from_millis(50));
            false
        }
    });
    assert!(gone, "{address} still answers");
}

/// Sets the variable for its own process only, so it runs as one.
#[test]
fn without_a_program_the_message_says_what_to_do() {
    if env::var_os(CHILD).is_some() {
        let error = Emulator::try_start().unwrap_err();
        match env::var_os(PROGRAM) {
            None => assert!(
                matches!(error, EmulatorError::NotNamed) && error.to_string().contains("cargo xtask"),
                "{error}"
            ),
            Some(name) if name == "/nowhere/ministack" => {
                assert!(error.to_string().contains("/nowhere/ministack can't be started"), "{error}");
            }
            Some(_) => assert!(error.to_string().contains("ended with status 1"), "{error}"),
        }
        return;
    }
    for program in [None, Some("/nowhere/ministack"), Some("/bin/false")] {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", "without_a_program_the_message_says_what_to_do"]).env(CHILD, "1").env_remove(PROGRAM);
        child.envs(program.map(|program| (PROGRAM, program)));
        let output = child.output().unwrap();
        assert!(output.status.success(), "{program:?}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
