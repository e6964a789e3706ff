"""The shopper's page on the storefront: balance, rewards, what was redeemed, and why each number is so.

Plain forms, which work without scripts and cookies; the one script offers to copy codes. Nothing is spent or
undone without a page that asks first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.referrals import claim_referral
from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, NotFound
from plugin.rules import formats
from plugin.rules.rewards import reward_names
from plugin.rules.rewards.own_rewards import NOTHING
from plugin.rules.types import Reason
from plugin.rules.words.own_words import names_of
from plugin.store.members import member_pages
from plugin.store.points import ledger
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.web.auth import caller
from plugin.web.current import acting, now, parts, shop, transaction
from plugin.web.shopper import money_rewards, named, own_rewards, programme, proxy, tier
from plugin.web.shopper.api.reads.me import expiring, next_aim
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.offers import offers
from plugin.web.shopper.page import (
    Shopper,
    in_words,
    members_sayer,
    page,
    sayer,
    shopper_of,
    signed_in,
    visit,
)
from plugin.web.shopper.programme import signed_out

HISTORY = 30
SCRIPT = (Path(__file__).parents[1] / "static" / "shopper.js").read_bytes()


def register(app: Flask) -> None:
    """Add the routes; Shopify calls them for /apps/suki/… of each shop."""
    for path in ("/proxy", "/proxy/", "/proxy/rewards"):
        app.add_url_rule(path, "shopper_rewards", overview)
    app.add_url_rule("/proxy/history", "shopper_history", history)
    app.add_url_rule("/proxy/shopper.js", "shopper_script", script)
    app.add_url_rule("/proxy/redemptions/<int:number>", "shopper_redemption", confirm_undo)
    app.add_url_rule("/proxy/redemptions/<int:number>", "shopper_undo", undo, methods=["POST"])


@caller("proxy")
def overview() -> Response:
    """Balance, rewards, what was redeemed, and the history."""
    return overview_page()


def overview_page(said: str = "", problem: str = "", status: int = 200) -> Response:
    """The page with what was just done, or why not."""
    with transaction() as conn:
        shopper = shopper_of(conn)
        if shopper is None:
            return signed_out(conn, status)
        say, told = sayer(shopper.member.locale), to_shopper(shopper)
        given = own_rewards.causes(conn, shopper.version.programme)
        values = _standing(conn, shopper, told) | {
            "may_invite": claim_referral.may_invite(conn, shop(), shopper.member, now()),
            "held": [named.held(one, told.named) for one in own_rewards.shown(conn, shopper.member.id)],
            "causes": [named.given(one, told.named) for one in given],
            "credits": money_rewards.cashback(conn, shopper.member.id, say),
            **_entries(conn, shopper, None),
        }
    return page("rewards.html", shopper.member.locale, status, shopper=shopper, said=said, problem=problem,
                money=formats.money, points_name=shopper.points_name, **values)  # fmt: skip


def _standing(conn: Connection, shopper: Shopper, told: Told) -> dict[str, Any]:
    """What the programme has for this member: the next reward, what expires first, their tier among the others."""
    lots = ledger.open_lots(conn, shop().id, [shopper.member.id], now()).get(shopper.member.id, [])
    offered = [named.offered(one, told.named) for one in offers(conn, shopper)]
    found = programme.cards(conn, offered, shopper.programme, told.locale)
    return programme.shown(conn, told.locale, shopper.programme, shopper) | {
        "cards": found,
        "aim": next_aim(shopper, told),
        "ready": any(one.offer.why is None for one in found),
        "ending": expiring(lots, told),
        "tier": tier.shown(conn, shopper, told.locale),
    }


def _entries(conn: Connection, shopper: Shopper, before: int | None) -> dict[str, Any]:
    """One part of the history, newest first; `older` is where the next one begins."""
    found = member_pages.entries(conn, shop().id, shopper.member.id, before, HISTORY + 1)
    return {"entries": found[:HISTORY], "older": found[HISTORY - 1].id if len(found) > HISTORY else None}


@caller("proxy")
def history() -> Response:
    """What came before: the history from `?before=` on."""
    before = request.args.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 19
    with transaction() as conn:
        shopper = shopper_of(conn)
        if shopper is None:
            return signed_out(conn)
        values = _entries(conn, shopper, int(before) if known else None)
    return page("history.html", shopper.member.locale, points_name=shopper.points_name, **values)


@caller("proxy")
def script() -> Response:
    """The pages' own script, from the storefront's own host."""
    return Response(SCRIPT, mimetype="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


@caller("proxy")
def confirm_undo(number: int) -> Response:
    """Ask before a redemption is taken back."""
    with transaction() as conn:
        shopper = signed_in(conn)
        made = _own(conn, shopper, number)
        undoable = own_rewards.undoable(conn, made)
    made = named.redeemed(made, names_of(shopper.points_name))
    return page("confirm_undo.html", shopper.member.locale, made=made, undoable=undoable,
                points_name=shopper.points_name)  # fmt: skip


@caller("proxy")
def undo(number: int) -> Response:
    """Take an unused redemption back."""
    say = members_sayer()
    if not proxy.known_key(parts().settings, visit(), request.form.get("key", "")):
        return overview_page(problem=say("shopper.shared.expired_unchanged"), status=422)
    try:
        with acting() as conn:
            shopper = signed_in(conn)
            made = _own(conn, shopper, number)
            redeem_points.undo(conn, shop(), made.id, "undone", "shopper", now())
    except Denied as error:
        return overview_page(problem=in_words(Reason(error.code, error.values)), status=422)
    made = named.redeemed(made, names_of(shopper.points_name))
    key = "shopper.undo.done" if made.code_state == NOTHING else "shopper.undo.checking"
    if made.code_state != NOTHING and made.deduct == "ordered":
        key = "shopper.undo.checking_reserved"
    return overview_page(said=say(key, reward=reward_names.redeemed(made.terms, made.title, say.locale)))


def _own(conn: Connection, shopper: Shopper, number: int) -> Redemption:
    made = redemptions.get(conn, shop().id, number) if number < 2**63 else None
    if made is None or made.member_id != shopper.member.id or not made.points:
        raise NotFound("We couldn't find that redemption.")
    return made
