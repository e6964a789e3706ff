"""Staff choose as whom they try the programme: by name or email among the members, else by email in Shopify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.members import enrol_member
from plugin.actions.shops import launch_programme
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.errors import BadInput
from plugin.rules.types import Buyer
from plugin.rules.words.texts import Said
from plugin.store.members import member_search
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop

FIELD = "who"


def candidates(conn: Connection, shop: Shop, text: str) -> list[Member]:
    """The members with an account whose name or email has the text in it."""
    return [one for one in member_search.search(conn, shop.id, text) if one.state == "member" and one.customer_id]


def ask_shopify(work: Work, shop: Shop, email: str) -> Buyer:
    """The customer with this address in Shopify. BadInput: there is none."""
    found: Mapping[str, Any] | None = work.execute(shop, queries.CUSTOMER_BY_EMAIL, {"email": email})[
        "customerByIdentifier"
    ]
    if found is None:
        raise BadInput(Said("settings.launch.nobody"), {FIELD: Said("settings.launch.nobody_by_email")})
    return Buyer(
        customer_id=int(found["id"].rpartition("/")[2]),
        email=(found["defaultEmailAddress"] or {}).get("emailAddress") or email,
        first_name=found["firstName"] or "",
        last_name=found["lastName"] or "",
        locale=found["locale"] or "",
        created_at=datetime.fromisoformat(found["createdAt"]),
    )


def enrol_and_try(conn: Connection, shop: Shop, buyer: Buyer, actor: str, now: datetime) -> None:
    """Make a customer of Shopify's a member, and a test member. BadInput: they left, or are no customer any more."""
    (member,) = enrol_member.enrol(conn, shop, [buyer], now).values()
    if member.state != "member":
        raise BadInput(Said("settings.launch.nobody"), {FIELD: Said("settings.launch.has_left")})
    launch_programme.try_as(conn, shop, member.id, actor, now, test=True)
