"""Members who began a checkout and left are reminded of it once, some hours later; an order of theirs ends it.

Nothing is kept of people who are no members, nor in shops that have not switched the email on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import row, tell_now
from plugin.actions.orders.order_news import OrderNews, OrderSeen
from plugin.actions.work.work import Work
from plugin.rules.emails.kind_settings import figure, switched_on
from plugin.rules.mailings.checkout_left import CheckoutGone, CheckoutSeen, checked_link, token_hash
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import Checkout
from plugin.store.database.db import shop_transaction
from plugin.store.emails import checkouts_left
from plugin.store.emails.checkouts_left import CheckoutLeft
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.orders import orders
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

KIND: Final = MessageKind.CART_LEFT
TOO_LATE: Final = timedelta(days=3)
"""Who left longer ago is not reminded any more: nobody looked in time."""


def is_on(shop: Shop) -> bool:
    """Whether the shop reminds of checkouts left behind."""
    return switched_on(shop.settings, KIND)


def hear(conn: Connection, shop: Shop, said: Sequence[CheckoutSeen | CheckoutGone], now: datetime) -> None:
    """Keep the newest state of each member's checkout; what was paid or deleted ends."""
    if not is_on(shop):
        return
    newest: dict[str, CheckoutSeen] = {}
    for one in said:
        if isinstance(one, CheckoutSeen):
            before = newest.get(one.token)
            newest[one.token] = one if before is None else max(before, one, key=lambda e: (e.ended, e.updated_at))
    whose = _whose(conn, shop.id, newest.values())
    rows = {token_hash(token): _row(shop, one, whose.get(token), now) for token, one in newest.items()}
    strangers = {key for key, each in rows.items() if each["member_id"] is None and each["ended_at"] is None}
    unknown = strangers - checkouts_left.known(conn, shop.id, strangers)
    checkouts_left.note(conn, shop.id, [each for key, each in rows.items() if key not in unknown])
    gone = {token_hash(one.cart_token) for one in said if isinstance(one, CheckoutGone)}
    checkouts_left.end_carts(conn, shop.id, gone, now)


def ordered(conn: Connection, shop: Shop, news: Sequence[OrderNews], now: datetime) -> None:
    """The checkouts that these orders came from have ended, also those that are heard of only later."""
    seen = [one for one in news if isinstance(one, OrderSeen)]
    if not seen or not is_on(shop):
        return
    tokens = {one.view.checkout_token for one in seen if one.view.checkout_token}
    checkouts_left.note(conn, shop.id, [_ended(token_hash(token), "", now, now, now) for token in tokens])
    checkouts_left.end_carts(conn, shop.id, {token_hash(one.cart_token) for one in seen}, now)


def _ended(key: str, cart: str, started: datetime, updated: datetime, now: datetime) -> dict[str, object]:
    return {
        "token_hash": key,
        "cart_hash": cart,
        "member_id": None,
        "kept": {},
        "started_at": started,
        "updated_at": updated,
        "ended_at": now,
    }


def _row(shop: Shop, one: CheckoutSeen, member: Member | None, now: datetime) -> dict[str, object]:
    empty = _ended(token_hash(one.token), token_hash(one.cart_token), one.started_at, one.updated_at, now)
    if one.ended:
        return empty
    kept = _kept(shop, one) if member is not None and one.lines else {}
    return {**empty, "member_id": member.id if kept and member else None, "kept": kept, "ended_at": None}


def _kept(shop: Shop, one: CheckoutSeen) -> dict[str, object]:
    return {
        "url": checked_link(one.url, (shop.storefront, shop.domain)),
        "locale": one.locale,
        "currency": one.currency,
        "prices_known": one.prices_known,
        "subtotal": None if one.subtotal is None else str(one.subtotal),
        "codes": list(one.codes),
        "source": one.source,
        "lines": [line.stored() for line in one.lines],
        "more_lines": one.more_lines,
    }


def _whose(conn: Connection, shop_id: int, seen: Iterable[CheckoutSeen]) -> dict[str, Member]:
    """The member of each checkout, by its customer, else by the address that was typed."""
    known = list(seen)
    accounts = members.by_customers(conn, shop_id, {one.customer_id for one in known if one.customer_id})
    typed = {email_key(one.email) for one in known if one.email and not one.customer_id}
    by_email = members.guests_by_email(conn, shop_id, typed) | members.by_email(conn, shop_id, typed) if typed else {}
    found: dict[str, Member] = {}
    for one in known:
        member = accounts.get(one.customer_id) if one.customer_id else by_email.get(email_key(one.email))
        if member is not None:
            found[one.token] = member
    return found


def remind(work: Work, shop: Shop) -> int:
    """Write to those who left long enough ago, a page of checkouts to a transaction; answers how many."""
    done, more = 0, is_on(shop)
    while more:
        with shop_transaction(work.engine, shop.id) as conn:
            told, more = _page(conn, shops.get(conn, shop.id), work.clock())
        done += told
    return done


def _page(conn: Connection, shop: Shop, now: datetime) -> tuple[int, bool]:
    """How many of a page were written to, and whether there may be more."""
    left = timedelta(hours=figure(shop.settings, KIND, "hours"))
    found = checkouts_left.due(conn, shop.id, oldest(shop, now), now - left) if is_on(shop) else []
    newest = _newest(found)
    since = now - timedelta(days=figure(shop.settings, KIND, "days"))
    told = checkouts_left.told_since(conn, shop.id, newest, since) if newest else set()
    ordered_at = orders.last_placed(conn, shop.id, newest) if newest else {}
    due = [one for key, one in newest.items() if key not in told and not is_over(one, ordered_at.get(key))]
    tell_now(conn, shop, [row(KIND, one.member_id, Checkout(one.id)) for one in due], now)
    if found:
        checkouts_left.looked(conn, shop.id, [one.id for one in found], now)
    return len(due), len(found) == checkouts_left.PAGE


def oldest(shop: Shop, now: datetime) -> datetime:
    """Who left at this moment, or before, is not reminded any more."""
    return now - timedelta(hours=figure(shop.settings, KIND, "hours")) - TOO_LATE


def _newest(found: Iterable[CheckoutLeft]) -> dict[int, CheckoutLeft]:
    """The one that each member left last; found are the oldest first."""
    return {one.member_id: one for one in found if one.member_id is not None}


def is_over(one: CheckoutLeft, ordered_at: datetime | None) -> bool:
    """Whether there is nothing to remind of: it ended, or its member placed an order after it was begun, anyhow."""
    if one.ended_at is not None or one.member_id is None or not one.kept:
        return True
    return ordered_at is not None and ordered_at >= one.started_at


def overtaken(conn: Connection, shop_id: int, checkout_ids: Collection[int]) -> set[int]:
    """Those of the checkouts that are over by now, or gone."""
    if not checkout_ids:
        return set()
    left = checkouts_left.by_ids(conn, shop_id, checkout_ids)
    ordered_at = orders.last_placed(conn, shop_id, {one.member_id for one in left.values() if one.member_id})
    there = {key for key, one in left.items() if not is_over(one, ordered_at.get(one.member_id or 0))}
    return set(checkout_ids) - there
