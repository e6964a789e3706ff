"""Staff redeem for a member: they choose a reward, see what it costs and brings, and only then spend the points."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.rewards import redeem_points
from plugin.actions.rewards.standings import standings
from plugin.errors import BadInput, Denied, NotFound
from plugin.rules.explain import plain
from plugin.rules.rewards import as_shown, kinds
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.as_shown import Shown
from plugin.rules.rewards.kinds import PercentOff, Reward
from plugin.rules.rewards.redemption import Standing
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.forms.members.telling import kinds_told
from plugin.web.shown import because
from plugin.web.words import t

REDEEM = "/app/members/<int:member_id>/redeem"


@dataclass(frozen=True)
class Choice:
    """One reward for one member: its price for them, what they have, and why they cannot have it now."""

    reward: Reward
    available: int
    least: int
    why: Reason | None
    worth: str
    range: str
    seen: Shown


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(REDEEM, view_func=redeem_for)
    app.add_url_rule(f"{REDEEM}/check", "check_redemption", check, methods=["POST"])
    app.add_url_rule(REDEEM, "redeem_for_member", redeem, methods=["POST"])


@caller("session", reads="member")
def redeem_for(member_id: int) -> Response:
    """The rewards with what the member can have now, and why not the others."""
    return _choices(member_id, Form({}, {}))


def _choices(member_id: int, form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        member, version = _member(conn, member_id)
        rewards = version.programme.rewards
        facts = standings(conn, shop(), member, version, rewards, now())
        rows = [_choice(one, facts[one.id]) for one in rewards]
        reading("member")
    name = version.programme.points_name
    available = rows[0].available if rows else None
    return page(
        "admin/members/redeem_for.html",
        status,
        member=member,
        rows=rows,
        points_name=name,
        form=form,
        available=available,
    )


def _member(conn: Connection, member_id: int) -> tuple[Member, Version]:
    member = found(members.get(conn, shop().id, row_id(member_id)))
    return member, programmes.at(programmes.versions(conn, shop().id), now())


def _choice(reward: Reward, standing: Standing, points: int | None = None) -> Choice:
    """The reward for so many points; None is its price, or the least on a slider."""
    reward = kinds.offered(reward, standing.tier, standing.currency)
    price = rules.price(reward, points)
    why = rules.refusal(reward, price, standing, now())
    return Choice(
        reward, standing.available, price, why, _worth(reward, price), _range(reward), as_shown.shown(reward, price)
    )


def _worth(reward: Reward, points: int) -> str:
    worth = kinds.worth(reward, points)
    if worth is None:
        return ""
    return f"{plain(str(worth))} %" if isinstance(reward, PercentOff) else f"{plain(str(worth))} {shop().currency}"


def _range(reward: Reward) -> str:
    """How a slider may be set, and what each step brings."""
    if not isinstance(reward, Sliding):
        return ""
    worth = _worth(reward, reward.step)
    return t("members.redeem.range", least=reward.points, most=reward.most, step=reward.step, worth=worth)


@caller("session", role="manager", reads="member")
def check(member_id: int) -> Response:
    """What redeeming would do, and a button that does it; its key makes a second click the same redemption."""
    form = request.form.to_dict()
    reward_id = form.get("reward", "")
    try:
        points = _points(form.get("points"))
        with transaction() as conn:
            member, version = _member(conn, member_id)
            reward = kinds.find(version.programme.rewards, reward_id)
            if reward is None:
                raise NotFound(Said("members.error.no_reward"))
            facts = standings(conn, shop(), member, version, [reward], now())
            chosen = _choice(reward, facts[reward.id], points)
            reading("member")
        if chosen.why is not None:
            raise BadInput(because(chosen.why, version.programme.points_name))
    except BadInput as error:
        return _choices(member_id, Form(form, {reward_id: error.message}), error.status)
    name = version.programme.points_name
    return page(
        "admin/members/redeem_check.html",
        member=member,
        chosen=chosen,
        points_name=name,
        key=secrets.token_hex(8),
        form=Form(kinds_told(shop(), "redemption"), {}),
    )


def _points(text: str | None) -> int | None:
    """The points of a slider; None where the form has none."""
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(Said("members.error.whole"))
    return int(text)


@caller("session", role="manager")
def redeem(member_id: int) -> AnyResponse:
    """Redeem one reward for the member; the form's key makes a second click the same redemption."""
    form = request.form.to_dict()
    try:
        points = _points(form.get("points"))
        seen = Shown(_points(form.get("price")) or 0, form.get("offer", ""))
        with transaction() as conn:
            made = redeem_points.redeem(
                conn, shop(), member_id, form.get("reward", ""), points, form.get("key", ""), staff().actor, now(),
                seen=seen, told=form.get("tell") == "yes",
            )  # fmt: skip
    except (BadInput, Denied) as error:
        return _choices(member_id, Form(form, {form.get("reward", ""): error.message}), error.status)
    return go("redemption", redemption_id=made.id, done="redeemed")
