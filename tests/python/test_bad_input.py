"""What is wrong is refused with the field and the remedy in the answer, and nothing is touched."""

import json

import pytest

from shop.expect import readable_by_a_page, refused_by_shop
from shop.person import Person
from shop.sign_in import BETTY

pytestmark = pytest.mark.usefixtures("nothing_changes")

NOT_JSON = [
    b"", b"{", b"}", b"{]", b"nonsense", b"[]", b'["dog", 1]', b"null", b"true", b"7", b'"dog"', b"\xff\xfe", b"\x00",
    b'{"type": "dog", "price": NaN}', b'{"type": "dog", "price": Infinity}', b'{"type": "dog", "price": -Infinity}',
    b'{"type": "dog", "price": 01}', b'{"type": "dog", "price": 1.}', b'{"type": "dog", "price": .5}',
    b'{"type": "dog", "price": +1}', b'{"type": "dog", "price": 0x10}', b'{"type": "dog", "price": 1,}',
    b'{"type": "dog", "price": 1} {}', b"{'type': 'dog', 'price': 1}", b'{"type": "\xff", "price": 1}',
    b'{"type": "dog", "type": "cat", "price": 1}', b'{"type": "dog", "price": 1, "price": 2}', b"[" * 60_000,
    b'{"a":' * 10_000,
]  # fmt: skip

PRICES = [
    "1e400", "-1e400", "-1", "0", "-0", "0.00", "0.001", "0.009", "249.999", "1e-3", "1e-400", "1000000.01", "1000001",
    "1e7", "99999999999999999999999999", '"1"', '"249.99"', "null", "true", "[]", "[1]", "{}", '""',
]  # fmt: skip

TYPES = [
    "", " ", "   ", "x" * 41, "a\nb", "a\tb", "\u0000", "\u200b", "\u202egod", "\ufeffdog", "\u00a0", "犬" * 41,
    None, 7, True, [], ["dog"], {}, 1.5,
]  # fmt: skip


@pytest.mark.parametrize("body", NOT_JSON, ids=range(len(NOT_JSON)))
def test_a_new_pet_that_is_no_json_object(betty, body):
    refused_by_shop(betty.caller.call("POST", "/pets", body), 400, "invalid_request")


@pytest.mark.parametrize("price", PRICES)
def test_a_new_pet_with_a_bad_price(betty, price):
    answer = betty.caller.call("POST", "/pets", f'{{"type": "dog", "price": {price}}}'.encode())
    refused_by_shop(answer, 400, "invalid_price")
    assert answer.json()["field"] == "price" and "price" in answer.json()["message"]


@pytest.mark.parametrize("kind", TYPES, ids=repr)
def test_a_new_pet_with_a_bad_type(betty, kind):
    answer = betty.caller.call("POST", "/pets", {"type": kind, "price": 4.99})
    refused_by_shop(answer, 400, "invalid_type")
    assert answer.json()["field"] == "type" and "type" in answer.json()["message"]


@pytest.mark.parametrize(("body", "field"), [({"type": "dog"}, "price"), ({"price": 1}, "type"), ({}, "type")])
def test_a_new_pet_without_a_field(betty, body, field):
    refused_by_shop(betty.caller.call("POST", "/pets", body), 400, f"invalid_{field}")


@pytest.mark.parametrize("path", ["/pets", "/pets/purchase"])
def test_a_body_over_64_kib(betty, fred, path):
    person = betty if path == "/pets" else fred
    body = {"type": "frog", "price": 4.99, "petId": 1, "authToken": fred.token, "padding": ""}
    body["padding"] = "x" * (64 * 1024 - len(json.dumps(body)) + 1)
    assert len(json.dumps(body)) == 64 * 1024 + 1
    refused_by_shop(person.caller.call("POST", path, body), 413, "body_too_large")


def test_a_body_of_many_megabytes(visitor, betty):
    refused = betty.caller.call("POST", "/pets", b"x" * (9 * 1024 * 1024))
    assert refused.status == 413, refused
    assert visitor.call("GET", "/pets").status == 200


@pytest.mark.parametrize("body", NOT_JSON[:13], ids=range(13))
def test_a_purchase_that_is_no_json_object(fred, body):
    refused_by_shop(fred.caller.call("POST", "/pets/purchase", body), 400, "invalid_request")


@pytest.mark.parametrize(
    "pet_id", ["0", "-1", "1.0", "1.5", "1e2", '"1"', "null", "true", "[1]", "{}", "9007199254740992"]
)
def test_a_purchase_of_what_is_no_id(fred, pet_id):
    body = f'{{"petId": {pet_id}, "authToken": "{fred.token}"}}'.encode()
    answer = fred.caller.call("POST", "/pets/purchase", body)
    refused_by_shop(answer, 400, "invalid_pet_id")
    assert answer.json()["field"] == "petId"


@pytest.mark.parametrize("pet_id", [999_999, 9007199254740991])
def test_a_purchase_of_an_unknown_pet(fred, pet_id):
    refused_by_shop(fred.buy(pet_id), 404, "pet_not_found")


@pytest.mark.parametrize("pet_id", ["999999", "9007199254740991"])
def test_removing_an_unknown_pet(betty, pet_id):
    refused_by_shop(betty.caller.call("DELETE", f"/pets/{pet_id}"), 404, "pet_not_found")


@pytest.mark.parametrize("pet_id", ["0", "-1", "01", "1.0", "abc", "1e2", "9007199254740992", "%EF%BC%91"])
def test_removing_what_is_no_id(betty, pet_id):
    refused_by_shop(betty.caller.call("DELETE", f"/pets/{pet_id}"), 400, "invalid_pet_id")


CURSORS = [
    "x", "0", "-1", "null", "e30", "e30%3D", "eyJpZCI6MX0", "AAAA", "%00", "..%2F..", "%7B%22pk%22%3A%221%22%7D",
    "%3D", "a" * 5000, "%F0%9F%90%95", "%2B%2F",
]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("path", ["/pets?", "/pets?status=sold&", "/pets?type=dog&sort=-price&"])
def test_a_cursor_that_was_made_up(visitor, path, cursor):
    refused_by_shop(visitor.call("GET", f"{path}cursor={cursor}"), 400, "invalid_cursor")


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_made_up_cursor_of_a_signed_list(fred, betty, cursor):
    refused_by_shop(betty.caller.call("GET", f"/pets/sales?cursor={cursor}"), 400, "invalid_cursor")
    headers = {"X-Identity-Token": fred.token}
    answer = fred.caller.call("GET", f"/pets/purchases?cursor={cursor}", headers=headers)
    refused_by_shop(answer, 400, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=101", "limit"), ("limit=1.5", "limit"),
        ("limit=abc", "limit"), ("limit=99999999999999999999", "limit"), ("status=Sold", "status"),
        ("status=sold,available", "status"), ("sort=name", "sort"), ("sort=--price", "sort"), ("page=2", "cursor"),
        ("status=sold&status=available", "status"), ("limit=5&limit=6", "limit"), ("x", "cursor"),
    ],
)  # fmt: skip
def test_a_query_that_is_not_understood(visitor, query, names):
    answer = visitor.call("GET", f"/pets?{query}")
    refused_by_shop(answer, 400, "invalid_request")
    assert names in answer.json()["message"]


@pytest.mark.parametrize("kind", ["a%0Ab", "x" * 41, "%E2%80%8B"])
def test_a_filter_for_what_can_be_no_type(visitor, kind):
    answer = visitor.call("GET", f"/pets?type={kind}")
    refused_by_shop(answer, 400, "invalid_type")


@pytest.mark.parametrize("query", ["type=%FF", "%FF=1", "cursor=%C3", "type=a%80b"])
def test_a_query_that_is_no_text(visitor, query):
    """The gateway may see it first: what counts is that it is refused, in words that a page can read."""
    answer = visitor.call("GET", f"/pets?{query}")
    assert answer.status == 400, answer
    assert answer.json()["message"], answer
    readable_by_a_page(answer)


def test_a_tag_in_a_type_comes_back_as_it_was_in_json_and_nothing_else(start_stack):
    betty = Person.signed_in(start_stack(), BETTY)
    kind = "<img src=x onerror=alert(1)>"
    answer = betty.caller.call("POST", "/pets", {"type": kind, "price": 1})
    assert (answer.status, answer.json()["type"]) == (201, kind)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers.get("x-content-type-options") in (None, "nosniff")
