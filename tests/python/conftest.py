"""Who takes part in the tests: one stack for the tests that leave it as it is, and fresh ones for the others."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shop.caller import Caller
from shop.issuer import Issuer
from shop.listing import everything
from shop.person import Person
from shop.sign_in import BETTY, FRED, WILMA
from shop.stack import CLIENT_ID, TEMPLATE, Stack


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("session")


@pytest.fixture(scope="session")
def first_day(session_folder) -> Path:
    """The data folder of a stack that has only been started once: fresh ones begin with a copy."""
    stack = Stack(session_folder / "first-day")
    stack.stop()
    return stack.data


@pytest.fixture(scope="session")
def stack(session_folder) -> Iterator[Stack]:
    """The stack of every test that only reads, or is refused."""
    stack = Stack(session_folder / "data")
    yield stack
    stack.stop()


@pytest.fixture
def start_stack(tmp_path, first_day) -> Iterator[Callable[..., Stack]]:
    """Starts a stack of the test's own, over `data`, or over a copy of the first day's."""
    running = []

    def start(*arguments: str, data: Path | None = None, **more) -> Stack:
        if data is None:
            data = tmp_path / f"data-{len(running)}"
            shutil.copytree(first_day, data)
        running.append(Stack(data, *arguments, **more))
        return running[-1]

    yield start
    for stack in running:
        if stack.process.poll() is None:
            stack.stop()


@pytest.fixture
def fresh(start_stack) -> Stack:
    """A stack with the sample data as it was on its first day."""
    return start_stack()


@pytest.fixture(scope="session")
def own_issuer() -> Iterator[Issuer]:
    """An issuer whose keys the tests hold."""
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture(scope="session")
def foreign(own_issuer, session_folder) -> Iterator[Stack]:
    """A stack that believes `own_issuer` and nobody else."""
    stack = Stack(session_folder / "foreign", "--issuer", own_issuer.url, "--client-id", CLIENT_ID)
    yield stack
    stack.stop()


@pytest.fixture(scope="session")
def visitor(stack) -> Caller:
    return Caller(stack)


@pytest.fixture(scope="session")
def fred(stack) -> Person:
    """A buyer."""
    return Person.signed_in(stack, FRED)


@pytest.fixture(scope="session")
def wilma(stack) -> Person:
    """Another buyer."""
    return Person.signed_in(stack, WILMA)


@pytest.fixture(scope="session")
def betty(stack) -> Person:
    """The admin."""
    return Person.signed_in(stack, BETTY)


@pytest.fixture
def nothing_changes(stack, betty) -> Iterator[None]:
    """What the shop holds after the test is what it held before."""
    before = everything(betty.caller)
    yield
    assert everything(betty.caller) == before


@pytest.fixture
def edited_template(tmp_path) -> Callable[..., Path]:
    """A copy of the template in which each text is replaced by another. A text that isn't there once is an error."""

    def edit(*changes: tuple[str, str]) -> Path:
        text = TEMPLATE.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is in the template {text.count(old)} times"
            text = text.replace(old, new)
        file = tmp_path / "edited.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return edit
