"""The log says why something was refused, and never who or with what."""

from shop.caller import ADMIN_ROLE, BUYER_ROLE, Caller
from shop.person import Person
from shop.sign_in import BETTY, FRED, Transaction, authorize, exchange, refresh
from shop.words import log_with


def test_a_refusal_is_logged_with_the_statement_that_decided(start_stack, edited_template):
    allow = "              - Sid: ManagePets\n"
    removal = "Action: 'execute-api:*', Resource: 'arn:aws:execute-api:*:*:*/DELETE/*'"
    deny = f"              - {{Sid: NeverRemove, Effect: Deny, {removal}}}\n"
    stack = start_stack(template=edited_template((allow, deny + allow)))
    fred, betty = Person.signed_in(stack, FRED), Person.signed_in(stack, BETTY)
    assert betty.caller.call("DELETE", "/pets/1").status == 403
    log_with(stack, "NeverRemove", ADMIN_ROLE, "DELETE /pets/1")
    assert fred.caller.call("DELETE", "/pets/2").status == 403
    log_with(stack, BUYER_ROLE, "DELETE /pets/2")


def test_no_token_no_key_and_no_name_is_in_the_log(start_stack):
    stack = start_stack()
    started = stack.log
    transaction = Transaction.new()
    code = authorize(stack, FRED, transaction)
    tokens = exchange(stack, code, transaction).json()
    renewed = refresh(stack, tokens["refresh_token"]).json()
    fred = Person.with_token(stack, tokens["id_token"], BUYER_ROLE)
    assert fred.buy(1).status == 200
    assert fred.caller.call("POST", "/pets", {"type": "frog", "price": 1}).status == 403
    assert fred.caller.call("POST", "/pets/purchase", {"petId": 2, "authToken": tokens["id_token"] + "x"}).status == 401
    wrong = Caller(stack, fred.credentials, region="eu-west-1")
    assert wrong.presigned_call("GET", "/pets/purchases").status == 403
    exchange(stack, code, transaction)
    refresh(stack, tokens["refresh_token"])
    log_with(stack, BUYER_ROLE)
    stack.stop()

    written = stack.log.removeprefix(started)
    secrets = {
        "code": code,
        "code verifier": transaction.verifier,
        "secret key": fred.credentials.secret_key,
        "session token": fred.credentials.token,
        "session token's end": fred.credentials.token[-40:],
        "name": FRED.name,
        "first name": "fred",
        "e-mail address": FRED.email,
        **{f"{name}": tokens[name] for name in ("id_token", "access_token", "refresh_token")},
        **{f"renewed {name}": renewed[name] for name in ("id_token", "access_token", "refresh_token")},
        **{f"part {n} of the ID token": part for n, part in enumerate(tokens["id_token"].split("."))},
    }
    assert [name for name, secret in secrets.items() if secret.lower() in written.lower()] == []
