"""What the mailer says of a mail that a real server takes, refuses, or loses at any step."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from plugin.errors import NoMailbox, Refused, Unavailable, UnknownOutcome
from tests.clients.smtp_servers import (
    ID,
    MAIL,
    TO,
    Line,
    Mailbox,
    Scripted,
    free_port,
    mailer,
    serving,
)


class Handover:
    """Counts the calls of `before_handover`, and looks at the mailbox at that moment."""

    def __init__(self, box: Mailbox | None = None) -> None:
        self.calls = 0
        self.arrived_before = 0
        self._box = box

    def __call__(self) -> None:
        self.calls += 1
        self.arrived_before += len(self._box.mails) if self._box else 0


def test_the_caller_is_told_just_before_the_mail_goes_out(box: Mailbox, port: int) -> None:
    handover = Handover(box)
    with mailer(port) as out:
        out.send(MAIL, TO, ID, handover)
    assert (handover.calls, handover.arrived_before, len(box.mails)) == (1, 0, 1)


@pytest.mark.parametrize(
    "error", [RuntimeError("away"), Refused("taken back"), Unavailable("busy"), KeyboardInterrupt()]
)
def test_a_caller_who_cannot_record_the_handover_stops_the_mail(box: Mailbox, port: int, error: BaseException) -> None:
    def fails() -> None:
        raise error

    with mailer(port, timeout_seconds=1) as out:
        with pytest.raises(type(error)) as raised:
            out.send(MAIL, TO, ID, fails)
        assert raised.value is error
        out.send(MAIL, TO, "<next@shop.example>")
    assert [b"<next@shop.example>" in raw for _, _, raw in box.mails] == [True]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DOT"])
def test_a_final_no_is_refused_and_the_connection_stays_usable(box: Mailbox, port: int, command: str) -> None:
    box.replies[command] = f"550 5.1.1 <{TO}> unknown"
    with mailer(port) as out:
        with pytest.raises(Refused) as refused:
            out.send(MAIL, TO, ID)
        assert refused.value.code == "550"
        assert isinstance(refused.value, NoMailbox) is (command == "RCPT")
        assert "(550 5.1.1)" in refused.value.message
        assert TO not in str(refused.value)
        box.replies.clear()
        out.send(MAIL, TO, ID)
    assert len(box.mails) == 1
    assert len(box.sessions) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DOT"])
def test_a_no_for_now_can_be_repeated(box: Mailbox, port: int, command: str) -> None:
    box.replies[command] = f"451 4.7.1 greylisted {TO}"
    with mailer(port) as out:
        with pytest.raises(Unavailable) as later:
            out.send(MAIL, TO, ID)
        assert TO not in str(later.value)
        box.replies.clear()
        out.send(MAIL, TO, ID)
    assert len(box.mails) == 1


def test_a_mail_that_the_server_finds_too_large_is_refused(box: Mailbox) -> None:
    with serving(box, data_size_limit=2000) as port, mailer(port) as out, pytest.raises(Refused) as refused:
        out.send(replace(MAIL, text="x" * 5000), TO, ID)
    assert refused.value.code == "552"


def no_greeting(line: Line) -> None:
    line.hear()


def busy_greeting(line: Line) -> None:
    line.say("554 go away")


def dies_at_once(line: Line) -> None:
    line.hang_up()


def dies_at_recipient(line: Line) -> None:
    line.say("220 here")
    for _ in range(2):
        line.hear()
        line.say("250 fine")
    line.hear()


def dies_at_data(line: Line) -> None:
    line.say("220 here")
    for _ in range(3):
        line.hear()
        line.say("250 fine")
    line.hear()
    line.hang_up()


def hangs_at_data(line: Line) -> None:
    line.say("220 here")
    for _ in range(3):
        line.hear()
        line.say("250 fine")
    line.hear()
    line.hear()


@pytest.mark.parametrize(
    "script", [no_greeting, busy_greeting, dies_at_once, dies_at_recipient, dies_at_data, hangs_at_data]
)
def test_what_fails_before_the_handover_certainly_was_not_sent(script: Any) -> None:
    with Scripted(script) as server, mailer(server.port, timeout_seconds=0.3) as out:
        with pytest.raises(Unavailable):
            out.send(MAIL, TO, ID)
        assert server.connections == 1


def test_nobody_listening_is_unavailable() -> None:
    with mailer(free_port(), timeout_seconds=0.3) as out, pytest.raises(Unavailable, match="Refused"):
        out.send(MAIL, TO, ID)


def test_a_server_that_hangs_up_while_the_handover_is_recorded_did_not_get_the_mail() -> None:
    recording, gone = threading.Event(), threading.Event()

    def script(line: Line) -> None:
        line.up_to_data()
        recording.wait(5)
        line.hang_up()
        gone.set()

    def record() -> None:
        recording.set()
        assert gone.wait(5)

    with Scripted(script) as server, mailer(server.port) as out, pytest.raises(Unavailable):
        out.send(replace(MAIL, html="", text="short"), TO, ID, record)


def dies_after_the_dot(line: Line) -> None:
    line.up_to_data()
    assert line.content()[-1] == b".\r\n"
    line.hang_up()


def hangs_after_the_dot(line: Line) -> None:
    line.up_to_data()
    line.content()
    line.hear()


def babbles_after_the_dot(line: Line) -> None:
    line.up_to_data()
    line.content()
    line.say("well, perhaps")
    line.hear()


@pytest.mark.parametrize("script", [dies_after_the_dot, hangs_after_the_dot, babbles_after_the_dot])
def test_what_fails_after_the_handover_may_have_been_sent(script: Any) -> None:
    handover = Handover()
    with Scripted(script) as server, mailer(server.port, timeout_seconds=0.3) as out:
        with pytest.raises(UnknownOutcome) as unknown:
            out.send(MAIL, TO, ID, handover)
        assert handover.calls == 1
        assert server.connections == 1
        assert TO not in str(unknown.value)
