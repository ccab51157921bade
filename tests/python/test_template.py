"""The template is what is enforced: an edited copy behaves as it is edited."""

import pytest
from botocore.exceptions import ClientError

from shop.caller import ADMIN_ROLE, BUYER_ROLE, Caller, assume
from shop.expect import refused_by_gateway, refused_by_iam
from shop.person import Person
from shop.sign_in import BARNEY, BETTY, FRED, sign_in
from shop.words import log_with

ARN = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}"


def test_a_permission_that_is_taken_away_is_gone(start_stack, edited_template):
    stack = start_stack(template=edited_template((f"- !Sub {ARN}/POST/pets/purchase\n", f"- !Sub {ARN}/POST/pets/rental\n")))
    fred = Person.signed_in(stack, FRED)
    refused_by_iam(fred.buy(1), BUYER_ROLE, "POST", "/pets/purchase")
    assert fred.purchases().status == 200


def test_a_permission_that_is_given_is_there(start_stack, edited_template):
    stack = start_stack(template=edited_template((f"- !Sub {ARN}/GET/pets/purchases\n", f"- !Sub {ARN}/GET/pets/*\n")))
    fred = Person.signed_in(stack, FRED)
    assert fred.caller.call("GET", "/pets/sales").status == 200
    assert fred.purchases().status == 200


def test_a_denial_is_stronger_than_any_permission(start_stack, edited_template):
    allow = "              - Sid: ManagePets\n"
    removal = "Action: 'execute-api:*', Resource: 'arn:aws:execute-api:*:*:*/DELETE/*'"
    deny = f"              - {{Sid: Never, Effect: Deny, {removal}}}\n"
    stack = start_stack(template=edited_template((allow, deny + allow)))
    betty = Person.signed_in(stack, BETTY)
    refused_by_iam(betty.caller.call("DELETE", "/pets/1"), ADMIN_ROLE, "DELETE", "/pets/1")
    assert "explicit deny" in betty.caller.call("DELETE", "/pets/1").json()["message"]
    assert betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).status == 201


def test_another_trust_policy_trusts_others(start_stack, edited_template):
    stack = start_stack(
        template=edited_template(('IssuerPath}:sub": "auth0|*"', 'IssuerPath}:sub": "samlp|initech|*"'))
    )
    assert (
        Person.with_token(stack, sign_in(stack, BARNEY)["id_token"], ADMIN_ROLE)
        .caller.call("GET", "/pets/sales")
        .status
        == 200
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(stack, sign_in(stack, BETTY)["id_token"], ADMIN_ROLE)


def test_a_social_connection_that_is_not_listed_makes_no_buyer(start_stack, edited_template):
    stack = start_stack(template=edited_template(("Default: amazon,google-oauth2,", "Default: google-oauth2,")))
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(stack, sign_in(stack, FRED)["id_token"], BUYER_ROLE)


def test_a_longer_session_is_given_if_the_role_allows_it(start_stack, edited_template):
    old = "Never buys.\n      MaxSessionDuration: 3600"
    stack = start_stack(template=edited_template((old, old.replace("3600", "7200"))))
    assert assume(stack, sign_in(stack, BETTY)["id_token"], ADMIN_ROLE, DurationSeconds=7200)["Credentials"]


def test_an_authorization_type_decides_who_must_sign(start_stack, edited_template):
    method = "      ResourceId: !Ref PetsResource\n      HttpMethod: GET\n      AuthorizationType: "
    stack = start_stack(template=edited_template((method + "NONE", method + "AWS_IAM")))
    refused_by_gateway(Caller(stack).call("GET", "/pets"), "MissingAuthenticationTokenException")
    betty = Person.signed_in(stack, BETTY)
    refused_by_iam(betty.caller.call("GET", "/pets"), ADMIN_ROLE, "GET", "/pets")


def test_a_route_that_is_renamed_is_elsewhere(start_stack, edited_template):
    stack = start_stack(template=edited_template(("PathPart: sales", "PathPart: sold")))
    betty = Person.signed_in(stack, BETTY)
    refused_by_gateway(Caller(stack).call("GET", "/pets/sales"), "MissingAuthenticationTokenException")
    refused_by_iam(betty.caller.call("GET", "/pets/sold"), ADMIN_ROLE, "GET", "/pets/sold")


def test_claimed_is_the_older_contract_and_has_to_be_chosen(start_stack, edited_template):
    stack = start_stack(template=edited_template(("Default: verified", "Default: claimed")))
    fred = Person.signed_in(stack, FRED)
    bought = fred.caller.call("POST", "/pets/purchase", {"petId": 1, "userName": "fred flintstone"})
    assert (bought.status, bought.json()["soldTo"]) == (200, "fred flintstone"), bought



def test_a_function_that_may_not_write_sells_nothing(start_stack, edited_template):
    stack = start_stack(template=edited_template(("Action: [dynamodb:UpdateItem]\n", "Action: [dynamodb:GetItem]\n")))
    fred = Person.signed_in(stack, FRED)
    refused = fred.buy(1)
    assert refused.status == 500 and "authorized" not in refused.json()["message"], refused
    log_with(stack, "dynamodb:UpdateItem on arn:aws:dynamodb:", "implicitly denied")
    assert not next(pet for pet in fred.caller.call("GET", "/pets").json() if pet["id"] == 1)["isSold"]
    assert fred.purchases().status == 200


def test_a_function_reads_the_indexes_that_its_role_names(start_stack, edited_template):
    index = "${PetsTable.Arn}/index/"
    stack = start_stack(template=edited_template((f"{index}status-price\n", f"{index}purchases-by-price\n")))
    visitor = Caller(stack)
    assert visitor.call("GET", "/pets").status == 200
    assert visitor.call("GET", "/pets?sort=price").status == 500
