"""Addresses that break the rules but exist, and mailboxes that say no: each fails alone, and others get their mail."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.clients.smtp.mail import Mailer
from plugin.clients.smtp.mail_compose import Addresses
from plugin.errors import NotYet, Refused, SettingsError, Unavailable
from plugin.rules.mail_domains import breaks_the_rules
from tests.clients.smtp_servers import FROM, ID, MAIL, TO, Mailbox, Scripted, free_port, mailer
from tests.clients.test_mail import dies_at_data, dies_at_recipient

ODD = ["ana..maria@docomo.ne.jp", "ana.@ezweb.ne.jp", ".ana@docomo.ne.jp", "a...@docomo.ne.jp"]


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_goes_to_the_server_as_it_is(address: str) -> None:
    addresses = Addresses.of(FROM, address)
    assert (addresses.recipient, addresses.odd) == (address, True)
    assert not Addresses.of(FROM, "ana.maria@docomo.ne.jp").odd
    assert breaks_the_rules(address.partition("@")[0])


@pytest.mark.parametrize("command", ["RCPT", "DOT"])
@pytest.mark.parametrize("reply", ["450 4.1.3 bad address", "451 later", "452 full", "501 syntax", "553 5.1.3 no"])
def test_a_no_to_an_odd_address_is_final_and_the_next_mail_goes(
    box: Mailbox, port: int, reply: str, command: str
) -> None:
    with mailer(port) as out:
        out.send(MAIL, TO, ID)
        box.replies[command] = reply
        with pytest.raises(Refused):
            out.send(MAIL, ODD[1], ID)
        box.replies.clear()
        out.send(MAIL, TO, ID)
    assert [recipients for _, recipients, _ in box.mails] == [[TO], [TO]]


@pytest.mark.parametrize("reply", ["450 greylisted", "450 4.7.1 greylisted", "452 4.2.2 mailbox full", "451 4.1.8 no"])
def test_a_mailbox_that_is_not_ready_is_tried_later_and_spares_nobody(box: Mailbox, port: int, reply: str) -> None:
    with mailer(port) as out:
        box.replies["RCPT"] = reply
        with pytest.raises(NotYet) as later:
            out.send(MAIL, TO, ID)
        assert (later.value.retriable, later.value.retry_after_seconds) == (True, 0.0)
        assert TO not in later.value.message
        box.replies.clear()
        out.send(MAIL, "ben@buyer.example", ID)
    assert [recipients for _, recipients, _ in box.mails] == [["ben@buyer.example"]]
    assert len(box.sessions) == 1


@pytest.mark.parametrize("reply", ["421 closing", "451 4.3.0 no disk", "451 later"])
def test_a_server_that_is_not_ready_is_out_of_reach_for_everybody(box: Mailbox, port: int, reply: str) -> None:
    box.replies["RCPT"] = reply
    with mailer(port) as out, pytest.raises(Unavailable):
        out.send(MAIL, TO, ID)


@pytest.mark.parametrize("sender", ["rewards@b..example", "rewards@", "rewards@☕.example"])
def test_a_sender_without_a_domain_is_an_error_of_the_settings(sender: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM"):
        Mailer("127.0.0.1", 25, sender)


@pytest.mark.parametrize("script", [dies_at_recipient, dies_at_data])
def test_a_server_that_hangs_up_at_an_odd_address_is_not_asked_again(script: Any) -> None:
    with Scripted(script) as server, mailer(server.port, timeout_seconds=1) as out:
        with pytest.raises(Refused, match="we won't try again"):
            out.send(MAIL, ODD[0], ID)
        assert server.connections == 1


def test_a_server_that_is_down_has_not_tried_an_odd_address() -> None:
    with mailer(free_port()) as out, pytest.raises(Unavailable):
        out.send(MAIL, ODD[0], ID)
