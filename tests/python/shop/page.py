"""Just enough of a browser to sign in: links, forms with their fields, and redirects that stop at the app."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from .stack import HANG_SECONDS


@dataclass
class Form:
    """A form of a page, with the words on its buttons."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list["Button"] = field(default_factory=list)

    def named(self, kind: str) -> str:
        """The name of the field of a kind, such as `password`."""
        return next(name for name, its_kind in self.kinds.items() if its_kind == kind)


@dataclass
class Button:
    """A button that sends its form; a named one sends its own value too."""

    name: str | None = None
    value: str = ""
    words: str = ""


@dataclass
class Link:
    """A link to another page."""

    address: str
    words: str = ""


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self._speaking: Button | Link | None = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            form = Form(attributes.get("action") or "", (attributes.get("method") or "get").lower())
            self.forms.append(form)
        elif self.forms and tag == "input" and attributes.get("name"):
            kind = attributes.get("type") or "text"
            if kind not in ("radio", "checkbox") or "checked" in attributes:
                self.forms[-1].fields[attributes["name"]] = attributes.get("value") or ""
            self.forms[-1].kinds[attributes["name"]] = kind
        elif self.forms and tag == "button" and attributes.get("type", "submit") == "submit":
            self._speaking = Button(attributes.get("name"), attributes.get("value") or "")
            self.forms[-1].buttons.append(self._speaking)
        elif tag == "a" and attributes.get("href"):
            self._speaking = Link(attributes["href"])
            self.links.append(self._speaking)

    def handle_endtag(self, tag):
        if tag in ("button", "a"):
            self._speaking = None

    def handle_data(self, data):
        if self._speaking is not None:
            self._speaking.words = " ".join((self._speaking.words + " " + data).split())


class Browser:
    """One person's browser: its cookies, and the page it is on."""

    def __init__(self, app_origin: str):
        self.app_origin = app_origin
        self.http = requests.Session()
        self.response: requests.Response | None = None

    def go(self, url: str, method: str = "get", data: dict | None = None) -> str | None:
        """Follows redirects as a browser does. Gives the address at the app where they end, if they do."""
        for _ in range(10):
            arguments = {"data": data} if method == "post" else {"params": data}
            origin = {"Origin": "/".join(url.split("/")[:3])} if method == "post" else {}
            self.response = self.http.request(
                method, url, allow_redirects=False, headers=origin, timeout=HANG_SECONDS, **arguments
            )
            if self.response.status_code not in (301, 302, 303, 307):
                return None
            url = urljoin(url, self.response.headers["Location"])
            method, data = "get", None
            if url.startswith(self.app_origin + "/"):
                return url
        raise AssertionError("redirects without an end")

    def forms(self) -> list[Form]:
        """The forms of the page."""
        return self._read().forms

    def follow(self, words: str) -> str | None:
        """Goes where the link with these words leads."""
        for link in self._read().links:
            if words in link.words:
                return self.go(urljoin(self.response.url, link.address))
        raise AssertionError(f"no link says {words!r}:\n{self.response.text}")

    def press(self, words: str, **filled: str) -> str | None:
        """Presses the button with these words, after filling its form's fields."""
        for form in self.forms():
            for button in form.buttons:
                if words in button.words:
                    data = {**form.fields, **filled}
                    if button.name:
                        data[button.name] = button.value
                    return self.go(urljoin(self.response.url, form.action), form.method, data)
        raise AssertionError(f"no button says {words!r}:\n{self.response.text}")

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.response.text)
        return reader
