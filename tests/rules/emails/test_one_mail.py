"""What one order causes within five minutes is one email; nothing is told twice, and nothing is lost.

A small world plays any course of events against the rule: emails are written in any order and at any moment, jobs are
tried when they are due and again when they were told to, and handing over may break off in the middle.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.emails import one_mail
from plugin.rules.emails.one_mail import AT_ONCE, LONGEST, PATIENCE, WINDOW, Sibling, plan
from plugin.rules.message_kinds import MessageKind
from tests.reached import reach, reaches

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CONFIRMATION, TIER = MessageKind.ORDER_CONFIRMATION, MessageKind.TIER_REACHED
KINDS = [kind for kind in MessageKind if kind.about.nature != "promotional" and not kind.about.always]
OUTCOMES = st.sampled_from(["sent", "sent", "sent", "later", "failed", "unknown", "lost"])


@dataclass
class World:
    """The emails that one order causes, and what has gone out: each letter is the numbers of what it tells."""

    emails: dict[int, Sibling] = field(default_factory=dict)
    due: dict[int, datetime] = field(default_factory=dict)
    letters: list[tuple[datetime, tuple[int, ...]]] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)

    def write(self, kind: MessageKind, at: datetime, wait: timedelta, joins: bool) -> None:
        number = len(self.emails) + 1
        self.emails[number] = Sibling(number, kind, True, at, wait, joins)
        self.due[number] = one_mail.due(kind, at, wait)

    def try_one(self, number: int, now: datetime, outcome: str) -> None:
        """As the sender does: plan, take in, hand over, note what became of it."""
        mine = self.emails[number]
        if not mine.queued:
            del self.due[number]
            return
        found = plan(mine, list(self.emails.values()), now, more_to_come=False)
        if found.wait_seconds > 0:
            self.due[number] = now + timedelta(seconds=found.wait_seconds)
            return
        self._set(number, queued=False)
        for part in found.parts:
            assert self.emails[part].queued or self.emails[part].part_of == number
            self._set(part, queued=False, part_of=number)
        if outcome in ("sent", "unknown"):
            self.letters.append((now, (number, *found.parts)))
        if outcome == "later":
            self._set(number, queued=True)
            self.due[number] = now + MINUTE
        elif outcome == "failed":
            self.failed.add(number)
        elif outcome == "lost":  # the worker was killed before the server had it; staff send the email again
            self._set(number, queued=True)
            self.due[number] = now + MINUTE
            return
        if outcome in ("later", "failed"):
            for part in found.parts:
                self._set(part, queued=True, part_of=None)
                self.due[part] = now

    def _set(self, number: int, **changes: object) -> None:
        self.emails[number] = replace(self.emails[number], **changes)  # type: ignore[arg-type]


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[tuple[int, MessageKind, timedelta, bool]], list[str]]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5, unique=True))
    written = [
        (
            draw(st.integers(0, 420)),
            kind,
            timedelta(minutes=0 if kind in AT_ONCE else draw(st.sampled_from([0, 0, 5, 30]))),
            draw(st.sampled_from([True, True, True, False])),
        )
        for kind in kinds
    ]
    return sorted(written, key=lambda one: one[0]), draw(st.lists(OUTCOMES, max_size=8))


def play(course: tuple[list[tuple[int, MessageKind, timedelta, bool]], list[str]]) -> World:
    written, outcomes = list(course[0]), list(course[1])
    world, now, most = World(), START, START + timedelta(hours=6)
    while (written or world.due) and now < most:
        while written and START + timedelta(seconds=written[0][0]) <= now:
            seconds, kind, wait, joins = written.pop(0)
            world.write(kind, START + timedelta(seconds=seconds), wait, joins)
        for number in sorted(number for number, at in world.due.items() if at <= now):
            if world.due.get(number, most) <= now:
                world.try_one(number, now, outcomes.pop(0) if outcomes else "sent")
        now += timedelta(seconds=10)
    assert not world.due
    return world


@reaches(together=0.15, broke=0.3)
@settings(max_examples=300)
@given(courses())
def test_each_thing_is_told_exactly_once_whatever_breaks_off(
    course: tuple[list[tuple[int, MessageKind, timedelta, bool]], list[str]],
) -> None:
    world = play(course)
    told = Counter(number for _, letter in world.letters for number in letter)
    assert {number: told[number] for number in world.emails} == {
        number: 0 if number in world.failed else 1 for number in world.emails
    }
    if any(len(letter) > 1 for _, letter in world.letters):
        reach("together")
    if set(course[1]) & {"later", "failed", "lost"}:
        reach("broke")


@reaches(several=0.2)
@settings(max_examples=300)
@given(courses())
def test_nothing_that_is_caused_within_five_minutes_comes_in_two_emails_unless_the_order_itself_went_first(
    course: tuple[list[tuple[int, MessageKind, timedelta, bool]], list[str]],
) -> None:
    written = [(seconds, kind, timedelta(), True) for seconds, kind, _, _ in course[0] if seconds <= 300]
    others = [one for one in written if one[1] not in AT_ONCE and one[1].about.nature == "transactional"]
    world = play((others, []))
    if len(others) > 1:
        reach("several")
    assert len(world.letters) == min(1, len(others))
    assert all(at >= START + timedelta(seconds=others[0][0]) + WINDOW for at, _ in world.letters)


def sibling(number: int, kind: MessageKind, at: timedelta = timedelta(), **more: object) -> Sibling:
    return replace(Sibling(number, kind, True, START + at), **more)  # type: ignore[arg-type]


def test_the_confirmation_takes_in_what_is_there_and_waits_a_minute_at_most_for_what_is_known_to_come() -> None:
    both = [sibling(1, CONFIRMATION), sibling(2, TIER, timedelta(seconds=2))]
    assert plan(both[0], both, START + timedelta(seconds=3), more_to_come=False).parts == (2,)
    assert plan(both[0], both, START + timedelta(seconds=3), more_to_come=True).wait_seconds > 0
    assert plan(both[0], both, START + PATIENCE, more_to_come=True).parts == (2,)
    assert plan(both[1], both, START + timedelta(seconds=3), more_to_come=False).wait_seconds > 0


def test_what_waits_for_a_leader_that_never_goes_goes_by_itself() -> None:
    both = [sibling(1, CONFIRMATION), sibling(2, TIER)]
    assert plan(both[1], both, START + LONGEST - MINUTE, more_to_come=False).wait_seconds > 0
    assert plan(both[1], both, START + LONGEST, more_to_come=False).wait_seconds == 0


def test_what_waits_longer_than_the_window_goes_with_its_own_time() -> None:
    late = sibling(2, TIER, wait=timedelta(minutes=30))
    both = [sibling(1, CONFIRMATION), late]
    assert plan(both[0], both, START, more_to_come=False).parts == ()
    assert plan(late, both, START + timedelta(minutes=30), more_to_come=False).wait_seconds == 0


def test_what_is_promotional_or_written_as_source_goes_alone() -> None:
    gift = sibling(3, MessageKind.REWARD_GIVEN)
    source = sibling(2, TIER, joins=False)
    family = [sibling(1, CONFIRMATION), source, gift]
    assert plan(family[0], family, START, more_to_come=False).parts == (3,)
    assert plan(source, family, START + WINDOW, more_to_come=False) == one_mail.Plan()
    alone = [replace(family[0], queued=False), source, gift]
    assert plan(gift, alone, START + WINDOW, more_to_come=False).parts == ()
