"""Exactly the allowed triples of role, method and path are allowed: in the template, read by other means than the
local stack's, and at the gateway of a local stack that runs from it."""

import itertools

import pytest
from rights import TEMPLATE, Rights
from shop.caller import Caller
from shop.person import Person
from shop.sign_in import BETTY, FRED

OPEN = {("GET", "/pets")} | {
    ("OPTIONS", path)
    for path in ("/pets", "/pets/{petId}", "/pets/purchase", "/pets/purchases", "/pets/sales")
}
ALLOWED = {
    None: OPEN,
    "AdminRole": OPEN | {("POST", "/pets"), ("DELETE", "/pets/{petId}"), ("GET", "/pets/sales")},
    "BuyerRole": OPEN | {("POST", "/pets/purchase"), ("GET", "/pets/purchases")},
}
ROUTES = set().union(*ALLOWED.values())


def test_the_api_has_these_routes_and_people_have_these_roles(rights):
    assert set(rights.routes()) == ROUTES
    assert set(rights.people()) == set(ALLOWED) - {None}


@pytest.mark.parametrize("role", ALLOWED, ids=str)
def test_exactly_what_is_allowed_is_allowed(rights, role):
    assert {route for route in ROUTES if rights.may_call(role, *route)} == ALLOWED[role]


def test_a_right_more_or_less_would_be_seen():
    text = TEMPLATE.read_text(encoding="utf-8")
    more = Rights(text.replace("/GET/pets/purchases\n", "/GET/pets/*\n", 1))
    assert more.may_call("BuyerRole", "GET", "/pets/sales")
    less = Rights(text.replace("/POST/pets/purchase\n", "/POST/pets/rental\n", 1))
    assert not less.may_call("BuyerRole", "POST", "/pets/purchase")


@pytest.fixture(scope="module")
def callers(stack) -> dict[str | None, Caller]:
    return {
        None: Caller(stack),
        "AdminRole": Person.signed_in(stack, BETTY).caller,
        "BuyerRole": Person.signed_in(stack, FRED).caller,
    }


@pytest.mark.parametrize(("role", "route"), list(itertools.product(ALLOWED, sorted(ROUTES))), ids=str)
def test_the_local_stack_decides_the_same(rights, callers, role, route):
    method, path = route
    # Nothing that could be done: what gets through is refused by the shop, in the shop's own words.
    body = {} if method == "POST" else None
    answer = callers[role].call(method, path.replace("{petId}", "999999"), body)
    refused_by_the_gateway = answer.status == 403 and answer.error_type is not None
    assert refused_by_the_gateway != rights.may_call(role, method, path), answer


def test_each_function_may_do_what_its_code_does_and_nothing_else(rights):
    table = "<PetsTable.Arn>"
    expected = {
        "ListFunctionRole": {("dynamodb:GetItem", table)}
        | {("dynamodb:Query", f"{table}/index/{index}") for index in ("status-id", "status-price", "type-id", "type-price")},
        "ManageFunctionRole": {
            ("dynamodb:PutItem", table),
            ("dynamodb:UpdateItem", table),
            ("dynamodb:DeleteItem", table),
            ("dynamodb:Query", f"{table}/index/sales"),
        },
        "PurchaseFunctionRole": {("dynamodb:UpdateItem", table), ("dynamodb:Query", f"{table}/index/purchases")},
    }
    found = {role: set() for role, _ in rights.policies() if role.endswith("FunctionRole")}
    for (role, policy), document in rights.policies().items():
        if role in found and policy == "table":
            for statement in document["Statement"]:
                assert statement["Effect"] == "Allow"
                found[role] |= set(itertools.product(statement["Action"], statement["Resource"]))
    assert found == expected


def test_every_method_may_call_its_function_and_no_other(rights):
    """Without it API Gateway answers 500, and nobody notices before the first call in the cloud."""
    allowed = {
        (p["FunctionName"]["Ref"], rights.resolve(p["SourceArn"]).split(":", 5)[5])
        for p in rights.of("AWS::Lambda::Permission").values()
        if p["Principal"] == "apigateway.amazonaws.com" and p["Action"] == "lambda:InvokeFunction"
    }
    called = {
        (rights.resolve(m["Integration"]["Uri"]).split("<")[1].split(".")[0], f"api/test/{method}{path}")
        for (method, path), m in rights.routes().items()
        if m["Integration"]["Type"] == "AWS_PROXY"
    }
    assert {(function, place.replace("/pets/*", "/pets/{petId}")) for function, place in allowed} == called


def test_every_method_is_in_the_deployment(rights):
    """A deployment is a snapshot of what was there before it."""
    parts = {
        name
        for name, resource in rights.resources.items()
        if resource["Type"] in ("AWS::ApiGateway::Method", "AWS::ApiGateway::GatewayResponse")
    }
    assert set(rights.resources["Deployment"]["DependsOn"]) == parts
