"""Members and orders as staff see them in the admin and at the till, each with a line in the access log."""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.activities import give_birthday
from plugin.actions.members.leave_programme import LEFT
from plugin.actions.shops import staff_roles
from plugin.errors import NotFound
from plugin.rules.names import staff_log
from plugin.store.members import member_pages, member_search, members
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.reports import survey_answers
from plugin.store.shops import launches
from plugin.store.tiers import tiers as tiers_store
from plugin.store.versions import programmes
from plugin.web.current import account, now, reading, shop, transaction
from plugin.web.shopper import own_rewards
from plugin.web.shopper.api import staff_acts
from plugin.web.shopper.api.asking import MOST_ID, answer, body, new_key
from plugin.web.shopper.api.doors import for_staff
from plugin.web.shopper.api.reads.carts import judge
from plugin.web.shopper.api.reads.history import entry
from plugin.web.shopper.api.reads.me import member_now
from plugin.web.shopper.api.reads.orders import available_on, brings
from plugin.web.shopper.api.reads.rewards import reward, shown, usable_first
from plugin.web.shopper.api.shapes import CartIn
from plugin.web.shopper.api.staff_shapes import MemberFound, MembersFound, StaffOrder, StaffView
from plugin.web.shopper.api.told import Told, to_staff
from plugin.web.shopper.api.values import Why
from plugin.web.shopper.offers import offers
from plugin.web.shopper.page import Shopper, as_shopper

FOUND_SHOWN = 20
ENTRIES_SHOWN = 10
LONGEST_SEARCH = 100
TILL = "pos"


def register(app: Flask) -> None:
    """Add the calls."""
    for_staff(app, "/me", me, role="viewer", reads="nothing")
    for_staff(app, "/members", find_members, role="viewer", reads="members")
    for_staff(app, "/customers/<int:customer_id>", customer, role="viewer", reads="member")
    for_staff(app, "/customers/<int:customer_id>/cart", customers_cart, "POST", role="viewer", reads="member")
    for_staff(app, "/orders/<int:order_id>", order, role="viewer", reads="order")


def me() -> Response:
    """What the account that asks may do, whoever it is for."""
    return answer(staff_acts.allowed())


def find_members() -> Response:
    """Whose email, name or customer number begins with what was typed."""
    text = " ".join(request.args.get("search", "").replace("\0", "").split())[:LONGEST_SEARCH]
    with transaction() as conn:
        found = member_search.search(conn, shop().id, text) if text else []
        version = programmes.current(conn, shop().id, now())
        rows = found[:FOUND_SHOWN]
        states = tiers_store.states(conn, shop().id, [one.id for one in rows])
        tiers = {key: version.programme.tiers.named(state.held.tier) for key, state in states.items()}
        reading("members", len(rows), fields={"q": text}, search=text)
    told = to_staff(version.programme.points_name)
    names = {key: tier.name for key, tier in tiers.items() if tier is not None}
    listed = [_found(one, names.get(one.id, ""), told) for one in rows]
    return answer(MembersFound(members=listed, more=len(found) > FOUND_SHOWN))


def _found(one: Member, tier: str, told: Told) -> MemberFound:
    """The cached balance, as the panel's list has it."""
    return MemberFound(
        customer_id=one.customer_id, name=one.name, email=one.email, available=told.points(one.balance), tier=tier
    )


def customer(customer_id: int) -> Response:
    """A customer as a member: what they have, may redeem and hold, and what staff may do."""
    with transaction() as conn:
        member = _behind(conn, customer_id)
        version = programmes.current(conn, shop().id, now())
        told = to_staff(version.programme.points_name)
        is_in = member is not None and member.state != LEFT
        found = _view(conn, customer_id, member, told) if member and is_in else _nobody(customer_id, member)
        reading("member", about=str(staff_log.Member(member.id)) if member else "")
    return answer(found)


def _behind(conn: Connection, customer_id: int) -> Member | None:
    if customer_id >= MOST_ID or not customer_id:
        raise NotFound("We couldn't find that customer.")
    found = launches.behind(conn, shop().id, customer_id)
    return found if found is not None and found.state in ("member", LEFT) else None


def _nobody(customer_id: int, left: Member | None) -> StaffView:
    """A customer who is no member, or no longer one: there is nothing to do but to have them join."""
    return StaffView(
        key=new_key(customer_id), customer_id=customer_id, state="left" if left else "unknown",
        name=left.name if left else "", member=None, rewards=[], held=[], entries=[], last_survey=None,
        birthday_gift=None, **dict(staff_acts.allowed()), most=None, path=_path(left),
    )  # fmt: skip


def _path(member: Member | None) -> str:
    return f"/app/members/{member.id}" if member else "/app/members"


def _view(conn: Connection, customer_id: int, member: Member, told: Told) -> StaffView:
    shopper = as_shopper(conn, member)
    chances = offers(conn, shopper, channel="")
    entries = member_pages.entries(conn, shop().id, member.id, None, ENTRIES_SHOWN)
    most = staff_roles.left_today(account(), shop(), shop().day(now()))
    return StaffView(
        key=new_key(customer_id),
        customer_id=customer_id,
        state="member",
        name=member.name,
        member=member_now(conn, shopper, told),
        rewards=usable_first([reward(one, told) for one in chances]),
        held=[shown(one, told) for one in own_rewards.shown(conn, member.id)],
        entries=[entry(one, told) for one in entries],
        last_survey=_last_survey(conn, member, told),
        birthday_gift=_birthday_gift(conn, shopper, told),
        **dict(staff_acts.allowed()),
        most=most,
        path=_path(member),
    )


def _last_survey(conn: Connection, member: Member, told: Told) -> str | None:
    found = next(iter(survey_answers.answered(conn, shop().id, member.id, 1)), None)
    return told.say(f"members.survey.{found.survey}", score=found.score) if found else None


def _birthday_gift(conn: Connection, shopper: Shopper, told: Told) -> Why:
    """Why the birthday's points cannot be given now; `open` where they can."""
    why = give_birthday.refusal(conn, shop(), shopper.member.id, shopper.version.programme, now())
    return told.why(why) or Why(code="open", text="")


def customers_cart(customer_id: int) -> Response:
    """The cart at the till, for the customer it is of."""
    asked = body(CartIn)
    with transaction() as conn:
        member = _behind(conn, customer_id)
        version = programmes.current(conn, shop().id, now())
        told = to_staff(version.programme.points_name)
        shopper = as_shopper(conn, member) if member is not None and member.state != LEFT else None
        left = member is not None and shopper is None
        found = judge(conn, asked, version, shopper, told, new_key(customer_id), left=left, channel=TILL)
        reading("member", about=str(staff_log.Member(member.id)) if member else "")
    return answer(found)


def order(order_id: int) -> Response:
    """What an order earns and why, or that we have not heard of it."""
    with transaction() as conn:
        found = orders.get(conn, shop().id, order_id) if order_id < MOST_ID else None
        told = to_staff(programmes.current(conn, shop().id, now()).programme.points_name)
        if found is None or found.view is None:
            reading("order", 0)
            return answer(_unheard(told))
        member = members.get(conn, shop().id, found.member_id) if found.member_id is not None else None
        day = available_on(conn, found, told)
        reading("order", about=str(staff_log.Member(member.id)) if member else "")
    text = told.say("shopper.api.order_counted") if found.waiting_for else brings(found.deserved, day, told)
    return answer(
        StaffOrder(
            state="waiting" if found.waiting_for else "known",
            points=None if found.waiting_for else told.points(found.deserved),
            text=text,
            reasons=[told.because(reason) for reason in found.reasons],
            available_on=day,
            customer_id=member.customer_id if member else None,
            member=member.name if member else "",
            path=_path(member) if member else None,
        )
    )


def _unheard(told: Told) -> StaffOrder:
    return StaffOrder(
        state="waiting", points=None, text=told.say("shopper.api.order_unheard"), reasons=[], available_on=None,
        customer_id=None, member="", path=None,
    )  # fmt: skip
