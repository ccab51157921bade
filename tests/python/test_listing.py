"""Lists: page by page they are the whole, in the order that was asked for, and nothing twice."""

import itertools
from urllib.parse import unquote_plus

import pytest

from shop.caller import Caller
from shop.listing import all_pages, next_page
from shop.person import Person
from shop.sign_in import BETTY, FRED
from shop.stack import Stack

SORTS = {
    "id": lambda pet: pet["id"],
    "-id": lambda pet: -pet["id"],
    "price": lambda pet: pet["price"],
    "-price": lambda pet: -pet["price"],
}


@pytest.fixture(scope="module")
def shop(session_folder, first_day):
    """A shop with sold pets, kinds that differ in case only, and equal prices."""
    stack = Stack(session_folder / "listing")
    fred, betty = Person.signed_in(stack, FRED), Person.signed_in(stack, BETTY)
    for kind, price in [("Dog", 5), ("dog", 5), ("DOG", 5), ("guinea pig", 5), ("übermaus", 7.5), ("dog", 1e6)]:
        assert betty.caller.call("POST", "/pets", {"type": kind, "price": price}).status == 201
    for pet_id in (1, 3, 5, 7, 9, 11, 12):
        assert fred.buy(pet_id).status == 200
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def whole(shop):
    """Everything in one page."""
    answer = Caller(shop).call("GET", "/pets?limit=100")
    assert next_page(answer) is None
    return answer.json()


def test_without_a_filter_what_is_for_sale_comes_before_what_is_sold(whole):
    assert [pet["isSold"] for pet in whole] == sorted(pet["isSold"] for pet in whole)
    assert {pet["id"] for pet in whole if pet["isSold"]} == {1, 3, 5, 7, 9, 11, 12}


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_together_are_the_whole(shop, whole, sort, limit):
    pets = all_pages(Caller(shop), f"/pets?sort={sort}&limit={limit}")
    assert sorted(pet["id"] for pet in pets) == sorted(pet["id"] for pet in whole)
    for is_sold, group in itertools.groupby(pets, key=lambda pet: pet["isSold"]):
        keys = [SORTS[sort](pet) for pet in group]
        assert keys == sorted(keys), is_sold
    assert [pet["isSold"] for pet in pets] == sorted(pet["isSold"] for pet in pets)


@pytest.mark.parametrize("status", ["available", "sold"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_status_filters(shop, whole, status, sort):
    pets = all_pages(Caller(shop), f"/pets?status={status}&sort={sort}&limit=3")
    expected = [pet for pet in whole if pet["isSold"] == (status == "sold")]
    assert sorted(pet["id"] for pet in pets) == sorted(pet["id"] for pet in expected)


@pytest.mark.parametrize(
    "kind", ["dog", "DOG", "guinea%20pig", "guinea+pig", "%C3%BCbermaus", "%C3%9Cbermaus", "unicorn"]
)
@pytest.mark.parametrize("more", ["", "&status=available", "&sort=-price&limit=1"])
def test_a_type_filters_whatever_its_case(shop, whole, kind, more):
    pets = all_pages(Caller(shop), f"/pets?type={kind}{more}")
    wanted = unquote_plus(kind).lower()
    expected = [pet for pet in whole if pet["type"].lower() == wanted and not ("available" in more and pet["isSold"])]
    assert sorted(pet["id"] for pet in pets) == sorted(pet["id"] for pet in expected)


def test_a_page_has_fifty_pets_unless_another_number_is_asked_for(shop, whole):
    assert len(Caller(shop).call("GET", "/pets").json()) == min(50, len(whole))
    assert len(Caller(shop).call("GET", "/pets?limit=7").json()) == 7


def test_the_next_page_is_an_address_that_keeps_the_question(shop):
    answer = Caller(shop).call("GET", "/pets?status=available&sort=-price&limit=5&type=")
    following = next_page(answer)
    assert following.startswith("http") and "/test/pets?" in following
    for part in ("status=available", "sort=-price", "limit=5", "cursor="):
        assert part in following


def test_a_cursor_belongs_to_its_own_list(shop):
    following = next_page(Caller(shop).call("GET", "/pets?sort=price&limit=5"))
    cursor = following.split("cursor=")[1].split("&")[0]
    for query in ("sort=-price", "status=sold", "type=dog"):
        answer = Caller(shop).call("GET", f"/pets?{query}&limit=5&cursor={cursor}")
        assert (answer.status, answer.code) == (400, "invalid_cursor"), query


def test_a_pet_that_is_added_or_sold_between_two_pages_costs_no_other_its_place(start_stack):
    stack = start_stack()
    fred, betty = Person.signed_in(stack, FRED), Person.signed_in(stack, BETTY)
    before = [pet["id"] for pet in all_pages(Caller(stack), "/pets?status=available")]
    first = Caller(stack).call("GET", "/pets?status=available&limit=10")
    betty.caller.call("DELETE", f"/pets/{before[9]}")
    fred.buy(before[4])
    new = betty.caller.call("POST", "/pets", {"type": "frog", "price": 4.99}).json()["id"]
    path = "/pets?" + next_page(first).split("?")[1]
    rest = [pet["id"] for pet in all_pages(Caller(stack), path)]
    assert rest == [*before[10:], new]


def test_an_admin_pages_through_the_sales(shop):
    betty = Person.signed_in(shop, BETTY)
    whole = all_pages(betty.caller, "/pets/sales")
    assert {pet["id"] for pet in whole} == {1, 3, 5, 7, 9, 11, 12}
    assert all(pet["soldTo"] and pet["soldAt"] for pet in whole)
    assert all_pages(betty.caller, "/pets/sales?limit=2") == whole


def test_a_buyer_pages_through_the_own_purchases(shop):
    fred = Person.signed_in(shop, FRED)
    whole = fred.purchases().json()
    assert {pet["id"] for pet in whole} == {1, 3, 5, 7, 9, 11, 12}
    pages, path = [], "/pets/purchases?limit=3"
    while path:
        answer = fred.caller.call("GET", path, headers={"X-Identity-Token": fred.token})
        pages += answer.json()
        following = next_page(answer)
        path = following and "/pets/purchases?" + following.split("?")[1]
    assert pages == whole
