"""Rendering in a process of its own: the same emails, and nothing that can be done to it reaches ours."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.errors import BadInput, Unavailable
from plugin.messages.apart import Apart, render_apart, rendered
from plugin.messages.apart import room as apart
from plugin.messages.designs import default_of
from plugin.messages.render import render
from plugin.messages.source import source_of
from plugin.rules.brand import Brand
from plugin.rules.emails.design import Source
from plugin.rules.message_kinds import MessageKind
from tests.messages.hostile import ENDLESS
from tests.messages.test_designs import FACTS, changed, said
from tests.messages.test_emails import FULL, MAILS, WELCOME

EMPTY = "<mjml><mj-body></mj-body></mjml>"


@pytest.fixture(scope="module")
def room() -> Iterator[Apart]:
    """A process for the tests of this file."""
    own = Apart()
    yield own
    own.close()


def welcome(room: Apart, content: Any = None) -> Any:
    return render_apart(MessageKind.WELCOME, WELCOME, Brand(), content, room)


def test_emails_are_the_same_apart(room: Apart) -> None:
    brand = Brand(footer="12 Mabini St", primary="#123456")
    for kind, context in MAILS:
        known = replace(context, facts=FACTS, locale="fil-PH")
        assert render_apart(kind, known, brand, None, room) == render(kind, known, brand)
    design = changed("how", texts=said(body="**Only** {{ balance }}"))
    assert welcome(room, design) == render(MessageKind.WELCOME, WELCOME, Brand(), design)


def test_it_waits_for_its_work_also_where_sockets_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under gevent, whose sockets never wait."""
    made = socket.socketpair

    def pair() -> tuple[socket.socket, socket.socket]:
        ours, theirs = made()
        theirs.setblocking(False)
        return ours, theirs

    monkeypatch.setattr(apart.socket, "socketpair", pair)
    own = Apart()
    first = welcome(own)
    pid = own.pid
    assert welcome(own) == first
    assert own.pid == pid, "it did not end between the two"
    own.close()


def test_a_source_is_rendered_apart_and_a_design_here(monkeypatch: pytest.MonkeyPatch, room: Apart) -> None:
    asked: list[str] = []
    ask = room.ask

    def noted(request: Any) -> Any:
        asked.append(request["kind"])
        return ask(request)

    monkeypatch.setattr(apart.ROOM, "ask", noted)
    source = source_of(MessageKind.WELCOME, default_of(MessageKind.WELCOME))
    own = rendered(MessageKind.WELCOME, WELCOME, Brand(primary="#123456"), source)
    assert asked == ["welcome"] and "#123456" in own.html and "{{" not in own.html
    assert rendered(MessageKind.WELCOME, WELCOME, Brand(), None).subject == own.subject
    assert asked == ["welcome"]


def test_what_is_wrong_is_named_by_its_place(room: Apart) -> None:
    with pytest.raises(BadInput) as wrong:
        welcome(room, changed("how", texts=said(body="{% for %}")))
    assert list(wrong.value.fields) == ["blocks.1.texts.en.body"]
    with pytest.raises(BadInput) as wrong:
        welcome(room, Source(subject="s", preheader="", mjml=EMPTY, text=ENDLESS["loops in loops"]))
    assert list(wrong.value.fields) == ["source.text"]


def test_a_process_that_was_killed_is_replaced_and_nobody_notices(room: Apart) -> None:
    welcome(room)
    before = room.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert welcome(room) == render(MessageKind.WELCOME, WELCOME, Brand())
    assert room.pid != before


def test_a_process_that_has_used_up_its_second_is_ended_and_the_content_refused(room: Apart) -> None:
    """The kernel's signal is sent here, as no template is known that gets so far."""
    welcome(room)
    before = room.pid
    assert before is not None
    os.kill(before, signal.SIGPROF)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    with pytest.raises(BadInput, match="too long to render"):
        welcome(room)
    assert welcome(room) == render(MessageKind.WELCOME, WELCOME, Brand())


def test_a_process_that_hangs_is_ended_and_may_be_asked_again(room: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    welcome(room)
    before = room.pid
    assert before is not None
    os.kill(before, signal.SIGSTOP)
    monkeypatch.setattr(apart, "ANSWER_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        welcome(room)
    monkeypatch.undo()
    assert welcome(room) == render(MessageKind.WELCOME, WELCOME, Brand())
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_many_threads_share_one_process(room: Apart) -> None:
    expected = render(MessageKind.ORDER_CONFIRMATION, FULL, Brand())
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(
            lambda _: render_apart(MessageKind.ORDER_CONFIRMATION, FULL, Brand(), None, room), range(40)
        )
        assert all(each == expected for each in found)


def test_nothing_of_ours_is_in_it(room: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_SECRET", "hush")
    own = Apart()
    render_apart(MessageKind.WELCOME, WELCOME, Brand(), None, own)
    process = Path(f"/proc/{own.pid}")
    environment = (process / "environ").read_bytes().decode()
    assert set(filter(None, environment.split("\0"))) == {"PYTHONPATH=" + str(apart.ROOT), "LC_ALL=C.UTF-8"}
    opened = [os.readlink(each) for each in (process / "fd").iterdir()]
    assert sum(each.startswith("socket:") for each in opened) == 1
    own.close()
