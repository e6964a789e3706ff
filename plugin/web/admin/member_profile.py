"""What a member said of themselves, on the member's page; staff set or correct the birthday there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.members import keep_profile
from plugin.errors import BadInput
from plugin.store import members, profiles
from plugin.store.members import Member
from plugin.store.profiles import Profile
from plugin.web.admin.expiry import MONTHS
from plugin.web.admin.layout import found, go, row_id
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction


@dataclass(frozen=True)
class ProfileShown:
    """What the page says of it."""

    known: Profile
    months: tuple[tuple[int, str], ...]
    errors: Mapping[str, str]


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members/<int:member_id>/birthday", "set_birthday", set_birthday, methods=["POST"])


def shown(conn: Connection, member: Member) -> ProfileShown:
    """The profile of one member."""
    wrong = {"birth_day": "Must be a day of that month"} if request.args.get("wrong") == "birth_day" else {}
    return ProfileShown(profiles.of(conn, shop().id, member.id), MONTHS, wrong)


@caller("session")
def set_birthday(member_id: int) -> AnyResponse:
    """Set, correct or take away the birthday; both fields empty take it away."""
    try:
        with transaction() as conn:
            found(members.get(conn, shop().id, row_id(member_id)))
            born = keep_profile.read_birthday(request.form)
            changed = keep_profile.set_birthday(conn, shop(), member_id, born, staff().actor, now())
    except BadInput:
        return go("member", member_id=member_id, wrong="birth_day")
    return go("member", member_id=member_id, done="saved" if changed else "unchanged")
