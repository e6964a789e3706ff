"""One order for its buyer, on the thank-you and order status pages: its points, and what its customer has beside them.

The number of an order and the token of its checkout come from the client: they are claims. Who is proved to be the
order's customer reads everything; who has the token of its checkout reads the order's own points and may answer the
survey. To everybody else an order that is there looks like one that we have not heard of yet.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.activities import answer_survey, ask_survey
from plugin.rules import subjects
from plugin.rules.orders import earning
from plugin.rules.rewards import reward_terms
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import NEXT_ORDER, Redemption
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.current import now, shop, transaction
from plugin.web.shopper import tier
from plugin.web.shopper.api.asking import MOST_ID, answer, new_key
from plugin.web.shopper.api.doors import for_tokens
from plugin.web.shopper.api.reads.invitations import invitation_of
from plugin.web.shopper.api.reads.me import tier_now
from plugin.web.shopper.api.reads.questions import question
from plugin.web.shopper.api.shapes import OrderNow
from plugin.web.shopper.api.told import Told, to_anybody
from plugin.web.shopper.api.values import Day, OwnCode
from plugin.web.shopper.page import Shopper, as_shopper, member_behind, visit, words

LONGEST_TOKEN = 64


def register(app: Flask) -> None:
    """Add the call."""
    for_tokens(app, "/orders/<int:order_id>", order)


@dataclass(frozen=True)
class Proved:
    """An order that whoever asks may read of: as its customer (`shopper`, where a member), or by its checkout."""

    stored: StoredOrder
    is_customer: bool
    member: Member | None
    shopper: Shopper | None = None


def order(order_id: int) -> Response:
    """The order as far as we know it, for whoever it is of."""
    with transaction() as conn:
        found = prove(conn, order_id, request.args.get("checkout_token", ""))
        version = programmes.current(conn, shop().id, now())
        behind = found.member if found else member_behind(conn)
        locale = behind.locale if behind else ""
        told = to_anybody(words(conn, version.programme, locale), locale)
        if found is None or found.stored.view is None or found.stored.waiting_for:
            return answer(_waiting(told))
        return answer(_known(conn, found, told))


def prove(conn: Connection, order_id: int, checkout_token: str) -> Proved | None:
    """The order, if the token names its customer or its checkout's own token was sent; None for everybody else."""
    stored = orders.get(conn, shop().id, order_id) if order_id < MOST_ID else None
    if stored is None or stored.view is None:
        return None
    member = members.get(conn, shop().id, stored.member_id) if stored.member_id is not None else None
    mine = member_behind(conn) if visit().customer_id is not None else None
    named = visit().customer_id is not None and stored.view.buyer.customer_id == visit().customer_id
    if named or (mine is not None and mine.id == stored.member_id):
        is_member = mine is not None and mine.state == "member" and mine.id == stored.member_id
        return Proved(stored, True, member, as_shopper(conn, mine) if mine is not None and is_member else None)
    return Proved(stored, False, member) if _same(stored.view.checkout_token, checkout_token) else None


def _same(own: str, given: str) -> bool:
    """An order that came through no checkout has no token, and none opens it."""
    return bool(own) and hmac.compare_digest(own.encode(), given[:LONGEST_TOKEN].encode())


def buyer_of(conn: Connection, order_id: int | None, checkout_token: str | None) -> Member | None:
    """The member, or guest, whose order this is, if whoever asks proves that it is theirs."""
    found = prove(conn, order_id, checkout_token or "") if order_id is not None else None
    return found.member if found else None


def _waiting(told: Told) -> OrderNow:
    return OrderNow(
        state="waiting", key=new_key(), points=None, about=True, available_on=None,
        text=told.say("shopper.api.order_waiting"), reasons=[], code=None, code_by_email=False, tier=None,
        invitation=None, survey=None, claim=None,
    )  # fmt: skip


def _known(conn: Connection, found: Proved, told: Told) -> OrderNow:
    stored, shopper = found.stored, found.shopper
    points, day = told.points(stored.deserved), available_on(conn, stored, told)
    code = redemptions.by_subjects(conn, shop().id, NEXT_ORDER, [str(subjects.Order(stored.order_id))])
    standing = tier.shown(conn, shopper, told.locale) if shopper else None
    asked = ask_survey.question_about(conn, shop(), stored.order_id, now())
    return OrderNow(
        state="known",
        key=new_key(),
        points=points,
        about=False,
        available_on=day,
        text=sentence(stored.deserved, day, told) if _has_account(found) else brings(stored.deserved, day, told),
        reasons=[told.because(reason) for reason in stored.reasons] if found.is_customer else [],
        code=own_code(next(iter(code.values()), None), told) if found.is_customer else None,
        code_by_email=bool(code) and not found.is_customer,
        tier=tier_now(standing, told) if standing else None,
        invitation=invitation_of(conn, shopper, told) if shopper else None,
        survey=question(asked, ask_survey.points_for(conn, shop(), now()), told) if asked else None,
        claim=claim(conn, found, told),
    )


def available_on(conn: Connection, stored: StoredOrder, told: Told) -> Day | None:
    """From when its points can be spent; None for what can be already, and for an order that brings none."""
    if stored.view is None or stored.snapshot is None or not stored.deserved:
        return None
    judged_by: Version = programmes.versions(conn, shop().id)[stored.snapshot.version - 1]
    at = earning.available_at(stored.view, judged_by.programme)
    return told.day(at) if at > now() else None


def _has_account(found: Proved) -> bool:
    """Whether the points are somebody's already: a guest has to claim them first."""
    return found.member is not None and found.member.state != "guest"


def brings(points: int, day: Day | None, told: Told) -> str:
    """What the order brings, and from when, without a word of whose the points are."""
    if not points:
        return told.say("shopper.api.order_nothing")
    text = told.points(points).text
    if day is None:
        return told.say("shopper.api.order_brings", points=text)
    return told.say("shopper.api.order_brings_from", points=text, day=day.text)


def sentence(points: int, day: Day | None, told: Told) -> str:
    """The same to its buyer, who has the points."""
    if not points:
        return told.say("shopper.api.order_nothing")
    text = told.points(points).text
    if day is None:
        return told.say("shopper.api.order_earned", points=text)
    return told.say("shopper.api.order_coming", points=text, day=day.text)


def own_code(made: Redemption | None, told: Told) -> OwnCode | None:
    """The code for the next order, where it is there and good for something."""
    if made is None or made.state != "reserved" or made.code_state != "created":
        return None
    if made.expires_at is not None and made.expires_at <= now():
        return None
    brings = reward_terms.brings(made.terms)
    return OwnCode(code=made.code, brings=told.because(brings) if brings else "", until=told.last_day(made.expires_at))


def claim(conn: Connection, found: Proved, told: Told) -> str | None:
    """How somebody without an account gets what waits for them of this order, its points and those of their answer: by
    its own address. Of their other orders nothing is told: who has the checkout's token has seen this one alone."""
    guest = found.member
    if found.is_customer or guest is None or guest.state != "guest" or not guest.email:
        return None
    earned = found.stored.deserved
    answered = answer_survey.given_about(conn, shop(), guest, found.stored.order_id, now())
    if not earned + answered:
        return None
    key = "claim_answer" if not earned else "claim_both" if answered else "claim"
    return told.say(f"shopper.api.{key}", points=told.points(earned + answered).text)
