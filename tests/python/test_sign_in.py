"""The built-in issuer is a real one: it takes no short cut that a tenant wouldn't."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from shop.page import Browser
from shop.sign_in import (
    BARNEY,
    BETTY,
    FRED,
    REDIRECT_URI,
    WILMA,
    Transaction,
    authorize,
    discover,
    exchange,
    refresh,
    sign_in,
    sign_in_on_page,
)
from shop.stack import APP_ORIGIN, CLIENT_ID, HANG_SECONDS


def test_discovery_is_auth0s_and_complete(stack):
    document = discover(stack)
    assert document["issuer"] == stack.issuer
    for endpoint in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert document[endpoint].startswith(stack.issuer), endpoint
    assert "S256" in document["code_challenge_methods_supported"]
    assert "code" in document["response_types_supported"]
    assert "none" not in document["id_token_signing_alg_values_supported"]


@pytest.mark.parametrize("sample", [FRED, WILMA, BETTY, BARNEY], ids=lambda sample: sample.name)
def test_each_sample_signs_in_and_the_token_says_who_it_is(stack, sample):
    transaction = Transaction.new()
    answer = exchange(stack, authorize(stack, sample, transaction), transaction)
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    keys = jwt.PyJWKClient(discover(stack)["jwks_uri"])
    key = keys.get_signing_key_from_jwt(tokens["id_token"])
    claims = jwt.decode(tokens["id_token"], key, algorithms=["RS256"], audience=CLIENT_ID, issuer=stack.issuer)
    assert claims["sub"].startswith(sample.subject_prefix)
    assert (claims["name"], claims["email"]) == (sample.name, sample.email)
    assert claims["nonce"] == transaction.nonce
    assert claims["exp"] > time.time() > claims["iat"] - 5
    assert {"token_type", "expires_in", "scope", "refresh_token", "access_token"} <= set(tokens)


def test_the_published_keys_have_no_private_part(stack):
    keys = requests.get(discover(stack)["jwks_uri"], timeout=HANG_SECONDS).json()["keys"]
    assert keys and all(not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key) for key in keys)
    assert all(key["use"] == "sig" and key["alg"] in ("RS256", "ES256") and key["kid"] for key in keys)


def test_userinfo_says_what_the_token_says(stack):
    tokens = sign_in(stack, FRED)
    address = discover(stack)["userinfo_endpoint"]
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = requests.get(address, headers=bearer, timeout=HANG_SECONDS)
    assert (answer.status_code, answer.json()["email"]) == (200, FRED.email)
    wrong = {"Authorization": f"Bearer {tokens['id_token']}"}
    assert requests.get(address, headers=wrong, timeout=HANG_SECONDS).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": f"{APP_ORIGIN}/elsewhere"},
        {"client_id": "another-app"},
        {"code": "made-up"},
        {"grant_type": "password"},
        {"grant_type": "client_credentials"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_code_is_worth_nothing_without_all_that_it_was_asked_with(stack, change):
    transaction = Transaction.new()
    answer = exchange(stack, authorize(stack, FRED, transaction), transaction, change)
    assert answer.status_code in (400, 401, 403), answer.text
    assert answer.json()["error"] and "id_token" not in answer.text


def test_a_code_is_good_once_and_its_second_use_ends_what_the_first_gave(stack):
    transaction = Transaction.new()
    code = authorize(stack, FRED, transaction)
    first = exchange(stack, code, transaction).json()
    assert exchange(stack, code, transaction).json()["error"] == "invalid_grant"
    assert refresh(stack, first["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_old_refresh_token_ends_the_family(stack):
    first = sign_in(stack, FRED)
    second = refresh(stack, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = refresh(stack, second["refresh_token"]).json()
    assert refresh(stack, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(stack, third["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"response_type": "token"}, {"scope": "profile"}],
    ids=lambda change: next(iter(change)),
)
def test_a_request_without_pkce_or_for_something_else_is_refused_at_the_app(stack, change):
    browser = Browser(APP_ORIGIN)
    back = browser.go(discover(stack)["authorization_endpoint"], data=Transaction.new().request(**change))
    assert back is not None, browser.response.text
    answer = urlsplit(back)
    assert "error=" in answer.query + answer.fragment and "code=" not in answer.query + answer.fragment


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{REDIRECT_URI}/.."},
        {"redirect_uri": f"{REDIRECT_URI}?x=1"},
        {"redirect_uri": APP_ORIGIN + "@evil.example/callback"},
        {"redirect_uri": None},
        {"client_id": "another-app"},
        {"client_id": None},
    ],
    ids=str,
)
def test_an_address_that_is_not_registered_is_never_gone_to(stack, change):
    browser = Browser("https://evil.example")
    parameters = Transaction.new().request(**change)
    assert browser.go(discover(stack)["authorization_endpoint"], data=parameters) is None
    assert browser.response.status_code in (400, 403)
    assert not browser.forms()


def test_nothing_is_asked_of_somebody_who_is_signed_in_and_nobody_is_signed_in_silently(stack):
    browser, transaction = Browser(APP_ORIGIN), Transaction.new()
    silently = transaction.request(prompt="none")
    address = discover(stack)["authorization_endpoint"]
    assert parse_qs(urlsplit(browser.go(address, data=silently)).query)["error"] == ["login_required"]
    authorize(stack, FRED, transaction, browser)
    assert "code" in parse_qs(urlsplit(browser.go(address, data=silently)).query)


def test_a_wrong_password_signs_nobody_in(start_stack):
    stack = start_stack()
    browser, transaction = Browser(APP_ORIGIN), Transaction.new()
    browser.go(discover(stack)["authorization_endpoint"], data=transaction.request())
    form = next(form for form in browser.forms() if "password" in form.kinds.values())
    fields = {form.named("email"): BETTY.email, form.named("password"): "wrong"}
    assert browser.press("Continue", **fields) is None
    assert "Wrong e-mail address or password." in browser.response.text
    assert "wrong" not in [form.fields.get(name) for form in browser.forms() for name in form.fields]
    assert sign_in_on_page(browser, BETTY) is not None


def test_a_sign_in_belongs_to_the_browser_that_began_it(stack):
    began, other = Browser(APP_ORIGIN), Browser(APP_ORIGIN)
    began.go(discover(stack)["authorization_endpoint"], data=Transaction.new().request())
    other.response = began.response
    assert sign_in_on_page(other, BETTY) is None
    assert other.response.status_code in (400, 403)
