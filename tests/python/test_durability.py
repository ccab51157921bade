"""What was answered is kept: over a restart, and if the process dies the moment after."""

from shop.caller import Caller
from shop.listing import all_pages, everything
from shop.person import Person
from shop.sign_in import BETTY, FRED


def test_a_restart_keeps_what_there_was(start_stack, tmp_path):
    first = start_stack(data=tmp_path / "kept")
    fred, betty = Person.signed_in(first, FRED), Person.signed_in(first, BETTY)
    assert fred.buy(1).status == 200
    frog = betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).json()
    betty.caller.call("DELETE", "/pets/2")
    before = everything(betty.caller)
    first.stop()

    second = start_stack(data=tmp_path / "kept")
    betty = Person.signed_in(second, BETTY)
    assert everything(betty.caller) == before
    assert betty.caller.call("POST", "/pets", {"type": "newt", "price": 1}).json()["id"] > frog["id"]


def test_samples_that_were_removed_do_not_come_back(start_stack, tmp_path):
    first = start_stack(data=tmp_path / "kept")
    betty = Person.signed_in(first, BETTY)
    for pet in all_pages(Caller(first), "/pets"):
        assert betty.caller.call("DELETE", f"/pets/{pet['id']}").status == 204
    first.stop()
    second = start_stack(data=tmp_path / "kept")
    assert Caller(second).call("GET", "/pets").json() == []


def test_an_answered_purchase_survives_the_death_of_the_process(start_stack, tmp_path):
    for pet_id in range(1, 6):
        stack = start_stack(data=tmp_path / "kept")
        assert [pet["id"] for pet in all_pages(Caller(stack), "/pets?status=sold")] == list(range(1, pet_id))
        fred = Person.signed_in(stack, FRED)
        bought = fred.buy(pet_id)
        stack.kill()
        assert bought.status == 200
    stack = start_stack(data=tmp_path / "kept")
    assert {pet["id"] for pet in Person.signed_in(stack, FRED).purchases().json()} == {1, 2, 3, 4, 5}


def test_an_answered_change_of_an_admin_survives_too(start_stack, tmp_path):
    stack = start_stack(data=tmp_path / "kept")
    frog = Person.signed_in(stack, BETTY).caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).json()
    stack.kill()
    stack = start_stack(data=tmp_path / "kept")
    assert frog in all_pages(Caller(stack), "/pets")
    assert Person.signed_in(stack, BETTY).caller.call("DELETE", f"/pets/{frog['id']}").status == 204
    stack.kill()
    assert frog not in all_pages(Caller(start_stack(data=tmp_path / "kept")), "/pets")


def test_credentials_of_before_a_restart_are_good_or_refused_as_unknown(start_stack, tmp_path):
    first = start_stack(data=tmp_path / "kept")
    betty = Person.signed_in(first, BETTY)
    first.stop()
    second = start_stack(data=tmp_path / "kept")
    answer = Caller(second, betty.credentials).call("GET", "/pets/sales")
    assert (answer.status, answer.error_type) in [(200, None), (403, "UnrecognizedClientException")]
