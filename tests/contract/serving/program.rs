//! The program itself, serving on a port of the loopback.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Limit that no machine reaches, however slow.
pub const LONG: Duration = Duration::from_secs(60);

/// A server in a folder of its own, ended with the test.
pub struct Program {
    pub child: Child,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Program {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_as("exec \"$0\" serve", settings, Stdio::null())
    }

    /// Started by this line of a shell, to which `$0` is the program.
    pub fn start_as(line: &str, settings: &[(&str, &str)], log: Stdio) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let mut command = Command::new("sh");
        command.args(["-c", line, env!("CARGO_BIN_EXE_fixdesk")]).current_dir(folder.path()).env_clear();
        command.env("DATABASE_URL", "sqlite:desk.db").env("FIXDESK_ADDR", address.to_string());
        command.env("LEPTOS_SITE_ROOT", folder.path()).envs(settings.iter().copied());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("starts");
        let mut program = Self { child, address, _folder: folder };
        program.wait_until_it_serves();
        program
    }

    fn wait_until_it_serves(&mut self) {
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(self.child.try_wait().expect("a child").is_none(), "it has ended");
            assert!(begun.elapsed() < LONG, "it does not serve");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(LONG)).expect("is set");
        stream
    }

    /// Connection on which `text` was sent.
    pub fn say(&self, text: &str) -> TcpStream {
        let mut stream = self.connect();
        stream.write_all(text.as_bytes()).expect("is sent");
        stream
    }

    /// The answer to a request on a connection of its own.
    pub fn ask(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n\r\n");
        hear(self.say(&request))
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Exit status, and time until then.
    pub fn wait(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < LONG, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads until the other side closes.
pub fn hear(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset comes after whatever was said.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A form that is sent up to its middle.
pub const HALF_A_FORM: &str = "POST /sign-in HTTP/1.1\r\nhost: desk\r\norigin: http://desk\r\n\
    content-type: application/x-www-form-urlencoded\r\ncontent-length: 24\r\n\r\nusername=zhou";
pub const OTHER_HALF: &str = "&password=x";
