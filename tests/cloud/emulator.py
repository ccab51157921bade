"""MiniStack as a process: AWS's services on a free port of this machine, made by others. It verifies signatures and
evaluates policies on its own."""

import os
import socket
import subprocess
import time
from pathlib import Path

import requests
from shop.stack import HANG_SECONDS

ACCOUNT = "000000000000"


class Emulator:
    """A running MiniStack with nothing in it."""

    def __init__(self, folder: Path):
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        (folder / "state").mkdir(parents=True)
        (folder / "tmp").mkdir()
        self._log = folder / "ministack.log"
        environment = {
            **os.environ,
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "STATE_DIR": str(folder / "state"),
            # These listen at every address of the machine otherwise.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # What it tells the functions.
            "AWS_ENDPOINT_URL": self.address,
            "TMPDIR": str(folder / "tmp"),
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [os.environ["MINISTACK"]], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        for _ in range(HANG_SECONDS * 5):
            if self.process.poll() is None and self._is_healthy():
                return
            time.sleep(0.2)
        self.stop()
        raise RuntimeError("MiniStack didn't start:\n" + self.log)

    def _is_healthy(self) -> bool:
        try:
            return requests.get(f"{self.address}/_ministack/health", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    @property
    def environment(self) -> dict[str, str]:
        """What AWS's tools have to be told to work here. The keys are the emulator's own, of its account's root."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.address,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=HANG_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
