"""A page at the app's origin may ask, and may read what it is told, refusals too."""

import pytest
import requests

from shop.expect import readable_by_a_page
from shop.stack import APP_ORIGIN, HANG_SECONDS

ROUTES = {
    "/pets": {"GET", "POST"},
    "/pets/1": {"DELETE"},
    "/pets/purchase": {"POST"},
    "/pets/sales": {"GET"},
    "/pets/purchases": {"GET"},
}

SIGNED_HEADERS = {"authorization", "content-type", "x-amz-date", "x-amz-security-token", "x-identity-token"}


def preflight(address: str, method: str, headers: set[str]) -> requests.Response:
    """What a browser asks before a call that is more than a form could send."""
    asked = {
        "Origin": APP_ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ",".join(sorted(headers)),
    }
    return requests.options(address, headers=asked, timeout=HANG_SECONDS)


def allows(answer: requests.Response, method: str, headers: set[str]):
    assert answer.status_code in (200, 204), answer.text
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", APP_ORIGIN)
    allowed = {word.strip() for word in answer.headers["Access-Control-Allow-Methods"].split(",")}
    assert method in allowed
    permitted = {word.strip().lower() for word in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert headers <= permitted, headers - permitted


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, methods in ROUTES.items() for method in methods])
def test_a_preflight_lets_each_route_be_called(stack, path, method):
    allows(preflight(stack.api + path, method, SIGNED_HEADERS), method, SIGNED_HEADERS)


@pytest.mark.parametrize("path", ROUTES)
def test_a_preflight_says_no_more_than_the_route_has(stack, path):
    answer = preflight(stack.api + path, "GET", SIGNED_HEADERS)
    allowed = {word.strip() for word in answer.headers["Access-Control-Allow-Methods"].split(",")}
    assert allowed == ROUTES[path] | {"OPTIONS"}


def test_every_refusal_of_the_gateway_can_be_read(visitor):
    for method, path in [("POST", "/pets"), ("GET", "/nothing"), ("GET", "/pets/sales"), ("PUT", "/pets")]:
        answer = visitor.call(method, path, b"{}" if method == "POST" else None)
        assert answer.status == 403, answer
        readable_by_a_page(answer)


def test_the_list_can_be_read(visitor):
    readable_by_a_page(visitor.call("GET", "/pets?limit=1"))
    readable_by_a_page(visitor.call("GET", "/pets?limit=0"))


def test_a_page_may_ask_sts_and_read_its_answers(stack):
    """A form post needs no preflight."""
    form = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "WebIdentityToken": "no.such.token"}
    form |= {"RoleArn": "arn:aws:iam::123456789012:role/auth0-api-role", "RoleSessionName": "tests"}
    answer = requests.post(stack.sts, data=form, headers={"Origin": APP_ORIGIN}, timeout=HANG_SECONDS)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (400, "text/xml")
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", APP_ORIGIN)


@pytest.mark.parametrize("path", [".well-known/openid-configuration", ".well-known/jwks.json"])
def test_a_page_may_read_what_the_issuer_publishes(stack, path):
    answer = requests.get(stack.issuer + path, headers={"Origin": APP_ORIGIN}, timeout=HANG_SECONDS)
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", APP_ORIGIN)


def test_another_site_may_not_read_tokens(stack):
    answer = requests.post(
        stack.issuer + "oauth/token", data={}, headers={"Origin": "https://evil.example"}, timeout=HANG_SECONDS
    )
    assert answer.headers.get("Access-Control-Allow-Origin") not in ("*", "https://evil.example")
