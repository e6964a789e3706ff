"""What a member said of themselves, on the member's page; staff set or correct the birthday there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from plugin.store.members import profiles
from plugin.store.members.members import Member
from plugin.store.members.profiles import Profile
from plugin.web.admin.frame.layout import Form
from plugin.web.admin.programme.rules.expiry import months
from plugin.web.current import shop


@dataclass(frozen=True)
class ProfileShown:
    """What the page says of it."""

    known: Profile
    months: tuple[tuple[int, str], ...]
    choices: list[tuple[str, str]]
    form: Form


def shown(conn: Connection, member: Member, refused: Form | None = None) -> ProfileShown:
    """The profile of one member, with a form that was refused as it was filled in."""
    known = profiles.of(conn, shop().id, member.id)
    values = {"birth_day": str(known.day or ""), "birth_month": str(known.month or "")}
    form = refused if refused and "birth_day" in refused.values else Form(values, {})
    return ProfileShown(known, tuple(months()), [(str(number), name) for number, name in months()], form)
