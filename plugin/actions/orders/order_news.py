"""What deliveries say of an order: news, merged into what is stored of it.

Merging is commutative and idempotent, so shuffled and repeated deliveries end the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from plugin.rules.referrals.referral_marks import Traces
from plugin.rules.types import Facts, Moment, OrderView, Refund, Whereto
from plugin.rules.worth import paid
from plugin.rules.worth.known_refunds import newer_of
from plugin.rules.worth.worth import untouched
from plugin.store.orders.orders import StoredOrder


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """The whole state of an order at one moment."""

    view: OrderView
    triggered_at: datetime
    traces: Traces | None = None
    vouched: bool = True  # the body names this shop, or we fetched it ourselves
    cart_token: str = ""  # of the cart that it was, if any

    @property
    def order_id(self) -> int:
        """Which order."""
        return self.view.order_id


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """One refund, on its own."""

    order_id: int
    refund: Refund


@dataclass(frozen=True, slots=True)
class OrderDeleted:
    """The shop said that the order no longer exists; a later view says that it does."""

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderEdited:
    """The order was edited; the payload is a delta only, so the whole is fetched."""

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """What the order was waiting for is there now."""

    order_id: int


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What the order's stored deliveries tell of it together, by the present reading."""

    known: StoredOrder

    @property
    def order_id(self) -> int:
        """Which order."""
        return self.known.order_id


OrderNews = OrderSeen | RefundSeen | OrderDeleted | OrderEdited | JudgeAgain | ReadAgain


def merged(before: Mapping[int, StoredOrder], news: Iterable[OrderNews]) -> list[StoredOrder]:
    """The orders that the news changes, or asks to be judged again."""
    current = dict(before)
    again = set()
    for said in news:
        current[said.order_id] = merge(current[said.order_id], said)
        if isinstance(said, JudgeAgain):
            again.add(said.order_id)
    return [order for key, order in current.items() if order is not before[key] or key in again]


def told_apart(orders: Sequence[StoredOrder]) -> tuple[list[StoredOrder], list[StoredOrder]]:
    """The orders that can be judged; and the stubs, of which only refunds are known so far."""
    known = [order for order in orders if order.view is not None or order.deleted]
    return known, [order for order in orders if order.view is None and not order.deleted and order.refunds]


def unvouched(before: Mapping[int, StoredOrder], news: Iterable[OrderNews]) -> frozenset[int]:
    """Orders not seen before, of which nothing but bodies that name no shop tell: they may be another shop's."""
    seen = [said for said in news if isinstance(said, OrderSeen)]
    vouched = {said.order_id for said in seen if said.vouched}
    told = {said.order_id for said in seen if before[said.order_id].view is None}
    waiting = {key for key, order in before.items() if order.waiting_for == Facts.ORDER}
    return frozenset((told | waiting) - vouched)


def merge(order: StoredOrder, said: OrderNews) -> StoredOrder:
    """What is known of the order after the news; the same object when it says nothing new."""
    if isinstance(said, ReadAgain):
        return _in_place_of(order, said.known)
    if isinstance(said, OrderDeleted):
        gone = order.deleted_at is not None and order.deleted_at >= said.at
        return order if gone else replace(order, deleted_at=said.at)
    if isinstance(said, RefundSeen):
        had = order.refunds.get(said.refund.id)
        told = newer_of(had, said.refund)
        return order if told == had else replace(order, refunds={**order.refunds, told.id: told})
    return _newer(order, said) if isinstance(said, OrderSeen) else order


def _in_place_of(order: StoredOrder, known: StoredOrder) -> StoredOrder:
    """The order as its deliveries tell of it; what was found out by asking, was posted and is kept for good stays."""
    old, new = order.view, known.view
    if old is not None and new is not None:
        tenders = _most_paid(old.tenders_minor, new.tenders_minor)
        new = replace(new, tenders_minor=tenders, subscription=_once_known(old.subscription, new.subscription))
        new = replace(new, whereto=_latest(old.whereto, new.whereto))
        new = replace(new, checkout_token=new.checkout_token or old.checkout_token)
    gone = max((at for at in (order.deleted_at, known.deleted_at) if at), default=None)
    return replace(order, view=new, triggered_at=known.triggered_at, refunds=known.refunds, deleted_at=gone)


def _newer(order: StoredOrder, seen: OrderSeen) -> StoredOrder:
    old, new = order.view, seen.view
    if old is None or order.triggered_at is None:
        return replace(order, view=new, triggered_at=seen.triggered_at)
    is_newer = _age(new, seen.triggered_at) > _age(old, order.triggered_at)
    view, at = (new, seen.triggered_at) if is_newer else (old, order.triggered_at)
    after = replace(
        view,
        tenders_minor=_most_paid(old.tenders_minor, new.tenders_minor),
        subscription=_once_known(old.subscription, new.subscription),
        earlier=_earlier(view, (old, order.triggered_at), (new, seen.triggered_at)),
        fulfilled_at=_sent(view, old, new),
        whereto=_latest(old.whereto, new.whereto),
        checkout_token=new.checkout_token or old.checkout_token,
    )
    return order if after == old and at == order.triggered_at else replace(order, view=after, triggered_at=at)


def _earlier(now: OrderView, *seen: tuple[OrderView, datetime]) -> tuple[Moment, ...]:
    """What both views remember and show of the order's money at other times than now. Of a cancelled order nothing is
    open, whatever was paid: it tells nothing."""
    (old, _), (new, _) = seen
    remembered = old.earlier + new.earlier
    if not remembered and _same_money(old, new):
        return ()
    standing = [(view, at) for view, at in seen if view.cancelled_at is None]
    return paid.remembered(now, [*remembered, *(paid.moment_of(view, at) for view, at in standing)])


def _same_money(old: OrderView, new: OrderView) -> bool:
    """Whether two views of an order that nobody touched can tell nothing apart: nearly all, and quickly told."""
    if old.cancelled_at or new.cancelled_at or not (untouched(old) and untouched(new)):
        return False
    if (old.lines, _sums(old)) != (new.lines, _sums(new)):
        return False
    waited, was_paid = paid.UNPAID - {"partially_paid"}, paid.PAID
    statuses = {old.financial_status, new.financial_status}
    return statuses <= was_paid or statuses <= waited | {"paid"}


def _sums(view: OrderView) -> tuple[object, ...]:
    return view.parcels, view.duties_minor, view.tip_minor, view.received_minor


def _sent(now: OrderView, old: OrderView, new: OrderView) -> datetime | None:
    """When it was sent: an order that was, and then grows, is sent in part, and what it had earned stays earned."""
    if now.fulfilled_at is not None or not now.sent_in_part:
        return now.fulfilled_at
    return min((each.fulfilled_at for each in (old, new) if each.fulfilled_at), default=None)


def _most_paid(one: Mapping[str, int] | None, other: Mapping[str, int] | None) -> Mapping[str, int] | None:
    """Amounts by gateway from two views: payments only ever add up, so the larger is the later one."""
    if one is None or other is None:
        return other if one is None else one
    return {gateway: max(one.get(gateway, 0), other.get(gateway, 0)) for gateway in {**one, **other}}


def _once_known(one: bool | None, other: bool | None) -> bool | None:
    """Whether it belongs to a subscription: what was found out once stays."""
    return other if one is None else one or bool(other)


def _latest(one: Whereto | None, other: Whereto | None) -> Whereto | None:
    """Where it goes to: an order that we fetched does not say, and so takes nothing away from a webhook's word."""
    return max(filter(None, (one, other)), default=None)


def _age(view: OrderView, triggered_at: datetime) -> tuple[datetime, datetime, bytes]:
    """By `updated_at`, then triggered-at; the content itself breaks the last tie, the same way always."""
    said = replace(view, tenders_minor=None, subscription=None, received_minor=None, earlier=(), whereto=None)
    return view.updated_at, triggered_at, orjson.dumps(said, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)
