"""A member's own link, to pass on to friends, and what became of it."""

from __future__ import annotations

from flask import Flask, Response

from plugin.actions.referrals import claim_referral
from plugin.errors import NotFound
from plugin.rules.referrals.email_addresses import masked
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referral_marks, referrals
from plugin.store.referrals.referrals import Referral
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.shopper.page import address, page, shopper_of, signed_out
from plugin.web.shopper.seen import seen_marks

SHOWN = 50


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/proxy/friends", "shopper_friends", friends)


@caller("proxy")
def friends() -> Response:
    """The link, what both get, and each friend so far, not by name."""
    with transaction() as conn:
        shopper = shopper_of(conn)
        if shopper is None:
            return signed_out(conn)
        link = claim_referral.link_for(conn, shop(), shopper.member, now())
        if link is None:
            raise NotFound("There is nothing here.")
        seen = {str(shopper.member.id): (shopper.member.id, seen_marks())}
        referral_marks.note(conn, shop().id, "visit", seen, now())
        rows = referrals.of_advocate(conn, shop().id, shopper.member.id, SHOWN)
        people = members.by_ids(conn, shop().id, [row.friend_id for row in rows])
    return page("friends.html", shopper.member.locale, shopper=shopper, points_name=shopper.points_name,
                address=address(f"/r/{link.word}"), rows=[(row, _who(people.get(row.friend_id))) for row in rows],
                rules=shopper.version.programme.referrals, told=_told)  # fmt: skip


def _who(friend: Member | None) -> str:
    return masked(friend.email) if friend else ""


def _told(row: Referral) -> bool:
    """Whether the reason says more than the state does; of suspicion nothing is said."""
    return row.state in ("refused", "reversed") and row.why is not None
