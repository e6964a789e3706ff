"""What a member will get of each kind of email if nothing else happens, when, and why; or why not.

What comes is asked of the rules that the jobs ask, what keeps it from going of those that the sender asks, as of the
moment at which it would go: quiet hours move it, and what comes before it counts towards the cap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.coming import of_days, of_time
from plugin.actions.emails.coming.look import Forecast, Found, Look, Planned
from plugin.actions.emails.coming.waiting import waiting
from plugin.actions.emails.keeping import Keeping
from plugin.rules.emails import kind_settings
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.messages import Message

AHEAD: Final = timedelta(days=400)
FORECASTS: Final[Mapping[MessageKind, Forecast]] = {
    MessageKind.POINTS_EXPIRING: of_time.points_expiring,
    MessageKind.POINTS_EXPIRED: of_time.points_expired,
    MessageKind.POINTS_USABLE: of_time.points_usable,
    MessageKind.TIER_ENDING: of_time.tier_ending,
    MessageKind.TIER_LOST: of_time.tier_lost,
    MessageKind.BIRTHDAY: of_time.birthday,
    MessageKind.ANNIVERSARY: of_time.anniversary,
    MessageKind.REWARD_ENDING: of_days.reward_ending,
    MessageKind.WIN_BACK: of_days.win_back,
    MessageKind.CART_LEFT: of_days.cart_left,
    MessageKind.REWARD_IN_REACH: of_days.reward_in_reach,
    MessageKind.INVITE_FRIENDS: of_days.invite_friends,
    MessageKind.SURVEY_ASKED: of_days.survey_asked,
    MessageKind.STATEMENT: of_days.statement,
    MessageKind.MAILING: of_days.mailing,
}
"""The kinds that come with time. The others follow what somebody does."""


@dataclass(frozen=True, slots=True)
class Coming:
    """An email that is to come: when it would go, what brings it about, and what would keep it from going then; `held`:
    only until later; `waits`: the message, where it is written down already."""

    kind: MessageKind
    at: datetime
    about: Said
    why: str = ""
    held: bool = False
    waits: Message | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What comes, by time; and of each kind that comes with time, why nothing does."""

    coming: Sequence[Coming]
    nothing: Mapping[MessageKind, Said | Reason]


def forecast(
    conn: Connection, shop: Shop, programme: Programme, member: Member, now: datetime, ahead: timedelta = AHEAD
) -> Calendar:
    """What waits, and everything that is not written down yet, up to so long from now."""
    look = Look(conn, shop, programme, member, now, now + ahead)
    found: dict[MessageKind, Found] = {kind: foretell(look) for kind, foretell in FORECASTS.items()}
    planned = [one for each in found.values() if isinstance(each, list) for one in _unwritten(look, each)]
    keeping = Keeping(conn, shop, programme, member, now)
    timed = [(one.at, one) for one in waiting(look)] + [(_due(look, keeping, one), one) for one in planned]
    timed.sort(key=lambda each: (each[0], each[1].kind.value))
    coming = [_coming(keeping, at, one) for at, one in timed]
    return Calendar(
        sorted((one for one in coming if one.at <= look.until), key=lambda one: one.at),
        {kind: each for kind, each in found.items() if not isinstance(each, list)},
    )


def _unwritten(look: Look, planned: Sequence[Planned]) -> list[Planned]:
    """Those of which there is no message yet: each is written once."""
    named = [one.subject for one in planned if one.subject]
    known = messages.numbers(look.conn, look.shop.id, planned[0].kind, named) if named else {}
    return [one for one in planned if one.subject not in known]


def _due(look: Look, keeping: Keeping, one: Planned) -> datetime:
    shop = look.shop
    return kind_settings.due(shop.settings, one.kind, shop.day(one.at), shop.zone, keeping.zone, one.at)


def _coming(keeping: Keeping, at: datetime, one: Planned) -> Coming:
    kept = keeping.at(one.kind, at, promotional=one.promotional)
    said = Coming(one.kind, kept.at, one.about, kept.why, kept.held, one.waits)
    return replace(said, why=one.kind.about.gone) if one.gone and not said.why else said
