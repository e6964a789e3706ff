"""What the sandbox keeps, read and changed at the same time."""

from __future__ import annotations

import threading

import pytest

from sandbox.run import Running
from sandbox.shop import people
from sandbox.state import KINDS, Shop, now


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["values", "items", "__iter__"])
def test_what_is_added_meanwhile_does_not_disturb_who_goes_through_the_rest(shop: Shop, kind: str, way: str):
    records, seen = shop.records[kind], 0
    before = len(records)
    records["first"] = records["second"] = {}
    for _ in getattr(records, way)():
        seen += 1
        adding = threading.Thread(target=records.__setitem__, args=(f"while at {seen}", {}))
        adding.start()
        adding.join()
    assert seen == before + 2
    assert len(records) == 2 * seen


def test_a_customers_orders_are_found_while_others_are_placed(local: Running, shop: Shop):
    nena = people.enrol(shop, now(), first_name="Nena", last_name="Cruz", email="nena@example.com")
    enough = threading.Event()

    def trickle() -> None:
        for number in range(3000):
            shop.remember("order", {"id": number, "customer_id": nena["id"] if number % 2 else None})
        enough.set()

    other = threading.Thread(target=trickle)
    other.start()
    while not enough.is_set():
        assert all(one["customer_id"] == nena["id"] for one in people.orders_of(shop, nena["id"]))
    other.join()
    assert len(people.orders_of(shop, nena["id"])) == 1500
