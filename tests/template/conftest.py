"""What the tests of the template share."""

from collections.abc import Iterator

import pytest
from rights import TEMPLATE, Rights
from shop.stack import Stack


@pytest.fixture(scope="session")
def rights() -> Rights:
    """What the template says."""
    return Rights(TEMPLATE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """A local stack that obeys the template."""
    stack = Stack(tmp_path_factory.mktemp("stack") / "data")
    yield stack
    stack.stop()
