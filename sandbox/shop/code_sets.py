"""Codes that are added to a discount, or removed from it, a moment after somebody asked."""

from __future__ import annotations

import time

from sandbox.state import Record, Shop


def wait_for(shop: Shop, bulk: Record, seconds: float) -> None:
    """Keep what is to be done; it is done when the time has come and somebody looks."""
    with shop.lock:
        bulk.update(done=False, due=time.time() + seconds)
        shop.save("bulk", bulk)


def finish_due(shop: Shop) -> None:
    """Carry out what is due."""
    with shop.lock:
        due = [bulk for bulk in shop.bulk_waiting if bulk["due"] <= time.time()]
        for bulk in due:
            _finish(shop, bulk)
            bulk["done"] = True
            shop.save("bulk", bulk)


def _finish(shop: Shop, bulk: Record) -> None:
    discount = shop.discount.get(bulk["discount"])
    if discount is None:
        return
    if "remove" in bulk:
        for one in [one for one in discount["codes"] if one["id"] in bulk["remove"]]:
            discount["codes"].remove(one)
            shop.codes.pop(one["code"].lower(), None)
    else:
        for one in bulk["results"]:
            _add(shop, discount, one)
    shop.save("discount", discount)


def _add(shop: Shop, discount: Record, one: Record) -> None:
    if one["code"].lower() in shop.codes:
        one["error"] = "TAKEN"
        return
    one["redeem"] = shop.next_id()
    discount["codes"].append({"id": one["redeem"], "code": one["code"], "uses": 0})
    shop.codes[one["code"].lower()] = discount["id"]
