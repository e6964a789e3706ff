"""Encryption, logging in, and connections that are shared, re-used, replaced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugin.errors import Unavailable
from tests.clients.smtp_servers import (
    ID,
    MAIL,
    PASSWORD,
    TO,
    USER,
    Mailbox,
    certificate,
    free_port,
    login_required,
    mailer,
    parsed,
    serving,
)


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
