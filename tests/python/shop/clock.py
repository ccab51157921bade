"""A clock that a test moves for one process, so that hours pass at once: libfaketime, preloaded into the stack.

The binary is the one that everybody runs: it has no switch for this.
"""

import importlib.resources
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest


class MovableClock:
    """What the time is for a process that was started with `environment`."""

    def __init__(self, file: Path):
        library = importlib.resources.files("libfaketime") / "vendor/libfaketime/src/libfaketime.so.1"
        if sys.platform != "linux":
            pytest.skip("the stack's clock can be moved from outside on Linux only")
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
        }
        self.move(0)

    def move(self, seconds: int):
        """From now on it is so many seconds later there than here."""
        self._file.write_text(f"{seconds:+d}\n")

    def stand_still(self):
        """It stays this second there until the next `move`."""
        self._file.write_text(datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S\n"))
