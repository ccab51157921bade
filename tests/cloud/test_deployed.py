"""The shipped template and the built functions, behind an API Gateway, an IAM and an STS that others made."""

import itertools

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from rights import TEMPLATE, Rights
from shop.caller import ADMIN_ROLE, BUYER_ROLE, Caller, assume
from shop.person import Person
from shop.sign_in import BARNEY, BETTY, FRED, WILMA, sign_in

ROLES = {None: None, ADMIN_ROLE: "AdminRole", BUYER_ROLE: "BuyerRole"}


@pytest.fixture(scope="session")
def people(deployed) -> dict[str, Person]:
    """Signed in at the tenant, with credentials of the emulator's STS."""
    return {
        sample.name.split()[0].lower(): Person.with_token(deployed, sign_in(deployed.tenant, sample)["id_token"], role)
        for sample, role in ((FRED, BUYER_ROLE), (WILMA, BUYER_ROLE), (BETTY, ADMIN_ROLE))
    }


@pytest.mark.parametrize(("sample", "role"), list(itertools.product((FRED, BETTY, BARNEY), (ADMIN_ROLE, BUYER_ROLE))))
def test_the_trust_policies_part_the_people_here_too(deployed, sample, role):
    token = sign_in(deployed.tenant, sample)["id_token"]
    if (sample, role) in ((FRED, BUYER_ROLE), (BETTY, ADMIN_ROLE)):
        assert assume(deployed, token, role)["Credentials"]
    else:
        with pytest.raises(ClientError, match="AccessDenied"):
            assume(deployed, token, role)


def test_who_has_not_signed_gets_nowhere_but_to_the_list(deployed):
    visitor = Caller(deployed)
    assert visitor.call("GET", "/pets").status == 200
    refused = visitor.call("POST", "/pets", {"type": "frog", "price": 4.99})
    assert (refused.status, refused.error_type) == (403, "MissingAuthenticationTokenException")


def test_a_wrong_key_signs_nothing(deployed, people):
    given = people["betty"].credentials
    forged = Caller(deployed, Credentials(given.access_key, "x" * 40, given.token))
    refused = forged.call("POST", "/pets", {"type": "frog", "price": 4.99})
    assert (refused.status, refused.error_type) == (403, "InvalidSignatureException"), refused


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_exactly_what_is_allowed_is_let_through(deployed, people, role):
    rights = Rights(TEMPLATE.read_text(encoding="utf-8"))
    caller = {None: Caller(deployed), ADMIN_ROLE: people["betty"].caller, BUYER_ROLE: people["fred"].caller}[role]
    for method, path in sorted(rights.routes()):
        answer = caller.call(method, path.replace("{petId}", "999999"), {} if method == "POST" else None)
        refused = answer.status == 403 and "code" not in (answer.json() if answer.body else {})
        assert refused != rights.may_call(ROLES[role], method, path), (method, path, answer)


def test_a_pet_s_whole_life(deployed, people):
    betty, fred, wilma = people["betty"], people["fred"], people["wilma"]
    added = betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99})
    assert added.status == 201, (added, deployed.emulator.log[-3000:])
    pet = added.json()
    assert pet == {"id": pet["id"], "type": "frog", "price": 4.99, "isSold": False}
    assert pet in Caller(deployed).call("GET", "/pets").json()

    bought = fred.buy(pet["id"])
    assert (bought.status, bought.json()["isSold"]) == (200, True), bought
    assert fred.buy(pet["id"]).status == 200
    late = wilma.buy(pet["id"])
    assert (late.status, late.code) == (409, "pet_not_available"), late
    assert late.json()["requestId"]

    assert [sale["id"] for sale in betty.caller.call("GET", "/pets/sales").json()] == [pet["id"]]
    assert [mine["id"] for mine in fred.purchases().json()] == [pet["id"]]
    assert wilma.purchases().json() == []
    listed = next(one for one in Caller(deployed).call("GET", "/pets").json() if one["id"] == pet["id"])
    assert listed["isSold"] and "fred" not in str(listed).lower().replace("f***", "")

    assert betty.caller.call("DELETE", f"/pets/{pet['id']}").status == 204
    assert betty.caller.call("DELETE", f"/pets/{pet['id']}").status == 404


def test_a_buyer_s_credentials_need_a_buyer_s_token(deployed, people):
    answer = people["fred"].caller.call("POST", "/pets/purchase", {"petId": 1, "authToken": people["betty"].token})
    assert (answer.status, answer.code) == (403, "forbidden"), answer
    answer = people["fred"].caller.call("POST", "/pets/purchase", {"petId": 1, "authToken": "a.b.c"})
    assert (answer.status, answer.code) == (401, "invalid_identity_token"), answer


def test_a_page_of_another_address_goes_on_where_the_first_ended(deployed, people):
    for price in (1, 2, 3):
        assert people["betty"].caller.call("POST", "/pets", {"type": "newt", "price": price}).status == 201
    first = Caller(deployed).call("GET", "/pets?type=newt&limit=2&sort=price")
    assert [pet["price"] for pet in first.json()] == [1, 2]
    # The address is API Gateway's own; behind it is the query of the next page.
    query = first.headers["link"].split(">")[0].split("?")[1]
    assert [pet["price"] for pet in Caller(deployed).call("GET", f"/pets?{query}").json()] == [3]
