"""The local stack as a process: started on a free port over a folder, stopped by its own handle."""

import os
import queue
import subprocess
import threading
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "infra" / "template.yaml"
APP_ORIGIN = "http://localhost:8080"
ACCOUNT = "123456789012"
REGION = "us-east-1"
CLIENT_ID = "pets-spa"
STAGE = "test"

# A guard against a hang, not an expectation: nothing is asserted about how long a start takes.
HANG_SECONDS = 60


def binary() -> Path:
    """The binary under test."""
    file = Path(os.environ.get("PETS_LOCAL_STACK") or ROOT / "target" / "debug" / "local-stack")
    if not file.is_file():
        raise FileNotFoundError(f"{file} isn't there: run `cargo build -p local-stack`, or set PETS_LOCAL_STACK.")
    return file


class Stack:
    """A running stack."""

    account = ACCOUNT

    def __init__(self, data: Path, *arguments: str, template: Path = TEMPLATE, environment: dict | None = None):
        self.data = data
        command = [binary(), "--listen", "127.0.0.1:0", "--data", data, "--template", template]
        command += ["--app-origin", APP_ORIGIN, *arguments]
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **(environment or {})},
        )
        self.lines: list[str] = []
        self._ready: queue.Queue[str | None] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read, args=(stream, stream is self.process.stdout), daemon=True)
            for stream in (self.process.stdout, self.process.stderr)
        ]
        for reader in self._readers:
            reader.start()
        try:
            address = self._ready.get(timeout=HANG_SECONDS)
        except queue.Empty:
            address = None
        if address is None:
            self.kill()
            raise RuntimeError("the stack didn't start:\n" + self.log)
        self.port = int(address.rsplit(":", 1)[1])

    def _read(self, stream, is_stdout: bool):
        for line in stream:
            self.lines.append(line)
            if is_stdout and line.startswith("listening on "):
                self._ready.put(line.removeprefix("listening on ").strip())
        if is_stdout:
            self._ready.put(None)
        stream.close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.origin}/{STAGE}"

    @property
    def sts(self) -> str:
        return f"{self.origin}/sts/"

    @property
    def issuer(self) -> str:
        """The exact issuer of the built-in tenant, with the slash at its end."""
        return f"http://localhost:{self.port}/idp/"

    @property
    def log(self) -> str:
        """Everything that it has written."""
        return "".join(self.lines)

    def is_healthy(self) -> bool:
        return requests.get(f"{self.origin}/healthz", timeout=HANG_SECONDS).status_code == 200

    def stop(self):
        """Asks it to end, as Ctrl-C does, and waits."""
        self.process.terminate()
        self._wait()

    def kill(self):
        """Ends it in the middle of whatever it does."""
        self.process.kill()
        self._wait()

    def _wait(self):
        self.process.wait(timeout=HANG_SECONDS)
        for reader in self._readers:
            reader.join(timeout=HANG_SECONDS)


def refused_start(*arguments: str | Path, template: Path | None = TEMPLATE) -> str:
    """Starts it with arguments that it must refuse, and gives its last words. It has to end by itself."""
    command = [str(binary()), *(str(argument) for argument in arguments)]
    if template is not None:
        command += ["--template", str(template)]
    ended = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=HANG_SECONDS
    )
    words = ended.stdout + ended.stderr
    assert ended.returncode not in (0, None), words
    assert ended.returncode > 0, f"it was killed by signal {-ended.returncode}\n{words}"
    assert "panicked" not in words, words
    assert "listening on" not in words, words
    return words
