"""Many emails over a few connections: one outcome each, none twice, and what is written down together."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.clients.smtp.mail_compose import Addresses, compose
from plugin.clients.smtp.provider import Letter
from plugin.errors import NotYet, Refused, SukiError, Unavailable, UnknownOutcome
from tests.clients.moody_server import MOODS, STAGES, Moody
from tests.clients.smtp_servers import FROM, ID, MAIL, TO, Mailbox, mailer, serving
from tests.reached import reach, reaches

FAULTS = [f"{stage}-{mood}" for stage in STAGES for mood in (*MOODS, "lost") if mood != "lost" or stage == "dot"]
FINE = "fine-fine"


class Book:
    """Gives letters out and keeps what it is told, in order."""

    def __init__(self, moods: Sequence[str], stop: Collection[int] = ()) -> None:
        self.moods, self.stop = moods, set(stop)
        self.letters = [
            Letter(key, MAIL, TO, f"<{key}@shop.example>", returns_to=f"{mood}.{key}@shop.example")
            for key, mood in enumerate(moods)
        ]
        self.given: list[int] = []
        self.begun: list[list[int]] = []
        self.ended: dict[int, SukiError | None] = {}
        self.under_way: set[int] = set()
        self.most_under_way = 0

    def next(self) -> Letter | None:
        if not self.letters:
            return None
        self.given.append(self.letters[0].key)
        return self.letters.pop(0)

    def note(self, ended: Mapping[int, SukiError | None], beginning: Sequence[int]) -> Collection[int]:
        assert not set(ended) & set(self.ended), "told twice"
        self.ended |= ended
        self.under_way -= set(ended)
        begun = [key for key in beginning if key not in self.stop]
        assert not set(begun) & {key for group in self.begun for key in group}, "begun twice"
        self.begun.append(begun)
        self.under_way |= set(begun)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        return begun


def taken(server: Moody) -> list[int]:
    return sorted(int(one.strip("<>").split("@")[0]) for one in server.taken)


@pytest.mark.parametrize("pipelining", [True, False])
def test_many_go_by_few_connections_and_are_written_down_together(pipelining: bool) -> None:
    book = Book([FINE] * 60)
    with Moody(pipelining) as server, mailer(server.port, connections=4) as out:
        out.send_all(book)
        assert (taken(server), book.ended) == (list(range(60)), dict.fromkeys(range(60)))
        assert server.most_open <= 4
    assert book.most_under_way <= 4
    assert sum(map(bool, book.begun)) < 60 - 10


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_server_does_at_any_stage_each_email_is_taken_once_or_not_marked_sent(
    fault: str, pipelining: bool
) -> None:
    book = Book([FINE, FINE, fault, FINE, FINE])
    seconds = 0.15 if "hang" in fault else 5
    with Moody(pipelining) as server, mailer(server.port, connections=2, timeout_seconds=seconds) as out:
        out.send_all(book)
        got = taken(server)
    assert len(got) == len(set(got))
    assert {key for key, error in book.ended.items() if error is None} <= set(got)
    assert all(isinstance(book.ended.get(key), UnknownOutcome | None) for key in got)
    error = book.ended[2]
    stage, mood = fault.split("-")
    if stage == "content":  # what the server says there may be heard before the dot is said, or after it
        assert isinstance(error, Unavailable | UnknownOutcome | Refused)
    elif stage == "dot" and mood in ("drop", "hang", "lost"):
        assert isinstance(error, UnknownOutcome)
    elif mood == "no":
        assert isinstance(error, Refused)
    elif mood == "grey" and stage == "rcpt":
        assert isinstance(error, NotYet)
    else:
        assert isinstance(error, Unavailable)
    spared = [key for key in range(5) if key not in book.ended]
    assert not spared or isinstance(error, Unavailable)
    assert book.under_way == set()


@reaches(mixed=0.2)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from([FINE, "rcpt-no", "rcpt-grey", "dot-no", "dot-lost", "data-no"]), min_size=6, max_size=30),
    st.integers(1, 5),
    st.sets(st.integers(0, 29), max_size=5),
)
def test_each_email_has_exactly_one_outcome(moods: list[str], connections: int, stop: set[int]) -> None:
    if len(set(moods)) > 2:
        reach("mixed")
    book = Book(moods, stop)
    with Moody() as server, mailer(server.port, connections=connections, timeout_seconds=2) as out:
        out.send_all(book)
        got = taken(server)
    assert book.given == list(range(len(moods)))
    reached_the_mark = {key for key, mood in enumerate(moods) if mood in (FINE, "dot-no", "dot-lost")}
    assert set(book.ended) == set(book.given) - (stop & reached_the_mark)
    assert {key for group in book.begun for key in group} == reached_the_mark - stop
    assert got == sorted(key for key in reached_the_mark - stop if moods[key] in (FINE, "dot-lost"))
    assert {key for key, error in book.ended.items() if error is None} == {
        key for key in reached_the_mark - stop if moods[key] == FINE
    }
    assert book.most_under_way <= connections


def test_one_that_hangs_keeps_the_others_from_nothing() -> None:
    book = Book(["dot-hang", *[FINE] * 10])
    with Moody() as server, mailer(server.port, connections=2, timeout_seconds=30) as out:
        sending = threading.Thread(target=out.send_all, args=(book,))
        sending.start()
        while len(server.taken) < 11:
            assert sending.is_alive()
            time.sleep(0.01)
        server.wake.set()
        sending.join(10)
    assert [key for key, error in book.ended.items() if error is None] == list(range(1, 11))
    assert isinstance(book.ended[0], UnknownOutcome)


def test_a_server_that_takes_few_connections_gets_everything_by_these() -> None:
    book = Book([FINE] * 20)
    with Moody(most_connections=1) as server, mailer(server.port, connections=4) as out:
        out.send_all(book)
        assert taken(server) == list(range(20))
    assert set(book.ended.values()) == {None}


def test_a_server_out_of_reach_is_tried_once_and_the_rest_is_spared() -> None:
    book = Book([FINE] * 20)
    with Moody(most_connections=0) as server, mailer(server.port, connections=4) as out:
        out.send_all(book)
    assert list(book.ended) == [0]
    assert isinstance(book.ended[0], Unavailable)


def test_what_goes_wrong_while_writing_down_stops_all_and_hands_nothing_over() -> None:
    class Broken(Book):
        def note(self, ended: Mapping[int, SukiError | None], beginning: Sequence[int]) -> Collection[int]:
            raise ZeroDivisionError

    with Moody() as server, mailer(server.port, connections=4) as out:
        with pytest.raises(ZeroDivisionError):
            out.send_all(Broken([FINE] * 20))
        assert server.taken == []
        out.send(MAIL, TO, "<next@shop.example>")
        assert server.taken == ["<next@shop.example>"]


def test_a_few_with_many_emails_keep_no_connection_from_somebody_with_one() -> None:
    long, short = Book([FINE] * 300), Book([FINE])
    with Moody() as server, mailer(server.port, connections=1) as out:
        first = threading.Thread(target=out.send_all, args=(long,))
        first.start()
        while not server.taken:
            assert first.is_alive()
            time.sleep(0.001)
        out.send_all(short)
        assert (short.ended, first.is_alive()) == ({0: None}, True)
        first.join(20)
    assert len(long.ended) == 300


def test_a_return_address_stands_in_the_envelope_and_the_sender_in_the_header(box: Mailbox) -> None:
    letter = Letter(7, MAIL, TO, ID, sender="rewards@shop.example", returns_to="b-1-7@bounces.example")
    book = Book([])
    book.letters = [replace(letter, headers={"Feedback-ID": "welcome:1:suki"})]
    with serving(box) as port, mailer(port) as out:
        out.send_all(book)
    [(sender, recipients, raw)] = box.mails
    assert (sender, recipients) == ("b-1-7@bounces.example", [TO])
    assert b"<rewards@shop.example>\r\n" in raw.split(b"\r\n\r\n")[0] + b"\r\n"
    assert b"\r\nFeedback-ID: welcome:1:suki\r\n" in raw


@pytest.mark.parametrize(
    "bad", [{"X-Kind": "a\r\nBcc: x"}, {"X Kind": "a"}, {"X-Kind": " a"}, {"X-Kind": "ä"}, {"X-Kind": ""}]
)
def test_a_header_of_ours_smuggles_nothing(bad: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="header"):
        compose(MAIL, Addresses.of(FROM, TO), ID, more=bad)
