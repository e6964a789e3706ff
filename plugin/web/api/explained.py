"""The public API explains: a member's entries, an order, a tier and a refusal, line by line, for staff or the shopper.

Each line is the reason that the panel and the shopper's page show too: a code, its values, and a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale
from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.languages import own_names
from plugin.actions.rewards.standings import standings
from plugin.actions.tiers import watch_tiers
from plugin.errors import BadInput, NotFound
from plugin.rules import explain, formats
from plugin.rules.explain import Audience
from plugin.rules.names import staff_log
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds, redemption
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.redemption import Standing
from plugin.rules.tiers.placing import Aim
from plugin.rules.types import Reason
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.own_words import names_of
from plugin.store.members import member_pages
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.versions import programmes
from plugin.web.api.answers import answer, living, member_of_customer
from plugin.web.api.shapes import (
    AimOut,
    EntriesOut,
    EntryOut,
    LineOut,
    OrderOut,
    RewardOut,
    RewardsOut,
    TierOut,
)
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, transaction

ENTRIES_SHOWN = 50
MOST_ID = 2**63


@dataclass(frozen=True)
class Voice:
    """For whom the sentences are, and in which language."""

    audience: Audience
    locale: Locale
    points_name: str

    def lines(self, reasons: Iterable[Reason]) -> list[LineOut]:
        """Reasons with their sentences."""
        return [self.line(reason) for reason in reasons]

    def line(self, reason: Reason) -> LineOut:
        """One reason with its sentence."""
        text = explain.words(
            reason, self.locale, self.audience,
            points_name=self.points_name, currency=shop().currency,
        )  # fmt: skip
        return LineOut(code=reason.code, values=dict(reason.values), text=text)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/api/v1/members/<int:customer_id>/entries", "api_entries", entries)
    app.add_url_rule("/api/v1/members/<int:customer_id>/rewards", "api_rewards", rewards)
    app.add_url_rule("/api/v1/orders/<int:order_id>", "api_order", order)


def voice(conn: Connection, member: Member | None, programme: Programme) -> Voice:
    """What `audience` and `locale` ask for: staff read English; a shopper their own language unless told otherwise."""
    audience = request.args.get("audience", "staff")
    if audience not in ("staff", "shopper"):
        raise BadInput("audience is staff or shopper.", {"audience": "staff or shopper"})
    if audience == "staff":
        return Voice("staff", formats.reader_locale("en"), programme.points_name)
    locale = formats.reader_locale(request.args.get("locale", ""), member.locale if member else "", shop().locale)
    return Voice("shopper", locale, own_names.words(conn, shop(), programme, locale))


@caller("key", scope="read", reads="entries")
def entries(customer_id: int) -> Response:
    """What was posted to a member, newest first, each entry with its reasons."""
    before = _before()
    with transaction() as conn:
        one = member_of_customer(conn, customer_id)
        found = member_pages.entries(conn, shop().id, one.id, before, ENTRIES_SHOWN + 1)
        told = voice(conn, one, programmes.current(conn, shop().id, now()).programme)
        reading("entries", min(len(found), ENTRIES_SHOWN), about=str(staff_log.Member(one.id)))
    rows = [
        EntryOut(
            id=entry.id,
            kind=entry.kind,
            points=entry.points,
            at=entry.effective_at,
            headline=explain.headline(entry.kind, entry.reason, told.locale, told.points_name),
            reasons=told.lines(explain.reasons_of(entry.reason)),
        )
        for entry in found[:ENTRIES_SHOWN]
    ]
    return answer(EntriesOut(entries=rows, before=rows[-1].id if len(found) > ENTRIES_SHOWN else None))


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < MOST_ID):
        raise BadInput("before is the number that the page before named.", {"before": "a whole number"})
    return int(text)


@caller("key", scope="read", reads="order")
def order(order_id: int) -> Response:
    """What an order earns as it stands now, and why."""
    with transaction() as conn:
        found = orders.get(conn, shop().id, order_id) if order_id < MOST_ID else None
        if found is None:
            raise NotFound("We couldn't find that order.")
        one = living(conn, found.member_id) if found.member_id is not None else None
        told = voice(conn, one, programmes.current(conn, shop().id, now()).programme)
        reading("order", about=str(staff_log.Member(one.id)) if one else "")
    return answer(
        OrderOut(
            order_id=order_id,
            name=found.view.name if found.view else "",
            customer_id=one.customer_id if one else None,
            points=found.deserved,
            waiting_for=found.waiting_for,
            reasons=told.lines(found.reasons),
        )
    )


@caller("key", scope="read", reads="member")
def rewards(customer_id: int) -> Response:
    """What a member may redeem, and why not, where they may not."""
    with transaction() as conn:
        one = member_of_customer(conn, customer_id)
        version = programmes.current(conn, shop().id, now())
        told = voice(conn, one, version.programme)
        active = [reward for reward in version.programme.rewards if reward.active]
        facts = standings(conn, shop(), one, version, active, now())
        offered = [_offer(reward, facts[reward.id], told) for reward in active]
        reading("member", about=str(staff_log.Member(one.id)))
    return answer(RewardsOut(rewards=offered))


def _offer(reward: Reward, where: Standing, told: Voice) -> RewardOut:
    reward = kinds.offered(reward, where.tier, where.currency)
    most = redemption.affordable(reward, where.available)
    why = redemption.refusal(reward, most or reward.points, where, now())
    return RewardOut(
        id=reward.id,
        kind=reward.kind,
        name=names_of(told.points_name)("reward", reward.name),
        points=reward.points,
        open=why is None,
        why_not=told.line(why) if why else None,
    )


def tier_of(conn: Connection, one: Member, programme: Programme, told: Voice) -> TierOut | None:
    """Where the member stands, why, and what is missing; None in a programme without tiers."""
    found = watch_tiers.stands(conn, shop(), one, now()) if programme.tiers.levels else None
    if found is None:
        return None
    tier = programme.tiers.named(found.held.tier)
    return TierOut(
        key=tier.key if tier else "",
        name=names_of(told.points_name)("tier", tier.name) if tier else "",
        reasons=told.lines(found.reasons),
        reach=_aim(found.reach, programme, told, keep=False),
        keep=_aim(found.keep, programme, told, keep=True),
    )


def _aim(goal: Aim | None, programme: Programme, told: Voice, *, keep: bool) -> AimOut | None:
    tier = programme.tiers.named(goal.tier) if goal else None
    if goal is None or tier is None:
        return None
    text = tiers_in_words.aim(
        goal, names_of(told.points_name)("tier", tier.name), programme.tiers.metric, shop().currency, told.locale,
        keep=keep, points_name=told.points_name,
    )  # fmt: skip
    return AimOut(tier=tier.key, missing=goal.missing, metric=programme.tiers.metric, by=goal.by, text=text)
