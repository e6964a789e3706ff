"""The shopper's page on the storefront: balance, rewards, what was redeemed, and why each number is so.

Plain forms, without scripts and cookies. Nothing is spent or undone without a page that asks first.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from babel import Locale
from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, NotFound
from plugin.rules import explain, formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards import kinds
from plugin.rules.rewards import redemption as rules
from plugin.rules.rewards.kinds import PercentOff, Reward
from plugin.rules.rewards.own_rewards import NOTHING
from plugin.rules.types import Reason
from plugin.store import member_pages
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import money_rewards, own_rewards, proxy, tier
from plugin.web.shopper.page import (
    Shopper,
    in_words,
    language_of,
    page,
    sayer,
    shopper_of,
    signed_in,
    signed_out,
    visit,
)

HISTORY = 30
ONLINE = "online"


def register(app: Flask) -> None:
    """Add the routes; Shopify calls them for /apps/suki/… of each shop."""
    for path in ("/proxy", "/proxy/", "/proxy/rewards"):
        app.add_url_rule(path, "shopper_rewards", overview)
    app.add_url_rule("/proxy/rewards/<reward_id>", "shopper_reward", confirm_reward)
    app.add_url_rule("/proxy/rewards/<reward_id>", "shopper_redeem", redeem, methods=["POST"])
    app.add_url_rule("/proxy/redemptions/<int:number>", "shopper_redemption", confirm_undo)
    app.add_url_rule("/proxy/redemptions/<int:number>", "shopper_undo", undo, methods=["POST"])


@caller("proxy")
def overview() -> Response:
    """Balance, rewards, what was redeemed, and the history."""
    return _overview()


def _overview(said: str = "", problem: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        shopper = shopper_of(conn)
        if shopper is None:
            return signed_out(conn, status)
        say, locale = sayer(shopper.member.locale), formats.reader_locale(language_of(shopper.member.locale))
        values = {
            "tier": tier.shown(conn, shopper, locale, say),
            "offers": _offers(conn, shopper),
            "held": own_rewards.shown(conn, shopper.member.id),
            "causes": own_rewards.causes(conn, shopper.version.programme),
            "credits": money_rewards.cashback(conn, shopper.member.id, say),
            "entries": member_pages.entries(conn, shop().id, shopper.member.id, None, HISTORY),
        }
    return page("rewards.html", shopper.member.locale, status, shopper=shopper, said=said, problem=problem,
                worth=_worth, money=formats.money,
                points_name=shopper.points_name, **values)  # fmt: skip


def _offers(conn: Connection, shopper: Shopper) -> list[dict[str, Any]]:
    """What there is to see: not what is paused, and not what is only for a hidden tier of others."""
    found = [_offer(conn, shopper, one) for one in shopper.version.programme.rewards if one.active]
    return [offer for offer in found if offer["why"] is None or offer["why"].code != "reward_paused"]


def _offer(conn: Connection, shopper: Shopper, reward: Reward) -> dict[str, Any]:
    standing = redeem_points.standing(conn, shop(), shopper.member, shopper.version, reward, now(), ONLINE)
    reward = kinds.offered(reward, standing.tier, standing.currency)
    most = rules.affordable(reward, standing.available)
    why = rules.refusal(reward, most or reward.points, standing, now())
    share = min(100, max(0, standing.available) * 100 // reward.points)
    left = rules.left(reward, standing.used_in_total, standing.codes_left) if reward.shows_left else None
    return {"reward": reward, "most": most, "why": why, "share": share, "left": left}


@caller("proxy")
def confirm_reward(reward_id: str) -> Response:
    """Ask before points are spent."""
    with transaction() as conn:
        shopper = signed_in(conn)
        reward = kinds.find(shopper.version.programme.rewards, reward_id)
        if reward is None or not reward.active:
            raise NotFound("There is no such reward.")
        offer = _offer(conn, shopper, reward)
    say = sayer()
    return page("confirm_reward.html", shopper.member.locale, offer=offer, reward=offer["reward"], shopper=shopper,
                worth=_worth, points_name=shopper.points_name,
                what_happens=own_rewards.what_happens(reward, say, partial(_worth, reward)))  # fmt: skip


@caller("proxy")
def redeem(reward_id: str) -> Response:
    """Spend the points; the form's key makes a second click the same redemption."""
    key, text = request.form.get("key", ""), request.form.get("points", "").strip()
    say = sayer()
    if not proxy.known_key(parts().settings, visit(), key):
        return _overview(problem=say("That page was too old. Nothing was spent: please try again."), status=422)
    points = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1 if text else None
    try:
        with transaction() as conn:
            member = signed_in(conn).member
            made = redeem_points.redeem(conn, shop(), member.id, reward_id, points, key, "shopper", now(), ONLINE)
    except Denied as error:
        return _overview(problem=in_words(Reason(error.code, error.values)), status=422)
    return _overview(said=own_rewards.thanks(made, say).format(reward=made.title))


@caller("proxy")
def confirm_undo(number: int) -> Response:
    """Ask before a redemption is taken back."""
    with transaction() as conn:
        shopper = signed_in(conn)
        made = _own(conn, shopper, number)
        undoable = own_rewards.undoable(conn, made)
    return page("confirm_undo.html", shopper.member.locale, made=made, undoable=undoable,
                points_name=shopper.points_name)  # fmt: skip


@caller("proxy")
def undo(number: int) -> Response:
    """Take an unused redemption back."""
    say = sayer()
    if not proxy.known_key(parts().settings, visit(), request.form.get("key", "")):
        return _overview(problem=say("That page was too old. Nothing was changed: please try again."), status=422)
    try:
        with transaction() as conn:
            made = _own(conn, signed_in(conn), number)
            redeem_points.undo(conn, shop(), made.id, "undone", "shopper", now())
    except Denied as error:
        return _overview(problem=in_words(Reason(error.code, error.values)), status=422)
    if made.code_state == NOTHING:
        return _overview(said=say("You took back {reward}. Your points are back.").format(reward=made.title))
    return _overview(said=say("We make sure that {reward} was not used; then your points are back.").format(
        reward=made.title))  # fmt: skip


def _own(conn: Connection, shopper: Shopper, number: int) -> Redemption:
    made = redemptions.get(conn, shop().id, number) if number < 2**63 else None
    if made is None or made.member_id != shopper.member.id or not made.points:
        raise NotFound("There is no such redemption.")
    return made


def _worth(reward: Reward, locale: Locale) -> str:
    value = kinds.worth(reward, reward.points)
    if value is None:
        return ""
    if isinstance(reward, PercentOff):
        return f"{explain.plain(str(value))} %"
    return formats.money(to_minor(value, minor_digits(shop().currency)), shop().currency, locale)
