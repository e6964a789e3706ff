"""Reads an email that a mail server sent back: delivery status notifications (RFC 3464) and the common odd ones.

Whatever comes to the address may be forged, so nothing of it is believed but the signed reference of a message: that
stands in the address it came to, or in what it quotes of our own email. Who was meant, the message knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from plugin.rules.sending.returned import What, judged, status_of

MOST_BYTES: Final = 1_048_576
"""Of a report that quotes a long email the beginning says all."""
HEADER: Final = "X-Suki-Message"
_REF = r"([1-9][0-9]{0,17}\.[1-9][0-9]{0,17}\.[0-9a-f]{32})"
_NAMED = re.compile(rf"(?<![0-9]){_REF}")
_FEEDBACK = re.compile(r"^Feedback-Type:[ \t]{0,9}(\S{1,40})", re.IGNORECASE | re.MULTILINE)
_IN_ADDRESS = re.compile(rf"bounce\+{_REF}@", re.IGNORECASE)
_IN_HEADER = re.compile(rf"^{HEADER}:\s*{_REF}\s*$", re.IGNORECASE | re.MULTILINE)
_ARRIVED_AT = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_NOT_YET = re.compile(r"\b(delay(?:ed)?|still being|warning: message)", re.IGNORECASE)
_UNDELIVERED = re.compile(
    r"undeliver|delivery (?:has )?fail|failure notice|returned ma|delivery status notification"
    r"|could not be delivered|delivery notification",
    re.IGNORECASE,
)
_QMAIL = re.compile(r"this is the qmail-send program", re.IGNORECASE)
_GAVE_UP = re.compile(r"given up|permanent error|couldn't be delivered|wasn't able to deliver", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What it says: of which messages it may be (the first genuine one counts), and what became of it; None where
    nothing did, as with an answer by somebody's holiday."""

    refs: tuple[str, ...]
    what: What | None
    detail: str
    key: str


def read(raw: bytes, came_to: str = "") -> Report:
    """A report from the bytes that a mail server hands over; `came_to` is the address, where the server says it."""
    raw = raw[:MOST_BYTES]
    mail = BytesParser(policy=compat32).parsebytes(raw)
    what, detail = _outcome(mail)
    named = _text(mail.get("Message-ID")).strip()
    digest = hashlib.sha256(named.encode() if named else raw).hexdigest()
    return Report(tuple(dict.fromkeys(_refs(mail, raw, came_to))), what, detail, digest[:40])


def _text(value: object) -> str:
    """A header as text, whatever it is made of."""
    return str(value) if value is not None else ""


def _refs(mail: Message, raw: bytes, came_to: str) -> Iterator[str]:
    headers = (_text(value) for name in _ARRIVED_AT for value in mail.get_all(name, []))
    for address in (came_to, *headers):
        yield from _IN_ADDRESS.findall(address)
    for part in mail.walk():
        if part is not mail and HEADER in part:
            yield from _NAMED.findall(_text(part[HEADER]))
    yield from _IN_HEADER.findall(raw.decode("latin-1"))
    for words in _texts(mail):
        yield from _IN_HEADER.findall(words)
        yield from _IN_ADDRESS.findall(words)


def _texts(mail: Message) -> Iterator[str]:
    """What its parts say in words, decoded."""
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload.decode("utf-8", "replace")


def _outcome(mail: Message) -> tuple[What | None, str]:
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return _feedback(part)
        if kind == "message/delivery-status":
            return _status(part)
    return _odd(mail)


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report: one about the message, one for each recipient."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    return [BytesParser(policy=compat32).parsebytes(block.encode()) for block in re.split(r"\n\s*\n", str(payload))]


def _feedback(part: Message) -> tuple[What | None, str]:
    """RFC 5965: whoever reports that it was no spam does not complain."""
    said = " ".join(_text(one.get("Feedback-Type")) for one in _blocks(part))
    said = said.strip() or " ".join(_FEEDBACK.findall(str(part.get_payload())))
    return (None, "") if "not-spam" in said.lower() else ("complaint", "")


def _status(part: Message) -> tuple[What | None, str]:
    """The recipient of whom it says that it failed; our emails have one."""
    for block in _blocks(part):
        action = _text(block.get("Action")).strip().lower()
        status, words = _text(block.get("Status")), _text(block.get("Diagnostic-Code"))
        if action.startswith("fail") or (not action and status_of(status).startswith("5")):
            return judged(status, words), status_of(status) or status_of(words)
    return None, ""


def _odd(mail: Message) -> tuple[What | None, str]:
    """Reports in words: Exim's, qmail's and what looks like one."""
    words = "\n".join(_texts(mail))[:20_000]
    subject = _text(mail.get("Subject"))
    exim, qmail = "X-Failed-Recipients" in mail, bool(_QMAIL.search(words))
    alike = bool(_UNDELIVERED.search(subject)) and "auto-replied" not in _text(mail.get("Auto-Submitted")).lower()
    if not (exim or qmail or alike) or (_NOT_YET.search(subject) and not exim):
        return None, ""
    said = _code_lines(words)
    if not said and not (exim or (qmail and _GAVE_UP.search(words))):
        return None, ""
    return judged(status_of(said), said or "550"), status_of(said)


def _code_lines(words: str) -> str:
    """The first line that holds the other server's answer."""
    lines = words.splitlines()
    enhanced = next((line for line in lines if status_of(line)), "")
    return enhanced or next((line for line in lines if re.search(r"(?<![\d.])[45]\d\d[ -]", line)), "")
