"""The mailer against real SMTP servers over sockets."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.clients.mail import Mailer
from plugin.clients.mail_compose import Addresses, compose
from plugin.errors import Refused, Unavailable, UnknownOutcome
from plugin.rules.formats import one_line
from plugin.rules.messages import RenderedMail
from tests.clients.smtp_servers import (
    PASSWORD,
    USER,
    Line,
    Mailbox,
    Scripted,
    certificate,
    free_port,
    login_required,
    serving,
)

FROM, TO, ID = "rewards@shop.example", "maria@buyer.example", "<order.7@shop.example>"
HTML, TEXT = "<p>₱1,200 <b>ok</b></p>", "Salamat ₱1,200\n"
MAIL = RenderedMail("Salamat, Maña! 🎉", HTML, TEXT, "Aling Nena, Inc.", "nena@shop.example")
NOT_ONE_ADDRESS = (
    "", "maria", "a@b\r\nRCPT TO:<c@d>", "a b@c.example", "<a@b.example>", "a@b.example,c@d.example",
    "a@" + "x" * 70,
)  # fmt: skip


def mailer(port: int, **options: Any) -> Mailer:
    return Mailer("127.0.0.1", port, FROM, **{"security": "none", "timeout_seconds": 5.0, **options})


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    with serving(box) as at:
        yield at


class Handover:
    """Counts the calls of `before_handover`, and looks at the mailbox at that moment."""

    def __init__(self, box: Mailbox | None = None) -> None:
        self.calls = 0
        self.arrived_before = 0
        self._box = box

    def __call__(self) -> None:
        self.calls += 1
        self.arrived_before += len(self._box.mails) if self._box else 0


def test_a_mail_arrives_with_plain_text_first_and_every_header(box: Mailbox, port: int) -> None:
    with mailer(port) as out:
        out.send(MAIL, TO, ID)
    [(sender, recipients, raw)] = box.mails
    message = parsed(raw)
    assert (sender, recipients) == (FROM, [TO])
    assert message["From"].addresses[0].display_name == "Aling Nena, Inc."
    assert message["From"].addresses[0].addr_spec == FROM
    assert (message["To"], message["Reply-To"]) == (TO, "nena@shop.example")
    assert message["Subject"] == MAIL.subject
    assert (message["Message-ID"], message["Auto-Submitted"]) == (ID, "auto-generated")
    assert message["Date"].datetime.tzinfo is not None
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert body(message, "plain") == MAIL.text
    assert body(message, "html") == MAIL.html + "\n"


def test_lines_that_begin_with_a_dot_and_endless_lines_arrive_as_they_were(box: Mailbox, port: int) -> None:
    text = ".\n..two\n.\r\nend\n" + "é" * 5000 + "\nFrom here\n"
    with mailer(port) as out:
        out.send(replace(MAIL, text=text), TO, ID)
    raw = box.mails[0][2]
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert body(parsed(raw), "plain") == text.replace("\r\n", "\n")


def test_unsubscribing_is_offered_only_where_the_mail_says_so(box: Mailbox, port: int) -> None:
    address = "https://shop.example/unsubscribe?token=" + "x" * 150
    with mailer(port) as out:
        out.send(replace(MAIL, unsubscribe_url=address), TO, ID)
    message = parsed(box.mails[0][2])
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_starttls_with_a_login(box: Mailbox, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with (
        serving(box, tls_context=server, require_starttls=True, **login_required) as port,
        mailer(port, security="starttls", user=USER, password=PASSWORD, tls=client) as out,
    ):
        out.send(MAIL, TO, ID)
        out.send(MAIL, TO, ID)
    assert len(box.mails) == 2


def test_tls_from_the_first_byte_on(box: Mailbox, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with serving(box, implicit_tls=server) as port, mailer(port, security="tls", tls=client) as out:
        out.send(MAIL, TO, ID)
        out.send(MAIL, TO, ID)
    assert len(box.mails) == 2


def test_without_starttls_nothing_is_sent_in_the_clear(box: Mailbox, port: int) -> None:
    with mailer(port, security="starttls") as out, pytest.raises(Unavailable, match="SMTPNotSupportedError"):
        out.send(MAIL, TO, ID)
    assert box.mails == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(box: Mailbox, tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    with (
        serving(box, tls_context=server) as port,
        mailer(port, security="starttls") as out,
        pytest.raises(Unavailable, match="SSLCertVerificationError"),
    ):
        out.send(MAIL, TO, ID)
    assert box.mails == []


def test_a_wrong_password_can_be_put_right_later(box: Mailbox, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with (
        serving(box, tls_context=server, **login_required) as port,
        mailer(port, security="starttls", user=USER, password="wrong", tls=client) as out,
        pytest.raises(Unavailable, match="login refused, 535"),
    ):
        out.send(MAIL, TO, ID)
    assert box.mails == []


def test_one_connection_carries_many_mails(box: Mailbox, port: int) -> None:
    with mailer(port) as out:
        for _ in range(5):
            out.send(MAIL, TO, ID)
    assert len(box.mails) == 5
    assert len(box.sessions) == 1


def test_an_old_connection_is_replaced(box: Mailbox, port: int) -> None:
    with mailer(port, max_age_seconds=0) as out:
        out.send(MAIL, TO, ID)
        out.send(MAIL, TO, ID)
    assert (len(box.mails), len(box.sessions)) == (2, 2)


def test_an_idle_connection_is_asked_before_it_is_used(box: Mailbox, port: int) -> None:
    with mailer(port, check_after_seconds=0) as out:
        out.send(MAIL, TO, ID)
        out.send(MAIL, TO, ID)
        box.replies["NOOP"] = "421 closing"
        out.send(MAIL, TO, ID)
    assert (len(box.mails), box.noops) == (3, 2)


def test_a_connection_that_went_stale_is_replaced_unnoticed(box: Mailbox) -> None:
    port = free_port()
    with mailer(port) as out:
        for _ in range(2):
            with serving(box, at=port):
                out.send(MAIL, TO, ID)
    assert len(box.mails) == 2


def test_threads_share_a_few_connections(box: Mailbox, port: int) -> None:
    ids = [f"<{number}@shop.example>" for number in range(40)]
    with mailer(port, connections=2) as out, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda message_id: out.send(MAIL, TO, message_id), ids))
    assert sorted(parsed(raw)["Message-ID"] for _, _, raw in box.mails) == sorted(ids)
    assert len(box.sessions) <= 2


def test_when_every_connection_is_busy_the_mail_waits_then_comes_back(box: Mailbox, port: int) -> None:
    with mailer(port, connections=1, timeout_seconds=0.2) as out:

        def nested() -> None:
            with pytest.raises(Unavailable, match="busy"):
                out.send(MAIL, TO, ID)

        out.send(MAIL, TO, ID, nested)
    assert len(box.mails) == 1


def test_the_caller_is_told_just_before_the_mail_goes_out(box: Mailbox, port: int) -> None:
    handover = Handover(box)
    with mailer(port) as out:
        out.send(MAIL, TO, ID, handover)
    assert (handover.calls, handover.arrived_before, len(box.mails)) == (1, 0, 1)


def test_a_caller_who_cannot_record_the_handover_stops_the_mail(box: Mailbox, port: int) -> None:
    def fails() -> None:
        raise RuntimeError("the database is away")

    with mailer(port) as out:
        with pytest.raises(RuntimeError, match="database"):
            out.send(MAIL, TO, ID, fails)
        assert box.mails == []
        out.send(MAIL, TO, ID)
    assert len(box.mails) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DOT"])
def test_a_final_no_is_refused_and_the_connection_stays_usable(box: Mailbox, port: int, command: str) -> None:
    box.replies[command] = f"550 5.1.1 <{TO}> unknown"
    with mailer(port) as out:
        with pytest.raises(Refused) as refused:
            out.send(MAIL, TO, ID)
        assert refused.value.code == "550"
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
    line.up_to_data()
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


def test_names_in_any_script_before_the_at_need_a_server_that_can(box: Mailbox) -> None:
    address = "maña@niño.example"
    with serving(box, enable_SMTPUTF8=True) as port, mailer(port) as out:
        out.send(MAIL, address, ID)
    _, recipients, raw = box.mails[0]
    assert recipients == ["maña@xn--nio-8ma.example"]
    assert "To: <maña@xn--nio-8ma.example>\r\n".encode() in raw


def test_a_server_without_smtputf8_cannot_deliver_to_such_a_name(box: Mailbox) -> None:
    with serving(box, enable_SMTPUTF8=False) as port, mailer(port) as out:
        with pytest.raises(Refused) as refused:
            out.send(MAIL, "maña@buyer.example", ID)
        assert refused.value.code == "SMTPUTF8"
        out.send(MAIL, "maria@niño.example", ID)
    assert box.mails[0][1] == ["maria@xn--nio-8ma.example"]


@pytest.mark.parametrize("address", NOT_ONE_ADDRESS)
def test_what_is_not_one_address_never_reaches_the_server(address: str) -> None:
    with mailer(free_port()) as out, pytest.raises(Refused) as refused:
        out.send(MAIL, address, ID)
    assert refused.value.code == "ADDRESS"


@pytest.mark.parametrize("message_id", ["", "x", "<a b@c>", "<a@b>\r\nBcc: x@y", "<a@b"])
def test_a_message_id_cannot_smuggle_a_header(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        compose(MAIL, Addresses.of(FROM, TO), message_id)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=150), st.text(max_size=250))
def test_any_name_and_subject_come_out_as_one_header_each(name: str, subject: str) -> None:
    raw = compose(replace(MAIL, from_name=name, subject=subject), Addresses.of(FROM, TO), ID)
    message = email.message_from_bytes(raw)
    shown, address = parseaddr(str(message["From"]))
    assert (str(make_header(decode_header(shown))), address) == (one_line(name, 100), FROM)
    assert str(make_header(decode_header(message["Subject"]))) == one_line(subject)
    assert sorted(key.lower() for key in message) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "content-language", "reply-to"]
        + ["mime-version", "content-type"]
    )
    assert raw.split(b"\r\n\r\n")[0].isascii()
