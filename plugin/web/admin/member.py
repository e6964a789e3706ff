"""One member: what they have, and every entry with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response

from plugin.rules import explain
from plugin.rules.types import Reason
from plugin.store import member_pages, members, messages, programmes, redemptions
from plugin.store.member_pages import ShownEntry, ShownLot, ShownOrder
from plugin.store.members import Member
from plugin.web.admin.layout import found, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction

ENTRIES_SHOWN = 50
ROWS_SHOWN = 20
MESSAGE_KINDS = {
    "order_confirmation": "Order confirmation",
    "welcome": "Welcome",
    "code_ready": "Your code",
}
ACTORS = {"suki": "", "shopify": ""}


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    entry: ShownEntry
    headline: str
    reasons: tuple[Reason, ...]
    by: str


@dataclass(frozen=True)
class Summary:
    """The figures at the top."""

    available: int
    pending: int
    pending_from: datetime | None


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members/<int:member_id>", view_func=member)


@caller("session")
def member(member_id: int) -> Response:
    """Summary, ledger, lots, codes, orders and messages of one member."""
    with transaction() as conn:
        one = found(members.get(conn, shop().id, member_id) if member_id < 2**63 else None)
        before = number_from("before")
        entries = member_pages.entries(conn, shop().id, one.id, before, ENTRIES_SHOWN + 1)
        pending, pending_from = member_pages.pending(conn, shop().id, one.id, now())
        values: dict[str, Any] = {
            "lots": member_pages.lots(conn, shop().id, one.id, ROWS_SHOWN),
            "codes": redemptions.of_member(conn, shop().id, one.id, ROWS_SHOWN),
            "orders": member_pages.orders(conn, shop().id, one.id, ROWS_SHOWN),
            "messages": messages.of_member(conn, shop().id, one.id, ROWS_SHOWN),
            "points_name": programmes.current(conn, shop().id).programme.points_name,
        }
    return page(
        "member.html",
        member=one,
        summary=Summary(one.balance - pending, pending, pending_from),
        told=[_told(entry) for entry in entries[:ENTRIES_SHOWN]],
        older=entries[ENTRIES_SHOWN - 1].id if len(entries) > ENTRIES_SHOWN else None,
        before=before,
        where_from=_where_from,
        why=_why,
        kinds=MESSAGE_KINDS,
        customer_url=_customer_url(one),
        **values,
    )


def _told(entry: ShownEntry) -> Told:
    by = ACTORS.get(entry.actor, entry.actor.replace("staff:", "staff member "))
    return Told(entry, explain.headline(entry.kind, entry.reason), explain.reasons_of(entry.reason), by)


def _where_from(lot: ShownLot) -> str:
    order = lot.reason.get("order")
    return f"Order {order}" if order else lot.subject.replace("_", " ").capitalize()


def _why(order: ShownOrder) -> tuple[Reason, ...]:
    return tuple(Reason(code, values) for code, values in order.explanation)


def _customer_url(one: Member) -> str:
    """The customer in Shopify's admin; App Bridge takes the browser there."""
    return f"shopify://admin/customers/{one.customer_id}" if one.customer_id else ""
