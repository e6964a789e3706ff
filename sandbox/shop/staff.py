"""Who works in a shop: its owner and two others, and as whom the admin is used now."""

from __future__ import annotations

from typing import Any

from sandbox.state import Shop

OWNER = 548380009
STAFF = {
    OWNER: ("Liza", "Mercado"),
    548380010: ("Nico", "Reyes"),
    548380011: ("Bea", "Santos"),
}


def current(shop: Shop) -> int:
    """The number of the account that uses the admin."""
    return int(shop.settings.get("staff") or OWNER)


def choose(shop: Shop, account: str) -> None:
    """Use the admin as somebody else of the shop."""
    if account.isdigit() and int(account) in STAFF:
        shop.settings["staff"] = int(account)
        shop.save_settings()


def associated_user(account: int) -> dict[str, Any]:
    """What Shopify says of an account beside an online token."""
    first, last = STAFF.get(account, ("Staff", str(account)))
    return {
        "id": account, "first_name": first, "last_name": last, "email": f"{first.lower()}@shop.example",
        "account_owner": account == OWNER, "locale": "en", "collaborator": False, "email_verified": True,
    }  # fmt: skip
