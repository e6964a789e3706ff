"""What mail servers send back, in the forms that the common ones give it; what is no report is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.sending.bounce_reports import MOST_BYTES, read
from plugin.rules.sending.returned import judged, no_mailbox

REF = "12.345." + "0af" * 10 + "9f"
VERP = f"bounce+{REF}@bounces.example.com"
QUOTED = f"Subject: Welcome\r\nX-Suki-Message: {REF}\r\n\r\nHello"


def dsn(action: str, status: str, diagnostic: str = "", to: str = VERP, quoted: str = "") -> bytes:
    """As Postfix writes it (RFC 3464)."""
    said = f"Diagnostic-Code: smtp; {diagnostic}\r\n" if diagnostic else ""
    return (
        f"From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\r\nTo: {to}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <20261130.1@mx.example.com>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at mx.example.com.\r\n\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; somebody.else@example.org\r\nAction: {action}\r\nStatus: {status}\r\n{said}\r\n"
        f"--B\r\nContent-Type: message/rfc822\r\n\r\n{quoted or 'Subject: x'}\r\n\r\n--B--\r\n"
    ).encode()


EXIM = (
    f"Return-path: <>\r\nEnvelope-to: {VERP}\r\nX-Failed-Recipients: a@example.com\r\nAuto-Submitted: auto-replied"
    "\r\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.com>\r\nSubject: Mail delivery failed: returning message"
    "\r\n\r\n"
    "A message that you sent could not be delivered.\r\n\r\n  a@example.com\r\n    host mx.example.com [192.0.2.7]\r\n"
    "    SMTP error from remote mail server after RCPT TO:<ana@example.com>:\r\n    550 5.1.1 User unknown\r\n"
).encode()
QMAIL = (
    f"To: {VERP}\r\nFrom: MAILER-DAEMON@mx.example.com\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at mx.example.com.\r\nI'm afraid I wasn't able to deliver your message to "
    "the following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
    "<ana@example.com>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n"
).encode()
EXCHANGE = (
    f"To: {VERP}\r\nFrom: postmaster@example.onmicrosoft.com\r\nSubject: Undeliverable: Welcome\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n--B\r\n'
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;AM0.eurprd.example\r\n\r\n"
    "Final-Recipient: rfc822;ana@example.com\r\nAction: failed\r\nStatus: 5.1.10\r\n"
    "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\r\n\r\n--B--\r\n"
).encode()
COMPLAINT = (
    f"To: {VERP}\r\nFrom: feedback@isp.example\r\nSubject: FW: Welcome\r\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\r\n\r\n--B\r\n'
    "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: SomeGenerator/1.0\r\n"
    "Version: 1\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: Welcome\r\n\r\n--B--\r\n"
)
HOLIDAY = (
    f"To: {VERP}\r\nFrom: ana@example.com\r\nSubject: Automatic reply: delivery status notification\r\n"
    "Auto-Submitted: auto-replied\r\n\r\nI am away, and mails come back with error 550 5.1.1, I fear.\r\n"
).encode()
LATER = (
    f"To: {VERP}\r\nFrom: MAILER-DAEMON@mx.example.com\r\nSubject: Delivery Status Notification (Delay)\r\n\r\n"
    "THIS IS A WARNING MESSAGE ONLY. 451 4.4.1 try later\r\n"
).encode()


@pytest.mark.parametrize(
    ("raw", "what", "detail"),
    [
        (dsn("failed", "5.1.1", "550 5.1.1 <ana@example.com>: User unknown"), "hard", "5.1.1"),
        (dsn("failed", "5.2.2", "552 5.2.2 mailbox full"), "soft", "5.2.2"),
        (dsn("failed", "5.7.1", "554 5.7.1 blocked by a list"), "soft", "5.7.1"),
        (dsn("failed", "4.4.7", "delivery time expired"), "soft", "4.4.7"),
        (dsn("failed", "5.0.0", "550 5.1.1 no such user"), "hard", "5.0.0"),
        (dsn("failed", "5.0.0", "552 too large"), "soft", "5.0.0"),
        (dsn("FAILED ", "5.4.4"), "hard", "5.4.4"),
        (dsn("delayed", "4.4.1"), None, ""),
        (dsn("delivered", "2.0.0"), None, ""),
        (dsn("relayed", "2.1.5"), None, ""),
        (EXIM, "hard", "5.1.1"),
        (EXIM.replace(b"550 5.1.1 User", b"550 User"), "hard", ""),
        (EXIM.replace(b"550 5.1.1 User unknown", b"552 Too much"), "soft", ""),
        (QMAIL, "hard", "5.1.1"),
        (EXCHANGE, "hard", "5.1.10"),
        (COMPLAINT.format(kind="abuse").encode(), "complaint", ""),
        (COMPLAINT.format(kind="not-spam").encode(), None, ""),
        (HOLIDAY, None, ""),
        (LATER, None, ""),
        (f"To: {VERP}\r\nSubject: Re: Welcome\r\n\r\nThank you! My code was 550 5.1.1\r\n".encode(), None, ""),
    ],
)
def test_each_form_says_what_became_of_the_email(raw: bytes, what: str | None, detail: str) -> None:
    report = read(raw)
    assert (report.what, report.detail) == (what, detail)
    assert report.refs[0] == REF


@pytest.mark.parametrize(
    ("raw", "came_to"),
    [
        (dsn("failed", "5.1.1", to="postmaster@example.com"), VERP),
        (dsn("failed", "5.1.1", to=VERP.upper()), ""),
        (dsn("failed", "5.1.1", to="x@example.com", quoted=QUOTED), ""),
        (b"Delivered-To: " + VERP.encode() + b"\r\n" + dsn("failed", "5.1.1", to="x@example.com"), ""),
        (b"Delivered-To: a@b.example\r\nDelivered-To: " + VERP.encode() + b"\r\n" + QMAIL, ""),
    ],
)
def test_the_message_is_found_by_where_it_came_to_or_by_what_it_quotes(raw: bytes, came_to: str) -> None:
    assert REF in [one.lower() for one in read(raw, came_to).refs]


def test_the_same_report_twice_has_one_key_and_another_has_another() -> None:
    one = dsn("failed", "5.1.1")
    assert read(one).key == read(b"Received: by us; now\r\n" + one).key
    assert read(one).key != read(one.replace(b"20261130.1", b"20261130.2")).key
    assert read(EXIM).key == read(EXIM).key != read(QMAIL).key


def test_a_report_that_quotes_a_long_email_is_read_at_its_beginning() -> None:
    report = read(dsn("failed", "5.1.1", quoted="x" * 3 * MOST_BYTES))
    assert (report.what, report.refs) == ("hard", (REF,))


@given(st.binary(max_size=300), st.integers(0, 900), st.binary(max_size=5))
def test_whatever_comes_is_read_without_an_error(noise: bytes, place: int, other: bytes) -> None:
    read(noise)
    whole = dsn("failed", "5.1.1", quoted=QUOTED)
    assert read(whole[:place] + other + whole[place + len(other) :]).what in (None, "hard", "soft", "complaint")


@pytest.mark.parametrize(
    ("status", "words", "what"),
    [
        ("5.1.2", "", "hard"),
        ("5.1.8", "", "soft"),
        ("5.2.1", "", "hard"),
        ("5.7.13", "", "hard"),
        ("5.3.4", "", "soft"),
        ("", "550 no such user", "hard"),
        ("", "421 busy", "soft"),
        ("", "554 transaction failed", "soft"),
        ("", "", "soft"),
        ("5.0.0", "", "hard"),
        ("", "at 10.5.1.1 nothing is said, nor at 5.1.1.10", "soft"),
    ],
)
def test_hard_is_only_what_is_the_address_s_own_fault(status: str, words: str, what: str) -> None:
    assert judged(status, words) == what


@pytest.mark.parametrize(
    ("status", "no_good"),
    [("5.1.1", True), ("5.1.10", True), ("5.2.1", True), ("5.1.8", False), ("5.2.2", False), ("5.4.1", False)]
    + [("5.7.1", False), ("5.7.13", False), ("5.0.0", False), ("5.10.1", False)],
)
def test_a_server_that_refuses_a_recipient_at_once_says_with_some_statuses_that_there_is_none(
    status: str, no_good: bool
) -> None:
    assert no_mailbox(status) is no_good
