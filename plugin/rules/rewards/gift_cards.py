"""A gift card that points buy: its code, and what Shopify is asked to make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16
"""Of the 8 to 20 letters and digits that Shopify takes: 78 bits."""
SHOWN = 4
"""Of its code so many last characters are no secret: Shopify shows them, too."""


def card_input(
    terms: Mapping[str, Any], code: str, customer_id: int | None, note: str, ends_at: datetime | None, timezone: str
) -> dict[str, object]:
    """The GiftCardCreateInput for a redemption's terms. `ends_at` is the midnight with which the card ends."""
    amount = {"amount": str(terms["value"]), "currencyCode": str(terms["currency"])}
    made: dict[str, object] = {"initialAmount": amount, "code": code, "note": note}
    if customer_id is not None:
        made["customerId"] = f"gid://shopify/Customer/{customer_id}"
    if ends_at is not None:
        made["expiresOn"] = (ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(timezone)).date().isoformat()
    return made


def in_groups(code: str) -> str:
    """The code as people read it: in fours, in capitals."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4)).upper()
