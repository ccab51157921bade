"""Every call of the API, from a sign-in at the issuer to an answer, signed by AWS's own signer in both of its forms."""

import re
from email.utils import parsedate_to_datetime

import pytest

from shop.caller import ADMIN_ROLE, BUYER_ROLE, Caller, assume
from shop.expect import readable_by_a_page
from shop.listing import all_pages
from shop.person import Person
from shop.sign_in import BETTY, FRED, sign_in


@pytest.fixture(params=["call", "presigned_call"], ids=["in the header", "in the query"])
def signed(request):
    """How a call is signed."""
    return getattr(Caller, request.param)


def test_the_samples_are_the_tutorials_dog_and_cat_and_some_thirty_more(fresh):
    pets = all_pages(Caller(fresh), "/pets")
    assert 30 <= len(pets) <= 50
    assert pets[0] == {"id": 1, "type": "dog", "price": 249.99, "isSold": False}
    assert pets[1] == {"id": 2, "type": "cat", "price": 124.99, "isSold": False}


@pytest.mark.parametrize(("sample", "role"), [(FRED, BUYER_ROLE), (BETTY, ADMIN_ROLE)], ids=["a buyer", "an admin"])
def test_sts_answers_as_aws_does(stack, sample, role):
    answer = assume(stack, sign_in(stack, sample)["id_token"], role, session="fred.f@tests", DurationSeconds=900)
    credentials = answer["Credentials"]
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", credentials["AccessKeyId"])
    assert re.fullmatch(r"[A-Za-z0-9/+]{40}", credentials["SecretAccessKey"])
    assert len(credentials["SessionToken"]) >= 100
    asked_at = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert (credentials["Expiration"] - asked_at).total_seconds() in range(895, 906)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::123456789012:assumed-role/{role}/fred.f@tests"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":fred.f@tests")
    assert answer["SubjectFromWebIdentityToken"].startswith(sample.subject_prefix)
    assert answer["Audience"] == "pets-spa"
    assert answer["Provider"].startswith("arn:aws:iam::123456789012:oidc-provider/localhost:")
    assert answer["Provider"].endswith("/idp/")


def test_an_admin_adds_sees_and_removes_a_pet(fresh, signed):
    betty = Person.signed_in(fresh, BETTY)
    added = signed(betty.caller, "POST", "/pets", {"type": "frog", "price": 4.99})
    assert added.status == 201, added
    readable_by_a_page(added)
    frog = added.json()
    assert frog == {"id": frog["id"], "type": "frog", "price": 4.99, "isSold": False}
    assert frog in all_pages(Caller(fresh), "/pets?type=frog")

    removed = signed(betty.caller, "DELETE", f"/pets/{frog['id']}")
    assert (removed.status, removed.body) == (204, b""), removed
    readable_by_a_page(removed)
    assert frog not in all_pages(Caller(fresh), "/pets")


def test_a_buyer_buys_a_pet_and_finds_it_among_the_own_purchases(fresh, signed):
    fred = Person.signed_in(fresh, FRED)
    bought = signed(fred.caller, "POST", "/pets/purchase", {"petId": 2, "authToken": fred.token})
    assert bought.status == 200, bought
    readable_by_a_page(bought)
    cat = bought.json()
    assert {**cat, "soldAt": None} == {
        "id": 2,
        "type": "cat",
        "price": 124.99,
        "isSold": True,
        "soldTo": cat["soldTo"],
        "soldAt": None,
    }
    assert cat["soldTo"] in (FRED.name, FRED.email)

    own = signed(fred.caller, "GET", "/pets/purchases", headers={"X-Identity-Token": fred.token})
    assert (own.status, own.json()) == (200, [cat])
    readable_by_a_page(own)


def test_an_admin_sees_who_bought_what_and_when(fresh, signed):
    fred, betty = Person.signed_in(fresh, FRED), Person.signed_in(fresh, BETTY)
    assert signed(betty.caller, "GET", "/pets/sales").json() == []
    cat = fred.buy(2).json()
    sales = signed(betty.caller, "GET", "/pets/sales")
    assert sales.status == 200, sales
    readable_by_a_page(sales)
    assert sales.json() == [cat]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", sales.json()[0]["soldAt"])


def test_strangers_see_that_a_pet_is_sold_but_not_to_whom(fresh):
    fred, betty = Person.signed_in(fresh, FRED), Person.signed_in(fresh, BETTY)
    fred.buy(2)
    for caller in (Caller(fresh), fred.caller, betty.caller):
        answer = caller.call("GET", "/pets?status=sold")
        (cat,) = answer.json()
        assert cat["isSold"] is True
        assert cat.get("soldTo") in (None, "f•••", "F•••")
        assert not {"soldAt", "buyer", "email"} & set(cat)
        assert FRED.email.encode() not in answer.body and b"flintstone" not in answer.body.lower()


def test_a_removed_pet_is_gone_and_its_id_is_never_given_again(fresh):
    betty = Person.signed_in(fresh, BETTY)
    first = betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).json()["id"]
    assert betty.caller.call("DELETE", f"/pets/{first}").status == 204
    again = betty.caller.call("DELETE", f"/pets/{first}")
    assert (again.status, again.code) == (404, "pet_not_found")
    assert betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).json()["id"] > first


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(0.01, 0.01), (1000000, 1000000), (249.9, 249.9), (1e2, 100), (19.99, 19.99)],
)
def test_a_price_comes_back_to_the_cent(fresh, sent, kept):
    betty = Person.signed_in(fresh, BETTY)
    added = betty.caller.call("POST", "/pets", {"type": "  guinea   pig ", "price": sent})
    assert (added.status, added.json()["price"], added.json()["type"]) == (201, kept, "guinea pig")
