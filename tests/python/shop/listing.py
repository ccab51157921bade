"""Reading lists, page by page."""

from urllib.parse import urlsplit

from requests.utils import parse_header_links

from .caller import Answer, Caller
from .stack import STAGE


def everything(admin: Caller) -> list:
    """All that the shop holds, as an admin may see it."""
    return [all_pages(Caller(admin.stack), "/pets?limit=100"), all_pages(admin, "/pets/sales")]


def all_pages(caller: Caller, path: str) -> list:
    """A list, page by page as its `Link` headers lead."""
    pets = []
    for _ in range(100):
        answer = caller.call("GET", path)
        assert answer.status == 200, answer
        pets += answer.json()
        following = next_page(answer)
        if following is None:
            return pets
        address = urlsplit(following)
        path = f"{address.path.removeprefix('/' + STAGE)}?{address.query}"
    raise AssertionError("pages without an end")


def next_page(answer: Answer) -> str | None:
    """The address of the next page, from `Link` (RFC 8288)."""
    links = parse_header_links(answer.headers.get("link", ""))
    return next((link["url"] for link in links if link.get("rel") == "next"), None)
