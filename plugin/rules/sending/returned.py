"""What came back of an email: whether its address is no good, or only for now, or its reader called it spam."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

What = Literal["hard", "soft", "complaint"]
SOURCES: Final = ("returned", "ses", "postmark", "mailgun", "sendgrid")
"""Who says so: mail servers themselves, or the provider that sends for us."""
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_NO_GOOD: Final = frozenset({"5.2.1", "5.4.1", "5.4.4", "5.7.13"})
"""Beside 5.1.x: the mailbox is closed, its domain has no mail server (Exchange says so of mailboxes it doesn't have),
the account is disabled. Source: RFC 3463, 5248 and 7505."""
_OURS: Final = frozenset({"5.1.7", "5.1.8", "5.1.9"})
"""Of 5.1.x, what is wrong with the sender, or with a list."""
_HARD_REPLIES: Final = frozenset({"550", "551", "553"})


@dataclass(frozen=True, slots=True)
class Returned:
    """One email that came back. `ref` names the message (`EmailLinks.ref`), `key` is what whoever tells it calls it;
    `address` is empty where nobody whom we believe says which one."""

    ref: str
    key: str
    what: What
    address: str = ""
    detail: str = ""


def judged(status: str, words: str = "") -> What:
    """By the status of the report (5.1.1), or what the other server said (`550 5.1.1 no such user`).

    Hard is only what is the address's own fault for good; a full mailbox, a refused content and a blocked sender are
    not, however permanent the server calls them.
    """
    code = status_of(status) or status_of(words)
    if code in ("", "5.0.0"):
        said = status_of(words)
        if said not in ("", "5.0.0"):
            return judged(said)
        reply = _REPLY.search(words)
        if reply is not None:
            return "hard" if reply[1] in _HARD_REPLIES else "soft"
        return "hard" if code == "5.0.0" else "soft"
    if code in _NO_GOOD or (code.startswith("5.1.") and code not in _OURS):
        return "hard"
    return "soft"


def no_mailbox(status: str) -> bool:
    """Whether a server that refuses a recipient at once says with it that the address is no good.

    Fewer than of what comes back: the server asked is our own provider's, whose policy (5.7.x) and routing (5.4.x) say
    nothing of the mailbox.
    """
    return status == "5.2.1" or (status.startswith("5.1.") and status not in _OURS)


def status_of(text: str) -> str:
    """The first enhanced status that stands in the text; empty for none."""
    found = _STATUS.search(text)
    return found[0] if found else ""
