"""The member's own link for friends."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.referrals import claim_referral
from plugin.errors import NotFound
from plugin.store.referrals import referral_marks, referrals
from plugin.web.current import now, shop, transaction
from plugin.web.shopper.api.asking import answer, member
from plugin.web.shopper.api.doors import for_shoppers
from plugin.web.shopper.api.reads.programme import invites
from plugin.web.shopper.api.told import Told, to_shopper
from plugin.web.shopper.api.values import Invitation
from plugin.web.shopper.page import Shopper, address, visit
from plugin.web.shopper.seen import seen_marks


def register(app: Flask) -> None:
    """Add the call."""
    for_shoppers(app, "/invitation", invitation)


def invitation() -> Response:
    """The link, made where there is none yet; NotFound where the member cannot invite."""
    with transaction() as conn:
        shopper = member(conn)
        found = invitation_of(conn, shopper, to_shopper(shopper))
    if found is None:
        raise NotFound("There is nothing here.")
    return answer(found)


def invitation_of(conn: Connection, shopper: Shopper, told: Told) -> Invitation | None:
    """What the member passes on to friends; None where referrals are off, or closed to them."""
    link = claim_referral.link_for(conn, shop(), shopper.member, now())
    if link is None:
        return None
    if not visit().token:  # of an extension's request nobody whom we trust says from where it comes
        seen = {str(shopper.member.id): (shopper.member.id, seen_marks())}
        referral_marks.note(conn, shop().id, "visit", seen, now())
    friends = referrals.of_advocate(conn, shop().id, shopper.member.id)
    return Invitation(
        link=address(f"/r/{link.word}"),
        code=None,
        text=invites(shopper.version.programme, told),
        friends=sum(one.state in ("ordered", "held", "approved", "paid") for one in friends),
        message=told.say("shopper.api.share", shop=shop().name),
    )
