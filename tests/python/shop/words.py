"""What a message to a person must have."""


def says(words: str, *expected: str):
    """It names these things, and is short enough to be read."""
    for part in expected:
        assert part.lower() in words.lower(), f"{part!r} isn't in:\n{words}"
    assert len(words.strip().splitlines()) <= 12, words
