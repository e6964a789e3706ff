"""Whom a body names. Only bodies are signed: the shop in a header is believed as far as the body agrees.

Shopify names the shop in the privacy topics (`shop_id`, `shop_domain`), in app/uninstalled and shop/update (`id`,
`myshopify_domain`), in app/scopes_update (`shop_id`, a gid), in orders (the number in `order_status_url`) and in
checkouts (in `abandoned_checkout_url`). Refunds, customers, orders/edited and orders/delete name none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from plugin.errors import BadPayload
from plugin.observe import get_logger, named_shops
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import identifier
from plugin.store.shops.shops import Shop
from plugin.store.work.deliveries import Delivery
from webhooks.topics import RECONCILED

SAME, OTHER, MISSING, UNKNOWN = "same", "other", "missing", "unknown"
"""The body names this shop; another one; none; or one by number, while we do not know this shop's number yet."""
REFUSAL: Final = "The body names another shop than the header, or is no webhook. Nothing was done, and it is not kept."
FLOW_ACTION: Final = ("action_run_id", "action_definition_id")
"""What an action of Shopify Flow names, signed as webhooks are; no webhook does."""
SHOP_OBJECTS: Final = ("app/uninstalled", "shop/update")
_IN_ADDRESS = re.compile(r"https?://[^/?#]+/(?:[a-z]{2,3}(?:-[A-Za-z]{2,4})?/)?([0-9]{1,19})/(?:account/)?orders/")
_OF_CHECKOUT = re.compile(r"https?://[^/?#]+/(?:[a-z]{2,3}(?:-[A-Za-z]{2,4})?/)?([0-9]{1,19})/checkouts/")
log = get_logger()


@dataclass(frozen=True, slots=True)
class Sorted:
    """One batch: what is to be processed; the ids of what is another shop's; what cannot be read, with the error."""

    ours: Sequence[Delivery]
    refused: Sequence[Delivery] = ()
    unreadable: Mapping[int, BadPayload] = field(default_factory=dict)


def sort_out(
    shop: Shop, batch: Sequence[Delivery], hear: Callable[[Delivery, Mapping[str, Any]], None] | None = None
) -> Sorted:
    """Compare every body with the shop that it came for, before anything follows from one of them.

    `hear` is given what each of ours holds, which is read here, once, and not kept: all of a batch would be too much.
    """
    ours: list[Delivery] = []
    refused: list[Delivery] = []
    unreadable: dict[int, BadPayload] = {}
    heard: Counter[tuple[str, str]] = Counter()
    for delivery in batch:
        try:
            payload = json_text.first_level(delivery.body)
        except BadPayload as error:
            unreadable[delivery.id] = error
            continue
        said = SAME if delivery.topic == RECONCILED else verdict(shop, delivery.topic, payload)
        heard[delivery.topic, said] += 1
        if said == OTHER:
            refused.append(delivery)
            log.error("delivery_refused", shop=shop.domain, topic=delivery.topic, webhook_id=delivery.webhook_id)
        else:
            ours.append(delivery if said == SAME else replace(delivery, names_shop=False))
            if hear:
                hear(ours[-1], payload)
    for labels, number in heard.items():
        named_shops.labels(*labels).inc(number)
    return Sorted(ours, refused, unreadable)


def verdict(shop: Shop, topic: str, payload: Mapping[str, Any]) -> str:
    """SAME, OTHER, MISSING or UNKNOWN."""
    found = [_agrees(shop, value) for value in _names(topic, payload)]
    if False in found or all(key in payload for key in FLOW_ACTION):
        return OTHER
    if True in found:
        return SAME
    return UNKNOWN if found else MISSING


def _names(topic: str, payload: Mapping[str, Any]) -> Iterator[int | str]:
    """Every name of a shop in the body: numbers as numbers (0 for one that cannot be read), domains as text."""
    for key in ("shop_id", "id") if topic in SHOP_OBJECTS else ("shop_id",):
        if (value := payload.get(key)) is not None:
            yield _number(value)
    for key in ("shop_domain", "myshopify_domain", "shopify_domain"):
        if value := payload.get(key):
            yield value.strip().lower() if isinstance(value, str) else ""
    address = payload.get("order_status_url")
    if isinstance(address, str) and (number := _IN_ADDRESS.match(address)):
        yield _number(number[1])
    address = payload.get("abandoned_checkout_url")
    if isinstance(address, str) and (number := _OF_CHECKOUT.match(address)):
        yield _number(number[1])


def _number(value: object) -> int:
    try:
        return identifier(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0


def _agrees(shop: Shop, name: int | str) -> bool | None:
    """None where it cannot be told."""
    if isinstance(name, str):
        return name == shop.domain
    return None if shop.shopify_id is None and name else name == shop.shopify_id
