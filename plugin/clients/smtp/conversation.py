"""One email on one connection: what is said next follows from what was answered.

Everything up to the last byte of the content can be repeated safely. Only the final dot hands the email over; from
there until the server's answer nobody but the server knows.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from plugin.clients.smtp.mail_compose import Addresses
from plugin.clients.smtp.wire import Reply, Wire
from plugin.errors import NoMailbox, NotYet, Refused, Unavailable, UnknownOutcome
from plugin.rules.sending.returned import no_mailbox

_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ABOUT_THE_MAILBOX = re.compile(rb"\s*4\.[12]\.\d")
"""Source: RFC 3463, 3.2 and 3.3: the address, the mailbox."""
ODD = "The address has dots in places that aren't allowed, so we won't try again."
_CLOSING: Final = 421


class Wait(Enum):
    """What a conversation waits for: a reply, that everything said is sent, or that it may hand over."""

    REPLY = 1
    SENT = 2
    GO = 3


Conversation = Generator[Wait, Reply | None, None]


@dataclass(frozen=True, slots=True)
class Parcel:
    """An email in the form in which it travels."""

    addresses: Addresses
    content: bytes


def conversation(wire: Wire, parcel: Parcel) -> Conversation:
    """Ends when the server has taken the email. Sends of a REPLY are the reply; an OSError that is thrown in says that
    the connection is lost, or that the server took too long.

    Raises Refused, NotYet, Unavailable and UnknownOutcome; OSError: it was lost before the server said anything of
    this email, which on a re-used connection is worth another try.
    """
    try:
        yield from _deliver(wire, parcel)
    except (Refused, NotYet):
        if not wire.amid_content:
            yield from _forget(wire)
        wire.usable = wire.usable and not wire.amid_content
        raise
    except BaseException:
        wire.usable = False
        raise


def _deliver(wire: Wire, parcel: Parcel) -> Conversation:
    addresses = parcel.addresses
    try:
        yield from _envelope(wire, addresses)
        try:
            yield from _content(wire, parcel.content)
        except OSError as error:
            raise not_sent("the connection was lost") from error
        yield from _hand_over(wire)
    except Unavailable as error:
        if addresses.odd:
            raise Refused(f"{error.message} {ODD}", "ADDRESS") from error
        raise


def _envelope(wire: Wire, addresses: Addresses) -> Conversation:
    """Sender, recipient and DATA, in one go where the server says that it takes them so (RFC 2920)."""
    commands = _commands(wire, addresses)
    together = wire.smtp.has_extn("pipelining")
    if together:
        wire.say(b"".join(commands))
    said: list[Reply] = []
    for command in commands:
        if not together:
            wire.say(command)
        reply = yield Wait.REPLY
        assert reply is not None
        said.append(reply)
        wire.amid_content = reply[0] == 354
        if not together or reply[0] == _CLOSING:
            _judge(len(said) - 1, reply, addresses)
    for place, reply in enumerate(said):
        _judge(place, reply, addresses)


def _commands(wire: Wire, addresses: Addresses) -> tuple[bytes, bytes, bytes]:
    options = b""
    if addresses.need_utf8:
        if not wire.smtp.has_extn("smtputf8"):
            raise Refused("The email server can't deliver to this address (no SMTPUTF8).", "SMTPUTF8")
        options = b" SMTPUTF8 BODY=8BITMIME"
    sender, recipient = addresses.sender.encode(), addresses.recipient.encode()
    return b"MAIL FROM:<%s>%s\r\n" % (sender, options), b"RCPT TO:<%s>\r\n" % recipient, b"DATA\r\n"


def _judge(place: int, reply: Reply, addresses: Addresses) -> None:
    """What a reply to one of the three commands means; returns where it is a yes."""
    if place == 0:
        _accepted("sender", *reply, {250})
    elif place == 1:
        _recipient_accepted(*reply, addresses)
    else:
        _accepted("message", *reply, {354})


def _content(wire: Wire, content: bytes) -> Conversation:
    """Everything but the final dot; then wait until that may follow, and see that the server is still there.

    Without the dot it cannot have taken the email, so this is the last moment to fail for certain.
    """
    wire.say(content)
    yield Wait.SENT
    yield Wait.GO
    wire.pull()
    if wire.heard:
        raise not_sent("the email server spoke out of turn")


def _hand_over(wire: Wire) -> Conversation:
    try:
        wire.say(b".\r\n")
        reply = yield Wait.REPLY
        assert reply is not None
    except OSError as error:
        raise UnknownOutcome("The connection was lost while the email was being sent.") from error
    if reply[0] // 100 not in (2, 4, 5):
        raise UnknownOutcome("The email server's response wasn't valid.")
    wire.amid_content = False
    if reply[0] // 100 != 2:
        _accepted("message", *reply, {250})


def _forget(wire: Wire) -> Conversation:
    """Have the server forget this email, so that another can follow."""
    try:
        wire.say(b"RSET\r\n")
        reply = yield Wait.REPLY
        wire.usable = reply is not None and reply[0] == 250
    except OSError:
        wire.usable = False


def stuffed(content: bytes) -> bytes:
    """The content as it travels: a dot that begins a line is doubled (RFC 5321, 4.5.2). Its lines end in CRLF."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def _accepted(what: str, code: int, reply: bytes, good: set[int]) -> None:
    """Returns if the code is a good one; an error's text is the code alone, for replies quote addresses."""
    if code in good:
        return
    detail = _ENHANCED.match(reply)
    said = f"{code} {detail[1].decode()}" if detail else str(code)
    if 500 <= code < 600:
        raise Refused(f"The email server refused the {what} ({said}).", str(code))
    raise not_sent(f"it temporarily refused the {what} ({said})")


def _recipient_accepted(code: int, reply: bytes, addresses: Addresses) -> None:
    """What the server says of one mailbox is no reason to spare the others: Refused or NotYet, not Unavailable.

    NoMailbox: Refused, and by the status of the reply the address is no good for any email.
    """
    if addresses.odd and code not in (250, 251, _CLOSING):
        raise Refused(f"The email server refused the recipient ({code}). {ODD}", str(code))
    if code == 450 or (code // 100 == 4 and _ABOUT_THE_MAILBOX.match(reply)):
        raise NotYet(f"The email server temporarily refused the recipient ({code}).", 0.0)
    detail = _ENHANCED.match(reply)
    if code // 100 == 5 and detail and no_mailbox(status := detail[1].decode()):
        raise NoMailbox(f"The email server refused the recipient ({code} {status}).", str(code), status)
    _accepted("recipient", code, reply, {250, 251})


def not_sent(why: str) -> Unavailable:
    """It certainly was not sent."""
    return Unavailable(f"The email server isn't available: {why}.")
