"""What can't work is refused at the start, in words that name what is wrong and what to do, and nothing is begun."""

import os
import re
import socket
from pathlib import Path

import pytest

from shop.caller import Caller
from shop.stack import CLIENT_ID, refused_start
from shop.words import says


def on_a_free_port(data: Path) -> list:
    return ["--listen", "127.0.0.1:0", "--data", data]


def test_a_data_folder_that_is_a_file(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    says(refused_start(*on_a_free_port(file)), str(file), "another folder")
    assert file.read_text() == "mine"


def test_a_data_folder_below_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    says(refused_start(*on_a_free_port(tmp_path / "file" / "data")), str(tmp_path / "file" / "data"), "another folder")


def test_a_data_folder_that_cannot_be_written(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        # An almighty user may write everywhere but in what the kernel makes up.
        folder = Path("/proc/self/task")
        if not folder.is_dir():
            pytest.skip("this user may write everywhere")
    says(refused_start(*on_a_free_port(folder / "pets")), str(folder), "another folder")


def test_a_data_folder_with_a_database_that_is_none(fresh):
    fresh.stop()
    databases = [file for file in fresh.data.rglob("*") if file.read_bytes()[:15] == b"SQLite format 3"]
    assert databases, list(fresh.data.rglob("*"))
    for file in databases:
        file.write_bytes(b"not a database" * 1000)
    words = refused_start(*on_a_free_port(fresh.data))
    says(words, str(fresh.data))
    assert all(file.read_bytes().startswith(b"not a database") for file in databases)


def test_a_data_folder_that_another_stack_uses(fresh):
    says(refused_start(*on_a_free_port(fresh.data)), str(fresh.data), "in use", "another folder")
    assert Caller(fresh).call("GET", "/pets").status == 200


def test_a_port_that_is_in_use(fresh, tmp_path):
    words = refused_start("--listen", f"127.0.0.1:{fresh.port}", "--data", tmp_path / "other")
    says(words, f"127.0.0.1:{fresh.port}", "--listen")
    assert re.search("in use|already", words), words


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1", "127.0.0.1:99999", ":9000x", ""])
def test_an_address_that_is_none(tmp_path, address):
    says(refused_start("--listen", address, "--data", tmp_path / "data"), "--listen")
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine(tmp_path):
    words = refused_start("--listen", "192.0.2.1:9000", "--data", tmp_path / "data")
    says(words, "192.0.2.1:9000")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--isuer", "http://localhost:1/"], "--isuer"),
        (["--issuer", "http://localhost:1/"], "--client-id"),
        (["--issuer", "nonsense", "--client-id", "x"], "--issuer"),
        (["--issuer", "http://issuer.example.com/", "--client-id", "x"], "https"),
        (["--token-life", "5", "--issuer", "http://localhost:1/", "--client-id", "x"], "--token-life"),
        (["--token-life", "0"], "--token-life"),
        (["--credentials-life", "forever"], "--credentials-life"),
        (["--app-origin", "nonsense"], "--app-origin"),
        (["--app-origin", "http://localhost:8080/app"], "--app-origin"),
        (["--data"], "--data"),
        (["something"], "something"),
        (["--dist", "no/such/folder"], "no/such/folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_arguments_that_are_wrong(tmp_path, arguments, named):
    says(refused_start(*on_a_free_port(tmp_path / "data"), *arguments, template=None), named)


def test_an_issuer_that_does_not_answer_yet_is_no_reason_to_refuse(start_stack):
    """It may start later. Until then nobody's token is believed."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    try:
        stack = start_stack("--issuer", f"http://localhost:{port}/", "--client-id", CLIENT_ID)
    except RuntimeError as refusal:
        says(str(refusal), f"localhost:{port}")
    else:
        assert Caller(stack).call("GET", "/pets").status == 200
