"""Signing in at the built-in issuer as a browser does: Authorization Code with PKCE, from the discovery document on."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

from .page import Browser
from .stack import APP_ORIGIN, CLIENT_ID, HANG_SECONDS, Stack

REDIRECT_URI = f"{APP_ORIGIN}/callback"


@dataclass(frozen=True)
class Sample:
    """Somebody of the sample tenant."""

    name: str
    email: str
    subject_prefix: str
    password: str | None = None


FRED = Sample("Fred Flintstone", "fred@example.com", "amazon|")
WILMA = Sample("Wilma Flintstone", "wilma@example.com", "amazon|")
BETTY = Sample("Betty Rubble", "betty@example.com", "auth0|", "Yabba-dabba-d00!")
BARNEY = Sample("Barney Rubble", "barney@initech.example", "samlp|")


@dataclass
class Transaction:
    """What the app remembers between the redirect to the issuer and the way back."""

    verifier: str
    state: str
    nonce: str

    @classmethod
    def new(cls) -> "Transaction":
        return cls(*(secrets.token_urlsafe(48) for _ in range(3)))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def request(self, **changes: str | None) -> dict[str, str]:
        """The authorization request's parameters; a change to `None` leaves one out."""
        parameters = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid profile email offline_access",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}


def discover(stack: Stack) -> dict:
    """The issuer's discovery document."""
    answer = requests.get(stack.issuer + ".well-known/openid-configuration", timeout=HANG_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def authorize(stack: Stack, person: Sample, transaction: Transaction, browser: Browser | None = None) -> str:
    """Goes through the sign-in page as this person. Gives the code, after checking `state`."""
    browser = browser or Browser(APP_ORIGIN)
    back = browser.go(discover(stack)["authorization_endpoint"], data=transaction.request())
    if back is None:
        back = sign_in_on_page(browser, person)
    assert back is not None, f"{browser.response.status_code}: {browser.response.text}"
    answer = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    assert "error" not in answer, answer
    assert answer["state"] == transaction.state
    assert back.startswith(REDIRECT_URI + "?")
    return answer["code"]


def sign_in_on_page(browser: Browser, person: Sample) -> str | None:
    """Presses what this person presses on the sign-in page."""
    if person.password is not None:
        form = next(form for form in browser.forms() if "password" in form.kinds.values())
        address = form.named("email") if "email" in form.kinds.values() else form.named("text")
        return browser.press("Continue", **{address: person.email, form.named("password"): person.password})
    browser.follow("Continue with Amazon" if person.subject_prefix == "amazon|" else "Initech")
    return browser.press(person.name)


def exchange(
    stack: Stack, code: str, transaction: Transaction, changes: dict[str, str] | None = None
) -> requests.Response:
    """The token request for a code."""
    data = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "code": code,
        "code_verifier": transaction.verifier,
        **(changes or {}),
    }
    return post_to_token_endpoint(stack, data)


def refresh(stack: Stack, refresh_token: str) -> requests.Response:
    """The token request for a refresh token."""
    data = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": refresh_token}
    return post_to_token_endpoint(stack, data)


def post_to_token_endpoint(stack: Stack, data: dict[str, str]) -> requests.Response:
    endpoint = discover(stack)["token_endpoint"]
    return requests.post(endpoint, data=data, headers={"Origin": APP_ORIGIN}, timeout=HANG_SECONDS)


def sign_in(stack: Stack, person: Sample) -> dict[str, str]:
    """The tokens of a person who has just signed in: `id_token`, `access_token`, `refresh_token`."""
    transaction = Transaction.new()
    answer = exchange(stack, authorize(stack, person, transaction), transaction)
    assert answer.status_code == 200, answer.text
    return answer.json()
