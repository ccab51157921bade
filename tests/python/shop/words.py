"""What a message to a person must have, and what the log must say."""

import time

from .stack import HANG_SECONDS, Stack


def says(words: str, *expected: str):
    """It names these things, and is short enough to be read."""
    for part in expected:
        assert part.lower() in words.lower(), f"{part!r} isn't in:\n{words}"
    assert len(words.strip().splitlines()) <= 12, words


def log_with(stack: Stack, *words: str) -> str:
    """The log, as soon as it has these words: it is written beside the answer, not before it."""
    for _ in range(HANG_SECONDS * 10):
        if all(word in stack.log for word in words):
            break
        time.sleep(0.1)
    assert all(word in stack.log for word in words), stack.log
    return stack.log
