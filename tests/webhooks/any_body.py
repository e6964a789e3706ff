"""Bodies that JSON's grammar allows and nobody has seen: Shopify's examples, changed at random places by a seed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from tests import payloads
from tests.conformance import examples

DOMAIN = "demo.myshopify.com"
ODD = [
    *("null true false 0 1 -1 0.5 2.0 1e400 -1e400 1e15 1E-400 -0 [] {} [null] [[]] [{}]".split()),
    *('"" "0" "-1" "1e3" "NaN" "Infinity" "1,00" "٣" "9999999999999.99" "@" "a..b@x" "gid://x/"'.split()),
    *('"QQQ" "usd" "JPY" "KWD" "paid" "voided" "gid://shopify/Order/1" "Asia/Manila" "2026-02-30"'.split()),
    "9223372036854775807", "9223372036854775808", "18446744073709551616", "9" * 5000, "999999999999999", "1000000000",
    r'"cut \ud83d"', r'"\ude00"', r'"a\u0000b"', r'"\ud83d\ude00"', r'"\\u0000"', r'"\"\\\/\b\f\n\r\t"', '"\x7f\u2028"',
    '"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"', '"9999-12-31T23:59:59-14:00"', '"0001-01-01T00:00:00+14:00"',
    '"2026-11-20T10:00:00+08:00"',
    '{"a":' * 101 + "1" + "}" * 101, '{"a":' * 253 + "1" + "}" * 253, '{"a":' * 80 + "1" + "}" * 80,
    "[" * 1100 + "]" * 1100, json.dumps("x" * 70_000), json.dumps("é😀" * 400), '{"id":1,"id":2}',
]  # fmt: skip
"""Values as they are written, for any place of a body."""
WELL_KNOWN: dict[str, dict[str, Any]] = {
    "customers/data_request": {"shop_domain": DOMAIN, "customer": {"id": 7, "email": "ana@example.com"}},
    "customers/redact": {"shop_domain": DOMAIN, "customer": {"id": 8, "email": "ben@example.com"}},
    "customers/merge": {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/9",
    },
    "orders/edited": {"order_edit": {"id": 1, "order_id": 1}},
    "orders/delete": {"id": 3},
}
TOPICS = (
    *("orders/create orders/paid orders/updated orders/cancelled orders/edited orders/delete refunds/create".split()),
    *("customers/create customers/update customers/merge customer.tags_added customer.tags_removed".split()),
    *("customers_email_marketing_consent/update app/scopes_update shop/update bulk_operations/finish".split()),
    *("customers/data_request customers/redact".split()),
)
_MARK = re.compile(r'"@@(\d+)@@"')


def bodies(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """`count` deliveries as (topic, body), the same ones for the same seed; about one in ten is as Shopify sends it."""
    random = Random(seed)
    for number in range(count):
        topic = random.choice(TOPICS if number % 3 else TOPICS[:4] + ("refunds/create",))
        value = _about(random, topic, random.choice(_samples(topic)))
        yield topic, _written(random, value, random.choice((0, 1, 1, 1, 2, 2, 3, 4, 8)))


def _samples(topic: str) -> list[dict[str, Any]]:
    found = [payload for _, payload in examples.payloads(topic)]
    ours = {
        "refunds/create": [payloads.refund(3, (1, 1, 19.5)) | {"order_id": 1}],
        "orders/updated": [payloads.order(2, refunds=[payloads.refund(1, (1, 1, 19.5))])],
        "customers/update": [payloads.customer()],
    }
    return [WELL_KNOWN[topic]] if topic in WELL_KNOWN else found + ours.get(topic, [payloads.order()] * (not found))


def _about(random: Random, topic: str, sample: dict[str, Any]) -> dict[str, Any]:
    """A few orders and customers only, so that the deliveries meet each other; and always this shop."""
    value: dict[str, Any] = json.loads(json.dumps(sample))
    value.pop("order_status_url", None)
    order, customer = random.randint(1, 6), random.randint(7, 10)
    if topic == "refunds/create":
        value["order_id"] = order
    elif topic.startswith("orders/") and "id" in value:
        value |= {"id": order, "currency": "USD", "created_at": payloads.PLACED, "processed_at": payloads.PLACED}
        value["updated_at"] = f"2026-11-20T1{random.randint(1, 9)}:00:00+08:00"
        value |= {"test": False, "financial_status": "paid", "customer": payloads.customer(customer)}
    elif topic in ("customers/create", "customers/update"):
        value["id"] = customer
    elif topic == "shop/update":
        value |= {"myshopify_domain": DOMAIN, "domain": DOMAIN, "currency": "USD"}
    return value


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*at, key) for key, _ in inside] + [path for key, part in inside for path in _places(part, (*at, key))]


def _written(random: Random, value: Any, changes: int) -> bytes:
    raw: list[str] = []
    for _ in range(changes):
        places = _places(value)
        if not places:
            break
        *way, last = random.choice(places)
        box = value
        for step in way:
            box = box[step]
        _change(random, box, last, raw)
    text = _MARK.sub(lambda found: raw[int(found[1])], json.dumps(value, ensure_ascii=random.random() < 0.5))
    return text.encode("utf-8", "surrogatepass")


def _change(random: Random, box: Any, last: Any, raw: list[str]) -> None:
    kind = random.randrange(7)
    old = box[last]
    if kind == 0:
        del box[last]
    elif kind == 1:
        box[last] = [old]
    elif kind == 2 and isinstance(old, list) and old:
        box[last] = old * random.randint(2, 30)
    elif kind == 3 and not isinstance(old, dict | list):
        box[last] = str(old) if not isinstance(old, str) else float(old) if re.fullmatch(r"\d+(\.\d+)?", old) else 7
    elif kind == 4 and isinstance(box, dict):
        box[f"{last}\x00"] = box.pop(last)
    else:
        raw.append(random.choice(ODD))
        box[last] = f"@@{len(raw) - 1}@@"
