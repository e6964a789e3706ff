"""A year in the lives of six members, day by day: exactly the emails that they are to get, and why each other was left
out, through the real sender to a real mail server; and what the calendar said of them before.

The shop confirms orders. Gold begins at 100 dollars within 150 days. Points end 180 days after they were earned;
members are warned 30 and 7 days before their last day, and told on the morning after it. A reward takes 100 points.
Thanks go half an hour after a first order, a win-back after 60 and 90 days; promotional emails not at night, and one a
week at most. Birthdays are told of at six in the evening, statements, from October on, at ten. Ana, Cy and Fay agreed
to marketing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Final

import pytest
from sqlalchemy import Engine

from plugin.rules.message_kinds import HAS_LEFT, KIND_UNWANTED, NO_CONSENT, SUPPRESSED, UNWANTED, MessageKind
from plugin.rules.sending.promotional import TOO_OFTEN
from plugin.settings import Settings
from plugin.store.work.one_mail import PART_OF
from tests.actions.emails.year_of_six import ACTS_ON, Told, Year, days, live, opened
from tests.clients.moody_server import Moody
from tests.conftest import ShopRow

CONFIRMED, TIER, BACK, LOST = "order_confirmation", "tier_reached", "points_taken_back", "tier_lost"
WARNED, ENDED, RISK = "points_expiring", "points_expired", "tier_ending"
THANKS, REACH, AWAY, NEWS = "thank_you", "reward_in_reach", "win_back", "mailing"
BORN, YEARS, MONTH = "birthday", "anniversary", "statement"
NOT_IN_REACH = MessageKind.REWARD_IN_REACH.about.gone


def told(**people: list[tuple[str, str]]) -> Told:
    return people


def promotional(kind: str, ana: str = "sent", fay: str = "sent") -> Told:
    """An offer to everybody who is still a member: only two of them agreed and have an address."""
    return told(
        ana=[(kind, ana)], ben=[(kind, NO_CONSENT)], cy=[(kind, SUPPRESSED)], eve=[(kind, NO_CONSENT)],
        fay=[(kind, fay)],
    )  # fmt: skip


EXPECTED: Final[dict[date, Told]] = {
    # everybody's first order: 60 dollars; cy's address is dead. Thanks go half an hour later to those who agreed
    date(2027, 1, 10): told(
        ana=[(CONFIRMED, "sent"), (THANKS, "sent")],
        ben=[(CONFIRMED, "sent"), (THANKS, NO_CONSENT)],
        cy=[(CONFIRMED, SUPPRESSED), (THANKS, SUPPRESSED)],
        dee=[(CONFIRMED, "sent"), (THANKS, NO_CONSENT)],
        eve=[(CONFIRMED, "sent"), (THANKS, NO_CONSENT)],
        fay=[(CONFIRMED, "sent"), (THANKS, "sent")],
    ),
    # the second lifts them to gold. By then ben wants nothing of the programme, dee has left, eve refused such emails
    date(2027, 3, 1): told(
        ana=[(CONFIRMED, "sent"), (TIER, PART_OF)],
        ben=[(CONFIRMED, "sent"), (TIER, UNWANTED)],
        cy=[(CONFIRMED, SUPPRESSED), (TIER, SUPPRESSED)],
        dee=[(CONFIRMED, HAS_LEFT)],
        eve=[(CONFIRMED, "sent"), (TIER, KIND_UNWANTED)],
        fay=[(CONFIRMED, "sent"), (TIER, PART_OF)],
    ),
    # 120 points are enough for the reward. But fay gives the second order back before nine: points and tier go, in one
    # email, and the reward with them
    date(2027, 3, 2): promotional(REACH, fay=NOT_IN_REACH)
    | told(fay=[(REACH, NOT_IN_REACH), (BACK, "sent"), (LOST, PART_OF)]),
    # an order that was given back counts for nothing: fay is away since January 10
    date(2027, 3, 11): told(fay=[(AWAY, "sent")]),
    date(2027, 4, 10): told(fay=[(AWAY, "sent")]),
    # a mailing at ten goes to all members; the next day's win-back would be the second in a week
    date(2027, 4, 29): promotional(NEWS),
    date(2027, 4, 30): told(
        ana=[(AWAY, TOO_OFTEN)], ben=[(AWAY, NO_CONSENT)], cy=[(AWAY, SUPPRESSED)], eve=[(AWAY, NO_CONSENT)]
    ),
    date(2027, 5, 30): told(
        ana=[(AWAY, "sent")], ben=[(AWAY, NO_CONSENT)], cy=[(AWAY, SUPPRESSED)], eve=[(AWAY, NO_CONSENT)]
    ),
    # January 10 counts for gold until June 8: they hear of it 28 days, 14 days and a day before
    **dict.fromkeys(
        (date(2027, 5, 12), date(2027, 5, 26), date(2027, 6, 8)),
        told(ana=[(RISK, "sent")], ben=[(RISK, UNWANTED)], cy=[(RISK, SUPPRESSED)], eve=[(RISK, "sent")]),
    ),
    # what was earned on January 10 ends with July 9; dee's does, too, and it is written down why she is not told
    date(2027, 6, 9): told(
        ana=[(WARNED, "sent"), (LOST, "sent")],
        ben=[(WARNED, UNWANTED), (LOST, UNWANTED)],
        cy=[(WARNED, SUPPRESSED), (LOST, SUPPRESSED)],
        dee=[(WARNED, HAS_LEFT)],
        eve=[(WARNED, "sent"), (LOST, "sent")],
        fay=[(WARNED, "sent")],
    ),
    # two have a birthday; dee left before hers, and fay and cy gave none
    date(2027, 6, 15): told(ana=[(BORN, "sent")], ben=[(BORN, UNWANTED)]),
    date(2027, 7, 2): told(
        ana=[(WARNED, "sent")], ben=[(WARNED, UNWANTED)], cy=[(WARNED, SUPPRESSED)], dee=[(WARNED, HAS_LEFT)],
        eve=[(WARNED, "sent")], fay=[(WARNED, "sent")],
    ),
    date(2027, 7, 10): told(
        ana=[(ENDED, "sent")], ben=[(ENDED, UNWANTED)], cy=[(ENDED, SUPPRESSED)], dee=[(ENDED, HAS_LEFT)],
        eve=[(ENDED, "sent")], fay=[(ENDED, "sent")],
    ),
    # what was earned on March 1 ends with August 28; fay has none of it
    **dict.fromkeys(
        (date(2027, 7, 29), date(2027, 8, 21)),
        told(ana=[(WARNED, "sent")], ben=[(WARNED, UNWANTED)], cy=[(WARNED, SUPPRESSED)], eve=[(WARNED, "sent")]),
    ),
    date(2027, 8, 1): told(eve=[(BORN, "sent")]),
    date(2027, 8, 29): told(
        ana=[(ENDED, "sent")], ben=[(ENDED, UNWANTED)], cy=[(ENDED, SUPPRESSED)], eve=[(ENDED, "sent")]
    ),
    # of October, who has points: those of birthdays. Ten in the evening is night for an offer, so it goes the next day
    date(2027, 11, 1): told(ben=[(MONTH, NO_CONSENT)], eve=[(MONTH, NO_CONSENT)]),
    date(2027, 11, 2): told(ana=[(MONTH, "sent")]),
    # what June 15 brought ends with December 12
    **dict.fromkeys(
        (date(2027, 11, 12), date(2027, 12, 5)), told(ana=[(WARNED, "sent")], ben=[(WARNED, UNWANTED)])
    ),
    date(2027, 12, 1): told(ben=[(MONTH, NO_CONSENT)], eve=[(MONTH, NO_CONSENT)]),
    date(2027, 12, 2): told(ana=[(MONTH, "sent")]),
    date(2027, 12, 13): told(ana=[(ENDED, "sent")], ben=[(ENDED, UNWANTED)]),
    # what August 1 brought ends with January 28
    date(2027, 12, 29): told(eve=[(WARNED, "sent")]),
    # in December, ana's and ben's last points ended
    date(2028, 1, 1): told(ben=[(MONTH, NO_CONSENT)], eve=[(MONTH, NO_CONSENT)]),
    date(2028, 1, 2): told(ana=[(MONTH, "sent")]),
    # a year after they joined
    date(2028, 1, 10): told(
        ana=[(YEARS, "sent")], ben=[(YEARS, UNWANTED)], cy=[(YEARS, SUPPRESSED)], eve=[(YEARS, "sent")],
        fay=[(YEARS, "sent")],
    ),
}  # fmt: skip


def in_order(people: Told) -> Told:
    return {name: sorted(each) for name, each in sorted(people.items())}


@pytest.fixture
def year(engine: Engine, shop: ShopRow, settings: Settings) -> Iterator[tuple[Year, Moody]]:
    with opened(engine, shop.id, settings) as both:
        yield both


def test_a_year_brings_exactly_these_emails_on_these_days_and_the_calendar_knew(year: tuple[Year, Moody]) -> None:
    world, server = year
    found: dict[date, Told] = {}
    said: dict[date, Told] = {}
    for today in days():
        live(world, today)
        outcomes = world.outcomes(today)
        if outcomes:
            found[today] = outcomes
        if today not in ACTS_ON:
            assert (today, said.get(today, {})) == (today, outcomes)
        if outcomes or today in ACTS_ON:
            said = world.predicted()
    assert found == {day: in_order(people) for day, people in EXPECTED.items()}
    sent = sum(state == "sent" for people in EXPECTED.values() for each in people.values() for _, state in each)
    assert len(server.taken) == len(set(server.taken)) == sent
    assert {at for kind, at in world.sent_at if kind == BORN} == {time(18, 30)}
    assert {at for kind, at in world.sent_at if kind in (WARNED, ENDED, RISK, YEARS, MONTH)} == {time(9, 30)}
