"""When promotional emails may go: not in the reader's night, and not too often. Nothing of it holds up others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plugin.rules.sending.sender import Sender

KEY: Final = "sending"
"""Under which a shop's settings keep it."""
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
QUIET: Final = "it waits for the end of the quiet hours"
TOO_OFTEN: Final = "the member got as many promotional emails as the shop allows"
SHARED_FULL: Final = "the shared sender's promotional emails of the day are used up"
"""What is noted at an email that waits, or is left out."""
SHARED_A_DAY, SHARED_AN_ORDER, SHARED_MOST = 200, 5, 20_000
"""What a shop without a sender of its own may send in 24 hours: so many, and more for each order of 30 days."""


class Sending(BaseModel):
    """What a shop set. Quiet from one time of day until another, the reader's; the same twice: never.

    At most `most` promotional emails to one member in any `days` days; 0: as many as there are.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    quiet: bool = True
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    most: int = Field(default=4, ge=0, le=100)
    days: int = Field(default=7, ge=1, le=90)


def stored(settings: Mapping[str, Any]) -> Sending:
    """What a shop's settings say; the usual where they say nothing, or nothing that can be read."""
    try:
        return Sending.model_validate(settings.get(KEY) or {})
    except ValidationError:
        return Sending()


def quiet_until(rules: Sending, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment from now on at which the reader's clock shows no quiet time, in UTC; None where that is now.

    Where clocks change meanwhile, an hour may come twice or not at all: what the clock shows counts.
    """
    local = now.astimezone(zone)
    if not is_quiet(rules, local.time()):
        return None
    day = local.date() if local.time() < rules.quiet_until else local.date() + DAY
    end = datetime.combine(day, rules.quiet_until, zone)
    if end.utcoffset() == local.utcoffset() == end.replace(fold=1).utcoffset():
        return end.astimezone(UTC)
    minutes = (now.astimezone(UTC).replace(second=0, microsecond=0) + n * MINUTE for n in range(1, 2 * 24 * 60))
    return next(each for each in minutes if not is_quiet(rules, each.astimezone(zone).time()))


def is_quiet(rules: Sending, at: time) -> bool:
    """Whether a time of day is within the quiet hours."""
    begins, ends = rules.quiet_from, rules.quiet_until
    if not rules.quiet or begins == ends:
        return False
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def room_from(rules: Sending, handed: Sequence[datetime], now: datetime) -> datetime | None:
    """From when on one more promotional email may go to a member to whom these went; None: now."""
    if not rules.most:
        return None
    window = timedelta(days=rules.days)
    recent = sorted(moment for moment in handed if moment > now - window)
    return recent[-rules.most] + window if len(recent) >= rules.most else None


def has_own_sender(settings: Mapping[str, Any]) -> bool:
    """Whether the shop's emails come from a domain of its own that was checked."""
    sender = Sender.read(settings)
    return sender is not None and sender.used


def shared_a_day(orders_of_30_days: int) -> int:
    """How many promotional emails a shop may send in 24 hours by the sender that it shares with others.

    >>> shared_a_day(0), shared_a_day(100), shared_a_day(10**9)
    (200, 700, 20000)
    """
    return min(SHARED_MOST, SHARED_A_DAY + SHARED_AN_ORDER * max(0, orders_of_30_days))
