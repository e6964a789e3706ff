"""What staff set on a member's page: the tier, the birthday, and whether they try the programme as them.

A mistake keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.members import keep_profile
from plugin.actions.shops import launch_programme
from plugin.actions.tiers import watch_tiers
from plugin.errors import BadInput
from plugin.store.members import members
from plugin.web.admin.frame.layout import Form, found, go, page, row_id
from plugin.web.admin.members import member_profile, member_tier
from plugin.web.admin.members.member import shown
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.forms.members import profile, tier_by_hand
from plugin.web.forms.members.telling import kinds_told


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/members/<int:member_id>/tier", "tier_of", tier_of)
    app.add_url_rule("/app/members/<int:member_id>/tier", "set_tier", set_tier, methods=["POST"])
    app.add_url_rule("/app/members/<int:member_id>/birthday", "birthday_of", birthday_of)
    app.add_url_rule("/app/members/<int:member_id>/birthday", "set_birthday", set_birthday, methods=["POST"])
    app.add_url_rule("/app/members/<int:member_id>/test", "try_as", try_as, methods=["POST"])


@caller("session", reads="member")
def tier_of(member_id: int) -> Response:
    """The tier that staff set, and whether the member is told."""
    return _tier_form(member_id)


@caller("session", reads="member")
def birthday_of(member_id: int) -> Response:
    """The birthday, to be set or corrected."""
    return _birthday_form(member_id)


def _tier_form(member_id: int, refused: Form | None = None, status: int = 200) -> Response:
    with transaction() as conn:
        one = found(members.get(conn, shop().id, row_id(member_id)))
        standing = member_tier.shown(conn, one)
        reading("member")
    goes = kinds_told(shop(), "tier")
    form = refused or Form({**(standing.form.values if standing else {}), **goes}, {})
    return page("admin/members/member_set_tier.html", status, member=one, standing=standing, form=form, goes=goes)


def _birthday_form(member_id: int, refused: Form | None = None, status: int = 200) -> Response:
    with transaction() as conn:
        one = found(members.get(conn, shop().id, row_id(member_id)))
        known = member_profile.shown(conn, one)
        reading("member")
    return page("admin/members/member_birthday.html", status, member=one, profile=known, form=refused or known.form)


@caller("session", role="manager")
def set_tier(member_id: int) -> AnyResponse:
    """Put one member into a tier until a day, or give the tier back to the rules."""

    def set_it(conn: Connection) -> bool:
        asked = tier_by_hand.read(request.form)
        watch_tiers.set_tier(conn, shop(), member_id, asked, staff().actor, now())
        return True

    return _set(member_id, set_it, _tier_form)


@caller("session", role="manager")
def set_birthday(member_id: int) -> AnyResponse:
    """Set, correct or take away the birthday; both fields empty take it away."""

    def set_it(conn: Connection) -> bool:
        born = profile.birthday(request.form)
        return keep_profile.set_birthday(conn, shop(), member_id, born, staff().actor, now())

    return _set(member_id, set_it, _birthday_form)


@caller("session", role="manager")
def try_as(member_id: int) -> AnyResponse:
    """Make the customer a test member, or an ordinary one again."""

    def set_it(conn: Connection) -> bool:
        test = bool(request.form.get("test"))
        return launch_programme.try_as(conn, shop(), member_id, staff().actor, now(), test=test)

    return _set(member_id, set_it, _on_the_page)


def _on_the_page(member_id: int, refused: Form, status: int) -> Response:
    return shown(member_id, refused, status)


def _set(
    member_id: int, set_it: Callable[[Connection], bool], again: Callable[[int, Form, int], Response]
) -> AnyResponse:
    try:
        with transaction() as conn:
            found(members.get(conn, shop().id, row_id(member_id)))
            changed = set_it(conn)
    except BadInput as error:
        return again(member_id, Form(request.form.to_dict(), error.fields, error.message), error.status)
    return go("member", member_id=member_id, done="saved" if changed else "unchanged")
