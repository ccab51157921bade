//! Starts and ends of the emulator.

use std::{net::TcpStream, sync::Arc};

use aws_emulator::Emulator;

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
