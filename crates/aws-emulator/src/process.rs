//! The process of MiniStack, in a process group of its own, so that the functions which it runs end with it. A shell
//! leads the group and ends it when this process is gone, however that came: an interrupted test leaves nothing behind.

use std::{
    fs::File,
    io,
    net::{Ipv4Addr, TcpStream},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

/// The file in its folder that everything it writes goes to.
const OUTPUT: &str = "output.txt";

/// Ends the group when the program ends, and when nobody holds the other end of the standard input any more.
const LEADER: &str = r#"{ "$0"; echo "ended with status $?"; kill -KILL 0; } & cat; kill -KILL 0"#;

/// How often a port is tried that should be closed: for two seconds at most.
const TRIES: u32 = 100;
const TRY: Duration = Duration::from_millis(20);

/// A running MiniStack.
#[derive(Debug)]
pub(crate) struct Process {
    leader: Child,
    port: u16,
}

impl Process {
    /// Starts the program on a port, with all its files in a folder.
    pub(crate) fn start(program: &Path, port: u16, folder: &Path) -> io::Result<Self> {
        let (state, temporary) = (folder.join("state"), folder.join("tmp"));
        std::fs::create_dir(&state)?;
        std::fs::create_dir(&temporary)?;
        let output = File::create(folder.join(OUTPUT))?;
        // The shell would say it less clearly, and later.
        File::open(program)?;
        let mut command = Command::new("sh");
        command.args(["-c", LEADER]).arg(program);
        // Whoever runs the tests may have an account, which isn't meant.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(&name);
            }
        }
        command
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("STATE_DIR", state)
            .env("TMPDIR", temporary)
            // These listen at every address of the machine otherwise.
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .env("PYTHONUNBUFFERED", "1")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0);
        command.spawn().map(|leader| Self { leader, port })
    }

    /// Whether it is gone; with which status is in what it wrote.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.leader.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Not yet waited for, so the number is still this group's. It keeps nothing that it would have to write.
        if let Some(group) = Pid::from_raw(self.leader.id().cast_signed()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.leader.wait();
        // The others end at the same moment, and are a moment longer about it.
        let answers = || TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
        for _ in 0..TRIES {
            if !answers() {
                return;
            }
            std::thread::sleep(TRY);
        }
    }
}

/// All that the process of this folder wrote.
pub(crate) fn output(folder: &Path) -> String {
    let bytes = std::fs::read(folder.join(OUTPUT)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
