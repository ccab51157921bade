"""What ends, ends: hours pass on the server's clock while a test runs."""

from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from shop.caller import BUYER_ROLE, Caller, assume, credentials_for, minutes_from_now
from shop.clock import MovableClock
from shop.expect import refused_by_gateway, refused_by_shop
from shop.issuer import Key, decode_part
from shop.person import Person
from shop.sign_in import BETTY, FRED, refresh, sign_in
from shop.stack import CLIENT_ID

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:libfaketime")


@pytest.fixture
def clock(tmp_path) -> MovableClock:
    return MovableClock(tmp_path / "clock")


@pytest.mark.parametrize("how", [Caller.sign, Caller.presign], ids=["in the header", "in the query"])
def test_credentials_that_have_ended(start_stack, clock, how):
    stack = start_stack(environment=clock.environment)
    betty = Person.signed_in(stack, BETTY)

    def ask(minutes: float):
        request = betty.caller.request("GET", "/pets/sales")
        return betty.caller.send(how(betty.caller, request, at=minutes_from_now(minutes)))

    assert ask(0).status == 200
    clock.move(59 * 60)
    assert ask(59).status == 200
    clock.move(61 * 60)
    refused_by_gateway(ask(61), "ExpiredTokenException")


def test_credentials_last_as_long_as_was_asked_for(start_stack, clock):
    stack = start_stack(environment=clock.environment)
    token = sign_in(stack, FRED)["id_token"]
    given = assume(stack, token, BUYER_ROLE, DurationSeconds=900)["Credentials"]
    caller = Caller(stack, Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    clock.move(16 * 60)
    request = caller.request("GET", "/pets/purchases", headers={"X-Identity-Token": token})
    refused_by_gateway(caller.send(caller.sign(request, at=minutes_from_now(16))), "ExpiredTokenException")


def test_an_id_token_that_has_ended(start_stack, clock):
    stack = start_stack(environment=clock.environment)
    token = sign_in(stack, FRED)["id_token"]
    credentials_for(stack, token, BUYER_ROLE)
    clock.move(11 * 3600)
    with pytest.raises(ClientError) as raised:
        assume(stack, token, BUYER_ROLE)
    assert raised.value.response["Error"]["Code"] == "ExpiredTokenException"


def test_an_id_token_that_ends_while_the_credentials_last(start_stack, clock, own_issuer):
    """The function looks at the token by itself: good credentials don't make up for it."""
    stack = start_stack("--issuer", own_issuer.url, "--client-id", CLIENT_ID, environment=clock.environment)
    claims = own_issuer.claims("amazon|1")
    token = own_issuer.token("amazon|1", exp=claims["iat"] + 1200)
    buyer = Person.with_token(stack, token, BUYER_ROLE)
    clock.move(40 * 60)
    request = buyer.caller.request("POST", "/pets/purchase", {"petId": 1, "authToken": token})
    answer = buyer.caller.send(buyer.caller.sign(request, at=minutes_from_now(40)))
    refused_by_shop(answer, 401, "invalid_identity_token")


def test_a_client_whose_clock_is_wrong_can_tell_from_the_answer(start_stack, clock):
    """It signs by its own clock, is refused, reads the server's `Date`, and signs again."""
    clock.move(-8 * 3600)
    stack = start_stack(environment=clock.environment)
    betty = Person.signed_in(stack, BETTY)
    answer = betty.caller.call("GET", "/pets/sales")
    refused_by_gateway(answer, "InvalidSignatureException")
    server_time = parsedate_to_datetime(answer.headers["date"])
    request = betty.caller.request("GET", "/pets/sales")
    assert betty.caller.send(betty.caller.sign(request, at=server_time)).status == 200


def test_a_refresh_token_gives_new_tokens_after_the_old_ones_have_ended(start_stack, clock):
    stack = start_stack(environment=clock.environment)
    tokens = sign_in(stack, FRED)
    clock.move(11 * 3600)
    renewed = refresh(stack, tokens["refresh_token"])
    assert renewed.status_code == 200, renewed.text
    assert credentials_for(stack, renewed.json()["id_token"], BUYER_ROLE)


def test_a_refresh_token_may_come_again_for_ten_seconds_only(start_stack, clock):
    stack = start_stack(environment=clock.environment)
    clock.stand_still()
    first = sign_in(stack, FRED)["refresh_token"]
    assert refresh(stack, first).status_code == 200
    again = refresh(stack, first).json()["refresh_token"]
    clock.move(15)
    assert refresh(stack, first).json()["error"] == "invalid_grant"
    assert refresh(stack, again).json()["error"] == "invalid_grant"


def test_lives_that_were_cut_short(start_stack, clock):
    stack = start_stack("--token-life", "5", "--credentials-life", "7", environment=clock.environment)
    clock.stand_still()
    token = sign_in(stack, FRED)["id_token"]
    claims = decode_part(token.split(".")[1])
    assert claims["exp"] - claims["iat"] == 5
    given = assume(stack, token, BUYER_ROLE)
    server_time = parsedate_to_datetime(given["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert (given["Credentials"]["Expiration"] - server_time).total_seconds() in (7, 8)
    # Clocks may be a minute apart before a token has ended for STS.
    clock.move(66)
    assert refused(stack, token) == "ExpiredTokenException"


def test_a_new_key_of_the_issuer_is_found_and_strangers_cannot_make_it_ask_all_day(start_stack, clock, own_issuer):
    stack = start_stack("--issuer", own_issuer.url, "--client-id", CLIENT_ID, environment=clock.environment)
    credentials_for(stack, own_issuer.token("amazon|1"), BUYER_ROLE)

    clock.stand_still()
    asked = own_issuer.key_requests
    stranger = Key("nobody")
    with ThreadPoolExecutor(8) as crowd:
        for refusal in crowd.map(lambda _: refused(stack, own_issuer.token("amazon|1", key=stranger)), range(40)):
            assert refusal == "InvalidIdentityToken"
    assert own_issuer.key_requests - asked <= 1

    rotated = Key("rsa-2")
    own_issuer.published.append(rotated)
    clock.move(5 * 60)
    assert credentials_for(stack, own_issuer.token("amazon|1", key=rotated), BUYER_ROLE)


def refused(stack, token: str) -> str:
    """The code of STS's refusal."""
    with pytest.raises(ClientError) as raised:
        assume(stack, token, BUYER_ROLE)
    return raised.value.response["Error"]["Code"]
