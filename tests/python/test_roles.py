"""How somebody signed in decides the role, and the role decides the calls: nothing that is asked for changes it."""

import pytest
import requests
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from shop.caller import ADMIN_ROLE, BUYER_ROLE, Caller, assume, role_arn
from shop.expect import refused_by_iam
from shop.person import Person
from shop.sign_in import BARNEY, sign_in
from shop.stack import HANG_SECONDS

pytestmark = pytest.mark.usefixtures("nothing_changes")


def ask_by_hand(stack, **form: str) -> requests.Response:
    """The form post that AWS's client would send, with what AWS's client would not send."""
    form = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "tests", **form}
    return requests.post(stack.sts, data=form, timeout=HANG_SECONDS)


def refused_by_sts(stack, token: str, role: str, code: str, status: int, **more) -> str:
    """STS's refusal with this code. Gives its message."""
    with pytest.raises(ClientError) as raised:
        assume(stack, token, role, **more)
    answer = raised.value.response
    assert answer["Error"]["Code"] == code, answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status, answer
    assert answer["ResponseMetadata"]["RequestId"], answer
    return answer["Error"]["Message"]


@pytest.fixture(params=["call", "presigned_call"], ids=["in the header", "in the query"])
def signed(request):
    return getattr(Caller, request.param)


def test_an_admin_cannot_buy(betty, signed):
    body = {"petId": 1, "authToken": betty.token}
    refused_by_iam(signed(betty.caller, "POST", "/pets/purchase", body), ADMIN_ROLE, "POST", "/pets/purchase")


def test_an_admin_cannot_buy_with_a_buyers_token_either(betty, fred, signed):
    body = {"petId": 1, "authToken": fred.token}
    refused_by_iam(signed(betty.caller, "POST", "/pets/purchase", body), ADMIN_ROLE, "POST", "/pets/purchase")


def test_an_admin_has_no_purchases(betty, signed):
    answer = signed(betty.caller, "GET", "/pets/purchases", headers={"X-Identity-Token": betty.token})
    refused_by_iam(answer, ADMIN_ROLE, "GET", "/pets/purchases")


def test_a_buyer_cannot_add(fred, signed):
    answer = signed(fred.caller, "POST", "/pets", {"type": "frog", "price": 4.99})
    refused_by_iam(answer, BUYER_ROLE, "POST", "/pets")


def test_a_buyer_cannot_remove(fred, signed):
    refused_by_iam(signed(fred.caller, "DELETE", "/pets/1"), BUYER_ROLE, "DELETE", "/pets/1")


def test_a_buyer_cannot_see_the_sales(fred, signed):
    refused_by_iam(signed(fred.caller, "GET", "/pets/sales"), BUYER_ROLE, "GET", "/pets/sales")


def test_iam_is_asked_before_the_body_is_read(fred, betty):
    refused_by_iam(fred.caller.call("POST", "/pets", b"{"), BUYER_ROLE, "POST", "/pets")
    refused_by_iam(betty.caller.call("POST", "/pets/purchase", b"{"), ADMIN_ROLE, "POST", "/pets/purchase")


def test_the_list_is_open_to_everybody_signed_or_not(visitor, fred, betty, signed):
    pets = visitor.call("GET", "/pets").json()
    for person in (fred, betty):
        answer = signed(person.caller, "GET", "/pets")
        assert (answer.status, answer.json()) == (200, pets)


def test_a_social_token_is_no_admin(stack, fred):
    message = refused_by_sts(stack, fred.token, ADMIN_ROLE, "AccessDenied", 403)
    assert "sts:AssumeRoleWithWebIdentity" in message


def test_a_database_token_is_no_buyer(stack, betty):
    message = refused_by_sts(stack, betty.token, BUYER_ROLE, "AccessDenied", 403)
    assert "sts:AssumeRoleWithWebIdentity" in message


@pytest.mark.parametrize("role", [ADMIN_ROLE, BUYER_ROLE])
def test_an_enterprise_token_is_neither(stack, role):
    token = sign_in(stack, BARNEY)["id_token"]
    refused_by_sts(stack, token, role, "AccessDenied", 403)


@pytest.mark.parametrize(
    "subject",
    [
        "auth0",
        "|auth0",
        "AUTH0|1",
        "auth0x|1",
        "samlp|auth0|1",
        "sms|1",
        "amazon",
        "amazonx|1",
        "amazo|1",
        "*",
        "adfs|1",
    ],
)
@pytest.mark.parametrize("role", [ADMIN_ROLE, BUYER_ROLE])
def test_a_subject_that_only_looks_like_one_is_neither(foreign, own_issuer, subject, role):
    refused_by_sts(foreign, own_issuer.token(subject), role, "AccessDenied", 403)


@pytest.mark.parametrize("connection", ["amazon", "google-oauth2", "facebook", "apple", "github"])
def test_each_listed_social_connection_makes_a_buyer(foreign, own_issuer, connection):
    token = own_issuer.token(f"{connection}|1")
    assert Person.with_token(foreign, token, BUYER_ROLE).purchases().status == 200
    refused_by_sts(foreign, token, ADMIN_ROLE, "AccessDenied", 403)


def test_a_claim_that_names_a_role_changes_nothing(foreign, own_issuer):
    token = own_issuer.token("amazon|1", role="admin", **{"https://aws.amazon.com/roles": [ADMIN_ROLE]})
    refused_by_sts(foreign, token, ADMIN_ROLE, "AccessDenied", 403)


@pytest.mark.parametrize("role", ["no-such-role", "auth0-api-role2", "Auth0-Api-Role"])
def test_a_role_that_does_not_exist(stack, betty, role):
    refused_by_sts(stack, betty.token, role, "AccessDenied", 403)


def test_a_role_for_the_functions_is_not_for_people(stack, betty):
    refused_by_sts(stack, betty.token, "ListFunctionRole", "AccessDenied", 403)


@pytest.mark.parametrize("seconds", [3601, 43200])
def test_credentials_last_no_shorter_and_no_longer_than_the_role_allows(stack, fred, seconds):
    refused_by_sts(stack, fred.token, BUYER_ROLE, "ValidationError", 400, DurationSeconds=seconds)


@pytest.mark.parametrize("name", ["amazon|fred", "a b", "üü", "x" * 65])
def test_a_session_name_has_the_allowed_characters_only(stack, fred, name):
    refused_by_sts(stack, fred.token, BUYER_ROLE, "ValidationError", 400, session=name)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"DurationSeconds": "899"}, "ValidationError"),
        ({"DurationSeconds": "-1"}, "ValidationError"),
        ({"DurationSeconds": "soon"}, "ValidationError"),
        ({"DurationSeconds": "1e3"}, "ValidationError"),
        ({"RoleSessionName": "x"}, "ValidationError"),
        ({"RoleSessionName": ""}, "ValidationError"),
        ({"RoleArn": "admin"}, "ValidationError"),
        ({"WebIdentityToken": ""}, "ValidationError"),
        ({"Version": "2010-01-01"}, "InvalidAction"),
        ({"Action": "AssumeRole"}, "InvalidAction"),
        ({"Action": "GetCallerIdentity"}, "InvalidAction"),
    ],
    ids=str,
)
def test_what_aws_s_client_would_not_send_is_refused_too(stack, betty, change, code):
    answer = ask_by_hand(stack, **{"RoleArn": role_arn(ADMIN_ROLE), "WebIdentityToken": betty.token, **change})
    assert answer.status_code in (400, 403), answer.text
    assert f"<Code>{code}</Code>" in answer.text
    assert "<SecretAccessKey>" not in answer.text


def test_a_session_policy_is_obeyed_or_refused_but_never_ignored(stack, betty):
    nothing = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
    answer = ask_by_hand(stack, RoleArn=role_arn(ADMIN_ROLE), WebIdentityToken=betty.token, Policy=nothing)
    if answer.status_code == 200:
        given = assume(stack, betty.token, ADMIN_ROLE, Policy=nothing)["Credentials"]
        caller = Caller(stack, Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
        refused_by_iam(caller.call("GET", "/pets/sales"), ADMIN_ROLE, "GET", "/pets/sales")
    else:
        assert answer.status_code == 400, answer.text
