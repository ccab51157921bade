"""API Gateway's validators refuse nothing that the shop would take: a local stack, which has none, refuses it too."""

import json

import pytest
from jsonschema import Draft4Validator
from shop.person import Person
from shop.sign_in import BETTY, FRED

VALUES = [None, True, False, 0, 1, -1, 1.5, 1e400, "1", "dog", "", [], {}, ["dog"], {"a": 1}]
GOOD = {"AddPet": {"type": "dog", "price": 4.99}, "PurchasePet": {"petId": 999_999, "authToken": "a.b.c"}}
# What the shop says to a body that it understands.
UNDERSTOOD = {"AddPet": 201, "PurchasePet": 401}


def bodies(good: dict) -> list:
    """The good body, and what is wrong with it in one place."""
    changed = [{**good, name: value} for name in good for value in VALUES]
    less = [{name: value for name, value in good.items() if name != left_out} for left_out in good]
    return [good, {**good, "more": 1}, *changed, *less, *VALUES]


@pytest.fixture(scope="module")
def people(stack) -> dict[str, Person]:
    return {"AddPet": Person.signed_in(stack, BETTY), "PurchasePet": Person.signed_in(stack, FRED)}


@pytest.mark.parametrize("method", GOOD)
def test_what_a_validator_refuses_the_shop_refuses(rights, people, method):
    properties = rights.resources[method]["Properties"]
    model = properties["RequestModels"]["application/json"]["Ref"]
    schema = rights.resources[model]["Properties"]["Schema"]
    Draft4Validator.check_schema(schema)
    validator = Draft4Validator(schema)
    path = {"AddPet": "/pets", "PurchasePet": "/pets/purchase"}[method]
    refused = 0
    for body in bodies(GOOD[method]):
        if not validator.is_valid(body):
            refused += 1
            answer = people[method].caller.call("POST", path, json.dumps(body).encode())
            assert answer.status == 400, (body, answer)
    assert refused > 15
    assert people[method].caller.call("POST", path, GOOD[method]).status == UNDERSTOOD[method]


def test_a_refused_body_is_told_in_the_shop_s_shape(rights):
    bad_body = rights.resources["BadBody"]["Properties"]
    assert bad_body["ResponseType"] == "BAD_REQUEST_BODY"
    said = json.loads(bad_body["ResponseTemplates"]["application/json"])
    assert set(said) == {"code", "message", "requestId"} and said["code"] == "invalid_request"
