"""Headers and bodies as a real server receives them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.clients.smtp.mail_compose import Addresses, compose
from plugin.errors import Refused
from plugin.rules.formats import one_line
from tests.clients.smtp_servers import (
    FROM,
    ID,
    MAIL,
    TO,
    Mailbox,
    free_port,
    mailer,
    parsed,
    serving,
)

NOT_ONE_ADDRESS = (
    "", "maria", "a@b\r\nRCPT TO:<c@d>", "a b@c.example", "<a@b.example>", "a@b.example,c@d.example",
    "a@" + "x" * 70, "a@b..example", "a@.example", "a@example.", "a@-b.example", "a@☕.example", "a@bücher.example.",
    "a@[127.0.0.1]", "a@xn--ü.example", "a@٣.example", "a@" + "bü" * 120 + ".example", "a@exa mple.com",
)  # fmt: skip


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


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


@pytest.mark.parametrize(
    ("domain", "written"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("FAẞ.de", "xn--fa-hia.de"),
        ("Bücher.Example", "xn--bcher-kva.example"),
        ("日本語。jp", "xn--wgv71a119e.jp"),
        ("ＤＯＣＯＭＯ.ne.jp", "docomo.ne.jp"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("βόλος.gr", "xn--nxasmm1c.gr"),
        ("r3---sn.a_b.example", "r3---sn.a_b.example"),
        ("MAIL.Example.COM", "mail.example.com"),
    ],
)
def test_a_domain_in_any_script_goes_to_whom_it_belongs_today(
    box: Mailbox, port: int, domain: str, written: str
) -> None:
    """The standard library's codec would send straße.example's mail to strasse.example: somebody else."""
    with mailer(port) as out:
        out.send(MAIL, f"maria@{domain}", ID)
    assert box.mails[0][1] == [f"maria@{written}"]


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
