"""What a member's page says of emails: what they refused, and whether anything is sent to their address."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale
from sqlalchemy import Connection

from plugin.rules.reach import PROMOTIONAL
from plugin.store.members.members import Member, email_key
from plugin.store.sending import clicks, optouts, suppressions
from plugin.store.sending.clicks import Clicks
from plugin.store.sending.suppressions import Suppression
from plugin.web.current import shop
from plugin.web.words import language


@dataclass(frozen=True)
class Emails:
    """`refused` are kinds of message, without PROMOTIONAL, which `promotions` says."""

    refused: tuple[str, ...]
    promotions: bool
    suppressed: Suppression | None
    soft_bounces: int
    language: str
    counts: Clicks


def shown(conn: Connection, member: Member) -> Emails:
    """For this member."""
    refused = optouts.refused(conn, shop().id, [member.id]).get(member.id, frozenset())
    known = suppressions.known(conn, shop().id, [member.email]).get(email_key(member.email))
    return Emails(
        refused=tuple(sorted(refused - {PROMOTIONAL})),
        promotions=PROMOTIONAL not in refused,
        suppressed=known if known is not None and known.why else None,
        soft_bounces=known.soft_bounces if known is not None else 0,
        language=_named(member.chosen_locale) if member.chosen_locale else "",
        counts=clicks.of_member(conn, shop().id, member.id),
    )


def _named(tag: str) -> str:
    return Locale.parse(tag, sep="-").get_display_name(language()) or tag
