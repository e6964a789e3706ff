"""What the mails to a member say: bought, points, balance, next reward, the code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from sqlalchemy import Connection

from plugin.actions.mail_heads import account, head
from plugin.actions.orders.order_knowledge import version_of
from plugin.clients.shopper_texts import translator
from plugin.rules import explain
from plugin.rules.formats import reader_locale
from plugin.rules.messages import (
    CodeOffer,
    CodeReadyContext,
    ConfirmationContext,
    LineItem,
    NextReward,
    PointsState,
    Totals,
    WelcomeContext,
)
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.orders import earning
from plugin.rules.programme import Goal, Programme
from plugin.rules.types import Line, OrderView, Reason
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.points import balances, ledger
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


def order_confirmation(
    conn: Connection, shop: Shop, member: Member, order: StoredOrder, code: Redemption | None, now: datetime
) -> ConfirmationContext:
    """The confirmation of one order, as of now."""
    view = order.effective
    assert view is not None
    programme = version_of(shop, order, view, programmes.versions(conn, shop.id), now).programme
    has = balances.of_one(conn, shop.id, member, now)
    state, usable_on, why = _points(order, view, programme, shop, now)
    language = view.buyer.locale or member.locale or shop.locale
    return ConfirmationContext(
        **head(shop, member, language, view.currency),
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
        explain=_explained(order, programme, language),
    )


def code_ready(shop: Shop, member: Member, view: OrderView, code: Redemption | None) -> CodeReadyContext | None:
    """The code that came too late for the confirmation; None when it is no longer good."""
    if code is None or code.state != "reserved" or code.code_state != "created":
        return None
    return CodeReadyContext(
        **head(shop, member, view.buyer.locale, view.currency),
        order_name=view.name,
        code=offer(code, shop),
    )


def welcome(conn: Connection, shop: Shop, member: Member, now: datetime) -> WelcomeContext | None:
    """The welcome points of a new member; None when they were taken back."""
    points, _ = ledger.sum_of(conn, shop.id, member.id, "welcome")
    if points <= 0:
        return None
    programme = programmes.current(conn, shop.id, now).programme
    available = balances.of_one(conn, shop.id, member, now).available
    return WelcomeContext(
        **head(shop, member),
        points_name=programme.points_name,
        points_earned=points,
        balance_available=available,
        next_reward=next_reward(programme.to_reach, available),
        account_url=account(shop),
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


def _explained(order: StoredOrder, programme: Programme, language: str) -> tuple[str, ...]:
    """How the points came about, but for the lines that earn nothing: those say so themselves."""
    if order.deserved <= 0:
        return ()
    locale, say = reader_locale(language), translator(language)
    shown = partial(explain.words, locale=locale, audience="shopper", points_name=programme.points_name, translate=say)
    return tuple(shown(reason) for reason in order.reasons if reason.code != "line_excluded")


def _line(line: Line, order: StoredOrder) -> LineItem:
    verdicts = order.snapshot.verdicts if order.snapshot else {}
    return LineItem(
        title=line.title,
        quantity=line.quantity,
        total_minor=line.price_minor * line.quantity - line.discount_minor,
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


def next_reward(goals: Sequence[Goal], points: int) -> NextReward | None:
    """The cheapest reward still out of reach, or the dearest one when all are within it."""
    if not goals:
        return None
    ahead = [goal for goal in goals if goal.points > points]
    goal = min(ahead, key=lambda goal: goal.points) if ahead else max(goals, key=lambda goal: goal.points)
    return NextReward(goal.name, goal.points, max(0, goal.points - points))


def offer(code: Redemption, shop: Shop) -> CodeOffer:
    """The code as promised in its copied terms."""
    terms = code.terms
    digits = minor_digits(str(terms["currency"]))
    percent = terms["kind"] == "percent"
    return CodeOffer(
        value=code.code,
        percent_off=Decimal(str(terms["value"])) if percent else None,
        amount_off_minor=None if percent else to_minor(terms["value"], digits),
        minimum_spend_minor=to_minor(terms["minimum_spend"], digits),
        valid_until=shop.last_day(code.expires_at) if code.expires_at else None,
    )
