"""A call is what was signed, by whom it says, now: each variation of a good call is refused as AWS refuses it."""

import hashlib

import pytest
from botocore.credentials import Credentials

from shop.caller import Caller, minutes_from_now
from shop.expect import refused_by_gateway

pytestmark = pytest.mark.usefixtures("nothing_changes")

SIGNED_ROUTES = [
    ("POST", "/pets"),
    ("DELETE", "/pets/1"),
    ("POST", "/pets/purchase"),
    ("GET", "/pets/sales"),
    ("GET", "/pets/purchases"),
]
FROG = {"type": "frog", "price": 4.99}


@pytest.fixture(params=["sign", "presign"], ids=["in the header", "in the query"])
def how(request):
    """Where the signature stands."""
    return getattr(Caller, request.param)


def other(credentials: Credentials, **changes) -> Credentials:
    """The same credentials but for one part."""
    parts = {
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
        "token": credentials.token,
        **changes,
    }
    return Credentials(**parts)


def flipped(text: str, at: int = -1) -> str:
    """The text with another character in one place."""
    changed = "A" if text[at] != "A" else "B"
    return text[:at] + changed + text[at:][1:]


@pytest.mark.parametrize(("method", "path"), SIGNED_ROUTES)
def test_no_signature(visitor, method, path):
    body = FROG if method == "POST" else None
    refused_by_gateway(visitor.call(method, path, body), "MissingAuthenticationTokenException")


@pytest.mark.parametrize("path", ["/nothing", "/", "", "/pets/1/2", "/petsx"])
def test_no_signature_where_nothing_is(visitor, path):
    refused_by_gateway(visitor.call("GET", path), "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=00",
        "AWS4-HMAC-SHA256 Credential=ASIAAAAAAAAAAAAAAAAA/20260101/us-east-1/execute-api/aws4_request, Signature=00",
        "AWS4-HMAC-SHA256 Credential=ASIAAAAAAAAAAAAAAAAA/20260101/us-east-1/execute-api/aws4_request, "
        "SignedHeaders=host;x-amz-date",
        "AWS4-HMAC-SHA256 Credential=ASIAAAAAAAAAAAAAAAAA, SignedHeaders=host;x-amz-date, Signature=00",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential",
    ],
)
def test_half_a_signature(visitor, authorization):
    request = visitor.request("POST", "/pets", FROG, {"Authorization": authorization, "X-Amz-Date": "20260101T000000Z"})
    refused_by_gateway(visitor.send(request), "IncompleteSignatureException")


def test_a_signature_without_its_date(betty):
    request = betty.caller.sign(betty.caller.request("POST", "/pets", FROG))
    del request.headers["X-Amz-Date"]
    refused_by_gateway(betty.caller.send(request), "IncompleteSignatureException")


@pytest.mark.parametrize("without", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"])
def test_half_a_signature_in_the_query(betty, without):
    request = betty.caller.presign(betty.caller.request("POST", "/pets", FROG))
    address, query = request.url.split("?")
    parts = [part for part in query.split("&") if not part.startswith(f"X-Amz-{without}=")]
    assert len(parts) == len(query.split("&")) - 1
    request.url = f"{address}?{'&'.join(parts)}"
    answer = betty.caller.send(request)
    # Without its algorithm, it may be read as no signature at all.
    nothing_at_all = without == "Algorithm" and answer.error_type == "MissingAuthenticationTokenException"
    refused_by_gateway(answer, answer.error_type if nothing_at_all else "IncompleteSignatureException")


def test_an_unknown_key(stack, betty, how):
    caller = Caller(stack, other(betty.credentials, access_key="ASIA2345672345672345"))
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "UnrecognizedClientException")


def test_a_key_that_was_given_to_somebody_else(stack, betty, fred, how):
    caller = Caller(stack, other(fred.credentials, access_key=betty.credentials.access_key))
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "UnrecognizedClientException")


def test_a_wrong_secret(stack, betty, how):
    caller = Caller(stack, other(betty.credentials, secret_key=flipped(betty.credentials.secret_key)))
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "InvalidSignatureException")


@pytest.mark.parametrize("place", [0, 40, -1])
def test_another_session_token(stack, betty, how, place):
    caller = Caller(stack, other(betty.credentials, token=flipped(betty.credentials.token, place)))
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "UnrecognizedClientException")


def test_no_session_token(stack, betty, how):
    caller = Caller(stack, other(betty.credentials, token=None))
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "UnrecognizedClientException")


def test_another_signature(betty):
    request = betty.caller.sign(betty.caller.request("POST", "/pets", FROG))
    value = request.headers["Authorization"]
    del request.headers["Authorization"]
    request.headers["Authorization"] = value[:-1] + ("0" if value[-1] != "0" else "1")
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


def test_another_method(betty, how):
    request = how(betty.caller, betty.caller.request("GET", "/pets/1"))
    request.method = "DELETE"
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


def test_another_path(betty, how):
    request = how(betty.caller, betty.caller.request("DELETE", "/pets/1"))
    request.url = request.url.replace("/pets/1", "/pets/2")
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize("changed", ["limit=2", "limit=11", "limit=1&sort=-price", ""])
def test_another_query(betty, how, changed):
    request = how(betty.caller, betty.caller.request("GET", "/pets/sales?limit=1"))
    assert request.url.count("limit=1") == 1
    request.url = request.url.replace("limit=1", changed)
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


def test_another_body(betty, how):
    request = how(betty.caller, betty.caller.request("POST", "/pets", FROG))
    request.data = b'{"type": "frog", "price": 0.01}'
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


def test_no_body_where_one_was_signed(betty, how):
    request = how(betty.caller, betty.caller.request("POST", "/pets", FROG))
    request.data = b""
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize("claim", ["UNSIGNED-PAYLOAD", hashlib.sha256(b"{}").hexdigest()])
def test_a_body_that_only_a_header_vouches_for(betty, claim):
    request = betty.caller.request("POST", "/pets", FROG, {"X-Amz-Content-SHA256": claim})
    refused_by_gateway(betty.caller.send(betty.caller.sign(request)), "InvalidSignatureException")


HEADERS = {
    "Host": "shop.example.com",
    "X-Amz-Date": "one second later",
    "Content-Type": "text/plain",
    "X-Identity-Token": "somebody.else.entirely",
    "X-Anything": "2",
}


@pytest.mark.parametrize("name", HEADERS)
def test_another_signed_header(betty, name):
    request = betty.caller.request("POST", "/pets", FROG, {"X-Identity-Token": betty.token, "X-Anything": "1"})
    request = betty.caller.sign(request)
    authorization = request.headers["Authorization"]
    assert name.lower() in authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    value = HEADERS[name]
    if name == "X-Amz-Date":
        signed = request.headers["X-Amz-Date"]
        value = signed[:-2] + ("1" if signed[-2] == "0" else "0") + "Z"
    del request.headers[name]
    request.headers[name] = value
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize("name", ["Content-Type", "X-Anything"])
def test_a_signed_header_that_is_missing(betty, name):
    request = betty.caller.sign(betty.caller.request("POST", "/pets", FROG, {"X-Anything": "1"}))
    del request.headers[name]
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


def test_another_host_in_the_query_form(betty):
    request = betty.caller.presign(betty.caller.request("POST", "/pets", FROG))
    request.headers["Host"] = "shop.example.com"
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize("minutes", [-10, 10, -5.5, 5.5, -60 * 24 * 365])
def test_a_signature_of_another_time(betty, minutes):
    request = betty.caller.sign(betty.caller.request("POST", "/pets", FROG), at=minutes_from_now(minutes))
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize(("minutes", "lasts"), [(-10, 60), (10, 60), (-2, 60)])
def test_a_signature_in_the_query_that_has_ended_or_not_begun(betty, minutes, lasts):
    request = betty.caller.request("POST", "/pets", FROG)
    request = betty.caller.presign(request, at=minutes_from_now(minutes), expires=lasts)
    refused_by_gateway(betty.caller.send(request), "InvalidSignatureException")


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-2", "US-EAST-1", ""])
def test_another_region(stack, betty, how, region):
    caller = Caller(stack, betty.credentials, region=region)
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "InvalidSignatureException")


@pytest.mark.parametrize("service", ["s3", "sts", "execute-apix"])
def test_another_service(stack, betty, how, service):
    caller = Caller(stack, betty.credentials, service=service)
    refused_by_gateway(caller.send(how(caller, caller.request("POST", "/pets", FROG))), "InvalidSignatureException")


def test_both_forms_at_once(betty):
    request = betty.caller.presign(betty.caller.request("GET", "/pets/sales"))
    request.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=x"
    assert betty.caller.send(request).status == 403


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_a_little_wrong_is_no_reason(betty, minutes):
    request = betty.caller.sign(betty.caller.request("GET", "/pets/sales"), at=minutes_from_now(minutes))
    assert betty.caller.send(request).status == 200


@pytest.mark.parametrize("path", ["/pets/a%20b", "/pets/a%7Cb", "/pets/%25", "/pets/%C3%BC", "/pets/a+b", "/pets/~_-."])
def test_a_path_is_signed_as_aws_encodes_it(betty, how, path):
    answer = betty.caller.send(how(betty.caller, betty.caller.request("DELETE", path)))
    assert (answer.status, answer.code) == (400, "invalid_pet_id"), answer


@pytest.mark.parametrize("query", ["b=2&a=1", "a=2&a=1", "a=%20%2B~", "a", "a=", "%C3%BC=%E2%82%AC", "a=b%3Dc"])
def test_a_query_is_signed_as_aws_encodes_it(betty, how, query):
    answer = betty.caller.send(how(betty.caller, betty.caller.request("GET", f"/pets/sales?{query}")))
    assert (answer.status, answer.code) == (400, "invalid_request"), answer


def test_the_spaces_of_a_header_are_folded(betty):
    request = betty.caller.request("GET", "/pets/sales", headers={"X-Anything": "  a   b  "})
    assert betty.caller.send(betty.caller.sign(request)).status == 200
