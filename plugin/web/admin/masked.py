"""A delivery's body as staff see it: the order is readable, the person is not."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import escape

from plugin.errors import BadPayload
from plugin.observe import masked
from plugin.rules import json_text

MASK = "•••"
LONGEST_SHOWN = 80_000
_PERSONAL = frozenset(
    """
    address1 address2 browser_ip city client_details company contact_email customer_locale email first_name
    last_name latitude longitude name phone province user_agent zip landing_site referring_site note
    order_status_url token checkout_token cart_token
    """.split()
)
_PEOPLE = frozenset("customer billing_address shipping_address default_address addresses".split())
_WHOLLY = frozenset("client_details note_attributes payment_details properties receipt".split())


def body_shown(body: bytes) -> str:
    """The JSON, indented, without names, addresses, e-mails and phone numbers; cut where it is very long."""
    try:
        text = masked(json.dumps(_masked(json_text.read_any(body), inside_person=False), indent=2, ensure_ascii=False))
    except BadPayload as error:
        return f"Not shown, it might hold personal data: {error.message} ({len(body):,} bytes)."
    return _cut(text)


def _cut(text: str) -> str:
    """As much as keeps the page small; quotes and brackets grow when they are escaped."""
    shown = text[:LONGEST_SHOWN]
    while len(escape(shown)) > LONGEST_SHOWN:
        shown = shown[: len(shown) * 3 // 4]
    return text if shown == text else f"{shown}\n…"


def _masked(value: Any, *, inside_person: bool, key: str = "") -> Any:
    if key in _WHOLLY and value:
        return MASK
    if isinstance(value, dict):
        person = inside_person or key in _PEOPLE
        return {name: _masked(each, inside_person=person, key=name) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, inside_person=inside_person, key=key) for each in value]
    if value in (None, "") or not _is_personal(key, inside_person):
        return value
    return MASK


def _is_personal(key: str, inside_person: bool) -> bool:
    """An order's own `name` is its number; within a person it is theirs."""
    return key in _PERSONAL and (inside_person or key != "name") and not key.startswith("admin_")
