"""The member's own page for inviting: their link, where it can be shared, and what became of each friend so far."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response

from plugin.actions.referrals import claim_referral
from plugin.actions.shops import storefront
from plugin.errors import NotFound
from plugin.rules.referrals.email_addresses import masked
from plugin.rules.referrals.sharing import channels
from plugin.rules.words import programme_page
from plugin.rules.words.programme_page import Reader
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referral_marks, referrals
from plugin.store.referrals.referrals import Referral
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.shopper.page import Shopper, address, page, sayer, shopper_of
from plugin.web.shopper.programme import signed_out
from plugin.web.shopper.say import Say
from plugin.web.shopper.seen import seen_marks
from plugin.web.shown import zone

SHOWN = 50


@dataclass(frozen=True)
class Share:
    """One way to share the link: its name for the reader, and the address that opens it."""

    key: str
    name: str
    opens: str
    phones_only: bool
    is_page: bool


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
    own, say = address(f"/r/{link.word}"), sayer(shopper.member.locale)
    words = say("shopper.api.share", shop=shop().name or shop().domain)
    return page("friends.html", shopper.member.locale, shopper=shopper, points_name=shopper.points_name, address=own,
                words=words, shares=shares(own, words, say), both=_both(shopper, say), told=_told,
                rows=[(row, _who(people.get(row.friend_id))) for row in rows])  # fmt: skip


def shares(own: str, words: str, say: Say) -> list[Share]:
    """Where this link can be shared, with these words."""
    found = channels(storefront.chosen_look(shop()).share, shop().currency)
    return [
        Share(
            one.key,
            one.name or say(f"shopper.friends.by.{one.key}"),
            one.opens(own, words),
            one.phones_only,
            one.is_page,
        )
        for one in found
    ]


def _both(shopper: Shopper, say: Say) -> str:
    """What the friend gets, what the member gets, and when."""
    programme = shopper.programme
    return programme_page.referral(Reader(programme, shop().name, shop().currency, zone(), say.locale, now()))


def _who(friend: Member | None) -> str:
    return masked(friend.email) if friend else ""


def _told(row: Referral) -> bool:
    """Whether the reason says more than the state does; of suspicion nothing is said."""
    return row.state in ("refused", "reversed") and row.why is not None
