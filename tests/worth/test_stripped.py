"""A stored webhook that was stripped is worth the same: over generated histories in every shape."""

from __future__ import annotations

from random import Random

import orjson

from plugin.rules.payloads import json_text
from plugin.rules.payloads.kept_fields import kept
from plugin.rules.programme import Basis, Programme
from tests.worth.drive import Delivery, points_after
from tests.worth.history import a_history

BASES = (Basis(), Basis(tax=True, shipping=True), Basis(before_discounts=True, paid_by_gift_card=False))


def stripped(delivery: Delivery) -> Delivery:
    topic, at, body = delivery
    return topic, at, orjson.dumps(kept(topic, json_text.read(body)))


def test_every_history_is_worth_the_same_after_its_webhooks_were_stripped() -> None:
    seen = 0
    for seed in range(150):
        history = a_history(Random(seed).randrange, certain=False)
        whole = history.deliveries
        programme = Programme(basis=BASES[seed % len(BASES)])
        less = [stripped(each) for each in whole]
        currency = history.setting.market.currency
        assert points_after(less, programme, currency) == points_after(whole, programme, currency), seed
        seen += len(whole)
    assert seen > 1000
