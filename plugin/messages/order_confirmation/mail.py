"""The confirmation of one order: bought, points, balance, next reward, the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from babel import Locale

from plugin.actions.orders.order_knowledge import version_of
from plugin.messages.head import account, await_code, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.messages.order_confirmation.context import (
    MAX_LINES_SHOWN,
    ConfirmationContext,
    LineItem,
    PointsState,
    Totals,
)
from plugin.messages.orders import offer, sample_offer, standing
from plugin.rules import explain
from plugin.rules.formats import reader_locale
from plugin.rules.orders import earning
from plugin.rules.programme import Programme
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.rules.types import Line, OrderView, Reason
from plugin.rules.words.own_names import points_name
from plugin.rules.words.own_words import PointsName
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop


def build(occasion: Occasion) -> ConfirmationContext | None:
    """The confirmation of one order, as of now; None when the order no longer stands. NotYet while its code is made."""
    found = standing(occasion)
    if found is None:
        return None
    shop, member, now = occasion.shop, occasion.member, occasion.now
    order, view, code = found.order, found.view, found.code
    if code is not None and code.code_state == "wanted":
        await_code(occasion.message, now)
    programme = version_of(shop, order, view, occasion.versions, now).programme
    has = occasion.balance
    state, usable_on, why = _points(order, view, programme, shop, now)
    about = head(shop, member, view.buyer.locale or member.locale or shop.locale, view.currency)
    locale = reader_locale(about["locale"])
    return ConfirmationContext(
        **about,
        points_name=programme.points_name,
        order_name=view.name,
        lines=tuple(_line(line, order) for line in view.lines),
        totals=_totals(view),
        points_earned=order.deserved,
        account_url=account(shop),
        points_state=state,
        points_usable_on=usable_on,
        points_reason=why,
        balance_available=has.available,
        balance_pending=has.pending,
        is_guest=member.state == "guest",
        next_reward=next_reward(programme.to_reach, has.available + has.pending),
        code=offer(code, shop) if code is not None and code.code_state == "created" else None,
        explain=_explained(order, points_name(programme.points_name, occasion.reads.names(locale)), locale),
    )


def _points(
    order: StoredOrder, view: OrderView, programme: Programme, shop: Shop, now: datetime
) -> tuple[PointsState, date | None, Reason | None]:
    if order.deserved > 0:
        at = earning.available_at(view, programme)
        if at <= now:
            return "earned", None, None
        return "pending", shop.day(at), None
    why = order.reasons[-1] if order.reasons else None
    awaited = why is not None and why.code == "awaiting_payment"
    return "after_payment" if awaited else "none", None, why


def _explained(order: StoredOrder, name: PointsName, locale: Locale) -> tuple[str, ...]:
    """How the points came about, but for the lines that earn nothing: those say so themselves."""
    if order.deserved <= 0:
        return ()
    shown = partial(explain.words, locale=locale, audience="shopper", points_name=name)
    return tuple(shown(reason) for reason in order.reasons if reason.code != "line_excluded")


def _line(line: Line, order: StoredOrder) -> LineItem:
    verdicts = order.snapshot.verdicts if order.snapshot else {}
    return LineItem(
        title=line.title,
        quantity=line.quantity,
        total_minor=line.price_minor * line.quantity,
        variant="" if line.variant == "Default Title" else line.variant,
        note=verdicts.get(line.id, ""),
    )


def _totals(view: OrderView) -> Totals:
    gross = sum(line.price_minor * line.quantity for line in view.lines)
    return Totals(
        total_minor=view.total_minor,
        subtotal_minor=gross,
        discount_minor=sum(line.discount_minor for line in view.lines),
        shipping_minor=view.shipping_minor,
        tax_minor=sum(line.tax_minor for line in view.lines) + view.shipping_tax_minor,
        tax_included=view.taxes_included,
    )


def samples(shop: SampleShop) -> tuple[ConfirmationContext, ...]:
    """A plain order; then a guest's, one without points, one point, and a huge order with discount and tax."""
    full, unit = _sample(shop), shop.unit
    taxed = Totals(101 * unit, 101 * unit, 10 * unit, 5 * unit, 5 * unit)
    huge = replace(
        full,
        lines=(LineItem(shop.said("socks"), 1, unit),) * (MAX_LINES_SHOWN + 1),
        totals=taxed,
        points_state="pending",
        points_usable_on=None,
        explain=(_counted(shop, full.points_earned),),
        order_status_url=f"{shop.shop_url}/orders/1001",
    )
    return (
        full,
        replace(full, is_guest=True, points_state="after_payment", code=None, first_name=""),
        replace(full, points_earned=0, points_state="none", points_reason=Reason("guest")),
        replace(full, points_earned=1, points_state="earned", next_reward=None),
        huge,
        replace(huge, lines=full.lines, totals=replace(taxed, tax_included=True)),
    )


def _sample(shop: SampleShop) -> ConfirmationContext:
    unit, rules = shop.unit, shop.programme.earning
    points = max(1, int(60 * rules.points / rules.per_amount))
    return ConfirmationContext(
        **shop.head,
        points_name=shop.points_name,
        order_name="#1001",
        lines=(
            LineItem(shop.said("shirt"), 1, 45 * unit, shop.said("variant")),
            LineItem(shop.said("socks"), 2, 15 * unit),
            LineItem(shop.said("gift_card"), 1, 25 * unit, note="gift_card"),
        ),
        totals=Totals(90 * unit, 85 * unit, 0, 5 * unit),
        points_earned=points,
        points_state="pending" if rules.pending_days else "earned",
        points_usable_on=shop.today + timedelta(days=rules.pending_days) if rules.pending_days else None,
        balance_available=points * 2,
        account_url=shop.account_url,
        next_reward=_goal(shop.programme, points * 3),
        code=sample_offer(shop) if shop.programme.next_order_code.enabled else None,
    )


def _counted(shop: SampleShop, points: int) -> str:
    """How the sample's points came about."""
    rules = shop.programme.earning
    rate = {"rate_points": rules.points, "rate_amount": str(rules.per_amount)}
    return shop.reason("eligible", amount_minor=60 * shop.unit, currency=shop.currency, points=points, **rate)


def _goal(programme: Programme, points: int) -> NextReward | None:
    """What is still out of reach with so many points."""
    found = next_reward(programme.to_reach, points)
    return found if found is not None and found.missing_points else None


MAIL = Kind(build, samples)
