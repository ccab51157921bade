"""One pet is sold once, whatever happens at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

from shop.caller import BUYER_ROLE, Caller
from shop.expect import refused_by_shop
from shop.listing import all_pages
from shop.person import Person
from shop.sign_in import BETTY, FRED, WILMA
from shop.stack import CLIENT_ID


def test_the_same_buyer_may_ask_again(fresh):
    fred = Person.signed_in(fresh, FRED)
    first, second = fred.buy(1), fred.buy(1)
    assert (first.status, second.status) == (200, 200)
    assert first.json() == second.json()
    again = Person.signed_in(fresh, FRED).buy(1)
    assert (again.status, again.json()) == (200, first.json())
    assert fred.purchases().json() == [first.json()]


def test_another_buyer_is_too_late(fresh):
    fred, wilma = Person.signed_in(fresh, FRED), Person.signed_in(fresh, WILMA)
    sold = fred.buy(1).json()
    late = wilma.buy(1)
    refused_by_shop(late, 409, "pet_not_available")
    assert late.json()["message"] == "That pet is not available."
    assert b"fred" not in late.body.lower()
    assert wilma.purchases().json() == []
    assert fred.purchases().json() == [sold]


def test_a_buyer_sees_the_own_purchases_and_nobody_elses(fresh):
    fred, wilma = Person.signed_in(fresh, FRED), Person.signed_in(fresh, WILMA)
    fred.buy(1)
    wilma.buy(2)
    assert [pet["id"] for pet in fred.purchases().json()] == [1]
    assert [pet["id"] for pet in wilma.purchases().json()] == [2]
    # The token says whose they are, and the signature who may ask at all.
    with_freds_token = wilma.caller.call("GET", "/pets/purchases", headers={"X-Identity-Token": fred.token})
    assert with_freds_token.status in (200, 403)


def test_a_removed_pet_is_not_sold(fresh):
    fred, betty = Person.signed_in(fresh, FRED), Person.signed_in(fresh, BETTY)
    assert betty.caller.call("DELETE", "/pets/1").status == 204
    refused_by_shop(fred.buy(1), 404, "pet_not_found")


def test_of_64_buyers_at_once_one_gets_the_pet(start_stack, own_issuer):
    stack = start_stack("--issuer", own_issuer.url, "--client-id", CLIENT_ID)

    def arrive(number: int) -> Person:
        return Person.with_token(stack, own_issuer.token(f"amazon|buyer-{number}"), BUYER_ROLE)

    with ThreadPoolExecutor(64) as crowd:
        buyers = list(crowd.map(arrive, range(64)))
        start = threading.Barrier(64)

        def buy(person: Person):
            start.wait(timeout=60)
            return person.buy(1)

        answers = list(crowd.map(buy, buyers))

    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] + [409] * 63
    winner = buyers[[answer.status for answer in answers].index(200)]
    assert [pet["id"] for pet in winner.purchases().json()] == [1]
    assert [pet["id"] for pet in all_pages(Caller(stack), "/pets?status=sold")] == [1]


def test_of_an_admin_and_a_buyer_at_once_each_answer_is_true(fresh):
    fred, betty = Person.signed_in(fresh, FRED), Person.signed_in(fresh, BETTY)
    for pet_id in range(1, 9):
        with ThreadPoolExecutor(2) as both:
            bought = both.submit(fred.buy, pet_id)
            removed = both.submit(betty.caller.call, "DELETE", f"/pets/{pet_id}")
        assert removed.result().status == 204, removed.result()
        assert bought.result().status in (200, 404), bought.result()
        assert pet_id not in [pet["id"] for pet in all_pages(Caller(fresh), "/pets")]


def test_pets_that_are_added_at_once_have_ids_of_their_own(fresh):
    betty = Person.signed_in(fresh, BETTY)

    def add(_):
        return Caller(fresh, betty.credentials).call("POST", "/pets", {"type": "ant", "price": 0.01}).json()["id"]

    with ThreadPoolExecutor(16) as crowd:
        ids = list(crowd.map(add, range(48)))
    assert len(set(ids)) == 48
    assert {pet["id"] for pet in all_pages(Caller(fresh), "/pets?type=ant")} >= set(ids)
