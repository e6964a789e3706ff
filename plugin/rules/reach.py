"""Whether anything reaches a person by a surface, and if not, why: the one answer, which every sender asks for.

The first refusal counts: who the person is comes before what the shop has switched off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from plugin.rules.types import Reason


class Surface(StrEnum):
    """By what Suki meets people. EARNING is whatever brings points, codes or gifts; SETTLING what orders bring and
    lose, which goes on while earning is paused, for each order says when it was placed; SPENDING a new redemption."""

    MAIL = "mail"
    METAFIELD = "metafield"
    TAG = "tag"
    CODE = "code"  # discount codes, gift cards, store credit
    PAGE = "page"
    REFERRAL = "referral"
    EARNING = "earning"
    SETTLING = "settling"
    SPENDING = "spending"


class Pause(StrEnum):
    """What staff can pause, each by itself."""

    EARNING = "earning"
    SPENDING = "spending"
    MAILS = "mails"


Interval = tuple[datetime, datetime | None]
"""From when, and until when (not included); None while it lasts."""
PROGRAMME: Final = "programme"
"""What a study of the whole programme holds people out of."""
PROMOTIONAL: Final = "promotional"
"""Refused instead of a kind of email: every one that goes only to those who agreed to marketing."""
_STOPPED_BY: Final = {
    Surface.EARNING: Pause.EARNING,
    Surface.REFERRAL: Pause.EARNING,
    Surface.SPENDING: Pause.SPENDING,
    Surface.MAIL: Pause.MAILS,
}
_GOES_ON_AFTER_LEAVING: Final = frozenset({Surface.CODE, Surface.PAGE})
"""What was redeemed before is still made, and the page says how to come back."""
_GOES_ON_UNSEEN: Final = frozenset({Surface.EARNING, Surface.SETTLING})
"""Who is held out of the programme earns all the same, to be given at the study's end."""
_NEEDS_ACCOUNT: Final = frozenset({Surface.METAFIELD, Surface.TAG})


@dataclass(frozen=True, slots=True)
class Launch:
    """Whether the shop's programme reaches shoppers: launched or a draft, and what is paused now."""

    launched: bool = False
    paused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about. `state` as in `members`; `held_out` names what studies hold them out of: the whole
    `programme`, or a kind of email by its name. `wants_emails`: of those that are `optional`; `refused` are kinds of
    email by their names, and PROMOTIONAL for all of these; `suppressed`: nothing is sent to their address."""

    state: str = "member"
    test: bool = False
    has_address: bool = True
    has_account: bool = True
    wants_emails: bool = True
    held_out: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    suppressed: bool = False


NOBODY: Final = Person()
"""Somebody whom we do not know: a visitor, or whoever may use a code that is made in advance."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What of a kind of mail decides. `always`: it proves who somebody is or is about their data, and goes whatever
    is paused. `silent`: the programme sends no mails, and this is one of those that it leaves out. `off`: the shop
    switched this kind off. `optional`: members say whether they want it. `promotional`: it goes only to those who
    agreed to marketing."""

    kind: str = ""
    always: bool = False
    silent: bool = False
    off: bool = False
    optional: bool = False
    promotional: bool = False


NO_MAIL: Final = Mail()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it reaches them; `why` not, as a reason that can be put into words."""

    why: Reason | None = None

    @property
    def reaches(self) -> bool:
        """Whether it does."""
        return self.why is None

    @property
    def before_launch(self) -> bool:
        """Whether only the launch is missing: then nothing is to be written down either."""
        return self.why is not None and self.why.code == NOT_LAUNCHED


REACHES: Final = Verdict()
NOT_LAUNCHED: Final = "not_launched"
KIND_OFF: Final = "kind_off"


def ask(shop: Launch, person: Person, surface: Surface, mail: Mail | None = None) -> Verdict:
    """Does this reach this person by this surface, and if not, why? A mail says which."""
    asked = mail or NO_MAIL
    code = _of_person(person, surface, asked) or _of_shop(shop, person, surface, asked)
    code = code or _of_study(person, surface, asked)
    return Verdict(Reason(code)) if code else REACHES


def _of_person(person: Person, surface: Surface, mail: Mail) -> str:
    if surface is Surface.SETTLING:
        return ""
    if person.state == "erased":
        return "forgotten"
    if surface is Surface.MAIL and not person.has_address:
        return "no_address"
    if person.state == "left" and surface not in _GOES_ON_AFTER_LEAVING and not mail.always:
        return "left_programme"
    if surface is Surface.MAIL and (unwanted := _unwanted(person, mail)):
        return unwanted
    if surface in _NEEDS_ACCOUNT and (not person.has_account or person.state != "member"):
        return "no_account"
    return ""


def _unwanted(person: Person, mail: Mail) -> str:
    """What they refused themselves, and what would only come back."""
    if not mail.always:
        if mail.optional and not person.wants_emails:
            return "no_emails"
        if mail.kind in person.refused:
            return "kind_refused"
        if mail.promotional and PROMOTIONAL in person.refused:
            return "promotional_refused"
    return "suppressed" if person.suppressed else ""


def _of_shop(shop: Launch, person: Person, surface: Surface, mail: Mail) -> str:
    """For a test member everything works, whether it is launched or paused."""
    if person.test:
        return _not_sent(mail)
    if not shop.launched:
        return NOT_LAUNCHED
    pause = _STOPPED_BY.get(surface)
    if pause is not None and pause in shop.paused and not mail.always:
        return f"{pause}_paused"
    return _not_sent(mail)


def _not_sent(mail: Mail) -> str:
    """What the shop sends to nobody, test members included."""
    if mail.silent:
        return "mails_off"
    return KIND_OFF if mail.off else ""


def _of_study(person: Person, surface: Surface, mail: Mail) -> str:
    if mail.always:
        return ""
    of_programme = PROGRAMME in person.held_out and surface not in _GOES_ON_UNSEEN
    return "held_out" if of_programme or mail.kind in person.held_out else ""


def then(shop: Launch, pauses: Iterable[Interval], moment: datetime) -> Launch:
    """As it stands for something that happened at that moment: `pauses` are those of earning."""
    paused = covers(pauses, moment)
    if paused == (Pause.EARNING in shop.paused):
        return shop
    return replace(shop, paused=shop.paused | {str(Pause.EARNING)} if paused else shop.paused - {Pause.EARNING})


def covers(intervals: Iterable[Interval], moment: datetime) -> bool:
    """Whether the moment lies in one of them."""
    return any(begin <= moment and (end is None or moment < end) for begin, end in intervals)
