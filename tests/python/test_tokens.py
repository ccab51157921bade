"""An identity token is believed if the issuer signed it, for this application, and not otherwise. STS and the function
that sells each look for themselves, so each variation is tried on both."""

import json
import time
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from shop import forgery
from shop.caller import ADMIN_ROLE, BUYER_ROLE, assume
from shop.expect import refused_by_shop
from shop.issuer import Issuer, Key
from shop.person import Person
from shop.sign_in import FRED, sign_in
from shop.stack import CLIENT_ID

SUBJECT = "amazon|mallory"


@dataclass
class Forger:
    """What the forger of a case can have."""

    issuer: Issuer
    # A key that nobody published, under the name of one that is.
    key: Key
    good: str
    now: int

    def claiming(self, **claims) -> str:
        """A good signature under such claims: a token of the same issuer for somebody or something else."""
        return self.issuer.token(SUBJECT, **claims)

    def own(self, **header) -> str:
        """The good token's claims, signed by the forger's own key."""
        return forgery.signed_with_own_key(self.good, self.key, header)

    def secret(self, secret: bytes, algorithm: str = "HS256") -> str:
        """The good token's claims under a symmetric signature."""
        return forgery.signed_with_secret(self.good, secret, algorithm)


FORGED = {
    # No signature, or not this one.
    "alg none": lambda f: forgery.unsigned(f.good),
    "alg None": lambda f: forgery.unsigned(f.good, "None"),
    "alg nOnE for an admin": lambda f: forgery.unsigned(f.good, "nOnE", sub="auth0|1"),
    "alg empty": lambda f: forgery.unsigned(f.good, ""),
    "unsigned": lambda f: forgery.without_signature(f.good),
    "two parts": lambda f: f.good.rsplit(".", 1)[0],
    "another subject": lambda f: forgery.with_claims(f.good, sub="amazon|alice"),
    "an end that was moved": lambda f: forgery.with_claims(f.claiming(exp=f.now - 3600), exp=f.now + 3600),
    "one bit of the signature": lambda f: forgery.with_flipped_signature_bit(f.good),
    "RS384": lambda f: forgery.signed_with_own_key(f.good, f.issuer.rsa, {"alg": "RS384"}),
    # The public key as a shared secret.
    "HS256 with the PEM": lambda f: f.secret(f.issuer.rsa.public_pem),
    "HS256 with the PEM's last line unended": lambda f: f.secret(f.issuer.rsa.public_pem.rstrip()),
    "HS256 with the JWK": lambda f: f.secret(json.dumps(f.issuer.rsa.jwk()).encode()),
    "HS256 with the JWK without spaces": lambda f: f.secret(
        json.dumps(f.issuer.rsa.jwk(), separators=(",", ":")).encode()
    ),
    "HS256 with the modulus": lambda f: f.secret(f.issuer.rsa.jwk()["n"].encode()),
    "HS384 with the PEM": lambda f: f.secret(f.issuer.rsa.public_pem, "HS384"),
    "HS512 with the PEM": lambda f: f.secret(f.issuer.rsa.public_pem, "HS512"),
    "HS256 with nothing": lambda f: f.secret(b""),
    # Another key.
    "another key under the same kid": lambda f: f.own(),
    "another key under an unknown kid": lambda f: f.own(kid="rsa-9"),
    "another key that the token brings": lambda f: f.own(kid="mine", jwk=f.key.jwk()),
    "another key that the token points to": lambda f: f.own(kid="mine", jku=f"{f.issuer.url}other.json"),
    "a kid that is a path": lambda f: f.own(kid="../../../../dev/null"),
    "a kid that is a statement": lambda f: f.own(kid="' OR 1=1 --"),
    "a kid that is empty": lambda f: f.own(kid=""),
    "a kid that is long": lambda f: f.own(kid="k" * 5000),
    "the kid of another algorithm's key": lambda f: f.issuer.token(SUBJECT, headers={"kid": "ec-1"}),
    "a critical extension": lambda f: f.issuer.token(SUBJECT, headers={"crit": ["exp2"], "exp2": 1}),
    # A good signature, under claims for something else.
    "another audience": lambda f: f.claiming(aud="another-app"),
    "an audience that begins alike": lambda f: f.claiming(aud=CLIENT_ID + "2"),
    "an audience in capitals": lambda f: f.claiming(aud=CLIENT_ID.upper()),
    "no one's audience": lambda f: f.claiming(aud=[]),
    "no audience": lambda f: f.claiming(aud=None),
    "another issuer": lambda f: f.claiming(iss="https://tenant.example.com/"),
    "the issuer without its slash": lambda f: f.claiming(iss=f.issuer.url.rstrip("/")),
    "the issuer with another slash": lambda f: f.claiming(iss=f.issuer.url + "/"),
    "the issuer in capitals": lambda f: f.claiming(iss=f.issuer.url.upper()),
    "no issuer": lambda f: f.claiming(iss=None),
    "no end": lambda f: f.claiming(exp=None),
    "an end that is a text": lambda f: f.claiming(exp="tomorrow"),
    "not yet": lambda f: f.claiming(nbf=f.now + 3600),
    "no subject": lambda f: f.claiming(sub=None),
    "an empty subject": lambda f: f.claiming(sub=""),
    # No token at all.
    "garbage": lambda _: "garbage",
    "short parts": lambda _: "a.b.c",
    "parts that are no JSON": lambda _: "Zm9v.YmFy.YmF6",
    "a line end inside": lambda f: f.good[:20] + "\n" + f.good[20:],
    "padding": lambda f: "=.".join(f.good.split(".")) + "==",
}


@pytest.fixture(scope="module")
def forger(own_issuer) -> Forger:
    return Forger(own_issuer, Key(own_issuer.rsa.kid), own_issuer.token(SUBJECT), int(time.time()))


@pytest.fixture(scope="module")
def buyer(foreign, own_issuer) -> Person:
    """Somebody with good credentials, so that only the token in the body can be at fault."""
    return Person.with_token(foreign, own_issuer.token(SUBJECT), BUYER_ROLE)


def refused_by_sts(stack, token: str, code: str, role: str = BUYER_ROLE):
    with pytest.raises(ClientError) as raised:
        assume(stack, token, role)
    answer = raised.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, 400), answer
    assert token not in str(answer)


def refused_by_the_function(buyer: Person, token):
    before = buyer.caller.call("GET", "/pets").json()
    answer = buyer.caller.call("POST", "/pets/purchase", {"petId": 3, "authToken": token})
    refused_by_shop(answer, 401, "invalid_identity_token")
    assert str(token).encode() not in answer.body
    assert buyer.caller.call("GET", "/pets").json() == before


def test_a_good_token_is_believed(foreign, own_issuer, forger, buyer):
    for token in (
        forger.good,
        own_issuer.token(SUBJECT, key=own_issuer.elliptic),
        own_issuer.token(SUBJECT, aud=[CLIENT_ID]),
        own_issuer.token(SUBJECT, nbf=forger.now - 1, amr=["pwd"]),
    ):
        assert Person.with_token(foreign, token, BUYER_ROLE).purchases().status == 200
        bought = buyer.caller.call("POST", "/pets/purchase", {"petId": 4, "authToken": token})
        assert bought.status == 200, bought


@pytest.mark.parametrize("case", FORGED)
def test_sts_refuses(foreign, forger, case):
    refused_by_sts(foreign, FORGED[case](forger), "InvalidIdentityToken")


@pytest.mark.parametrize("case", FORGED)
def test_the_function_refuses(buyer, forger, case):
    refused_by_the_function(buyer, FORGED[case](forger))


@pytest.mark.parametrize("case", [case for case in FORGED if case != "a line end inside"])
def test_the_function_refuses_in_the_header_too(buyer, forger, case):
    token = FORGED[case](forger)
    refused_by_shop(
        buyer.caller.call("GET", "/pets/purchases", headers={"X-Identity-Token": token}), 401, "invalid_identity_token"
    )


def test_a_token_that_has_ended(foreign, forger, buyer):
    ended = forger.claiming(iat=forger.now - 7200, exp=forger.now - 3600)
    refused_by_sts(foreign, ended, "ExpiredTokenException")
    refused_by_the_function(buyer, ended)


def test_a_token_that_is_too_long(foreign, forger, buyer):
    token = forger.good + "A" * 30_000
    with pytest.raises(ClientError, match="ValidationError|InvalidIdentityToken"):
        assume(foreign, token, BUYER_ROLE)
    refused_by_the_function(buyer, token)


@pytest.mark.parametrize("token", [None, "", 7, True, ["x"], {"x": 1}])
def test_what_is_no_text_is_no_token(buyer, token):
    answer = buyer.caller.call("POST", "/pets/purchase", {"petId": 3, "authToken": token})
    assert answer.status == 401, answer
    assert answer.code in ("missing_identity_token", "invalid_identity_token")


def test_a_purchase_without_a_token(buyer):
    refused_by_shop(buyer.caller.call("POST", "/pets/purchase", {"petId": 3}), 401, "missing_identity_token")
    refused_by_shop(buyer.caller.call("GET", "/pets/purchases"), 401, "missing_identity_token")


def test_a_name_from_the_caller_is_not_believed(buyer, forger):
    answer = buyer.caller.call("POST", "/pets/purchase", {"petId": 3, "userName": "fred flintstone"})
    refused_by_shop(answer, 401, "missing_identity_token")
    body = {"petId": 5, "authToken": forger.good, "userName": "fred flintstone", "soldTo": "fred flintstone"}
    bought = buyer.caller.call("POST", "/pets/purchase", body)
    assert bought.status == 200 and "mallory" in bought.json()["soldTo"], bought


@pytest.mark.parametrize("subject", ["auth0|1", "samlp|initech|1", "sms|1", "nobody"])
def test_a_person_who_is_no_buyer_does_not_buy_with_a_buyers_credentials(buyer, own_issuer, subject):
    token = own_issuer.token(subject)
    before = buyer.caller.call("GET", "/pets").json()
    refused_by_shop(buyer.caller.call("POST", "/pets/purchase", {"petId": 3, "authToken": token}), 403, "forbidden")
    assert buyer.caller.call("GET", "/pets").json() == before
    own = buyer.caller.call("GET", "/pets/purchases", headers={"X-Identity-Token": token})
    refused_by_shop(own, 403, "forbidden")


def test_a_real_token_of_the_tenant_does_not_survive_changes(stack):
    token = sign_in(stack, FRED)["id_token"]
    for forged in (
        forgery.unsigned(token),
        forgery.unsigned(token, sub="auth0|1"),
        forgery.without_signature(token),
        forgery.with_claims(token, sub="auth0|1"),
        forgery.with_flipped_signature_bit(token),
        forgery.signed_with_own_key(token, Key("mine"), sub="auth0|1"),
    ):
        refused_by_sts(stack, forged, "InvalidIdentityToken", ADMIN_ROLE)


def test_the_access_token_is_no_identity_token(stack):
    tokens = sign_in(stack, FRED)
    refused_by_sts(stack, tokens["access_token"], "InvalidIdentityToken")
    refused_by_sts(stack, tokens["refresh_token"], "InvalidIdentityToken")


def test_a_stack_with_its_own_issuer_does_not_believe_another(stack, forger, foreign):
    refused_by_sts(stack, forger.good, "InvalidIdentityToken")
    assert foreign.is_healthy() and stack.is_healthy()
